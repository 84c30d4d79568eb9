"""Who may read what is exposed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fixtures.restore.database import Database
from fixtures.restore.schema import stranger
from fixtures.restore.schema.access import read_access
from plugins.errors import DrillError, NothingToCheckError


@pytest.fixture
def anon(run):
    run("CREATE ROLE anon")
    run("CREATE ROLE reader")
    run("CREATE SCHEMA api; CREATE SCHEMA hidden; GRANT USAGE ON SCHEMA api TO anon")
    run("CREATE TABLE hidden.members (id int)")
    yield
    run("DROP OWNED BY anon, reader")
    run("DROP ROLE anon; DROP ROLE reader")


@pytest.fixture
def opened(anon, run, database):
    """What anon can read of the schema api after some SQL, by name."""

    def look(sql: str, may_read=()):
        run(sql)
        access = read_access(database, schemas=["api"], may_read=may_read)
        assert access.readable is not None
        return {one.object: one.said for one in access.readable.all()}

    return look


PROTECTED = "CREATE TABLE api.t (id int, name text); ALTER TABLE api.t ENABLE ROW LEVEL SECURITY;"
GRANTED = f"{PROTECTED} GRANT SELECT ON api.t TO anon;"
ROWS = "INSERT INTO api.t VALUES (1, 'canary'), (2, 'canary');"
# As auth.uid() has it: what the token says, and there is none.
SIGNED_IN = "nullif(current_setting('request.jwt.claim.sub', true), '') IS NOT NULL"
HIDDEN_FROM_ANON = "EXISTS (SELECT FROM hidden.members)"


@pytest.mark.parametrize(
    ("sql", "way"),
    [
        ("CREATE TABLE api.t (id int)", ""),
        ("CREATE TABLE api.t (id int); GRANT SELECT ON api.t TO anon", "security is off"),
        ("CREATE TABLE api.t (id int); GRANT SELECT ON api.t TO PUBLIC", "security is off"),
        ("CREATE TABLE api.t (id int); GRANT SELECT (id) ON api.t TO anon", "security is off"),
        ("CREATE TABLE api.t (id int); GRANT INSERT ON api.t TO anon", ""),
        ("CREATE TABLE api.t (id int); GRANT SELECT ON api.t TO reader; GRANT reader TO anon", "is off"),
        ("CREATE TABLE api.t (id int); GRANT SELECT ON api.t TO reader", ""),
        (
            "CREATE TABLE api.t (id int); GRANT SELECT ON api.t TO anon; "
            "REVOKE USAGE ON SCHEMA api FROM anon",
            "",
        ),
        (f"{PROTECTED} GRANT SELECT ON api.t TO anon", ""),
        (f"{GRANTED} CREATE POLICY p ON api.t USING (true)", "the policy p"),
        (f"{PROTECTED} CREATE POLICY p ON api.t USING (true)", ""),
        (f"{GRANTED} {ROWS} CREATE POLICY p ON api.t TO anon USING (id > 1)", "a policy shows it rows"),
        (f"{GRANTED} {ROWS} CREATE POLICY p ON api.t TO anon USING (id > 2)", ""),
        (f"{GRANTED} {ROWS} CREATE POLICY p ON api.t USING ({SIGNED_IN})", ""),
        (
            f"{GRANTED} {ROWS} CREATE POLICY p ON api.t USING (NOT coalesce({SIGNED_IN}, false))",
            "shows it rows",
        ),
        (f"{GRANTED} {ROWS} CREATE POLICY p ON api.t USING ({HIDDEN_FROM_ANON})", ""),
        (
            f"{GRANTED} {ROWS} CREATE POLICY p ON api.t USING (true); "
            "CREATE POLICY q ON api.t AS RESTRICTIVE USING (id > 2)",
            "",
        ),
        (
            f"{GRANTED} {ROWS} CREATE POLICY p ON api.t USING (true); "
            "CREATE POLICY q ON api.t AS RESTRICTIVE USING (id > 1)",
            "shows it rows",
        ),
        # Of no rows, what asks nothing of a row.
        (f"{GRANTED} CREATE POLICY p ON api.t USING (1 = 1)", "its policies let it in"),
        (f"{GRANTED} CREATE POLICY p ON api.t USING (NOT coalesce({SIGNED_IN}, false))", "let it in"),
        (f"{GRANTED} CREATE POLICY p ON api.t USING ({SIGNED_IN})", ""),
        (
            f"{GRANTED} CREATE POLICY p ON api.t USING (true); "
            "CREATE POLICY q ON api.t AS RESTRICTIVE USING (true)",
            "the policy p shows every row",
        ),
        (
            f"{GRANTED} {ROWS} CREATE POLICY p ON api.t USING (true); "
            "CREATE POLICY q ON api.t AS RESTRICTIVE USING (false)",
            "",
        ),
        (
            f"{GRANTED} CREATE POLICY p ON api.t USING (id > 1); "
            f"CREATE POLICY q ON api.t AS RESTRICTIVE USING ({SIGNED_IN})",
            "",
        ),
        (f"{GRANTED} CREATE POLICY p ON api.t FOR SELECT", ""),
        (f"{GRANTED} CREATE POLICY p ON api.t TO reader USING (true)", ""),
        (f"{GRANTED} CREATE POLICY p ON api.t USING (false)", ""),
        (
            f"{GRANTED} GRANT reader TO anon; CREATE POLICY p ON api.t TO reader USING (true)",
            "the policy p",
        ),
        (
            f"{GRANTED} CREATE POLICY p ON api.t FOR INSERT WITH CHECK (true)",
            "",
        ),
        (
            f"{GRANTED} CREATE POLICY p ON api.t AS RESTRICTIVE USING (true)",
            "",
        ),
        (f"{GRANTED} ALTER ROLE anon BYPASSRLS", "does not hold it back"),
        (f"{PROTECTED} ALTER TABLE api.t OWNER TO anon", "does not hold it back"),
        (
            "CREATE TABLE api.t (id int) PARTITION BY LIST (id); GRANT SELECT ON api.t TO anon",
            "security is off",
        ),
        (
            "CREATE TABLE hidden.t (id int); CREATE VIEW api.t AS SELECT id FROM hidden.t; "
            "GRANT SELECT ON api.t TO anon",
            "owner's rights",
        ),
        (
            "CREATE TABLE hidden.t (id int); CREATE VIEW api.t WITH (security_invoker = on) AS "
            "SELECT id FROM hidden.t; GRANT SELECT ON api.t TO anon",
            "",
        ),
        (
            "CREATE TABLE hidden.t (id int); CREATE VIEW api.t WITH (security_invoker) AS "
            "SELECT id FROM hidden.t; GRANT SELECT ON api.t, hidden.t TO anon",
            "all that the view reads",
        ),
        (
            "CREATE TABLE hidden.t (id int); CREATE VIEW api.t WITH (security_invoker = false) AS "
            "SELECT id FROM hidden.t; GRANT SELECT ON api.t TO anon",
            "owner's rights",
        ),
        ("CREATE MATERIALIZED VIEW api.t AS SELECT 1 AS a; GRANT SELECT ON api.t TO anon", "materialized"),
        (
            "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; "
            "CREATE FOREIGN TABLE api.t (id int) SERVER s; GRANT SELECT ON api.t TO anon",
            "foreign",
        ),
        ("CREATE TABLE hidden.t (id int); GRANT SELECT ON hidden.t TO anon", ""),
    ],
)
def test_what_anon_can_read(sql, way, opened):
    found = opened(sql)
    assert list(found) == (["api.t"] if way else [])
    assert way in found.get("api.t", "")


def test_a_policy_over_no_rows_cannot_be_tried_and_that_is_said(anon, run, database):
    run(f"{GRANTED} CREATE POLICY p ON api.t USING (id > 1)")
    access = read_access(database, schemas=["api"], may_read=())
    assert access.open_to_anon("api.t") == []
    assert access.notes == ("that the policies of api.t show nothing to anon: it has no row",)


CATCHES_ITS_END = """
    BEGIN LOOP
        BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END;
    END LOOP; END
