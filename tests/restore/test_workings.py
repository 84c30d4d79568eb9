"""What works in a restored database: things that are well, and things that are not, on a real server."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest

from fixtures.restore.database import Database
from fixtures.restore.workings.collations import look_at_collations
from fixtures.restore.workings.functions import look_at_functions
from fixtures.restore.workings.materialized_views import look_at_materialized_views
from fixtures.restore.workings.sequences import look_at_sequences
from fixtures.restore.workings.triggers import look_at_triggers
from fixtures.restore.workings.vectors import look_at_vectors
from fixtures.restore.workings.views import look_at_views
from plugins.errors import DrillError, NothingToCheckError


def told(look) -> list[str]:
    return [str(finding) for finding in look.all()]


@pytest.fixture
def lent(server, database, run):
    """The test's database as a role sees it that may connect and little else."""
    role = f"reader_{database.name}"
    run(f"CREATE ROLE {role} LOGIN PASSWORD 'reader'; GRANT USAGE ON SCHEMA public TO {role}")
    yield Database({**database.conninfo, "user": role, "password": "reader"}, database.name), role
    run(f"DROP OWNED BY {role}; DROP ROLE {role}")


# Sequences

BEHIND = "public.s will give a value that public.t.id already holds"
SERIAL = "CREATE TABLE t (id serial); ALTER SEQUENCE t_id_seq RENAME TO s; "
IDENTITY = "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s)); "
BY_DEFAULT = "CREATE SEQUENCE s; CREATE TABLE t (id {} DEFAULT nextval('{}')); "
TIED = {
    "serial": SERIAL,
    "identity": IDENTITY,
    "default": BY_DEFAULT.format("bigint", "s"),
    "text": "CREATE SEQUENCE s; CREATE TABLE t (id int DEFAULT nextval('s'::text)); ",
    "qualified text": "CREATE SEQUENCE s; CREATE TABLE t (id int DEFAULT nextval('public.s'::text)); ",
    "varchar": "CREATE SEQUENCE s; CREATE TABLE t (id int DEFAULT nextval('s'::varchar)); ",
    "smallint": BY_DEFAULT.format("smallint", "s"),
    "numeric": BY_DEFAULT.format("numeric(10,0)", "s"),
    "domain": "CREATE DOMAIN d AS int; CREATE DOMAIN e AS d; " + BY_DEFAULT.format("e", "s"),
    "owned alone": "CREATE TABLE t (id int); CREATE SEQUENCE s OWNED BY t.id; ",
}
ROWS = "INSERT INTO t (id) OVERRIDING SYSTEM VALUE SELECT generate_series(1, 5); "


@pytest.mark.parametrize("how", TIED)
@pytest.mark.parametrize(
    ("place", "behind"),
    [
        ("", True),  # never set: it begins at 1
        ("SELECT setval('s', 4)", True),
        ("SELECT setval('s', 5, false)", True),
        ("SELECT setval('s', 5)", False),
        ("SELECT setval('s', 6, false)", False),
    ],
)
def test_a_sequence_is_behind_or_ahead(database, run, how, place, behind):
    run(TIED[how] + ROWS + place)
    look = look_at_sequences(database, jobs=2)
    assert told(look) == ([BEHIND] if behind else [])
    assert [finding.object for finding in look.of("public.t")] == (["public.s"] if behind else [])
    assert look.notes == ()


@pytest.mark.parametrize(
    ("options", "rows", "place", "behind"),
    [
        ("INCREMENT -1 MAXVALUE 1", (-5, -1), "-4", True),
        ("INCREMENT -1 MAXVALUE 1", (-5, -1), "-5", False),
        ("MAXVALUE 10", (3, 3), "3", False),
        ("MAXVALUE 10", (3, 5000), "3", False),  # what lies beyond its bounds it never gives
        ("MAXVALUE 10", (3, 4), "3", True),
        ("INCREMENT 2", (8, 8), "3", False),  # two servers, one the even numbers, one the odd ones
        ("INCREMENT 2", (9, 9), "3", True),
        ("INCREMENT 10", (30, 30), "10", True),
        ("MAXVALUE 9 CYCLE", (9, 9), "4", False),  # those are of the last time round
        ("MAXVALUE 9 CYCLE", (5, 9), "4", True),
        ("MAXVALUE 9 CYCLE", (1, 1), "9", True),
        ("MAXVALUE 9 CYCLE", (2, 9), "9", False),
    ],
)
def test_a_sequence_with_options(database, run, options, rows, place, behind):
    run(
        f"CREATE SEQUENCE s {options} MINVALUE {1 if 'CYCLE' in options else -1000} START 1; "
        "CREATE TABLE t (id int UNIQUE DEFAULT nextval('s')); "
        f"INSERT INTO t SELECT generate_series({rows[0]}, {rows[1]}, {rows[1] - rows[0] or 1}); "
        f"SELECT setval('s', {place})"
    )
    assert told(look_at_sequences(database, jobs=1)) == ([BEHIND] if behind else [])


