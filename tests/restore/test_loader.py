"""The loader on a real server: every statement in its order, every error kept, nothing of this machine."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from psycopg import sql

from fixtures.restore.diagnosis import NOT_RUN, Severity, diagnose, judge
from plugins.errors import BackupError, DrillError

HEAD = """--
-- PostgreSQL database dump
--

-- Dumped from database version 18.0
-- Dumped by pg_dump version 18.0

"""
TAIL = "\n--\n-- PostgreSQL database dump complete\n--\n\n"


def dump(*parts: str) -> str:
    return HEAD + "\n".join(parts) + TAIL


def kept(result) -> list[tuple[str, str, str | None]]:
    return [(failure.sqlstate, failure.tag, failure.subject) for failure in result.failures]


def rules(result) -> list[str]:
    return [diagnose(failure).rule for failure in result.failures]


def test_rows_and_statements_come_in_their_order(restore, run):
    result = restore(
        dump(
            "CREATE TABLE public.t (a int, said text DEFAULT 'first');",
            "COPY public.t (a) FROM stdin;\n1\n\\N\n\\.",
            "ALTER TABLE public.t ALTER COLUMN said SET DEFAULT 'then';",
            "INSERT INTO public.t (a) VALUES (2);",
            "COPY public.t (a, said) FROM stdin;\n3\tta\\tb\n\\.",
        )
    )
    assert result.failures == ()
    assert run("SELECT a, said FROM t ORDER BY a NULLS LAST") == [
        (1, "first"),
        (2, "then"),
        (3, "ta\tb"),
        (None, "first"),
    ]


def test_an_error_is_kept_and_the_rest_is_restored(restore, run):
    result = restore(
        dump(
            "CREATE TABLE public.a (i int);",
            "CREATE TABLE public.a (i int);",
            "CREATE TABLE public.b (i absent);",
            "CREATE TABLE public.c (i int);",
        )
    )
    assert kept(result) == [("42P07", "CREATE TABLE", "public.a"), ("42704", "CREATE TABLE", "public.b")]
    lines = result.archive.path.read_text().splitlines() if result.archive.path.exists() else []
    assert [lines[failure.line - 1] for failure in result.failures] == [
        "CREATE TABLE public.a (i int);",
        "CREATE TABLE public.b (i absent);",
    ]
    assert run("SELECT to_regclass('c') IS NOT NULL") == [(True,)]


def test_rows_that_the_server_rejects_are_not_run_as_sql(restore, run):
    result = restore(
        dump(
            "CREATE TABLE public.t (a int);",
            "COPY public.absent (a) FROM stdin;\nDROP TABLE public.t;\nCREATE TABLE public.evil ();\n\\.",
            "COPY public.t (a) FROM stdin;\n1\nDROP TABLE public.t;\n\\.",
            "CREATE TABLE public.last ();",
        )
    )
    assert kept(result) == [("42P01", "COPY", "public.absent"), ("22P02", "COPY", "public.t")]
    assert {diagnose(failure).severity for failure in result.failures} == {Severity.LOSS}
    tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    assert run(tables) == [("last",), ("t",)]
    assert run("SELECT count(*) FROM t") == [(0,)]


def test_no_text_of_the_server_is_kept(restore):
    result = restore(
        dump(
            "CREATE TABLE public.t (a int PRIMARY KEY, b int);",
            "COPY public.t (a, b) FROM stdin;\n1\tcanary\n\\.",
            "INSERT INTO public.t VALUES (7007, 1);",
            "INSERT INTO public.t VALUES (7007, 1);",
            "DO $$ BEGIN RAISE EXCEPTION 'canary' USING DETAIL = 'canary', HINT = 'canary'; END $$;",
        )
    )
    assert [failure.sqlstate for failure in result.failures] == ["22P02", "23505", "P0001"]
    said = [(failure, diagnose(failure), vars_of(diagnose(failure))) for failure in result.failures]
    assert "canary" not in repr(said)
    assert "7007" not in repr(said)


def vars_of(thing) -> dict:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}


def test_a_broken_constraint_is_a_loss(restore):
    result = restore(
        dump(
            "CREATE TABLE public.t (a int);",
            "COPY public.t (a) FROM stdin;\n1\n1\n\\.",
            "ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (a);",
        )
    )
    ((sqlstate, _tag, subject),) = kept(result)
    assert sqlstate == "23505"
    assert "t_pkey" in subject
    assert diagnose(result.failures[0]).severity is Severity.LOSS


@pytest.mark.parametrize(
    ("end", "sqlstate"),
    [
        ("SELECT pg_terminate_backend(pg_backend_pid());", None),
        ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'canary'; END $$;", "53100"),
        ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57P03', MESSAGE = 'canary'; END $$;", "57P03"),
        ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '58030', MESSAGE = 'canary'; END $$;", "58030"),
        ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'XX001', MESSAGE = 'canary'; END $$;", "XX001"),
    ],
)
def test_a_server_that_gives_out_is_no_verdict_on_the_backup(restore, end, sqlstate):
    with pytest.raises(DrillError, match="the server gave out at") as caught:
        restore(dump("CREATE TABLE public.t ();", end))
    assert not isinstance(caught.value, BackupError)
    assert "canary" not in str(caught.value)
    assert sqlstate is None or f"SQLSTATE {sqlstate}" in caught.value.message
    assert "line 9" in caught.value.message


def test_a_library_that_the_server_lacks_is_not_the_machine_giving_out(restore, run):
    """58P01 is of class 58, too: what needs the library is lost, and all the rest comes back."""
    result = restore(
        dump(
            "CREATE FUNCTION public.f() RETURNS int LANGUAGE c AS '$libdir/absent', 'f';",
            "CREATE TABLE public.t ();",
        )
    )
    assert kept(result) == [("58P01", "CREATE FUNCTION", "public.f")]
    assert diagnose(result.failures[0]).severity is Severity.LOSS
    assert run("SELECT to_regclass('t') IS NOT NULL") == [(True,)]


# Commands of psql, and statements about more than the database


@pytest.mark.parametrize(
    "command",
    ["\\! touch {}", "\\o {}", "\\copy public.t to '{}'", "\\w {}", "\\g {}", "\\gexec", "\\i {}", "\\ir {}",
     "\\setenv PATH {}", "\\cd {}"],
)  # fmt: skip
def test_a_command_of_psql_is_refused(restore, run, tmp_path, command):
    made = tmp_path / "made"
    result = restore(dump("CREATE TABLE public.t ();", command.format(made), "CREATE TABLE public.u ();"))
    assert not made.exists()
    assert rules(result) == ["command-refused"]
    assert result.failures[0].sqlstate == NOT_RUN
    assert run("SELECT to_regclass('u') IS NOT NULL") == [(True,)]


def test_a_setting_of_psqls_console_is_no_loss(restore):
    assert set(rules(restore(dump("\\echo hello", "\\set ON_ERROR_STOP on", "CREATE TABLE t ();")))) == {
        "console-setting"
    }


def test_the_superuser_of_the_drill_is_left_as_it_is(restore, run, server):
    name = server.superuser
    result = restore(
        dump(
            f"CREATE ROLE {name};",
            f"ALTER ROLE {name} WITH NOSUPERUSER NOLOGIN PASSWORD 'theirs';",
            f'ALTER ROLE "{name}" SET statement_timeout TO 1;',
            "CREATE TABLE public.t ();",
        )
    )
    assert set(rules(result)) <= {"own-role-unchanged", "role-exists"}
    assert run(
        f"SELECT rolsuper, rolcanlogin, rolconfig FROM pg_roles WHERE rolname = '{name}'"
    ) == [(True, True, None)]  # fmt: skip
    assert run("SELECT to_regclass('t') IS NOT NULL") == [(True,)]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER USER {} WITH NOSUPERUSER;",
        "DROP ROLE IF EXISTS {};",
        "DROP USER {};",
        "ALTER GROUP {} RENAME TO gone;",
        "ALTER ROLE {} RENAME TO gone;",
        "ALTER ROLE CURRENT_USER WITH NOLOGIN;",
        "ALTER ROLE SESSION_USER WITH NOLOGIN;",
        "ALTER ROLE ALL SET default_transaction_read_only TO on;",
    ],
)
def test_the_superuser_is_left_as_it_is_whatever_way_it_is_named(restore, server, statement):
    name = server.superuser
    # Open before: where the statement runs, nobody gets in any more. The other tests go on with this server.
    with closing(server.connect("postgres")) as rescue:
        try:
            result = restore(dump(statement.format(name), "CREATE TABLE public.t ();"))
            after = rescue.execute(
                "SELECT rolname, rolsuper, rolcanlogin, (SELECT count(*) FROM pg_db_role_setting) "
                "FROM pg_roles WHERE oid = 10"
            ).fetchone()
        finally:
            rescue.execute("UPDATE pg_authid SET rolsuper = true, rolcanlogin = true WHERE oid = 10")
            rescue.execute("ALTER ROLE ALL RESET ALL")
    assert after == (name, True, True, 0)
    assert len(result.failures) == 1
    assert diagnose(result.failures[0]).severity is Severity.BENIGN


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE DATABASE theirs;",
        "DROP DATABASE IF EXISTS theirs;",
        "ALTER DATABASE postgres SET search_path TO nowhere;",
        "COMMENT ON DATABASE postgres IS 'theirs';",
        "COMMENT ON DATABASE production IS 'theirs';",
        "GRANT CONNECT ON DATABASE production TO PUBLIC;",
        "REVOKE CONNECT ON DATABASE production FROM PUBLIC;",
        "ALTER SYSTEM SET work_mem TO '1MB';",
        "CREATE TABLESPACE theirs LOCATION '/tmp';",
    ],
)
def test_databases_and_the_server_are_left_as_they_are(restore, run, statement):
    result = restore(dump(statement, "CREATE TABLE public.t ();"))
    assert rules(result) == ["database-statement-left-out"]
    assert run("SELECT count(*) FROM pg_database WHERE datname = 'theirs'") == [(0,)]
    assert run("SELECT count(*) FROM pg_db_role_setting WHERE setdatabase <> 0") == [(0,)]
    assert run("SELECT to_regclass('t') IS NOT NULL") == [(True,)]


# What stands in


@pytest.fixture
def roles(run):
    """Removes the roles that a test made, with what they own in its database."""

    def names() -> set[str]:
        return {name for (name,) in run("SELECT rolname FROM pg_roles")}

    before = names()
    yield
    for name in names() - before:
        role = sql.Identifier(name).as_string()
        run(f"DROP OWNED BY {role} CASCADE")
        run(f"DROP ROLE {role}")
    assert names() == before


def test_roles_that_the_dump_does_not_bring_stand_in(restore, run, roles):
    result = restore(
        dump(
            "CREATE TABLE public.t (a int);",
            "ALTER TABLE public.t OWNER TO app_owner;",
            'GRANT SELECT ON TABLE public.t TO "Odd Role";',
            "GRANT pg_read_all_data TO app_owner;",
        )
    )
    assert result.failures == ()
    assert result.platform.roles == ["Odd Role", "app_owner"]
    assert run(
        "SELECT rolname, rolcanlogin, rolsuper, shobj_description(oid, 'pg_authid') FROM pg_roles "
        "WHERE rolname IN ('app_owner', 'Odd Role') ORDER BY 1"
    ) == [
        ("Odd Role", False, False, "restore-drill test"),
        ("app_owner", False, False, "restore-drill test"),
    ]
    assert run("SELECT tableowner FROM pg_tables WHERE tablename = 't'") == [("app_owner",)]


def test_a_role_that_the_dump_brings_is_its_own(restore, run, roles):
    result = restore(
        dump("CREATE ROLE app_brought;", "ALTER ROLE app_brought WITH LOGIN;", "CREATE TABLE public.t ();",
             "ALTER TABLE public.t OWNER TO app_brought;")
    )  # fmt: skip
    assert (result.failures, result.platform.roles) == ((), [])
    assert run("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'app_brought'") == [(True,)]


def test_the_servers_own_roles_are_not_made(restore):
    result = restore(dump("CREATE TABLE public.t ();", "GRANT SELECT ON public.t TO pg_role_of_tomorrow;"))
    assert result.platform.roles == []
    assert rules(result) == ["role-missing"]


def test_functions_of_a_missing_extension_stand_in(restore, run):
    """The wheel's server has no uuid-ossp."""
    result = restore(
        dump(
            "CREATE SCHEMA extensions;",
            'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA extensions;',
            "COMMENT ON EXTENSION \"uuid-ossp\" IS 'generate universally unique identifiers (UUIDs)';",
            "CREATE TABLE public.t (a int, id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL);",
            "COPY public.t (a) FROM stdin;\n1\n2\n\\.",
        )
    )
    assert rules(result) == ["extension-missing", "extension-comment"]
    assert {diagnose(failure).severity for failure in result.failures} == {Severity.DEGRADED}
    assert "extensions.uuid_generate_v4() of uuid-ossp" in result.platform.functions
    ids = [str(name) for (name,) in run("SELECT id FROM t")]
    assert len(set(ids)) == 2
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", i) for i in ids
    )


