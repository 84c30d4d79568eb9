"""Production: a real Postgres that listens on loopback, with roles that may do less and less."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
import pytest

from fixtures.server.software import installed, this_user
from fixtures.taking import take

ROOT = Path(__file__).resolve().parents[2]
OWNER_PASSWORD, READER_PASSWORD = "owner's p@ss/word", "s3cr3t-Of The$Reader"

SCHEMA = r"""
CREATE ROLE owner LOGIN NOSUPERUSER PASSWORD $$owner's p@ss/word$$;
CREATE ROLE reader LOGIN NOSUPERUSER PASSWORD $$s3cr3t-Of The$Reader$$;
CREATE ROLE tls_only LOGIN NOSUPERUSER PASSWORD 'x';
-- What production may set for its roles must not change what a dump says, nor end it.
ALTER ROLE reader SET timezone = 'Pacific/Auckland';
ALTER ROLE reader SET statement_timeout = '1ms';
ALTER ROLE reader SET idle_in_transaction_session_timeout = '1ms';
ALTER ROLE reader SET bytea_output = 'escape';
CREATE DATABASE shop OWNER owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C';
"""
TABLES = r"""
CREATE SCHEMA app;
CREATE TABLE app.orders (id bigserial PRIMARY KEY, at timestamptz NOT NULL, scan bytea, "Note" text);
INSERT INTO app.orders (at, scan, "Note")
    SELECT '2026-01-01 00:00:00+00'::timestamptz + g * interval '1 hour', decode('00ff', 'hex'), 'n' || g
    FROM generate_series(1, 500) g;
CREATE TABLE app.parts (id int, region text) PARTITION BY LIST (region);
CREATE TABLE app.parts_eu PARTITION OF app.parts FOR VALUES IN ('eu');
INSERT INTO app.parts SELECT g, 'eu' FROM generate_series(1, 30) g;
CREATE TABLE public."Odd name" (v int);
INSERT INTO public."Odd name" VALUES (1), (2);
CREATE SEQUENCE app.lone;
CREATE VIEW app.big AS SELECT * FROM app.orders WHERE id > 100;
GRANT USAGE ON SCHEMA app TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA app, public TO reader;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA app, public TO reader;
"""


@dataclass
class Production:
    """A server with the database shop. folder: of its data, and of its certificate."""

    folder: Path
    port: int
    log: Path
    major: int
    password: str = READER_PASSWORD

    def url(
        self, role: str = "reader", password: str = READER_PASSWORD, *, port: int = 0, **more: str
    ) -> str:
        return (
            f"postgresql://{role}:{quote(password, safe='')}@127.0.0.1:{port or self.port}/shop?"
            f"{urlencode({'sslmode': 'prefer', **more})}"
        )

    def connect(self, database: str = "shop", **options) -> psycopg.Connection:
        """As the superuser, by the socket."""
        return psycopg.connect(
            host=str(self.folder),
            port=self.port,
            user="postgres",
            dbname=database,
            autocommit=True,
            **options,
        )

    def run(self, statement: str, database: str = "shop") -> list[tuple]:
        with closing(self.connect(database)) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def sessions(self) -> list[tuple]:
        """The drill's sessions there."""
        return self.run(
            "SELECT application_name, state FROM pg_stat_activity "
            "WHERE usename IN ('reader', 'owner', 'tls_only') AND pid <> pg_backend_pid()"
        )

    def waiting(self) -> int:
        """How many of them stand before a lock."""
        ((count,),) = self.run(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader' AND wait_event_type = 'Lock'"
        )
        return count


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture(scope="package")
def production():
    """An installed Postgres, started as the user that may run it."""
    user = this_user()
    software = next(installed(user), None)
    if software is None:
        pytest.skip("no Postgres is installed here: production was not played")
    folder = Path(tempfile.mkdtemp(prefix="production-"))
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir(mode=0o700)
    who = {"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}
    if user:
        for path in (folder, data):
            os.chown(path, user.uid, user.gid)
    programs = software.programs
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--no-locale",
         "-E", "UTF8"],
        check=True, capture_output=True, cwd="/", **who,
    )  # fmt: skip
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", data / "server.key",
         "-out", data / "server.crt"],
        check=True, capture_output=True, cwd="/", **who,
    )  # fmt: skip
    (data / "server.key").chmod(0o600)
    (data / "pg_hba.conf").write_text(
        "local all postgres trust\n"
        "hostssl all tls_only 127.0.0.1/32 scram-sha-256\n"
        "host all reader,owner 127.0.0.1/32 scram-sha-256\n"
    )
    port = free_port()
    log = folder / "log"
    settings = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off",
        "ssl": "on", "log_statement": "all", "log_line_prefix": "%a|",
    }  # fmt: skip
    argv = [programs / "postgres", "-D", data, *(w for k, v in settings.items() for w in ("-c", f"{k}={v}"))]
    with log.open("wb") as said:
        server = subprocess.Popen(argv, cwd="/", stdout=said, stderr=said, stdin=subprocess.DEVNULL, **who)
    try:
        made = Production(folder, port, log, software.major)
        while True:
            try:
                made.run("SELECT 1", "postgres")
            except psycopg.OperationalError:
                assert server.poll() is None, log.read_text()
            else:
                break
        with closing(made.connect("postgres")) as connection:
            for statement in SCHEMA.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
        made.run("SET ROLE owner;" + TABLES)
        yield made
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


class Taker:
    """Takes backups into a folder of the test's own. owed: what would remove what a killed drill leaves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.owed: dict[str, list[str]] = {}

    def __call__(self, url: str, *, kind: str = "local", image: str | None = None, **given):
        return take(
            url,
            **{
                "name": "acme-2024-01-02",
                "folder": self.folder,
                "kind": kind,
                "image": image,
                "drill_id": f"test-{os.getpid()}-{self.folder.name}",
                "owe": lambda name, argv: self.owed.__setitem__(name, list(argv)),
                "advance": lambda _done: None,
                **given,
            },
        )

    def remove(self) -> list[int]:
        """Run what is owed, and return the exit codes."""
        return [subprocess.run(argv, cwd=ROOT, check=False).returncode for argv in self.owed.values()]


@pytest.fixture
def taker():
    folder = Path(tempfile.mkdtemp(prefix="take-"))
    yield Taker(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def python() -> str:
    return sys.executable