def test_a_sequence_that_begins_again_may_give_what_no_key_forbids(database, run):
    run(
        "CREATE SEQUENCE s MAXVALUE 3 CYCLE; CREATE TABLE t (turn int DEFAULT nextval('s')); "
        "INSERT INTO t VALUES (1), (2), (3), (1); SELECT setval('s', 1)"
    )
    assert told(look_at_sequences(database, jobs=1)) == []


@pytest.mark.parametrize(
    ("kind", "options", "place"),
    [("int", "MAXVALUE 5", "5"), ("smallint", "", "32767"), ("int", "INCREMENT -1 MINVALUE -5", "-5")],
)
def test_a_sequence_at_its_end_is_said(database, run, kind, options, place):
    run(
        f"CREATE SEQUENCE s {options}; CREATE TABLE t (id {kind} DEFAULT nextval('s')); "
        f"INSERT INTO t VALUES ({place}); SELECT setval('s', {place})"
    )
    look = look_at_sequences(database, jobs=1)
    assert told(look) == []
    assert look.notes == ("that rows can be added to public.t: public.s is at its end in the backup too",)


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE t (id text DEFAULT 'X' || nextval('s'))",
        "CREATE TABLE t (id text DEFAULT nextval('s'))",
        "CREATE TABLE t (id bigint DEFAULT nextval('s') * 10); ALTER SEQUENCE s OWNED BY t.id",
        "CREATE TABLE t (id int); INSERT INTO t VALUES (5)",
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE SEQUENCE a.q; CREATE SEQUENCE b.q; "
        "CREATE TABLE t (id int DEFAULT nextval('q'::text)); DROP SEQUENCE a.q, b.q",
    ],
)
def test_a_sequence_that_is_tied_to_no_column_of_numbers_is_said(database, run, text):
    run(f"CREATE SEQUENCE s; {text}")
    look = look_at_sequences(database, jobs=1)
    with pytest.raises(NothingToCheckError, match="no columns that a sequence fills"):
        look.all()
    (said,) = look.notes
    assert said.endswith("takes its values as they are from public.s")
    assert look_at_sequences(database, jobs=1, stand_ins=["sequence public.s"]).notes == ()


def test_a_column_that_owns_one_sequence_and_takes_another(database, run):
    run(
        "CREATE TABLE t (id serial); CREATE SEQUENCE s; ALTER TABLE t ALTER id SET DEFAULT nextval('s');"
        "INSERT INTO t VALUES (7); SELECT setval('s', 7)"
    )
    look = look_at_sequences(database, jobs=1)
    assert told(look) == []
    assert "public.t_id_seq" in look.notes[0]


def test_a_sequence_of_a_partitioned_table_and_of_an_inherited_one(database, run):
    run(
        "CREATE TABLE p (id bigserial, k int) PARTITION BY LIST (k); "
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); INSERT INTO p VALUES (4, 1); "
        "CREATE TABLE up (id serial); CREATE TABLE down () INHERITS (up); INSERT INTO down VALUES (3)"
    )
    look = look_at_sequences(database, jobs=2)
    assert [finding.object for finding in look.of("public.p")] == ["public.p_id_seq"]
    assert [finding.object for finding in look.of("public.up")] == ["public.up_id_seq"]
    others = look.but_of(["public.p", "public.up"])
    assert [finding.table for finding in others] == ["public.down", "public.p1"]
    run("SELECT setval('p_id_seq', 4), setval('up_id_seq', 3)")
    assert told(look_at_sequences(database, jobs=2)) == []


