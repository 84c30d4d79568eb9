"""A server that a drill leaves up on purpose: to be judged by later drills, or to take backups of."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from tests.worlds import ROOT

if TYPE_CHECKING:
    from tests.runs import Run


@dataclass(frozen=True)
class Kept:
    """conninfo: libpq's words for it, with a `passfile`. removal: the command that removes it."""

    drill_id: str
    conninfo: dict[str, str]
    removal: str

    @classmethod
    def of(cls, run: Run) -> Kept:
        """What a drill with --drill-keep has left."""
        connect = re.search(r"^kept +(.*psql.*)$", run.output, re.MULTILINE)
        remove = re.search(r"remove it: (.*)$", run.output, re.MULTILINE)
        assert connect, run.output
        assert remove, run.output
        words = shlex.split(connect[1])
        settings = dict(word.split("=", 1) for word in words if word.startswith("PGPASSFILE="))
        told = psycopg.conninfo.conninfo_to_dict(words[-1])
        return cls(run.drill_id, {**told, "passfile": settings["PGPASSFILE"]}, remove[1])

    def connect(self, database: str | None = None) -> psycopg.Connection:
        """A connection that commits by itself."""
        given = {
            "dbname": self.conninfo["dbname"] if database is None else database,
            "password": self.password,
        }
        return psycopg.connect(**{**self.conninfo, **given}, autocommit=True)

    @property
    def password(self) -> str:
        """The superuser's: the file that has it knows the restored database alone."""
        return Path(self.conninfo["passfile"]).read_text(encoding="utf-8").strip().rsplit(":", 1)[1]

    def judge(self) -> str:
        """Make a role that may read and nothing else; the URL of the restored database for it."""
        with self.connect() as connection:
            connection.execute("CREATE ROLE judge LOGIN BYPASSRLS PASSWORD 'judge' IN ROLE pg_read_all_data")
            connection.execute("GRANT anon TO judge")
            connection.execute("CREATE SCHEMA checks; CREATE EXTENSION amcheck SCHEMA checks")
            connection.execute("GRANT USAGE ON SCHEMA checks TO judge")
            connection.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA checks TO judge")
        where = self.conninfo
        address = f"host={where['host']}&port={where.get('port', '5432')}"
        return f"postgresql://judge:judge@/{where['dbname']}?{address}"

    def remove(self) -> None:
        subprocess.run(shlex.split(self.removal), cwd=ROOT, check=True, capture_output=True)
