# ruff: noqa: E501 - statements as a dump has them
"""What stands in on a real server: only what the dump needs and does not bring, and as the real thing is."""

from __future__ import annotations

import uuid
from contextlib import closing
from types import SimpleNamespace

import psycopg
import pytest
from psycopg import sql

from fixtures.archive import open_archive
from fixtures.restore.diagnosis import LENT_SERVER, Severity, judge
from fixtures.restore.platform import Platform, functions
from fixtures.server import Needs, start
from plugins.errors import DrillError
from plugins.lifetime import Folder

HEAD = "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 17.4\n\n"
TAIL = "\n--\n-- PostgreSQL database dump complete\n--\n"
USERS = 'COPY "auth"."users" ("instance_id", "id", "email", "raw_app_meta_data", "of_tomorrow") FROM stdin;\n\\.\n'


@pytest.fixture
def prepare(server, database, tmp_path):
    """Prepares the test's database for SQL text; returns the platform, and what runs SQL in the database."""

    def prepare(*statements: str, ours: bool = True):
        path = tmp_path / "backup.sql"
        path.write_text(HEAD + "\n".join(statements) + TAIL)
        platform = Platform(superuser=server.superuser, ours=ours, drill_id="test")
        connection = server.connect(database.name)
        prepare.open.append(connection)
        platform.prepare(connection, open_archive(path, folder=tmp_path))

        def fail(statement: str, sqlstate: str = "0A000") -> None:
            platform.stand_in_for_extension(connection, statement.encode(), sqlstate)

        return SimpleNamespace(
            platform=platform,
            made=set(platform.others),
            run=connection.execute,
            fail=fail,
            connection=connection,
        )

    prepare.open = []
    yield prepare
    for connection in prepare.open:
        connection.close()


def test_a_dump_that_names_nothing_of_supabase_gets_nothing(prepare):
    made = prepare(
        "CREATE SCHEMA app;",
        "CREATE TABLE app.users (id uuid PRIMARY KEY, said text DEFAULT 'auth.uid() of auth.users');",
        "CREATE FUNCTION app.f() RETURNS uuid LANGUAGE plpgsql AS $$ BEGIN RETURN auth.uid(); END $$;",
        'CREATE POLICY "their auth.users\'s" ON app.users USING (true);',
        "COPY app.users (id) FROM stdin;\n\\.",
    )
    assert made.platform.stand_ins == ()


def test_what_the_dump_brings_is_its_own(prepare):
    made = prepare(
        "CREATE SCHEMA auth;",
        "CREATE TABLE auth.users (id uuid PRIMARY KEY);",
        "CREATE PUBLICATION supabase_realtime;",
        "COPY auth.users (id) FROM stdin;\n\\.",
        "ALTER PUBLICATION supabase_realtime ADD TABLE ONLY auth.users;",
        "CREATE POLICY p ON auth.users USING (auth.uid() = id);",
    )
    # Not even auth.uid(), which it names: the dump could not make its schema any more.
    assert made.platform.stand_ins == ()


def test_users_with_their_key_and_the_types_of_the_real_ones(prepare):
    made = prepare(
        "CREATE TABLE public.profiles (id uuid);",
        'ALTER TABLE ONLY "public"."profiles" ADD CONSTRAINT "f" FOREIGN KEY ("id") REFERENCES "auth"."users"("id");',
        USERS,
    )
    assert made.made == {"schema auth", "table auth.users"}
    columns = made.run(
        "SELECT attname, atttypid::regtype::text FROM pg_attribute "
        "WHERE attrelid = 'auth.users'::regclass AND attnum > 0 ORDER BY attnum"
    ).fetchall()
    assert columns == [
        ("instance_id", "uuid"), ("id", "uuid"), ("email", "character varying"),
        ("raw_app_meta_data", "jsonb"), ("of_tomorrow", "text"),
    ]  # fmt: skip
    made.run("CREATE TABLE public.profiles (id uuid REFERENCES auth.users (id))")


def test_users_that_no_rows_are_given_for_have_the_columns_that_are_known(prepare):
    made = prepare("CREATE VIEW public.v AS SELECT u.email, u.confirmed_at FROM auth.users u;")
    made.run("CREATE VIEW public.v AS SELECT u.email, u.confirmed_at FROM auth.users u")
    assert made.made == {"schema auth", "table auth.users"}