def test_of_a_table_without_a_sequence_there_is_nothing_to_check(database, run):
    run(SERIAL + "CREATE TABLE other (id int)")
    look = look_at_sequences(database, jobs=1)
    with pytest.raises(NothingToCheckError):
        look.of("public.other")
    with pytest.raises(NothingToCheckError):
        look.but_of(["public.t"])
    assert look.of("public.t") == []


def test_many_sequences_side_by_side(database, run):
    run("".join(f"CREATE TABLE t{n} (id serial); INSERT INTO t{n} VALUES ({n % 2 + 1}); "
                f"SELECT nextval('t{n}_id_seq');" for n in range(30)))  # fmt: skip
    look = look_at_sequences(database, jobs=3)
    assert {finding.table for finding in look.all()} == {f"public.t{n}" for n in range(1, 30, 2)}


def test_names_that_must_be_quoted(database, run):
    run(
        'CREATE SCHEMA "Odd S"; CREATE SEQUENCE "Odd S"."it\'s a ""q"""; '
        '''CREATE TABLE "Odd S"."T" ("I d" int DEFAULT nextval('"Odd S"."it''s a ""q"""')); '''
        'INSERT INTO "Odd S"."T" VALUES (1)'
    )
    (finding,) = look_at_sequences(database, jobs=1).all()
    assert (finding.object, finding.table) == ('"Odd S"."it\'s a ""q"""', '"Odd S"."T"')


@pytest.mark.parametrize("grant", ["", "GRANT SELECT ON SEQUENCE s TO {0}", "GRANT SELECT ON t TO {0}"])
def test_a_sequence_that_may_not_be_read_is_undecided(database, run, lent, grant):
    reader, role = lent
    run(SERIAL + ROWS + grant.format(role))
    with pytest.raises(DrillError, match="hidden from this role") as caught:
        look_at_sequences(reader, jobs=1).of("public.t")
    assert not isinstance(caught.value, NothingToCheckError)


def test_functions_and_operators_of_the_dump_are_not_asked(database, run):
    """They have the names of the server's, and stand before them in the search path."""
    run(
        SERIAL + ROWS + "CREATE SCHEMA evil; "
        "CREATE FUNCTION evil.max(int) RETURNS int LANGUAGE sql AS 'SELECT 0'; "
        "CREATE FUNCTION evil.ge(int, int) RETURNS bool LANGUAGE sql AS 'SELECT false'; "
        "CREATE OPERATOR evil.>= (LEFTARG = int, RIGHTARG = int, FUNCTION = evil.ge); "
        "CREATE TABLE evil.pg_sequence (seqrelid oid); "
        f'ALTER DATABASE "{database.name}" SET search_path = evil, pg_catalog, public'
    )
    assert told(look_at_sequences(database, jobs=1)) == [BEHIND]


# Materialized views

FILLED = "CREATE TABLE t (id int); CREATE MATERIALIZED VIEW m AS SELECT id FROM t WITH NO DATA;\n"


@pytest.mark.parametrize(
    ("text", "found", "said"),
    [
        (FILLED + "REFRESH MATERIALIZED VIEW m;", [], 0),
        (FILLED, None, 1),
        (FILLED + "REFRESH MATERIALIZED VIEW m WITH NO DATA;", None, 1),
        (
            "CREATE MATERIALIZED VIEW m AS SELECT 1/0 AS x WITH NO DATA;\nREFRESH MATERIALIZED VIEW m;",
            ["public.m is unpopulated, and the backup fills it"],
            0,
        ),
        ("CREATE TABLE t (id int);", None, 0),
    ],
    ids=["filled", "never filled", "emptied", "not refreshed", "none"],
)
def test_a_materialized_view(database, restore, text, found, said):
    archive = restore("SET search_path = public;\n" + text).archive
    look = look_at_materialized_views(database, archive)
    if found is None:
        with pytest.raises(NothingToCheckError):
            look.all()
    else:
        assert told(look) == found
    assert len(look.notes) == said


def test_a_materialized_view_that_others_restored(database, run):
    run(FILLED)
    with pytest.raises(DrillError, match="in production cannot be told"):
        look_at_materialized_views(database, None).all()
    run("REFRESH MATERIALIZED VIEW m")
    assert told(look_at_materialized_views(database, None)) == []


# Views


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
    run(FILLED + "CREATE VIEW v AS TABLE m; CREATE VIEW w AS TABLE v; CREATE VIEW good AS SELECT 1")
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


# Functions

READS_T = "LANGUAGE sql AS 'SELECT count(*) FROM t'"