"""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("BEGIN RAISE EXCEPTION 'canary'; END", r" \(SQLSTATE P0001\)"),
        ("BEGIN PERFORM pg_sleep(60); END", " within 0 s"),
        (CATCHES_ITS_END, " within 0 s"),
    ],
)
def test_a_policy_that_fails_or_never_ends_is_undecided(body, why, anon, run, database, monkeypatch):
    monkeypatch.setattr(stranger, "LONGEST", timedelta(seconds=0.2))
    run(f"CREATE FUNCTION api.f() RETURNS boolean LANGUAGE plpgsql AS $$ {body} $$")
    run(f"{GRANTED} {ROWS} CREATE POLICY p ON api.t USING (api.f())")
    access = read_access(database, schemas=["api"], may_read=())
    with pytest.raises(DrillError, match=f"its policies could not be tried{why}") as raised:
        access.open_to_anon("api.t")
    assert "canary" not in str(raised.value)
    # What the plan lets everybody read need not be told.
    assert read_access(database, schemas=["api"], may_read=["api.t"]).open_to_anon("api.t") == []


VIEW = "CREATE VIEW api.v WITH (security_invoker) AS"
BETWEEN = (
    "CREATE VIEW hidden.w WITH (security_invoker) AS SELECT 1 AS id WHERE false; "
    "GRANT SELECT ON hidden.w TO anon; CREATE OR REPLACE VIEW hidden.w WITH (security_invoker) AS"
)
POLICY = (
    "CREATE TABLE hidden.p (id int); INSERT INTO hidden.p VALUES (1), (2); GRANT SELECT ON hidden.p TO anon; "
    "ALTER TABLE hidden.p ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON hidden.p"
)
OPEN = "CREATE TABLE hidden.o (id int); INSERT INTO hidden.o VALUES (1); GRANT SELECT ON hidden.o TO anon;"


@pytest.mark.parametrize(
    ("view", "way"),
    [
        # Row by row, and not only table by table.
        (f"{OPEN} {VIEW} SELECT id FROM hidden.o UNION ALL SELECT id FROM api.t", "shows it rows"),
        (f"{OPEN} {VIEW} SELECT o.id FROM hidden.o o LEFT JOIN api.t USING (id)", "shows it rows"),
        (f"{OPEN} {VIEW} SELECT o.id FROM hidden.o o JOIN api.t USING (id)", ""),
        (f"{VIEW} SELECT id FROM api.t", ""),
        (f"{OPEN} {VIEW} SELECT id FROM hidden.o UNION ALL SELECT id FROM hidden.members", ""),
        # By a view that anon may read, and not name; by a table of which it may read and not name rows.
        (f"{OPEN} {BETWEEN} SELECT id FROM hidden.o; {VIEW} SELECT id FROM hidden.w", "shows it rows"),
        (f"{BETWEEN} SELECT id FROM api.t; {VIEW} SELECT id FROM hidden.w", ""),
        (f"{POLICY} USING (id > 1); {VIEW} SELECT id FROM hidden.p", "shows it rows"),
        (f"{POLICY} USING (id > 2); {VIEW} SELECT id FROM hidden.p", ""),
        # No right to one column.
        (
            "CREATE TABLE hidden.c (a int, b int); GRANT SELECT (a) ON hidden.c TO anon; "
            f"{VIEW} SELECT b FROM hidden.c",
            "",
        ),
    ],
)
def test_what_a_view_shows_with_the_rights_of_its_reader(view, way, opened):
    found = opened(
        f"{GRANTED} {ROWS} CREATE POLICY p ON api.t USING ({SIGNED_IN}); {view}; "
        "GRANT SELECT ON api.v TO anon"
    )
    assert list(found) == (["api.v"] if way else [])
    assert way in found.get("api.v", "")


def test_a_view_over_an_empty_table_is_said_with_it(anon, run, database):
    run(f"{GRANTED} CREATE POLICY p ON api.t USING (id > 1)")
    run(f"{VIEW} SELECT id FROM api.t; GRANT SELECT ON api.v TO anon")
    access = read_access(database, schemas=["api"], may_read=())
    assert access.open_to_anon_but(()) == []
    assert access.notes == ("that the policies of api.t, api.v show nothing to anon: they have no row",)
    # Nor of what is not exposed, or is meant to be read.
    assert read_access(database, schemas=["api"], may_read=["api.t", "api.v"]).notes == ()
    assert read_access(database, schemas=["hidden"], may_read=()).notes == ()
    # One that lies in a schema which anon may not use is empty all the same.
    run("ALTER TABLE api.t SET SCHEMA hidden")
    access = read_access(database, schemas=["api"], may_read=())
    assert access.open_to_anon_but(()) == []
    assert access.notes == ("that the policies of api.v show nothing to anon: it has no row",)


def test_a_foreign_table_behind_policies_is_not_called(anon, run, database):
    run("CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w")
    run("CREATE TABLE api.t (id int) PARTITION BY LIST (id); ALTER TABLE api.t ENABLE ROW LEVEL SECURITY")
    run("CREATE FOREIGN TABLE api.t1 PARTITION OF api.t DEFAULT SERVER s")
    run("CREATE POLICY p ON api.t USING (id > 1); GRANT SELECT ON api.t TO anon")
    access = read_access(database, schemas=["api"], may_read=())
    with pytest.raises(DrillError, match="could not be tried: a foreign table is behind it"):
        access.open_to_anon("api.t")


def test_a_role_that_may_not_act_as_anon_cannot_tell(anon, run, database, server):
    run("CREATE ROLE asks LOGIN BYPASSRLS PASSWORD 'asks'; GRANT pg_read_all_data TO asks")
    try:
        run(f"{GRANTED} {ROWS} CREATE POLICY p ON api.t USING ({SIGNED_IN})")
        run("CREATE TABLE api.u (); ALTER TABLE api.u ENABLE ROW LEVEL SECURITY; GRANT ALL ON api.u TO anon")
        run("CREATE POLICY p ON api.u USING (true)")
        run(f"{VIEW} SELECT id FROM api.t, api.u; GRANT SELECT ON api.v TO anon")
        asks = Database({**server.conninfo, "user": "asks", "password": "asks"}, database.name)
        access = read_access(asks, schemas=["api"], may_read=())
        for name, what in (("api.t", "its policies"), ("api.v", "the view")):
            with pytest.raises(DrillError, match=f"{what} could not be tried: this role may not") as raised:
                access.open_to_anon(name)
            assert raised.value.hint.startswith("GRANT anon TO the role")
        # The catalogs tell.
        assert [one.object for one in access.open_to_anon("api.u")] == ["api.u"]
        run("GRANT anon TO asks")
        access = read_access(asks, schemas=["api"], may_read=())
        assert access.open_to_anon("api.t") == access.open_to_anon("api.v") == []
    finally:
        run("DROP OWNED BY asks")
        run("DROP ROLE asks")


def test_policies_look_for_names_where_a_request_does(anon, run, database):
    """That is first in the schema of the table."""
    run(
        "CREATE TABLE api.shared (id int); INSERT INTO api.shared VALUES (1); "
        "GRANT SELECT ON api.shared TO anon"
    )
    run(
        "CREATE FUNCTION api.f(int) RETURNS boolean LANGUAGE plpgsql "
        "AS 'BEGIN RETURN EXISTS (SELECT FROM shared WHERE id = $1); END'"
    )
    run(f"{GRANTED} {ROWS} CREATE POLICY p ON api.t USING (api.f(id))")
    access = read_access(database, schemas=["api"], may_read=["api.shared"])
    assert [str(one) for one in access.open_to_anon("api.t")] == [
        "api.t can be read by anon: a policy shows it rows"
    ]


@pytest.mark.parametrize(
    ("says", "is_open"),
    [
        ("auth.uid() IS NOT NULL", False),
        ("auth.uid() IS NULL", True),
        ("auth.role() = 'authenticated'", False),
        ("auth.role() = 'anon'", True),
        ("auth.email() IS NOT NULL", False),
        ("auth.jwt() ->> 'sub' IS NOT NULL", False),
    ],
)
def test_stand_ins_of_supabase_know_no_token(says, is_open, anon, restore, database):
    restore(f"{GRANTED} {ROWS} CREATE POLICY p ON api.t USING ({says});")
    access = read_access(database, schemas=["api"], may_read=())
    assert bool(access.open_to_anon("api.t")) is is_open


def test_a_policy_cannot_write(anon, run, database):
    run("CREATE TABLE api.seen (id int); GRANT ALL ON api.seen TO anon")
    run(
        "CREATE FUNCTION api.f() RETURNS boolean LANGUAGE sql "
        "AS 'INSERT INTO api.seen VALUES (1) RETURNING true'"
    )
    run(f"{GRANTED} {ROWS} CREATE POLICY p ON api.t USING (api.f())")
    access = read_access(database, schemas=["api"], may_read=["api.seen"])
    with pytest.raises(DrillError, match="could not be tried"):
        access.open_to_anon("api.t")
    assert run("SELECT count(*) FROM api.seen") == [(0,)]


def test_what_the_plan_lists_may_be_read(opened):
    sql = 'CREATE TABLE api."Odd t" (id int); GRANT SELECT ON api."Odd t" TO anon'
    assert opened(sql, may_read=['api."Odd t"']) == {}


def test_tables_without_row_level_security(run, database):
    run(
        "CREATE SCHEMA api; CREATE TABLE api.a (id int); CREATE TABLE api.b (id int); "
        "CREATE TABLE public.c ()"
    )
    run("CREATE TABLE api.p (id int) PARTITION BY LIST (id); CREATE TABLE api.p1 PARTITION OF api.p DEFAULT")
    run("ALTER TABLE api.b ENABLE ROW LEVEL SECURITY; ALTER TABLE api.p ENABLE ROW LEVEL SECURITY")
    run("CREATE VIEW api.v AS SELECT 1 AS a")
    access = read_access(database, schemas=["api"], may_read=())
    assert [str(one) for one in access.unprotected_but(())] == [
        "api.a has row level security off", "api.p1 has row level security off",
    ]  # fmt: skip
    assert [one.object for one in access.unprotected("api.a")] == ["api.a"]
    assert access.unprotected("api.b") == []
    assert [one.object for one in access.unprotected_but({"api.a"})] == ["api.p1"]
    for nothing in ("public.c", "api.v", "api.nowhere"):
        with pytest.raises(NothingToCheckError, match=f"no table {nothing} is in an exposed schema"):
            access.unprotected(nothing)
    with pytest.raises(NothingToCheckError, match="no other table"):
        access.unprotected_but({"api.a", "api.b", "api.p", "api.p1"})


def test_an_exposed_schema_that_is_not_there_is_a_failure(anon, database):
    access = read_access(database, schemas=["api", "Gone"], may_read=())
    expected = ['schema "Gone" is exposed, and not in the restored database']
    assert [str(one) for one in access.unprotected_but(())] == expected
    assert [str(one) for one in access.open_to_anon_but(())] == expected


def test_without_the_role_there_is_nothing_to_check(run, database):
    run("CREATE TABLE public.t (id int)")
    access = read_access(database, schemas=["public"], may_read=())
    with pytest.raises(NothingToCheckError, match="no role anon"):
        access.open_to_anon("public.t")
    with pytest.raises(NothingToCheckError, match="no role anon"):
        access.open_to_anon_but(())


def test_of_a_stand_in_it_cannot_be_told(anon, run, database):
    run("CREATE TABLE api.t (id int); GRANT SELECT ON api.t TO anon")
    access = read_access(database, schemas=["api"], may_read=(), stand_ins=["table api.t"])
    with pytest.raises(DrillError, match=r"it could not be told: api\.t is a stand-in"):
        access.unprotected("api.t")
    with pytest.raises(DrillError, match=r"it could not be told: api\.t is a stand-in"):
        access.open_to_anon_but(())
