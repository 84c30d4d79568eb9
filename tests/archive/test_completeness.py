"""A backup that ends early never passes for a whole one, wherever it is cut."""

from __future__ import annotations

import gzip
import re
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.errors import BackupError, DrillError

# Cutting nothing but blanks and the footer's own last comment line takes nothing away.
_HARMLESS = re.compile(rb"[\s-]*\Z")


def _claims_completeness(opened, content: bytes) -> bool:
    try:
        archive = opened(content, "cut")
    except BackupError:
        return False
    assert archive.complete is (archive.incomplete_because is None)
    return archive.complete


@pytest.mark.parametrize("name", ["small.sql", "small.dump", "small.tar"])
def test_cut_at_every_byte(name, data, opened):
    whole = (data / name).read_bytes()
    assert _claims_completeness(opened, whole)
    # A tar file is mostly padding; around each block's edge is where a cut could go unseen.
    step = [
        at for at in range(len(whole)) if name != "small.tar" or at % 512 in (0, 1, 2, 511) or at % 17 == 0
    ]
    passed = [at for at in step if _claims_completeness(opened, whole[:at])]
    assert all(name == "small.sql" and _HARMLESS.match(whole[at:]) for at in passed), passed


def test_gzip_cut_at_every_byte(data, opened):
    whole = gzip.compress((data / "small.sql").read_bytes())
    assert _claims_completeness(opened, whole)
    assert not [at for at in range(len(whole)) if _claims_completeness(opened, whole[:at])]


def test_plain_with_restrict_cut_at_every_byte(data, opened):
    whole = (data / "small.sql").read_bytes()
    assert b"\\unrestrict" in whole
    end = whole.index(b"\\unrestrict")
    assert not [at for at in range(end, len(whole.rstrip())) if _claims_completeness(opened, whole[:at])]


@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_gzip_with_a_flipped_byte(place, data, opened):
    whole = bytearray(gzip.compress((data / "pg18.sql").read_bytes()))
    whole[int(len(whole) * place)] ^= 0x40
    assert not _claims_completeness(opened, bytes(whole))


@pytest.mark.parametrize("name", ["pg18.dump", "pg15.dump"])
def test_custom_data_with_a_flipped_byte(name, data, opened):
    whole = bytearray((data / name).read_bytes())
    whole[whole.index(b"x\x9c") + 60] ^= 0x40
    assert not _claims_completeness(opened, bytes(whole))


@pytest.mark.parametrize("missing", ["2627.dat.gz", "blob_4242.dat.gz", "blobs_2636.toc"])
def test_a_folder_without_one_file(missing, data, opened, tmp_path):
    shutil.copytree(data / "pg18.dir", tmp_path / "dir")
    (tmp_path / "dir" / missing).unlink()
    archive = opened(tmp_path / "dir")
    assert not archive.complete
    assert "missing" in archive.incomplete_because


def test_a_folder_with_a_cut_file(data, opened, tmp_path):
    shutil.copytree(data / "pg18.dir", tmp_path / "dir")
    for path in (tmp_path / "dir").glob("26*.dat.gz"):
        path.write_bytes(path.read_bytes()[:-3])
    assert "is truncated" in opened(tmp_path / "dir").incomplete_because


def test_cut_in_the_rows_names_the_table(data, opened):
    text = (data / "pg18.sql").read_bytes()
    at = text.index(b"\nCOPY app.users") + 3000
    archive = opened(text[:at])
    assert archive.incomplete_because == "the text ends inside the rows of app.users"
    assert 0 < archive.tables["app.users"] < 201
    assert archive.entries[-1].rows == archive.tables["app.users"]


@pytest.mark.parametrize(
    ("remove", "because"),
    [
        (b"\n-- PostgreSQL database cluster dump complete", "the footer of pg_dumpall is missing"),
        (b"\n-- PostgreSQL database dump complete", "the footer of pg_dump is missing"),
    ],
)
def test_a_cluster_needs_every_footer(remove, because, data, opened):
    text = (data / "pg18-cluster.sql").read_bytes()
    assert opened(text).complete
    head, _, tail = text.rpartition(remove)
    assert opened(head + tail).incomplete_because == because


def test_nul_bytes_of_a_full_disk(data, opened):
    text = (data / "small.sql").read_bytes()
    archive = opened(text + b"\0" * 4096)
    assert archive.incomplete_because.startswith("NUL bytes")
    assert not _claims_completeness(opened, (data / "small.dump").read_bytes() + b"\0" * 4096)


def test_something_behind_the_end_of_a_tar_file(data, opened):
    whole = (data / "small.tar").read_bytes()
    assert opened(whole + bytes(10240)).complete
    archive = opened(whole + b"x" * 512)
    assert archive.incomplete_because == "something follows the end of the tar file"


def test_a_footer_within_the_rows_is_none(opened):
    rows = b"-- PostgreSQL database dump complete\n"
    text = b"--\n-- PostgreSQL database dump\n--\nCOPY t FROM stdin;\n" + rows + b"\\.\n"
    assert opened(text).incomplete_because == "the footer of pg_dump is missing"


def test_rows_in_an_archive_must_bring_their_end(data, opened):
    dump = (data / "pg15-z0.dump").read_bytes()
    at = dump.rindex(b"\\.\n\n\n")
    archive = opened(dump[:at] + b"x" + dump[at + 1 :], "x.dump")
    assert "end without their end mark" in archive.incomplete_because


def test_a_script_is_whole_unless_it_stops_within_a_statement(opened):
    assert opened(b"CREATE TABLE t (id int);\nINSERT INTO t VALUES (1);").complete
    assert opened(b"CREATE TABLE t (id int);\nINSERT INTO t VAL").incomplete_because == (
        "the text ends inside a statement"
    )


@pytest.mark.parametrize("name", ["small.dump", "small.tar", "pg15.dump"])
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4
    )
)
def test_damage_is_told_and_nothing_else_is_raised(name, data, opened, changes):
    content = bytearray((data / name).read_bytes())
    for place, new in changes:
        at = int(place * len(content))
        content[at : at + len(new)] = new
    try:
        archive = opened(bytes(content), "damaged")
    except DrillError:
        return
    assert archive.complete is (archive.incomplete_because is None)