@pytest.fixture
def made(run):
    """Makes functions as a dump does: unread."""
    return lambda text: run(f"SET check_function_bodies = off; {text}")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM nowhere'", "42P01"),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT canary('", "42601"),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 'x'::text $$", "42P13"),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETRUN 1; END'", "42601"),
        ("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW'", "42601"),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS "
            "'DECLARE r public.nowhere%ROWTYPE; BEGIN RETURN 1; END'",
            "42P01",
        ),
        ("CREATE PROCEDURE f() LANGUAGE sql AS 'INSERT INTO nowhere VALUES (1)'", "42P01"),
        (
            "CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS bigint SET search_path = '' " + READS_T,
            "42P01",
        ),
    ],
)
def test_a_function_that_does_not_compile(database, made, text, state):
    made(text)
    look = look_at_functions(database)
    assert told(look) == [f"public.f() does not compile (SQLSTATE {state})"]
    assert look.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN PERFORM nowhere.f(); RETURN 1; END'",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END'",
        "CREATE FUNCTION f(anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT $1'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1/0'",
        "CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS bigint " + READS_T,
        "CREATE SCHEMA app; CREATE TABLE app.t (id int); "
        "CREATE FUNCTION f() RETURNS bigint SET search_path = app " + READS_T,
        "CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE FUNCTION app.f() RETURNS bigint " + READS_T,
        "CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE FUNCTION f() RETURNS bigint " + READS_T,
    ],
)
def test_a_function_that_compiles(database, made, text):
    made(text)
    look = look_at_functions(database)
    assert told(look) == []
    assert look.notes == ()


def test_no_function_is_run(database, made, run):
    made("CREATE SEQUENCE s; CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('s') $$")
    assert told(look_at_functions(database)) == []
    assert run("SELECT is_called FROM s") == [(False,)]


def test_what_production_wants_to_be_warned_of_is_no_error(database, made):
    made(
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS 'DECLARE a int; BEGIN RETURN a; END'; "
        f"ALTER DATABASE \"{database.name}\" SET plpgsql.extra_errors = 'all'"
    )
    assert told(look_at_functions(database)) == []


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("SELECT net.http_get(''u'')", "extension pg_net, which the server does not have"),
        ("SELECT extensions.hmac(''a'', ''b'', ''c'')", "extension pgcrypto, which the server does not have"),
        ("SELECT phone_change FROM auth.users", "table auth.users, which is a stand-in"),
    ],
)
def test_a_function_that_uses_what_the_drill_lacks_is_said(database, made, body, why):
    made(
        "CREATE SCHEMA net; CREATE SCHEMA extensions; CREATE SCHEMA auth; CREATE TABLE auth.users (id int); "
        f"CREATE FUNCTION f() RETURNS text LANGUAGE sql AS '{body}'"
    )
    look = look_at_functions(database, stand_ins=("role anon", "table auth.users"))
    with pytest.raises(NothingToCheckError):
        look.all()
    assert look.notes == (f"that functions work which use the {why}: public.f()",)


def test_a_language_that_cannot_be_compiled_is_said(database, run):
    run("CREATE FUNCTION c(float8) RETURNS float8 LANGUAGE internal AS 'dsqrt'")
    look = look_at_functions(database)
    with pytest.raises(NothingToCheckError):
        look.all()
    (said,) = look.notes
    assert said == "that functions in the language internal work, such as public.c(double precision)"


def test_a_function_that_may_not_be_compiled_is_undecided(database, made, run, lent):
    reader, _ = lent
    made("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION f() FROM PUBLIC")
    with pytest.raises(DrillError, match=r"public\.f\(\) may not be compiled by this role"):
        look_at_functions(reader).all()


# Triggers

TRIGGER = """SET search_path = public;
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE child (id int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE TRIGGER tg BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE RULE r AS ON INSERT TO child DO ALSO NOTHING;
ALTER TABLE child ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES t;
CREATE EVENT TRIGGER ev ON sql_drop EXECUTE FUNCTION e();
"""
QUIETLY = "DO $$ BEGIN EXECUTE '{}'; END $$;\n"
ALL_OF_IT = "disabled: the backup disables all triggers of the table, and does not enable them again"


