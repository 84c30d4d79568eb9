"""amcheck is shown to fire: pages are damaged on disk, in a copy of the database that no buffer holds yet."""

from __future__ import annotations

import contextlib
from contextlib import closing
from pathlib import Path

import pytest

from fixtures.restore.database import Database
from fixtures.restore.integrity import amcheck as module
from fixtures.restore.integrity.amcheck import amcheck_of, damage
from plugins.errors import DrillError

PAGE = 8192
ITEMS = 24  # a page's line pointers come after its header, four bytes each
SOUND = """
    CREATE TABLE rows (id int, t text);
    INSERT INTO rows SELECT n, 'canary ' || n FROM generate_series(1, 2000) n;
    CREATE INDEX rows_id ON rows (id);
    CREATE INDEX rows_t ON rows (t);
    CREATE TABLE other (id int PRIMARY KEY, long text);
    ALTER TABLE other ALTER long SET STORAGE EXTERNAL;
    INSERT INTO other SELECT n, repeat('canary', 1000) FROM generate_series(1, 9) n;
"""


@pytest.fixture
def copied(server, database, run):
    """Copies the test's database file by file, and hands out the copy and the path of a relation's file."""
    name = f"{database.name}_copy"

    def copied() -> tuple[Database, dict[str, Path]]:
        with closing(server.connect("postgres")) as connection:
            # The template is written out first, and no page of the copy is in shared buffers.
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {database.name} STRATEGY FILE_COPY")
            # Else it is the page's checksum that tells, and not amcheck.
            connection.execute(f"ALTER DATABASE {name} SET ignore_checksum_failure = on")
        copy = Database(database.conninfo, name)
        with closing(copy.connect()) as connection:
            paths = connection.execute(
                "SELECT relname, pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i') "
                "UNION ALL SELECT 'TOAST of ' || relname, pg_relation_filepath(reltoastrelid) FROM pg_class "
                "WHERE reltoastrelid <> 0"
            ).fetchall()
        data = Path(server.conninfo["host"]).parent / "data"
        return copy, {relation: data / path for relation, path in paths if path}

    yield copied
    with contextlib.suppress(DrillError):
        server.drop_database(name)


def change(path: Path, page: int, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(page * PAGE + offset)
        before = file.read(len(data))
        assert before != data, "nothing was damaged"
        file.seek(page * PAGE + offset)
        file.write(data)


def read(path: Path, page: int, offset: int, length: int) -> bytes:
    with path.open("rb") as file:
        file.seek(page * PAGE + offset)
        return file.read(length)


def swap_items(path: Path, page: int, number: int) -> None:
    """Let two neighbours of an index page change places."""
    at = ITEMS + 4 * (number - 1)
    pair = read(path, page, at, 8)
    change(path, page, at, pair[4:] + pair[:4])


def shift_item(path: Path, page: int, number: int) -> None:
    """Let a line pointer point a byte beside its row."""
    at = ITEMS + 4 * (number - 1)
    pointer = int.from_bytes(read(path, page, at, 4), "little")
    change(path, page, at, (pointer + 1).to_bytes(4, "little"))


def found(database: Database) -> dict[str, str | None]:
    """The objects that are damaged, with their tables."""
    made = damage(amcheck_of(database, ours=True), of_a_copy=True, jobs=2)
    damaged = {one.object: one.table for one in made.findings.found}
    # Of a damaged table it may not be told what its indexes hold.
    assert {one.table for one in made.findings.undecided} <= set(damaged)
    assert "canary" not in str(made)
    return damaged


def test_what_is_sound_is_sound(database, run):
    run(SOUND)
    made = damage(amcheck_of(database, ours=True), of_a_copy=True, jobs=2)
    assert made.findings.all() == []
    # Two indexes; one index and a TOAST table with its own.
    assert made.tables == {"public.rows", "public.other"}


def test_a_page_of_a_table(run, copied):
    run(SOUND)
    copy, paths = copied()
    shift_item(paths["rows"], 2, 5)
    # Its indexes hold something else than the row that is read there now.
    assert "public.rows" in found(copy)
    assert set(found(copy).values()) == {"public.rows"}
    with closing(copy.connect()) as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_extension WHERE extname = 'amcheck'"
        ).fetchone() == (0,)


