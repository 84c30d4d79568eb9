"""Worlds of the made-up company, to damage and to drill."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from fixtures.server import Needs, Server, start
from tests.worlds import NOW, World, write_world

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> World:
    return write_world(tmp_path_factory.mktemp("world") / "world", now=NOW)


@pytest.fixture
def world(pristine: World, tmp_path: Path) -> World:
    """A world of this test's own, whose newest backup is not a day old."""
    return World(shutil.copytree(pristine.folder, tmp_path / "world"))


@pytest.fixture
def drill_world(drill_run, world: World):
    """Drills this test's world on the embedded server, as of the instant that the world leads up to."""

    def run(*args: object, **options):
        now = json.loads((world.folder / "world.json").read_bytes())["now"]
        given = ("--drill-sample", "--drill-plan", world.plan, "--drill-now", now)
        return drill_run("suites", *given, "--drill-server", "embedded", *args, **options)

    return run


@dataclass(frozen=True)
class Lent:
    """A server that somebody lends: its superuser's connection, and the URL of a role that may little."""

    server: Server
    url: str

    def databases(self) -> set[str]:
        return self._names("SELECT datname FROM pg_database")

    def roles(self) -> set[str]:
        return self._names("SELECT rolname FROM pg_roles")

    def _names(self, query: str) -> set[str]:
        with self.server.connect("postgres") as connection:
            return {row[0] for row in connection.execute(query)}


@pytest.fixture
def lent():
    """A throwaway server with a role that has CREATEDB and CREATEROLE, and is no superuser."""
    folder = Path(tempfile.mkdtemp(prefix="lent-"))
    folder.chmod(0o711)
    owed: list[list[str]] = []
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.callback(lambda: [subprocess.run(argv, cwd=ROOT, check=True) for argv in owed])
        server = start(
            "embedded", needs=Needs(major=None), folder=folder, drill_id=folder.name,
            owe=lambda _name, argv: owed.append(list(argv)), profile="fast", image=None, sample=False,
        )  # fmt: skip
        with server.connect("postgres") as connection:
            connection.execute("CREATE ROLE lent LOGIN CREATEDB CREATEROLE PASSWORD 'lent'")
        yield Lent(server, f"postgresql://lent:lent@/postgres?host={server.conninfo['host']}")


@pytest.fixture(params=["none", "mute"])
def dead_docker(request: pytest.FixtureRequest):
    """The environment of a machine whose Docker is not there, or takes calls and never answers."""
    with tempfile.TemporaryDirectory(prefix="docker-") as folder:
        path = f"{folder}/docker.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            if request.param == "mute":
                listener.bind(path)
                listener.listen()
            yield {"DOCKER_HOST": f"unix://{path}"}