AS_SAID = [
    ("", 0),
    ("ALTER TABLE t DISABLE TRIGGER tg;", 1),
    ("ALTER TABLE ONLY public.t DISABLE TRIGGER tg;", 1),
    ("ALTER TABLE t ENABLE REPLICA TRIGGER tg;", 0),
    ("ALTER TABLE t ENABLE ALWAYS TRIGGER tg;", 0),
    ("ALTER TABLE t DISABLE TRIGGER tg;\nALTER TABLE t ENABLE TRIGGER tg;", 0),
    ("ALTER TABLE t DISABLE TRIGGER ALL;\nALTER TABLE t ENABLE TRIGGER ALL;", 0),
    ("ALTER TABLE child DISABLE RULE r;", 1),
    ("ALTER EVENT TRIGGER ev DISABLE;", 1),
    ("ALTER EVENT TRIGGER ev ENABLE ALWAYS;", 0),
]


@pytest.mark.parametrize(("text", "said"), AS_SAID)
def test_a_trigger_acts_as_the_text_says(database, restore, text, said):
    look = look_at_triggers(database, restore(TRIGGER + text).archive)
    assert told(look) == []
    assert len(look.notes) == said


ON_T, ON_CHILD = "tg ON public.t is", "fk ON public.child is"
OTHERWISE = [
    ("ALTER TABLE t DISABLE TRIGGER ALL;", [f"{ON_CHILD} {ALL_OF_IT}", f"{ON_T} {ALL_OF_IT}"]),
    ("ALTER TABLE child DISABLE TRIGGER ALL;", [f"{ON_CHILD} {ALL_OF_IT}"]),
    ("ALTER TABLE t DISABLE TRIGGER USER;", [f"{ON_T} {ALL_OF_IT}"]),
    (
        QUIETLY.format("ALTER TABLE t DISABLE TRIGGER tg"),
        [f"{ON_T} disabled, and in the backup it is enabled"],
    ),
    (
        "ALTER TABLE t DISABLE TRIGGER tg;\n" + QUIETLY.format("ALTER TABLE t ENABLE TRIGGER tg"),
        [f"{ON_T} enabled, and in the backup it is disabled"],
    ),
    (
        QUIETLY.format("ALTER TABLE t ENABLE REPLICA TRIGGER tg"),
        [f"{ON_T} enabled on replicas only, and in the backup it is enabled"],
    ),
    (
        QUIETLY.format("ALTER TABLE child DISABLE RULE r"),
        ["r ON public.child is disabled, and in the backup it is enabled"],
    ),
    (
        QUIETLY.format("ALTER EVENT TRIGGER ev DISABLE"),
        ["event trigger ev is disabled, and in the backup it is enabled"],
    ),
]


@pytest.mark.parametrize(("text", "found"), OTHERWISE)
def test_a_trigger_acts_otherwise_than_the_text_says(database, restore, text, found):
    look = look_at_triggers(database, restore(TRIGGER + text).archive)
    assert sorted(told(look)) == found
    assert look.notes == ()


PARTED = """SET search_path = public;
CREATE TABLE p (id int) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tg AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
"""


def test_what_is_said_of_a_partitioned_table_reaches_its_partitions(database, restore, run):
    archive = restore(PARTED + "ALTER TABLE p DISABLE TRIGGER tg;\n").archive
    assert told(look_at_triggers(database, archive)) == []
    run("ALTER TABLE p1 ENABLE TRIGGER tg")
    assert told(look_at_triggers(database, archive)) == [
        "tg ON public.p1 is enabled, and in the backup it is disabled"
    ]


def test_triggers_that_others_restored(database, run):
    run(TRIGGER)
    assert told(look_at_triggers(database, None)) == []
    run("ALTER TABLE t DISABLE TRIGGER tg")
    with pytest.raises(DrillError, match=r"tg ON public\.t is disabled, and whether it is so in production"):
        look_at_triggers(database, None).all()


def test_without_a_trigger_there_is_nothing_to_check(database, restore):
    archive = restore("CREATE TABLE public.t (id int);").archive
    with pytest.raises(NothingToCheckError, match="no triggers and rules"):
        look_at_triggers(database, archive).all()


# Collations


def test_of_a_database_built_from_text_there_is_nothing_to_compare(database, restore):
    archive = restore("CREATE TABLE public.t (a text);").archive
    with pytest.raises(NothingToCheckError, match="this very server built all indexes"):
        look_at_collations(database, archive).all()


