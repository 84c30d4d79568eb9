"""A server that somebody lends: the wheel's, played by another user than the one who lends it."""

from __future__ import annotations

import contextlib
import json
import stat
from urllib.parse import quote

import pytest
from psycopg import sql

from plugins.errors import DrillError


@pytest.fixture(scope="module")
def lender(shared_yard):
    server = shared_yard.start("embedded")
    with server.connect("postgres") as connection:
        for statement in (
            "CREATE ROLE plain LOGIN PASSWORD 'sesame'",
            "CREATE ROLE maker LOGIN CREATEDB CREATEROLE PASSWORD 'sesame'",
            "CREATE ROLE modest LOGIN CREATEDB CREATEROLE NOINHERIT PASSWORD 'sesame'",
            "CREATE ROLE runner LOGIN CREATEDB PASSWORD 'sesame' IN ROLE pg_execute_server_program",
        ):
            connection.execute(statement)
    return server


def url(lender, user: str, password: str = "sesame") -> str:
    return f"postgresql://{user}:{password}@{quote(lender.conninfo['host'], safe='')}/postgres"


def test_external_database_is_written_down_and_dropped_with_the_drills_roles(yard, lender):
    server = yard.start(url(lender, "maker"), major=15)
    assert (server.kind, server.sealed, server.superuser) == ("external", False, "maker")
    assert "sesame" not in repr(server)
    assert not any("sesame" in word for argv in yard.owed for word in argv)
    assert stat.S_IMODE((yard.folder / "external.json").stat().st_mode) == 0o600
    server.create_database("theirs", encoding="UTF8")
    with server.connect("theirs") as connection:
        connection.execute("CREATE ROLE app_theirs; CREATE ROLE app_own; CREATE TABLE t ()")
        connection.execute("GRANT SELECT ON t TO app_theirs")
        mark = sql.Literal(f"restore-drill {yard.folder.name}")
        connection.execute(sql.SQL("COMMENT ON ROLE app_theirs IS {}").format(mark))
    assert json.loads((yard.folder / "external.json").read_bytes())["databases"] == ["theirs"]
    assert yard.remove() == [0]
    with lender.connect("postgres") as connection:
        left = connection.execute(
            "SELECT datname FROM pg_database WHERE datname = 'theirs' "
            "UNION SELECT rolname FROM pg_roles WHERE rolname LIKE 'app%%'"
        ).fetchall()
    assert left == [("app_own",)]
    assert yard.remove() == [0]


@pytest.mark.parametrize("busy", [False, True])
def test_a_database_that_was_given_away_is_dropped_all_the_same(yard, lender, busy):
    """A dump is a program. Who does not inherit a role's rights is then no owner of the database any more."""
    server = yard.start(url(lender, "modest"))
    server.create_database("given", encoding="UTF8")
    mark = sql.Literal(f"restore-drill {yard.folder.name}")
    with contextlib.ExitStack() as closing:
        connection = closing.enter_context(server.connect("given"))
        connection.execute("CREATE ROLE app_given")
        connection.execute(sql.SQL("COMMENT ON ROLE app_given IS {}").format(mark))
        connection.execute("GRANT app_given TO CURRENT_USER")
        connection.execute("ALTER DATABASE given OWNER TO app_given")
        if not busy:
            connection.close()
        assert yard.remove() == [0]
    with lender.connect("postgres") as connection:
        left = connection.execute(
            "SELECT datname FROM pg_database WHERE datname = 'given' "
            "UNION SELECT rolname FROM pg_roles WHERE rolname = 'app_given'"
        ).fetchall()
    assert left == []


def test_removal_is_not_paid_while_the_server_is_away(yard, lender):
    yard.start(url(lender, "maker"))
    ledger = yard.folder / "external.json"
    owed = json.loads(ledger.read_bytes())
    owed["conninfo"]["host"] = str(yard.folder)
    ledger.write_text(json.dumps(owed))
    assert yard.remove() == [1]


def test_user_that_may_not_create_a_database(yard, lender):
    with pytest.raises(DrillError, match="the user plain may not create databases"):
        yard.start(url(lender, "plain"))


@pytest.mark.parametrize("user", ["postgres", "runner"])
def test_user_that_can_run_programs_is_refused(yard, lender, user):
    password = lender.conninfo["password"] if user == "postgres" else "sesame"
    with pytest.raises(DrillError, match=f"the user {user} of the external server is a superuser"):
        yard.start(url(lender, user, password))


def test_server_older_than_the_dump(yard, lender):
    with pytest.raises(DrillError, match="the dump is from Postgres 19, and the external server is 18"):
        yard.start(url(lender, "maker"), major=19)


def test_wrong_password_and_a_dead_address_show_no_secret(yard, lender):
    for wrong in (url(lender, "maker", "wrong-one"), "postgresql://maker:wrong-one@127.0.0.1:1/postgres"):
        with pytest.raises(DrillError) as caught:
            yard.start(wrong)
        assert "wrong-one" not in str(caught.value)
        assert "does not let us into" in caught.value.message