def test_what_a_stand_in_cannot_say_is_a_loss(restore):
    result = restore(
        dump(
            'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;',
            "CREATE TABLE public.t (id uuid DEFAULT public.uuid_generate_v1());",
        )
    )
    assert [diagnose(failure).severity for failure in result.failures] == [Severity.DEGRADED, Severity.LOSS]


def test_a_stand_in_whose_place_is_not_there_ends_nothing(restore, run):
    result = restore(
        dump(
            'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA absent;',
            "CREATE TABLE public.t ();",
        )
    )
    assert rules(result) == ["extension-missing"]
    assert run("SELECT to_regclass('t') IS NOT NULL") == [(True,)]


def test_an_extension_without_stand_ins_is_noted(restore):
    result = restore(dump("CREATE EXTENSION IF NOT EXISTS pg_net;", "CREATE TABLE public.t ();"))
    assert rules(result) == ["extension-missing"]
    assert result.platform.functions == []


# A server that is not ours


@pytest.fixture
def guest(server, run):
    """A role like the one of a lent server: it makes databases and roles, and is no superuser."""
    with closing(server.connect("postgres")) as connection:
        connection.execute("CREATE ROLE lent LOGIN CREATEDB CREATEROLE")
    run("ALTER SCHEMA public OWNER TO lent; GRANT CREATE ON SCHEMA public TO PUBLIC")
    yield "lent"
    run("DROP OWNED BY lent CASCADE")
    with closing(server.connect("postgres")) as connection:
        marked = connection.execute(
            "SELECT rolname FROM pg_roles "
            "WHERE shobj_description(oid, 'pg_authid') LIKE 'restore-drill lent-%'"
        ).fetchall()
    for (name,) in marked:
        run(f'DROP OWNED BY "{name}" CASCADE')
        run(f'DROP ROLE "{name}"')
    run("DROP ROLE lent")


