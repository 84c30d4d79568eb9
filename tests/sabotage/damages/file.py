"""The newest backup's file: cut off, torn, another one, or not what its name says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pyrage

from fixtures.sample.company import Company
from fixtures.sample.dump import write_backup
from tests.worlds import ROOT

from . import damage
from .edits import copy_of, lines_of

if TYPE_CHECKING:
    from tests.worlds import World

# What cannot be said of a backup that was not restored.
AGREEMENTS = """
    twilio-agreement twilio-call-settings elevenlabs-agreement elevenlabs-names elevenlabs-numbers
    elevenlabs-configuration elevenlabs-exports qdrant-agreement qdrant-orphans qdrant-green qdrant-vectors
    qdrant-search qdrant-documents qdrant-chunks qdrant-snapshots google-calendar-tokens reconfiguration-known
"""
UNRESTORED = f"""
    restored-without-loss restore-time recovery-time login-works row-counts row-content rows-readable
    minimum-rows data-recency critical-queries sequence-values sequences-ahead materialized-views
    views-run functions-compile triggers-enabled schema-complete row-level-security anonymous-access
    physical-integrity foreign-keys check-constraints unique-keys indexes-valid constraints-valid
    exclusion-constraints collation-versions vector-dimensions restored-manifest rows-since-last-drill
    tables-vanished self-check {AGREEMENTS}
"""
CUT = f"backup-complete {UNRESTORED}"
# What is no backup at all is none of this day either.
UNOPENED = f"backup-age backup-holds-data backup-recent backup-sums data-loss {CUT}"
# The rows of a table are a file of their own there: the text, and what it says of its day, is whole.
ROWS_ONLY = {"directory": CUT}
SIZES = "backup-size backup-size-usual"


def _cut_at(world: World, mark: str, *, after: int = 0) -> None:
    """End the text so many characters after the last place of a mark; the gzip file around it is whole."""
    place = world.text.rindex(mark) + after
    world.damage(lambda text: text[:place])


@damage(
    fails=f"backup-not-empty backup-schedule retention-daily {SIZES} {UNOPENED}",
    in_form=ROWS_ONLY,
    torn=lambda _: b"",
)
def empty(world: World) -> None:
    """The file has 0 bytes."""
    _put(world, b"")


@damage(fails=f"{SIZES} {UNOPENED}")
def cut_in_the_header(world: World) -> None:
    """The text ends within its first lines."""
    place = world.text.index("\\restrict")
    world.damage(lambda text: text[:place])


@damage(fails=f"backup-holds-data {SIZES} {CUT}")
def cut_in_a_statement(world: World) -> None:
    """The text ends within the definition of a table."""
    _cut_at(world, "CREATE TABLE public.users (", after=40)


@damage(fails=f"backup-holds-data {SIZES} {CUT}")
def cut_after_the_first_database(world: World) -> None:
    """The text ends where the first of two databases does, with that one's footer."""
    place = world.text.index('--\n-- Database "postgres" dump\n')
    world.damage(lambda text: text[:place])


@damage(fails=f"{SIZES} {CUT}")
def cut_in_rows_at_a_line(world: World) -> None:
    """The text ends between two rows of the calls."""
    match = copy_of(r"public\.call_logs").search(world.text)
    place = match.start(2) + len("".join(lines_of(match[2])[:150]))
    world.damage(lambda text: text[:place])


@damage(fails=f"{SIZES} {CUT}", bounded=True)
def cut_in_a_row(world: World) -> None:
    """The text ends within a row of the calls."""
    match = copy_of(r"public\.call_logs").search(world.text)
    place = match.start(2) + (match.end(2) - match.start(2)) * 3 // 4
    world.damage(lambda text: text[:place])


@damage(fails=f"{SIZES} {CUT}")
def cut_before_the_end_of_rows(world: World) -> None:
    """The text ends after the last row of the calls, before the line that ends them."""
    place = copy_of(r"public\.call_logs").search(world.text).end(2)
    world.damage(lambda text: text[:place])


@damage(fails=f"backup-size {CUT}")
def cut_between_two_tables(world: World) -> None:
    """The text ends between the rows of two tables."""
    place = copy_of(r"public\.rag_documents").search(world.text).end()
    world.damage(lambda text: text[:place])


@damage(fails=CUT)
def cut_before_the_footer(world: World) -> None:
    """The text ends before the lines that say that it is complete."""
    _cut_at(world, "--\n-- PostgreSQL database dump complete")


@damage(fails=CUT)
def cut_before_the_last_footer(world: World) -> None:
    """The text ends after its last database, before the line that says that the cluster is complete."""
    _cut_at(world, "--\n-- PostgreSQL database cluster dump complete")


