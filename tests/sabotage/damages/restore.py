"""The restore itself: what the new server lacks, or what happens to it half way."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from . import damage
from .edits import END, replaced, with_more
from .file import AGREEMENTS, UNOPENED, UNRESTORED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sabotage.kept import Kept
    from tests.worlds import World


# The file by which a server says in its folder that a restore is half way.
HALF_WAY = "half-way"


@damage()
def role_missing(world: World) -> None:
    """A role that owns tables and has rights is not in the backup."""
    lines = ("CREATE ROLE supabase_auth_admin;\n", "ALTER ROLE supabase_auth_admin ")
    world.damage(
        lambda text: "".join(line for line in text.splitlines(keepends=True) if not line.startswith(lines))
    )


@damage(fails="restored-without-loss schema-complete row-counts row-content", bounded=True)
def extension_missing(world: World) -> None:
    """The new server does not have an extension that a table needs the type of."""
    sql = (
        "CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA extensions;\n"
        "CREATE TABLE public.places (p extensions.geography);\n"
        "ALTER TABLE public.places ENABLE ROW LEVEL SECURITY;\n"
        "COPY public.places (p) FROM stdin;\n0101000020E6100000000000000000F03F000000000000F03F\n\\.\n"
    )
    world.damage(lambda text: with_more(text, sql))


@damage(fails="restore-time recovery-time")
def slower_than_the_objective(world: World) -> None:
    """The restore takes longer than the whole recovery may."""
    world.replan('rto = "4h"', 'rto = "200ms"')
    world.replan('manual_allowance = "30m"', 'manual_allowance = "0s"')


@damage(fails="restored-without-loss schema-complete")
def a_statement_is_rejected(world: World) -> None:
    """The new server rejects the definition of a view."""
    world.damage(lambda text: with_more(text, "CREATE VIEW public.broken AS SELECT id FROM public.nowhere;"))


@damage(fails="restored-without-loss")
def a_statement_runs_out_of_time(world: World) -> None:
    """The backup sets a limit that one of its own statements does not keep."""
    sql = "SET statement_timeout = '100ms';\nSELECT pg_catalog.pg_sleep(5);\nSET statement_timeout = 0;"
    world.damage(lambda text: with_more(text, sql, before=END))


@damage(fails="login-works")
def nobody_can_log_in(world: World) -> None:
    """What runs in the database whenever somebody logs in keeps everybody out."""
    sql = (
        "CREATE FUNCTION public.gate() RETURNS event_trigger LANGUAGE plpgsql "
        "AS $$BEGIN RAISE 'closed'; END$$;\n"
        "CREATE EVENT TRIGGER gate ON login EXECUTE FUNCTION public.gate();"
    )
    world.damage(lambda text: with_more(text, sql, before=END))


@damage(unverified=UNRESTORED, bounded=True)
def the_server_is_killed(world: World) -> dict[str, Any]:
    """The server dies half way, killed from outside."""
    world.damage(
        lambda text: with_more(text, f"COPY public.users FROM PROGRAM 'touch {HALF_WAY}; sleep 60';")
    )
    return {"prepare": kill_the_server_half_way}


def kill_the_server_half_way() -> None:
    """In the process of a drill: kill its server once its restore is half way.

    From outside its namespace, in which it is the first process: from inside nobody can kill that one.
    """

    def half_way() -> list[str]:
        # Folders come and go meanwhile, which os.walk bears.
        return [folder for folder, _, names in os.walk(os.environ["TMPDIR"]) if HALF_WAY in names]

    def kill() -> None:
        while not (found := half_way()):
            time.sleep(0.02)
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes().split(b"\0")
                if command[0].endswith(b"/postgres") and os.fsencode(found[0]) in command:
                    os.kill(int(entry.name), signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()


@damage(unverified=UNRESTORED)
def a_process_of_the_server_is_killed(world: World) -> None:
    """The process that restores dies half way, as when the system runs out of memory; the server recovers."""
    world.damage(lambda text: with_more(text, "COPY public.rag_documents FROM PROGRAM 'kill -9 $PPID';"))


@damage(fails="backup-size-usual", unverified=UNOPENED)
def the_disk_is_full(world: World) -> Iterator[dict[str, Any]]:
    """There is less disk than the backup's text needs."""
    comments = "".join(f"-- {'x' * 1000}\n" for _ in range(12_000))
    world.damage(lambda text: replaced(text, "\n-- Roles\n", f"\n-- Roles\n{comments}"))
    disk = Path(tempfile.mkdtemp(prefix="disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=0711", "tmpfs", str(disk)]
    try:
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            pytest.skip("no disk can be mounted here: what a full one does was not tried")
        yield {"env": {"TMPDIR": str(disk)}}
    finally:
        subprocess.run(["umount", str(disk)], capture_output=True, check=False)
        disk.rmdir()


@damage(unverified=UNRESTORED, args=("--drill-server", "container"), engine=True)
def memory_runs_out(world: World) -> dict[str, Any]:
    """A statement of the backup needs more memory than the server may have."""
    sql = (
        "SELECT pg_catalog.array_length(pg_catalog.array_agg(pg_catalog.repeat('x', 1000000)), 1) "
        "FROM pg_catalog.generate_series(1, 2000);"
    )
    world.damage(lambda text: with_more(text, sql, before=END))
    return {"prepare": have_little_memory}


def have_little_memory() -> None:
    """In the process of a drill: let the machine have 400 MiB."""
    from fixtures.server import container

    container.free_memory = lambda: 400 << 20


@damage(unverified=UNRESTORED)
def the_server_is_too_old(world: World) -> None:
    """The only server at hand is of an older version than the backup's."""
    world.damage(lambda text: text.replace("database version 17.4", "database version 19.1"))


@damage(unverified=AGREEMENTS, of_restored=True)
def no_connection_is_left(kept: Kept) -> Iterator[dict[str, Any]]:
    """The server that somebody else restored to lets nobody in any more: all of its connections are taken."""
    with kept.connect() as connection:
        connection.execute("ALTER ROLE judge CONNECTION LIMIT 0")
        try:
            yield {}
        finally:
            connection.execute("ALTER ROLE judge CONNECTION LIMIT -1")