def test_on_a_server_that_is_not_ours_no_role_statement_runs(restore, run, guest):
    result = restore(
        dump(
            "CREATE ROLE made_by_dump;",
            "ALTER ROLE made_by_dump WITH CREATEDB;",
            "GRANT made_by_dump TO lent;",
            "DROP ROLE made_by_dump;",
            "CREATE TABLE public.t (a int);",
            "ALTER TABLE public.t OWNER TO made_by_dump;",
        ),
        ours=False,
        drill_id="lent-1",
        user=guest,
    )
    assert set(rules(result)) <= {"role-statement-left-out", "own-role-unchanged"}
    assert len(result.failures) == 4
    # The role that the dump would have made stands in, marked, so that it is dropped with the database.
    assert run(
        "SELECT rolcreatedb, rolcanlogin, shobj_description(oid, 'pg_authid') FROM pg_roles "
        "WHERE rolname = 'made_by_dump'"
    ) == [(False, False, "restore-drill lent-1")]
    assert run("SELECT tableowner FROM pg_tables WHERE tablename = 't'") == [("made_by_dump",)]


def test_on_a_server_that_is_not_ours_a_left_out_role_is_no_benign_thing(restore, guest):
    result = restore(
        dump("CREATE ROLE made_by_dump;", "CREATE TABLE public.t ();"),
        ours=False,
        drill_id="lent-2",
        user=guest,
    )
    assert [diagnose(failure).severity for failure in result.failures] == [Severity.DEGRADED]


