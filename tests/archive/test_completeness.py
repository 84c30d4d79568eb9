"""A backup that ends early never passes for a whole one, wherever it is cut."""

from __future__ import annotations

import gzip
import re
import shutil
import sys
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.errors import BackupError, DrillError

from .packing import claims_completeness, damaged, files, in_folder, tarred

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Cutting nothing but blanks and the footer's own last comment line takes nothing away.
_HARMLESS = re.compile(rb"[\s-]*\Z")
# What stands before the header's own words.
_BEFORE = re.compile(rb"[\s-]*")


@pytest.mark.parametrize("name", ["small.sql", "small.dump", "small.tar"])
def test_cut_at_every_byte(name, data, opened):
    whole = (data / name).read_bytes()
    assert claims_completeness(opened, whole)
    # A tar file is mostly padding; around each block's edge is where a cut could go unseen.
    step = [
        at for at in range(len(whole)) if name != "small.tar" or at % 512 in (0, 1, 2, 511) or at % 17 == 0
    ]
    passed = [at for at in step if claims_completeness(opened, whole[:at])]
    assert all(name == "small.sql" and _HARMLESS.match(whole[at:]) for at in passed), passed


@pytest.mark.parametrize("name", ["small.sql", "small.dump", "small.tar"])
def test_cut_from_the_front_at_every_byte(name, data, opened):
    whole = (data / name).read_bytes()
    step = range(1, len(whole)) if name != "small.tar" else range(512, len(whole) - 512, 128)
    passed = [at for at in step if claims_completeness(opened, whole[at:])]
    assert all(name == "small.sql" and _BEFORE.fullmatch(whole[:at]) for at in passed), passed


def test_gzip_cut_at_every_byte(data, opened):
    whole = gzip.compress((data / "small.sql").read_bytes())
    assert claims_completeness(opened, whole)
    assert not [at for at in range(len(whole)) if claims_completeness(opened, whole[:at])]


def test_plain_with_restrict_cut_at_every_byte(data, opened):
    whole = (data / "small.sql").read_bytes()
    assert b"\\unrestrict" in whole
    end = whole.index(b"\\unrestrict")
    assert not [at for at in range(end, len(whole.rstrip())) if claims_completeness(opened, whole[:at])]


@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_gzip_with_a_flipped_byte(place, data, opened):
    whole = bytearray(gzip.compress((data / "pg18.sql").read_bytes()))
    whole[int(len(whole) * place)] ^= 0x40
    assert not claims_completeness(opened, bytes(whole))


@pytest.mark.parametrize("name", ["pg18.dump", "pg15.dump"])
def test_custom_data_with_a_flipped_byte(name, data, opened):
    whole = bytearray((data / name).read_bytes())
    whole[whole.index(b"x\x9c") + 60] ^= 0x40
    assert not claims_completeness(opened, bytes(whole))


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


@pytest.mark.parametrize("form", ["gzip", "none"])
def test_a_folder_of_inserts_with_a_file_cut_at_every_byte(form, data, opened, tmp_path):
    members = files(data / "small-inserts.dir")
    if form == "none":
        members = {
            name.removesuffix(".gz"): gzip.decompress(content) if name.endswith(".gz") else content
            for name, content in members.items()
        }
    held = in_folder(tmp_path, members)
    assert opened(held).complete
    assert opened(held).tables == {"public.events": 3, "public.empty_one": 0}
    passed = []
    for name, whole in members.items():
        # The bytes of a large object say nothing about their end.
        if name.startswith("blob_") and form == "none":
            continue
        for at in range(len(whole)):
            (held / name).write_bytes(whole[:at])
            passed += [(name, at)] if claims_completeness(opened, held) else []
        (held / name).write_bytes(whole)
    assert passed == [("blobs_2572.toc", len(members["blobs_2572.toc"]) - 1)]