@damage(fails=f"backup-size {CUT}", torn=lambda data: data[: len(data) * 3 // 4])
def cut_in_the_packed_file(world: World) -> None:
    """The compressed file ends after three quarters."""
    data = world.newest.read_bytes()
    _put(world, data[: len(data) * 3 // 4])


@damage(fails=CUT)
def cut_in_the_trailer(world: World) -> None:
    """The last three bytes of the gzip file, a part of its length, are missing."""
    _put(world, world.newest.read_bytes()[:-3])


@damage(fails=f"{SIZES} {UNOPENED}")
def cut_in_the_table_of_contents(world: World) -> None:
    """The file is an archive of pg_dump that ends within its table of contents."""
    archive = (ROOT / "tests" / "archive" / "data" / "small.dump").read_bytes()
    _put(world, archive[: archive.index(b"CREATE TABLE") + 10])


@damage(fails=CUT, torn=lambda data: data[: len(data) * 2 // 3] + bytes(len(data) - len(data) * 2 // 3))
def tail_of_zeros(world: World) -> None:
    """The last third of the compressed file is zeros, as a disk that was full leaves it."""
    data = world.newest.read_bytes()
    kept = len(data) * 2 // 3
    _put(world, data[:kept] + bytes(len(data) - kept))


@damage(fails=f"backup-size {CUT}")
def tail_of_zeros_in_the_text(world: World) -> None:
    """The last third of the text is zeros."""
    text = world.text.encode()
    kept = len(text) * 2 // 3
    world.write(text[:kept] + bytes(len(text) - kept))


@damage(fails=CUT)
def flipped_bit_in_the_packed_file(world: World) -> None:
    """One bit in the middle of the compressed file is another one: gzip's own checksum tells."""
    data = bytearray(world.newest.read_bytes())
    data[len(data) // 2] ^= 0x10
    _put(world, bytes(data))


@damage(compared="backup-manifest restored-manifest", bounded=True)
def flipped_bit_in_the_text(world: World) -> None:
    """One bit of a row is another one, before it was compressed: a letter became another letter."""
    text = bytearray(world.text.encode())
    place = world.text.encode().index(b"sample-token-access-") + 3
    assert text[place : place + 1] == b"p"
    text[place] ^= 0x01
    world.write(bytes(text))


@damage(fails=f"backup-sums {UNRESTORED}")
def not_the_digest_beside_it(world: World) -> None:
    """The digest that lies beside the file is that of another one."""
    world.newest.with_name(f"{world.newest.name}.sha256").write_text(f"{'0' * 64}  {world.newest.name}\n")


@damage(fails="backup-size-usual restored-without-loss row-counts row-content", absent="self-check")
def twice_in_one_file(world: World) -> None:
    """The file holds the whole backup twice, one after the other."""
    _put(world, world.newest.read_bytes() * 2)


@damage(fails=UNOPENED, in_form=ROWS_ONLY, torn=lambda data: bytes(range(256)) * (len(data) // 256))
def another_file(world: World) -> None:
    """The file is no backup: bytes of something else, as many as usual."""
    _put(world, bytes(range(256)) * (world.newest.stat().st_size // 256))


PAGE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code>'
    "<Message>Request has expired</Message><RequestId>0</RequestId></Error>\n"
)


@damage(fails=f"{SIZES} {UNOPENED}")
def an_error_page(world: World) -> None:
    """The file is the page with which a store refused to give the backup."""
    _put(world, PAGE.encode())


@damage(fails=f"{SIZES} {UNOPENED}")
def an_error_of_pg_dump(world: World) -> None:
    """The file holds what pg_dump complained about, instead of what it should have written."""
    world.write(
        b'pg_dump: error: connection to server at "db" (10.0.0.1), port 5432 failed: Connection timed out\n'
    )


@damage(unverified=UNOPENED)
def another_key(world: World) -> dict[str, Any]:
    """The file is encrypted, and the key that the plan names does not open it."""
    theirs, ours = (pyrage.x25519.Identity.generate() for _ in range(2))
    _put(world, pyrage.encrypt(world.newest.read_bytes(), [theirs.to_public()]))
    with_key = world.plan.read_text().replace("\n[backup]\n", '\n[backup]\nidentity_env = "SABOTAGE_KEY"\n')
    world.plan.write_text(with_key)
    return {"env": {"SABOTAGE_KEY": str(ours)}}


@damage(fails="backup-recent backup-age data-loss backup-schedule retention-daily")
def named_as_of_tomorrow(world: World) -> None:
    """The name of the newest backup says that it is of tomorrow."""
    name = world.newest.name.replace("@02-", "@23-").replace("22-11", "23-11")
    world.newest.rename(world.newest.with_name(name))


@damage(
    fails="elevenlabs-agreement elevenlabs-exports elevenlabs-numbers qdrant-agreement qdrant-orphans "
    "qdrant-documents qdrant-chunks qdrant-green qdrant-search qdrant-snapshots qdrant-vectors",
    absent="elevenlabs-configuration elevenlabs-names",
    compared="backup-manifest restored-manifest",
)
def of_another_project(world: World) -> None:
    """The file is a good backup of another project with the same tables.

    Its numbers at Twilio are the same: numbers that belong to nobody are few.
    """
    company = Company.make(seed=2, now=world.now, calls=world.calls)
    world.newest.write_bytes(
        write_backup(company, world.folder, taken_at=company.recovery_point).read_bytes()
    )


@damage(
    fails=f"backup-holds-data {SIZES} data-recency minimum-rows critical-queries twilio-agreement "
    "twilio-call-settings elevenlabs-agreement elevenlabs-names elevenlabs-exports qdrant-agreement "
    "qdrant-documents qdrant-chunks qdrant-orphans qdrant-green qdrant-vectors "
    "qdrant-search qdrant-snapshots google-calendar-tokens",
    absent="elevenlabs-configuration elevenlabs-numbers self-check",
)
def of_an_empty_database(world: World) -> None:
    """The file is a good backup of a database without rows: a developer's local stack."""
    world.damage(lambda text: copy_of(r"\w+\.\w+").sub(r"\1\3", text))


def _put(world: World, data: bytes) -> None:
    newest = world.newest
    kept = newest.stat().st_mtime
    newest.write_bytes(data)
    os.utime(newest, (kept, kept))