# The phases


def test_phases_never_go_back(restore):
    result = restore(
        dump(
            "CREATE TABLE public.t (a int);",
            "COPY public.t (a) FROM stdin;\n1\n\\.",
            "ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (a);",
            "CREATE INDEX i ON public.t USING btree (a);",
            "ALTER TABLE ONLY public.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES public.t(a);",
            "CREATE INDEX j ON public.t USING btree (a);",
        )
    )
    assert result.failures == ()
    assert result.progress.order == ["schema", "data", "indexes", "constraints"]
    assert result.phases == dict.fromkeys(result.progress.order, 1.0)


def test_a_dump_in_another_encoding(restore, run):
    text = dump("SET client_encoding = 'LATIN1';", "CREATE TABLE public.t (a text);",
                "COPY public.t (a) FROM stdin;\nM\xfcller\n\\.")  # fmt: skip
    result = restore(text.encode("latin-1"))
    assert result.failures == ()
    assert run("SELECT a FROM t") == [("Müller",)]


def test_each_statement_is_its_own_transaction(restore, run):
    """As psql does it: an error must not take what came before along."""
    restore(dump("CREATE TABLE public.a ();", "SELECT 1/0;", "CREATE TABLE public.b ();"))
    assert run("SELECT to_regclass('a') IS NOT NULL, to_regclass('b') IS NOT NULL") == [(True, True)]


