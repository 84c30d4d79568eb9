"""Questions to the restored database: they cannot write, and what goes wrong is told without a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from fixtures.restore.database import SETTINGS_OF_OURS
from plugins.errors import BackupError, DrillError


def asked(database, query: str, **options):
    return database.ask(query.encode(), **options)


def test_one_value(database):
    answer = asked(database, "SELECT 'can' || 'ary'")
    assert answer.value == "canary"
    assert timedelta(0) < answer.elapsed < timedelta(minutes=5)
    assert "canary" not in repr(answer)


def test_null_is_none(database):
    assert asked(database, "SELECT NULL").value is None


@pytest.mark.parametrize(
    "query", ["SELECT 1, 2", "SELECT 1 UNION SELECT 2", "SELECT 1 WHERE false", "SELECT"]
)
def test_what_is_not_one_value(database, query):
    with pytest.raises(DrillError, match="does not give one value") as caught:
        asked(database, query)
    assert not isinstance(caught.value, BackupError)


@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO t VALUES (2) RETURNING a",
        "DELETE FROM t RETURNING a",
        "WITH gone AS (DELETE FROM t RETURNING a) SELECT count(*) FROM gone",
        "SELECT nextval('s')",
        "CREATE TABLE u AS SELECT 1",
        "SELECT setval('s', 9)",
    ],
)
def test_a_query_cannot_write(database, run, query):
    run("CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE SEQUENCE s")
    with pytest.raises(DrillError):
        asked(database, query)
    assert run("SELECT a, (SELECT is_called FROM s), to_regclass('u') FROM t") == [(1, False, None)]


@pytest.mark.parametrize(
    "query",
    [
        "SET default_transaction_read_only = off; SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; "
        "DELETE FROM t RETURNING a",
        "BEGIN READ WRITE; DELETE FROM t; COMMIT; SELECT 1",
        "SELECT set_config('transaction_read_only', 'off', false); DELETE FROM t RETURNING a",
    ],
)
def test_a_query_cannot_give_itself_the_right_to_write(database, run, query):
    run("CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
    with pytest.raises(DrillError):
        asked(database, query)
    assert run("SELECT a FROM t") == [(1,)]


def test_a_query_is_stopped_at_ten_times_its_budget(database):
    with pytest.raises(BackupError, match="ten times its budget"):
        asked(database, "SELECT pg_sleep(60)", within=timedelta(milliseconds=10))


def test_a_query_within_ten_times_its_budget_is_not_stopped(database):
    answer = asked(database, "SELECT 1 FROM pg_sleep(0.05)", within=timedelta(milliseconds=10))
    assert answer.elapsed > timedelta(milliseconds=10)


@pytest.mark.parametrize("budget", [timedelta(microseconds=50), timedelta(microseconds=1)])
def test_a_tiny_budget_is_a_budget(database, budget):
    """A statement_timeout of 0 would be none at all."""
    with pytest.raises(BackupError, match="ten times its budget"):
        asked(database, "SELECT pg_sleep(3)", within=budget)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) FROM absent",
        "SELECT absent FROM pg_class",
        "SELECT absent(1)",
        "SELECT 'x'::absent",
        "SELECT count(*) FROM absent.t",
    ],
)
def test_what_was_not_restored_is_the_backups_fault(database, query):
    with pytest.raises(BackupError, match="is not in the restored database"):
        asked(database, query)


@pytest.mark.parametrize("query", ["SELEC 1", "SELECT 'canary'::int", "SELECT 1/0", ""])
def test_a_query_that_is_wrong_is_nobodys_verdict(database, query):
    with pytest.raises(DrillError) as caught:
        asked(database, query)
    assert not isinstance(caught.value, BackupError)
    assert "canary" not in str(caught.value)


def test_a_server_that_is_away(database):
    away = type(database)({**database.conninfo, "host": "/nowhere"}, database.name)
    with pytest.raises(DrillError) as caught:
        asked(away, "SELECT 1")
    assert not isinstance(caught.value, BackupError)
    assert database.conninfo["password"] not in str(caught.value) + repr(database)


def test_rows_come_by_their_names(database):
    assert database.select(b"SELECT 1 AS a, NULL AS b UNION ALL SELECT 2, 'x' ORDER BY a") == [
        {"a": 1, "b": None},
        {"a": 2, "b": "x"},
    ]


def test_a_percent_sign_is_a_percent_sign(database):
    assert asked(database, "SELECT 'a@b' LIKE '%@%'").value is True


@pytest.mark.parametrize(
    ("kind", "value", "instant"),
    [
        ("timestamptz", "2026-11-22 04:00:00+02", datetime(2026, 11, 22, 2, tzinfo=UTC)),
        ("timestamp", "2026-11-22 02:00:00", datetime(2026, 11, 22, 2, tzinfo=UTC)),
        ("date", "2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
    ],
)
def test_the_newest_instant(database, run, kind, value, instant):
    run("ALTER ROLE CURRENT_USER SET TimeZone TO 'America/New_York'")
    try:
        run(f"CREATE TABLE t (at {kind}); INSERT INTO t VALUES ('{value}'), ('2001-01-01'), (NULL)")
        newest = database.newest("public.t", "at")
    finally:
        run("ALTER ROLE CURRENT_USER RESET TimeZone")
    assert newest == instant
    assert newest.tzinfo is UTC


@pytest.mark.parametrize("rows", ["", "INSERT INTO t VALUES (NULL)"])
def test_over_no_instant_there_is_no_newest(database, run, rows):
    run(f"CREATE TABLE t (at timestamptz); {rows}")
    assert database.newest("public.t", "at") is None


def test_a_column_that_holds_no_times(database, run):
    run("CREATE TABLE t (at text); INSERT INTO t VALUES ('canary')")
    with pytest.raises(DrillError, match=r"public\.t\.at holds no times") as caught:
        database.newest("public.t", "at")
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("value", ["infinity", "-infinity", "4026-11-22 BC", "290000-01-01"])
def test_an_instant_that_is_no_datetime_of_ours(database, run, value):
    run(f"CREATE TABLE t (at timestamptz); INSERT INTO t VALUES ('{value}')")
    with pytest.raises(DrillError):
        database.newest("public.t", "at")


def test_names_that_must_be_quoted(database, run):
    run('CREATE SCHEMA "Odd S"; CREATE TABLE "Odd S"."a.b""c" ("when?" date); '
        """INSERT INTO "Odd S"."a.b""c" VALUES ('2026-11-22')""")  # fmt: skip
    (name,) = database.count_all()
    assert name == '"Odd S"."a.b""c"'
    assert database.newest(name, "when?") == datetime(2026, 11, 22, tzinfo=UTC)


def test_all_tables_are_counted_and_nothing_of_the_servers(database, run):
    run(
        "CREATE TABLE a (i int); INSERT INTO a SELECT generate_series(1, 3); CREATE TABLE empty (); "
        "CREATE SCHEMA app; CREATE TABLE app.b () INHERITS (a); INSERT INTO app.b VALUES (1); "
        "CREATE TABLE parted (i int) PARTITION BY LIST (i); "
        "CREATE TABLE part1 PARTITION OF parted FOR VALUES IN (1); INSERT INTO parted VALUES (1); "
        "CREATE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1; CREATE SEQUENCE s"
    )
    # A child's rows are the child's, and not its parent's too.
    assert database.count_all() == {"public.a": 3, "public.empty": 0, "app.b": 1, "public.part1": 1}


def test_a_connection_cannot_write(database):
    with database.connect() as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("CREATE TABLE t ()")


def test_a_query_reckons_in_utc_whatever_the_dump_set(database, run):
    run("ALTER ROLE CURRENT_USER SET TimeZone TO 'America/New_York'")
    try:
        assert (
            asked(database, "SELECT '2026-11-22 02:00:00+00'::timestamptz::date::text").value == "2026-11-22"
        )
    finally:
        run("ALTER ROLE CURRENT_USER RESET TimeZone")


def test_what_lies_below_a_partitioned_table(database, run):
    run(
        "CREATE TABLE parted (i int, j int) PARTITION BY LIST (i); "
        "CREATE TABLE part1 PARTITION OF parted FOR VALUES IN (1); "
        "CREATE TABLE part2 PARTITION OF parted FOR VALUES IN (2) PARTITION BY LIST (j); "
        "CREATE TABLE part21 PARTITION OF part2 FOR VALUES IN (1); "
        "CREATE TABLE lonely (i int) PARTITION BY LIST (i); CREATE TABLE parent (); "
        "CREATE TABLE child () INHERITS (parent)"
    )
    assert database.partitions() == {
        "public.parted": ("public.part1", "public.part2", "public.part21"),
        "public.part2": ("public.part21",),
        "public.lonely": (),
    }


@pytest.fixture
def settings(run, database):
    """Sets parameters for the test's database, as ALTER DATABASE of a dump does."""

    def settings(**values: str) -> None:
        for name, value in values.items():
            run(f"ALTER DATABASE \"{database.name}\" SET {name} TO '{value}'")

    return settings