@pytest.fixture
def collation(server):
    """A definition of a collation that has a version: of ICU's, or of the server's own where it has some."""
    return "provider = builtin, locale = 'C.UTF-8'" if server.major >= 17 else "provider = icu, locale = 'de'"


@pytest.fixture
def collated(run, collation):
    """Makes a table that sorts by a collation of this version."""
    return lambda version: run(
        f"CREATE COLLATION c ({collation}, version = '{version}'); CREATE TABLE t (a text COLLATE c)"
    )


def test_a_collation_of_another_version(database, collated, run):
    collated("1.2.canary")
    (found,) = told(look_at_collations(database, None))
    assert found == "collation public.c sorts text by other rules than those that its indexes were built by"
    run("ALTER COLLATION c REFRESH VERSION")
    assert told(look_at_collations(database, None)) == []


def test_a_collation_that_nothing_uses_is_no_matter(database, collated, run):
    collated("1.2.canary")
    run("ALTER TABLE t DROP a")
    with suppress(NothingToCheckError):  # where the database itself has no version
        assert told(look_at_collations(database, None)) == []


def test_a_version_that_the_text_says_is_compared(database, restore, collation):
    text = f"CREATE COLLATION public.c ({collation}, version = '1.2');"
    archive = restore(f"{text}\nCREATE TABLE public.t (a text COLLATE public.c);").archive
    assert len(look_at_collations(database, archive).all()) == 1


def test_the_databases_own_collation(server):
    if server.major < 17:
        pytest.skip("the server has no locale of its own with a version: this test did not run")
    server.create_database("sorted", provider="builtin", locale="C.UTF-8", encoding="UTF8")
    try:
        database = Database(server.conninfo, "sorted")
        assert told(look_at_collations(database, None)) == []
        with server.connect("sorted") as connection:
            connection.execute("UPDATE pg_database SET datcollversion = '0' WHERE datname = 'sorted'")
        (found,) = told(look_at_collations(database, None))
    finally:
        server.drop_database("sorted")
    assert found == "database sorted sorts text by other rules than those that its indexes were built by"


# Vectors


@pytest.fixture
def vectors(run):
    if not run("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'"):
        pytest.skip("the server has no pgvector: these tests did not run")
    run('CREATE SCHEMA "Ext"; CREATE EXTENSION vector SCHEMA "Ext"')


@pytest.mark.parametrize(
    ("kind", "short", "long"),
    [("vector", "[1,2]", "[1,2,3]"), ("halfvec", "[1,2]", "[1,2,3]"), ("sparsevec", "{1:1}/2", "{1:1}/3")],
)
def test_vectors_of_different_lengths(database, run, vectors, kind, short, long):
    run(f"""CREATE TABLE t (e "Ext".{kind}); INSERT INTO t VALUES ('{short}'), ('{short}'), (NULL)""")
    assert look_at_vectors(database).of("public.t") == []
    run(f"INSERT INTO t VALUES ('{long}')")
    assert told(look_at_vectors(database)) == ["public.t.e holds vectors of different numbers of dimensions"]


def test_a_declared_length_needs_no_check(database, run, vectors):
    run('CREATE TABLE t (e "Ext".vector(3)); CREATE TABLE other (id int)')
    with pytest.raises(NothingToCheckError, match="leave their number of dimensions open"):
        look_at_vectors(database).all()


def test_vectors_of_a_partitioned_table_are_of_one_length(database, run, vectors):
    run(
        'CREATE TABLE p (k int, e "Ext".vector) PARTITION BY LIST (k); '
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); "
        "INSERT INTO p VALUES (1, '[1]'), (2, '[1,2]')"
    )
    look = look_at_vectors(database)
    assert [finding.table for finding in look.all()] == ["public.p"]
    assert look.tables == {"public.p"}


def test_vectors_that_may_not_be_read_are_undecided(run, vectors, lent):
    reader, role = lent
    run(f'CREATE TABLE t (e "Ext".vector); GRANT USAGE ON SCHEMA "Ext" TO {role}')
    with pytest.raises(DrillError, match=r"public\.t\.e is hidden from this role"):
        look_at_vectors(reader).all()


def test_a_server_that_is_away(database):
    away = Database({**database.conninfo, "host": "/nowhere"}, database.name)
    for look in (partial(look_at_sequences, jobs=1), viewed, look_at_functions, look_at_vectors):
        with pytest.raises(DrillError):
            look(away)