@pytest.mark.parametrize("profile", ["durable", "fast"])
def test_what_production_set_for_its_database_is_set_for_the_drills(restore, run, profile):
    result = restore(
        dump(
            "CREATE DATABASE app WITH TEMPLATE = template0 ENCODING = 'UTF8';",
            "ALTER DATABASE app SET work_mem TO '7MB';",
            "ALTER DATABASE app CONNECTION LIMIT 1;",
            "ALTER DATABASE other SET work_mem TO '8MB';",
            "\\connect app",
            "CREATE TABLE public.t (what text DEFAULT current_setting('work_mem'));",
            "COPY public.t (what) FROM stdin;\na\n\\.",
            "INSERT INTO public.t DEFAULT VALUES;",
            "COMMENT ON DATABASE app IS 'a comment';",
        ),
        profile=profile,
    )
    assert [failure.tag for failure in result.failures] == ["CREATE DATABASE", *["ALTER DATABASE"] * 2]
    assert run("SHOW work_mem") == [("7MB",)]
    # The dump's own session has it too, from the \\connect on.
    assert run("SELECT what FROM t ORDER BY what") == [("7MB",), ("a",)]
    assert run(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    ) == [("a comment",)]


# What takes something away, and large objects


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE public.absent;",
        "DROP TABLE absent.t;",
        "DROP FUNCTION public.f(public.absent);",
        "DROP FUNCTION public.f();",
        "DROP TYPE public.absent;",
        "DROP TRIGGER g ON public.absent;",
        "DROP POLICY p ON public.t;",
        "DROP INDEX public.absent;",
        "DROP SCHEMA absent;",
        "DROP EXTENSION absent;",
        "DROP PROCEDURAL LANGUAGE absent;",
        "DROP CAST (public.absent AS integer);",
        "DROP PUBLICATION absent;",
        "DROP EVENT TRIGGER absent;",
        "DROP ROLE absent;",
        "DROP USER MAPPING FOR PUBLIC SERVER absent;",
        "ALTER TABLE ONLY public.absent DROP CONSTRAINT absent_pkey;",
        "ALTER TABLE ONLY public.t DROP CONSTRAINT absent CASCADE;",
        "ALTER DOMAIN public.absent DROP CONSTRAINT c;",
        "ALTER TABLE public.absent ALTER COLUMN a DROP DEFAULT;",
        "ALTER FOREIGN TABLE public.absent ALTER COLUMN a DROP DEFAULT;",
        "ALTER TABLE public.t ALTER absent DROP DEFAULT;",
        "SELECT pg_catalog.lo_unlink('4711');",
        "CREATE OR REPLACE VIEW public.v AS\nSELECT\n    NULL::integer AS a,\n    NULL::public.absent AS b;",
    ],
)
def test_to_take_away_what_is_not_there_loses_nothing(restore, run, statement):
    result = restore(dump("CREATE TABLE public.t (a int);", statement))
    (found,) = judge(result.failures)
    assert (found.rule, found.severity) == ("nothing-to-drop", Severity.BENIGN), result.failures
    assert run("SELECT a FROM t") == []


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE public.t;",
        "DROP VIEW public.t;",
        "ALTER TABLE public.t DROP CONSTRAINT absent, ADD COLUMN b int;",
        "ALTER TABLE public.t ALTER COLUMN absent DROP DEFAULT, ADD COLUMN b int;",
        "ALTER TABLE public.absent ADD CONSTRAINT c CHECK (a <> ' DROP CONSTRAINT c');",
        "ALTER TABLE public.absent ALTER COLUMN a SET DEFAULT 1;",
        "SELECT pg_catalog.lo_unlink(4711), pg_catalog.lo_create(4712);",
        "CREATE VIEW public.w AS\nSELECT\n    NULL::public.absent AS b;",
        "CREATE OR REPLACE VIEW public.w AS\n SELECT NULL::public.absent AS b;",
        "CREATE OR REPLACE VIEW public.w AS\nSELECT\n    NULL::public.absent AS b, t.a AS a FROM t AS t;",
    ],
)
def test_a_drop_that_does_more_or_that_the_server_refuses_is_a_loss(restore, statement):
    result = restore(
        dump("CREATE TABLE public.t (a int);", "CREATE VIEW public.v AS SELECT a FROM public.t;", statement)
    )
    assert [found.severity for found in judge(result.failures)] == [Severity.LOSS], result.failures