def test_what_production_set_for_its_database_stops_no_count(database, run, settings):
    run("CREATE TABLE t (i int); INSERT INTO t SELECT generate_series(1, 300000)")
    settings(statement_timeout="1ms", lock_timeout="1ms", TimeZone="America/New_York")
    assert database.count_all() == {"public.t": 300_000}


def test_rows_that_a_policy_hides_are_not_taken_for_gone(database, run):
    run(
        "CREATE ROLE auditor LOGIN PASSWORD 'auditor'; CREATE TABLE t (i int); INSERT INTO t VALUES (1); "
        "GRANT SELECT ON t TO auditor; ALTER TABLE t ENABLE ROW LEVEL SECURITY"
    )
    theirs = replace(database, conninfo={**database.conninfo, "user": "auditor", "password": "auditor"})
    try:
        with pytest.raises(DrillError, match=r"the rows of public\.t are hidden from this role") as caught:
            theirs.count_all()
        assert not isinstance(caught.value, BackupError)
        with pytest.raises(DrillError, match="reads is hidden from this role"):
            asked(theirs, "SELECT count(*) FROM public.t")
    finally:
        run("DROP OWNED BY auditor; DROP ROLE auditor")


def test_productions_triggers_at_login_do_not_lock_the_drill_out(database, run):
    run(
        "CREATE TABLE logins (who text); CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql"
        " AS 'BEGIN INSERT INTO public.logins VALUES (session_user); END'; "
        "CREATE EVENT TRIGGER note ON login EXECUTE FUNCTION note()"
    )
    ours = replace(database, settings=SETTINGS_OF_OURS)
    try:
        assert ours.count_all() == {"public.logins": 0}
        with pytest.raises(DrillError):  # the trigger writes, and the connection must not
            database.count_all()
    finally:
        with ours.connect() as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute("DROP EVENT TRIGGER note")
