"""Views that can be selected from, and that cannot, or must not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fixtures.restore.workings.views import look_at_views
from plugins.errors import DrillError, NothingToCheckError

from .looking import told


def viewed(database, **options):
    return look_at_views(database, **{"ours": True, **options})


def test_a_view_whose_query_cannot_begin(database, run):
    run(
        "CREATE VIEW good AS SELECT 1; CREATE VIEW bad AS SELECT 1/0 AS canary; "
        "CREATE VIEW on_it AS TABLE bad; "
        "CREATE MATERIALIZED VIEW m AS SELECT 1; CREATE VIEW empty AS SELECT"
    )
    assert told(viewed(database)) == [
        "public.bad cannot be selected from (SQLSTATE 22012)",
        "public.on_it cannot be selected from (SQLSTATE 22012)",
    ]


def test_no_volatile_function_is_called(database, run):
    run(
        "CREATE SEQUENCE s; "
        "CREATE VIEW v AS SELECT nextval('s'), pg_sleep(30)::text FROM generate_series(1, 3)"
    )
    assert told(viewed(database)) == []
    assert run("SELECT is_called FROM s") == [(False,)]


def test_a_view_over_the_rows_of_others(database, run):
    """Row-level security binds the view's owner, and then row_security = off would be an error."""
    run(
        f"CREATE ROLE owner_{database.name}; "
        "CREATE TABLE t (id int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; "
        f"GRANT SELECT ON t TO owner_{database.name}; CREATE VIEW v AS TABLE t; "
        f"GRANT CREATE ON SCHEMA public TO owner_{database.name}; ALTER VIEW v OWNER TO owner_{database.name}"
    )
    try:
        assert told(viewed(database)) == []
        run(f"REVOKE SELECT ON t FROM owner_{database.name}")
        assert told(viewed(database)) == ["public.v cannot be selected from (SQLSTATE 42501)"]
        stand_in = viewed(database, stand_ins=(f"role owner_{database.name}",))
        assert "a role that the backup does not bring" in stand_in.notes[0]
        with pytest.raises(NothingToCheckError):
            stand_in.all()
        with pytest.raises(DrillError, match="hidden from this role"):
            viewed(database, ours=False).all()
    finally:
        run(f"DROP OWNED BY owner_{database.name}; DROP ROLE owner_{database.name}")


def test_a_view_over_a_foreign_table_is_not_run(database, run):
    run(
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w; "
        "CREATE TABLE p (id int) PARTITION BY LIST (id); "
        "CREATE FOREIGN TABLE p1 PARTITION OF p FOR VALUES IN (1) SERVER far; "
        "CREATE VIEW a AS TABLE p; CREATE VIEW b AS TABLE a; CREATE VIEW c AS SELECT 1"
    )
    look = viewed(database)
    assert [str(finding) for finding in look.findings.undecided] == [
        "public.a was not run: it reads a foreign table",
        "public.b was not run: it reads a foreign table",
    ]
    with pytest.raises(DrillError, match=r"it could not be told: public\.a"):
        look.all()


def test_a_view_over_an_unpopulated_materialized_view_is_said(database, run):
    run("CREATE TABLE t (id int); CREATE MATERIALIZED VIEW m AS SELECT id FROM t WITH NO DATA")
    run("CREATE VIEW v AS TABLE m; CREATE VIEW w AS TABLE v; CREATE VIEW good AS SELECT 1")
    look = viewed(database)
    assert told(look) == []
    assert look.notes == (
        "that views work which read a materialized view that is unpopulated: public.v, public.w",
    )


def test_a_parameter_that_the_application_sets_is_said(database, run):
    run(
        "CREATE TABLE t (tenant int); "
        "CREATE VIEW v AS SELECT FROM t WHERE tenant = current_setting('app.tenant')::int"
    )
    look = viewed(database)
    assert look.notes == ("that views work which want a parameter that the application sets: public.v",)
    run(f"ALTER DATABASE \"{database.name}\" SET app.tenant = '1'")
    assert (told(viewed(database)), viewed(database).notes) == ([], ())


def test_a_view_finds_what_production_finds_by_its_search_path(database, run):
    """A function of SQL that is written into the query is read anew, where the session looks."""
    run(
        "CREATE SCHEMA app; CREATE TABLE app.t (id int); SET check_function_bodies = off; "
        "CREATE FUNCTION app.f() RETURNS SETOF int STABLE LANGUAGE sql AS 'SELECT id FROM t'; "
        "CREATE VIEW public.v AS SELECT * FROM app.f()"
    )
    assert told(viewed(database)) == []
    run("DROP TABLE app.t")
    assert told(viewed(database)) == ["public.v cannot be selected from (SQLSTATE 42P01)"]


HOSTILE = {
    "writes": ("PERFORM set_config('transaction_read_only', 'off', true), wipe();", "25001"),
    "writes later": ("PERFORM set_config('default_transaction_read_only', 'off', false);", None),
    "quits": ("PERFORM pg_terminate_backend(pg_backend_pid());", "57P01"),
    "raises": ("RAISE EXCEPTION 'canary';", "P0001"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_view_changes_nothing(database, run, what):
    body, state = HOSTILE[what]
    run(
        "CREATE TABLE t (id int); INSERT INTO t VALUES (1); "
        f"CREATE FUNCTION f() RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN {body} RETURN 1; END $$; "
        "CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM public.t RETURNING 1'; "
        "CREATE FUNCTION g() RETURNS int IMMUTABLE LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN public.wipe(); END $$; "
        "CREATE VIEW a AS SELECT f(); CREATE VIEW b AS SELECT g(); CREATE VIEW c AS SELECT 1"
    )
    found = told(viewed(database))
    assert found[-1:] == ["public.b cannot be selected from (SQLSTATE 25006)"]
    assert found[:-1] == ([f"public.a cannot be selected from (SQLSTATE {state})"] if state else [])
    assert run("SELECT count(*) FROM t") == [(1,)]


@pytest.mark.parametrize(
    "body",
    [
        "PERFORM pg_sleep(60);",
        """
    LOOP BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP;""",
    ],
)
def test_a_view_that_does_not_end_is_ended(database, run, monkeypatch, body):
    monkeypatch.setattr("fixtures.restore.workings.views.LONGEST", timedelta(milliseconds=300))
    run(
        f"CREATE FUNCTION f() RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN {body} RETURN 1; END $$; "
        "CREATE VIEW a AS SELECT f(); CREATE VIEW b AS SELECT 1"
    )
    (found,) = told(viewed(database))
    assert found.startswith("public.a cannot be selected from")


def test_without_a_view_there_is_nothing_to_check(database):
    with pytest.raises(NothingToCheckError, match="no view"):
        viewed(database).all()