def test_rows_given_by_insert_tell_the_columns_too(prepare):
    made = prepare('INSERT INTO "storage"."prefixes" ("bucket_id", "name") VALUES\n\t(\'a\', \'b\');')
    made.run("INSERT INTO storage.prefixes (bucket_id, name) VALUES ('a', 'b')")
    assert made.made == {"schema storage", "table storage.prefixes"}


def test_a_table_that_a_foreign_key_points_to_has_that_key(prepare):
    made = prepare(
        'ALTER TABLE "public"."t" ADD CONSTRAINT "f" FOREIGN KEY ("s") REFERENCES "auth"."sso_providers"("id");',
        'COPY "auth"."sso_providers" ("id", "resource_id") FROM stdin;\n\\.',
    )
    made.run("CREATE TABLE public.t (s uuid REFERENCES auth.sso_providers (id))")


def test_the_functions_of_requests_are_null_without_one(prepare):
    made = prepare(
        'CREATE POLICY p ON t USING ("auth"."uid"() = a OR "auth"."role"() = b OR "auth"."email"() = c);',
        'CREATE POLICY q ON t USING (("auth"."jwt"() ->> \'sub\') = a);',
    )
    assert made.run("SELECT auth.uid(), auth.role(), auth.email(), auth.jwt()").fetchone() == (None,) * 4
    made.run('SET request.jwt.claims = \'{"sub": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "role": "anon"}\'')
    uid, role = made.run("SELECT auth.uid(), auth.role()").fetchone()
    assert (uid, role) == (uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "anon")


def test_the_functions_of_storage_and_the_hook_that_sends_nothing(prepare):
    made = prepare(
        "CREATE POLICY p ON t USING (a = (storage.foldername(name))[1] "
        "AND storage.filename(name) = b AND storage.extension(name) = c);",
        'CREATE TRIGGER "hook" AFTER INSERT ON "public"."t" FOR EACH ROW '
        "EXECUTE FUNCTION \"supabase_functions\".\"http_request\"('https://example.com', 'POST', '{}', '{}', '1000');",
    )
    path = "a/b/file.tar.gz"
    query = "SELECT storage.foldername(%s), storage.filename(%s), storage.extension(%s)"
    assert made.run(query, [path] * 3).fetchone() == (["a", "b"], "file.tar.gz", "gz")
    made.run("CREATE TABLE public.t (a int)")
    made.run(
        "CREATE TRIGGER hook AFTER INSERT ON public.t FOR EACH ROW "
        "EXECUTE FUNCTION supabase_functions.http_request('https://example.com', 'POST')"
    )
    made.run("INSERT INTO public.t VALUES (1)")


def test_sequences_publication_and_the_places_of_extensions(prepare):
    made = prepare(
        'CREATE EXTENSION IF NOT EXISTS "pg_trgm" WITH SCHEMA "extensions";',
        'CREATE EXTENSION IF NOT EXISTS "pg_cron" WITH SCHEMA "pg_catalog";',
        'CREATE EXTENSION IF NOT EXISTS "hstore" WITH SCHEMA "absent";',
        'ALTER PUBLICATION "supabase_realtime" OWNER TO "postgres";',
        'ALTER PUBLICATION "theirs" OWNER TO "postgres";',
        'SELECT pg_catalog.setval(\'"auth"."refresh_tokens_id_seq"\', 7, true);',
    )
    wanted = {"schema auth", "schema extensions", "sequence auth.refresh_tokens_id_seq"}
    assert made.made == wanted | {"publication supabase_realtime"}
    made.run("CREATE EXTENSION pg_trgm WITH SCHEMA extensions")