@pytest.mark.parametrize("name", ["pg18.dir", "pg17-zstd.dir", "pg17-lz4.dir"])
def test_a_folder_with_an_empty_file(name, data, opened, tmp_path):
    members = files(data / name)
    held = in_folder(tmp_path, members)
    for member, whole in members.items():
        (held / member).write_bytes(b"")
        # pg_dump's own lz4 and zstd write nothing at all for an empty large object, its gzip 20 bytes.
        is_told = name == "pg18.dir" or not member.startswith("blob_")
        assert claims_completeness(opened, held) is not is_told, member
        (held / member).write_bytes(whole)


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


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (b"SELECT 1;\n-- PostgreSQL database dump complete\n", "the header of pg_dump is missing"),
        (b"-- PostgreSQL database cluster dump complete\n", "the header of pg_dumpall is missing"),
        # The end of one dump and the beginning of another are no whole one.
        (
            b"-- PostgreSQL database dump complete\n-- PostgreSQL database dump\n",
            "the footer of pg_dump is missing",
        ),
        (
            b"-- PostgreSQL database dump complete\n-- PostgreSQL database dump\n"
            b"-- PostgreSQL database dump complete\n",
            "the header of pg_dump is missing",
        ),
        (b"SELECT 1;\n\\unrestrict a\n", "an \\unrestrict lacks its \\restrict"),
        (b"\\restrict a\n\\unrestrict b\n\\unrestrict a\n", "an \\unrestrict lacks its \\restrict"),
        (b"\\restrict a\n\\unrestrict b\n", "the text ends before its \\unrestrict"),
        (b"\\restrict a\n\\unrestrict a\n\\restrict b\n\\unrestrict b\n", None),
    ],
)
def test_what_ends_has_begun(text, because, opened):
    assert opened(text + b"SELECT 1;\n").incomplete_because == because


def test_a_dump_that_lost_its_beginning(data, opened):
    text = (data / "pg18.sql").read_bytes()
    archive = opened(text[text.index(b"\nCREATE TABLE public.empty_one") :])
    assert archive.incomplete_because == "the header of pg_dump is missing"
    assert archive.tables["app.users"] == 201


def test_a_tar_archive_of_which_the_text_without_rows_is_left(data, opened):
    whole = (data / "pg18.tar").read_bytes()
    text = re.sub(rb"\\(un)?restrict .*\n", b"", whole[whole.index(b"restore.sql\0") + 512 :].rstrip(b"\0"))
    assert b"FROM '$$PATH$$/2627.dat';" in text
    assert opened(text).incomplete_because == "the rows of app.users are in another file of the archive"


@pytest.mark.parametrize("left", [b"dump complete\n--\n\n\\unrestrict a\n", b"\\! id\n"])
def test_a_command_alone_is_no_backup(left, opened):
    with pytest.raises(BackupError, match="holds no SQL statement"):
        opened(left)


def test_nul_bytes_of_a_full_disk(data, opened):
    text = (data / "small.sql").read_bytes()
    archive = opened(text + b"\0" * 4096)
    assert archive.incomplete_because.startswith("NUL bytes")
    assert not claims_completeness(opened, (data / "small.dump").read_bytes() + b"\0" * 4096)


def test_something_behind_the_end_of_a_tar_file(data, opened):
    whole = (data / "small.tar").read_bytes()
    assert opened(whole + bytes(10240)).complete
    archive = opened(whole + b"x" * 512)
    assert archive.incomplete_because == "something follows the end of the tar file"


def test_a_last_header_of_a_tar_file_that_is_nothing_but_nul_bytes(parts, opened):
    members = {name: parts[name] for name in ("schema.sql", "data.sql")}
    whole = bytearray(tarred(members | {"roles.sql": b"CREATE ROLE x;\nRESET ALL;\n"}))
    assert opened(bytes(whole)).roles_created == {"x"}
    at = whole.index(b"roles.sql\0")
    whole[at : at + 512] = bytes(512)
    assert opened(bytes(whole)).incomplete_because == "something follows the end of the tar file"


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
def test_nothing_but_drill_errors_is_raised_over_damage(name, data, opened, changes):
    with suppress(DrillError):
        opened(damaged((data / name).read_bytes(), changes), "damaged")


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
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
def test_damage_is_told_where_there_are_checksums(kind, data, opened, changes):
    text = (data / "pg18.sql").read_bytes()
    checked = {zstd.CompressionParameter.checksum_flag: 1}
    packed = gzip.compress(text, mtime=0) if kind == "gzip" else zstd.compress(text, options=checked)
    try:
        archive = opened(damaged(packed, changes), "damaged")
    except DrillError:
        return
    # What is changed in gzip's own header, its date say, is of no consequence.
    assert not archive.complete or archive.path.read_bytes() == text