@pytest.mark.parametrize("profile", ["durable", "fast"])
def test_a_cluster_that_is_dropped_first_comes_back(restore, run, roles, profile):
    """As `pg_dumpall --clean` has it."""
    text = dump("DROP ROLE app_cleaned;", "CREATE ROLE app_cleaned;", "CREATE TABLE public.t ();",
                "ALTER TABLE public.t OWNER TO app_cleaned;")  # fmt: skip
    result = restore(text.replace("database dump", "database cluster dump"), profile=profile)
    assert rules(result) == ["nothing-to-drop"]
    assert run("SELECT tableowner FROM pg_tables WHERE tablename = 't'") == [("app_cleaned",)]


@pytest.mark.parametrize("profile", ["durable", "fast"])
@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("SELECT pg_catalog.lo_create('4711');", "23505"),
        # Of a sequence, too, the server may say so.
        ("SELECT pg_catalog.lo_create('99999999999');", "22003"),
    ],
)
def test_a_large_object_that_does_not_come_back_is_called_one(restore, run, statement, sqlstate, profile):
    first = "SELECT pg_catalog.lo_create('4711');"
    result = restore(dump("CREATE TABLE public.t ();", first, statement), profile=profile)
    assert kept(result) == [(sqlstate, "SELECT", "large objects")]
    (found,) = judge(result.failures)
    assert (found.rule, found.severity) == ("large-object-lost", Severity.LOSS)
    assert run("SELECT oid::int FROM pg_largeobject_metadata") == [(4711,)]