def test_what_an_extension_brings_is_made_when_it_is_not_there(prepare):
    made = prepare(
        'CREATE EXTENSION IF NOT EXISTS "pg_cron" WITH SCHEMA "pg_catalog";',
        'COPY "cron"."job" ("jobid", "schedule", "command", "active") FROM stdin;\n\\.',
        'SELECT pg_catalog.setval(\'"cron"."jobid_seq"\', 3, true);',
        'COPY "net"."_http_response" ("id", "status_code") FROM stdin;\n\\.',
    )
    # pg_net is no extension of this dump: nothing else will make its table.
    assert made.made == {"schema net", "table net._http_response"}
    made.fail("CREATE EXTENSION hstore")
    assert set(made.platform.others) == made.made
    made.fail('CREATE EXTENSION IF NOT EXISTS "pg_cron" WITH SCHEMA "pg_catalog"')
    assert set(made.platform.others) - made.made == {
        "schema cron", "table cron.job", "sequence cron.jobid_seq",
    }  # fmt: skip
    assert made.run("SELECT count(jobid), sum(jobid) FROM cron.job").fetchone() == (0, None)


def test_a_failure_of_another_kind_makes_nothing(prepare):
    made = prepare("CREATE EXTENSION pg_cron;", "COPY cron.job (jobid) FROM stdin;\n\\.")
    made.fail("CREATE EXTENSION pg_cron", "42601")
    assert made.platform.stand_ins == ()


def test_rows_of_an_extension_in_a_schema_that_the_dump_makes(prepare):
    """As in the dashboard's backup: CREATE SCHEMA vault, then the extension, then its rows."""
    made = prepare(
        "CREATE SCHEMA vault;",
        "CREATE EXTENSION IF NOT EXISTS supabase_vault WITH SCHEMA vault;",
        "COPY vault.secrets (id, name, secret) FROM stdin;\n\\.",
    )
    assert made.platform.stand_ins == ()
    made.run("CREATE SCHEMA vault")
    made.fail("CREATE EXTENSION IF NOT EXISTS supabase_vault WITH SCHEMA vault")
    assert made.platform.stand_ins == ("table vault.secrets",)


def test_only_the_functions_that_are_called_stand_in(prepare):
    extension = 'CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA "extensions";'
    made = prepare(
        extension,
        'CREATE TABLE t (id uuid DEFAULT "extensions"."uuid_generate_v4"(), other uuid DEFAULT gen_random_uuid());',
        "CREATE EXTENSION pgcrypto;",
    )
    made.fail(extension)
    made.fail("CREATE EXTENSION pgcrypto")
    assert made.platform.functions == ["extensions.uuid_generate_v4() of uuid-ossp"]


def test_a_role_may_grant_what_the_dump_says_it_granted(prepare):
    made = prepare('GRANT "stood_in_a" TO "stood_in_b" WITH INHERIT TRUE GRANTED BY "stood_in_c";')
    try:
        made.run("GRANT stood_in_a TO stood_in_b GRANTED BY stood_in_c")
    finally:
        made.run("DROP ROLE stood_in_b, stood_in_a, stood_in_c")


def test_a_role_is_made_with_its_mark_or_not_at_all(run, server, database, tmp_path):
    """Without the mark nobody would remove it from a server that somebody lent."""
    path = tmp_path / "backup.sql"
    path.write_text(HEAD + "ALTER TABLE public.t OWNER TO cut_off;" + TAIL)
    platform = Platform(superuser=server.superuser, ours=False, drill_id="test")
    with closing(server.connect(database.name)) as connection, pytest.raises(KeyboardInterrupt):
        platform.prepare(Interrupted(connection), open_archive(path, folder=tmp_path))
    assert run("SELECT rolname FROM pg_roles WHERE rolname = 'cut_off'") == []


