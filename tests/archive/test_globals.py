"""The roles of a cluster (pg_dumpall -g) and a dump of one of its databases: together they are a backup."""

from __future__ import annotations

import gzip

import pytest

from plugins.errors import BackupError

from .packing import BUNDLES, TABLES, tarred, zipped

# As pg_dumpall -g writes it, but for its comments.
GLOBALS = b"""\
--
-- PostgreSQL database cluster dump
--

SET default_transaction_read_only = off;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

CREATE ROLE app_owner;
ALTER ROLE app_owner WITH NOSUPERUSER INHERIT;
CREATE ROLE batch;
CREATE TABLESPACE fast OWNER app_owner LOCATION '/fast';

--
-- PostgreSQL database cluster dump complete
--

"""


@pytest.fixture
def dump(data) -> bytes:
    return (data / "pg18.sql").read_bytes()


@pytest.mark.parametrize("bundle", BUNDLES)
@pytest.mark.parametrize(
    "names",
    [
        ("app.sql", "globals.sql"), ("a.sql", "roles.sql"), ("app_schema.sql", "roles.sql"),
        ("data.sql", "roles.sql"),
    ],
)  # fmt: skip
def test_a_dump_and_the_roles_beside_it_are_one_backup(bundle, names, dump, opened, tmp_path):
    archive = opened(BUNDLES[bundle](tmp_path, dict(zip(names, (dump, GLOBALS), strict=True))))
    assert archive.complete, archive.incomplete_because
    assert (archive.format, archive.tables) == ("set", TABLES)
    assert archive.path.read_bytes() == GLOBALS + dump
    assert {"app_owner", "batch"} <= archive.roles_created
    assert archive.digests == opened(dump).digests
    assert archive.parts == ("roles", "dump")


def test_each_of_both_must_be_whole(dump, opened):
    cut = dump[: dump.rindex(b"-- PostgreSQL database dump complete")]
    archive = opened(zipped({"app.sql": cut, "globals.sql": GLOBALS}))
    assert archive.incomplete_because == "in dump, the footer of pg_dump is missing"
    archive = opened(zipped({"app.sql": dump, "globals.sql": GLOBALS[: GLOBALS.index(b"CREATE TABLESPACE")]}))
    assert archive.incomplete_because == "in roles, the footer of pg_dumpall is missing"


def test_rows_that_come_late_are_not_said_to_be_missing(dump, opened):
    late = dump.replace(b"CREATE TABLE", b"-- nothing but a comment\n" * 40_000 + b"CREATE TABLE", 1)
    assert b"COPY app.users (" not in late[: 1 << 19]
    archive = opened(tarred({"app.sql.gz": gzip.compress(late), "globals.sql": GLOBALS}))
    assert archive.complete, archive.incomplete_because
    assert archive.tables == TABLES


def test_a_dump_without_rows_is_said_to_have_none(parts, opened):
    """Its function's body looks like a COPY with rows, and is none."""
    assert b"COPY x FROM stdin;" in parts["schema.sql"]
    with pytest.raises(BackupError, match="a set without its data: there are no rows in it"):
        opened(zipped({"app.sql": parts["schema.sql"], "globals.sql": GLOBALS}))