def test_a_page_of_an_index(run, copied):
    run(SOUND)
    copy, paths = copied()
    swap_items(paths["rows_t"], 2, 9)
    assert found(copy) == {"public.rows_t": "public.rows"}


def test_a_key_that_an_index_has_wrong(run, copied):
    """The order of the page is kept: only a look for each row of the table finds it."""
    run(SOUND)
    copy, paths = copied()
    # The last entry of the rightmost page: its key lies in the four bytes after the entry's header.
    page = len(paths["rows_id"].read_bytes()) // PAGE - 1
    lower = int.from_bytes(read(paths["rows_id"], page, 12, 2), "little")
    pointer = int.from_bytes(read(paths["rows_id"], page, lower - 4, 4), "little")
    change(paths["rows_id"], page, (pointer & 0x7FFF) + 8, (2001).to_bytes(4, "little"))
    assert found(copy) == {"public.rows_id": "public.rows"}


def test_a_page_of_long_values(run, copied):
    run(SOUND)
    copy, paths = copied()
    shift_item(paths["TOAST of other"], 0, 1)
    assert "the TOAST table of public.other" in found(copy)
    assert set(found(copy).values()) == {"public.other"}


def test_a_page_whose_checksum_is_wrong(run, copied, server):
    run(SOUND)
    copy, paths = copied()
    with closing(server.connect("postgres")) as connection:
        connection.execute(f"ALTER DATABASE {copy.name} RESET ignore_checksum_failure")
    change(paths["rows"], 1, PAGE - 9, b"?")
    assert "public.rows" in found(copy)
    assert set(found(copy).values()) == {"public.rows"}


def test_rows_that_came_while_an_index_was_not_kept(database, run):
    run(f"""{SOUND}
        UPDATE pg_index SET indisready = false WHERE indexrelid = 'rows_id'::regclass;
        INSERT INTO rows SELECT 9000 + n FROM generate_series(1, 20) n;
        UPDATE pg_index SET indisready = true WHERE indexrelid = 'rows_id'::regclass;
    """)
    assert found(database) == {"public.rows_id": "public.rows"}


def test_nobody_sees_amcheck_while_it_is_used(database, run):
    run(SOUND)
    amcheck = amcheck_of(database, ours=True)
    listing = "SELECT count(*) FROM pg_catalog.pg_proc WHERE proname IN ('bt_index_check', 'verify_heapam')"
    schemas = "SELECT nspname FROM pg_catalog.pg_namespace ORDER BY 1"
    before = run(schemas)
    with closing(amcheck.connect()) as connection:
        assert connection.execute(listing).fetchone() == (2,)
        assert run(listing) == [(0,)]
        assert run(schemas) == before
        # Nor can what it runs write.
        assert connection.execute("SHOW transaction_read_only").fetchone() == ("on",)
    assert run(schemas) == before


def test_triggers_of_the_dump_do_not_see_it_either(database, run):
    run(f"""{SOUND}
        CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'canary'; END $$;
        CREATE EVENT TRIGGER refuse ON ddl_command_start EXECUTE FUNCTION refuse();
    """)
    assert found(database) == {}


def test_on_a_server_of_others_it_is_used_and_not_made(database, run):
    run(SOUND)
    with pytest.raises(DrillError, match="amcheck is not installed in the database") as caught:
        amcheck_of(database, ours=False)
    assert "CREATE EXTENSION amcheck" in caught.value.hint
    run("CREATE SCHEMA tools; CREATE EXTENSION amcheck SCHEMA tools")
    amcheck = amcheck_of(database, ours=False)
    made = damage(amcheck, of_a_copy=False, jobs=2)
    assert made.findings.all() == []
    # The server's own catalogs came with the files.
    assert {"public.rows", "pg_catalog.pg_class"} <= set(made.tables)
    assert not any("copy" in note for note in made.notes)


def test_a_server_without_the_library_tells_nothing(database, run, monkeypatch):
    run(SOUND)
    text = module.BT_INDEX_CHECK.replace("$libdir/amcheck", "$libdir/absent")
    monkeypatch.setattr(module, "BT_INDEX_CHECK", text)
    with pytest.raises(DrillError, match="the server has no amcheck") as caught:
        damage(amcheck_of(database, ours=True), of_a_copy=True, jobs=1)
    assert "contrib" in caught.value.hint