class Interrupted:
    """A connection at which a drill is interrupted, before it says whose a role is."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def execute(self, query: str | sql.Composed, *given: object) -> psycopg.Cursor:
        if isinstance(query, sql.Composed) and "COMMENT ON ROLE" in query.as_string():
            raise KeyboardInterrupt
        return self._connection.execute(query, *given)


@pytest.mark.parametrize(
    ("text", "ours", "why"),
    [
        (b"ALTER DATABASE app OWNER TO app_owner;", False, LENT_SERVER),
        (b'\nalter  database "a ""b"" c"\nowner to app_owner;', False, LENT_SERVER),
        (b"ALTER DATABASE app SET work_mem TO '8MB';", False, ""),
        (b"ALTER DATABASE app SET app.said TO 'ALTER DATABASE app OWNER TO app_owner';", False, ""),
        (b"ALTER DATABASE app OWNER TO app_owner;", True, ""),
    ],
)
def test_a_database_on_a_server_that_is_not_ours_is_not_given_away(text, ours, why):
    platform = Platform(superuser="lent", ours=ours, drill_id="test")
    assert platform.leaves_out(None, "ALTER DATABASE", text) == why


@pytest.mark.parametrize("profile", ["durable", "fast"])
def test_a_dump_takes_no_database_away_from_a_drill_on_a_lent_server(restore, run, database, profile):
    result = restore(
        HEAD
        + "CREATE DATABASE app WITH TEMPLATE = template0 ENCODING = 'UTF8';\n"
        + "ALTER DATABASE app OWNER TO app_owner;\n\\connect app\n"
        + "ALTER DATABASE app SET work_mem TO '7MB';\nCREATE TABLE public.t (a int);\n"
        + TAIL,
        ours=False,
        profile=profile,
    )
    try:
        said = [(failure.sqlstate, failure.tag) for failure in result.failures]
        assert (LENT_SERVER, "ALTER DATABASE") in said
        assert {told.severity for told in judge(result.failures, ours=False)} <= {
            Severity.BENIGN,
            Severity.DEGRADED,
        }
        query = "SELECT pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = current_database()"
        assert run(query) == [(True,)]
        assert run("SHOW work_mem") == [("7MB",)]
    finally:
        run(f'ALTER DATABASE "{database.name}" OWNER TO CURRENT_USER; DROP ROLE app_owner')


def test_a_server_that_gives_out_is_no_verdict(prepare, server):
    made = prepare("CREATE EXTENSION pg_cron;", "COPY cron.job (jobid) FROM stdin;\n\\.")
    with closing(server.connect("postgres")) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [made.connection.info.backend_pid])
    with pytest.raises(DrillError):
        made.fail("CREATE EXTENSION pg_cron")


@pytest.fixture(scope="module")
def with_contrib(engine):
    """A server that has the real uuid-ossp."""
    folder, handle = Folder.make("test-contrib")
    with handle:
        yield start(
            "container", needs=Needs(major=17), folder=folder.path, drill_id="test-contrib", owe=folder.owe,
            profile="fast", image=None, sample=False,
        )  # fmt: skip
        assert folder.remove() == []


@pytest.mark.filterwarnings("default::ResourceWarning")
def test_functions_give_what_those_of_the_extension_give(with_contrib):
    with_contrib.create_database("contrib")
    names = ["", "www.example.com", "Zürich 🙂", "x" * 10_000]
    with closing(with_contrib.connect("contrib")) as connection:
        connection.execute(
            'CREATE SCHEMA theirs; CREATE SCHEMA ours; CREATE EXTENSION "uuid-ossp" SCHEMA theirs'
        )
        for _, command in functions.stand_ins("uuid-ossp", "ours", called=functions.NAMES):
            connection.execute(command)
        for name in names:
            ours, theirs = connection.execute(
                "SELECT ours.uuid_generate_v3(ours.uuid_ns_url(), %s), theirs.uuid_generate_v3(theirs.uuid_ns_url(), %s)",
                [name, name],
            ).fetchone()
            assert ours == theirs == uuid.uuid3(uuid.NAMESPACE_URL, name)
        for function in ("uuid_nil", "uuid_ns_dns", "uuid_ns_url", "uuid_ns_oid", "uuid_ns_x500"):
            assert connection.execute(f"SELECT ours.{function}() = theirs.{function}()").fetchone() == (True,)
        said = connection.execute(
            "SELECT o.proname FROM pg_proc o JOIN pg_proc t ON t.proname = o.proname "
            "AND t.pronamespace = 'theirs'::regnamespace AND o.pronamespace = 'ours'::regnamespace "
            "AND (o.proargtypes, o.prorettype, o.provolatile, o.proisstrict, o.proparallel) "
            "= (t.proargtypes, t.prorettype, t.provolatile, t.proisstrict, t.proparallel)"
        ).fetchall()
    assert {name for (name,) in said} == functions.NAMES - functions.OF_THE_SERVER
