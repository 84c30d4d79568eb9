"""Functions that compile, and that do not; none is run."""

from __future__ import annotations

import pytest

from fixtures.restore.workings.functions import look_at_functions
from plugins.errors import DrillError, NothingToCheckError

from .looking import told

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
