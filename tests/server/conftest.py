"""A drill's folder and ledger, without a drill."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from fixtures.server import Needs, Server, start

ROOT = Path(__file__).resolve().parents[2]


class Yard:
    """Where a test starts servers. owed: the commands that remove them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.owed: list[list[str]] = []

    def start(
        self, kind: str, *, profile: str = "fast", image: str | None = None, sample: bool = False, **needs
    ):
        return start(
            kind,
            needs=Needs(**{"major": None, **needs}),
            folder=self.folder,
            drill_id=self.folder.name,
            owe=lambda _name, argv: self.owed.append(list(argv)),
            profile=profile,
            image=image,
            sample=sample,
        )

    def remove(self) -> list[int]:
        """Run what is owed, and return the exit codes."""
        return [subprocess.run(argv, cwd=ROOT, timeout=60, check=False).returncode for argv in self.owed]

    @property
    def left(self) -> list[Path]:
        return list(self.folder.iterdir())


@contextlib.contextmanager
def _yard():
    # As plugins.lifetime makes it, and with a path that is short enough for a socket.
    folder = Path(tempfile.mkdtemp(prefix="drill-test-"))
    folder.chmod(0o711)
    yard = Yard(folder)
    yield yard
    yard.remove()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def yard():
    with _yard() as yard:
        yield yard


@pytest.fixture(scope="module")
def new_yard():
    """Makes yards for servers that the tests of a module only look at."""
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(_yard())


@pytest.fixture(scope="module")
def shared_yard(new_yard):
    """For a server that the tests of a module only look at."""
    return new_yard()


def run_in(server: Server, program: str) -> str:
    """What a shell command prints when a superuser's SQL runs it: what a hostile dump can do."""
    with server.connect("postgres") as connection:
        connection.execute("CREATE TEMP TABLE said (line text)")
        with connection.cursor() as cursor:
            # A program that fails is not an error here: what it printed is looked at.
            cursor.execute(
                "DO $do$ BEGIN EXECUTE format('COPY said FROM PROGRAM %L (DELIMITER E''\\x01'')', "
                f"$prog$( {program} ) 2>&1 || true$prog$); END $do$"
            )
        return "\n".join(row[0] for row in connection.execute("SELECT line FROM said").fetchall())


@pytest.fixture(name="run_in")
def _run_in():
    return run_in
