# ruff: noqa: E501 - statements as the tools write them
"""Supabase's own backups as whole drills: the CLI's three files, and the dashboard's cluster dump.

The three files are shaped as `supabase db dump` writes them (checked against what pg_dump 17 gave for the sample
company): all names quoted, a schema part without a comment, a data part that begins with
session_replication_role and includes Supabase's own tables, which no part creates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-11-24T03:00:00Z"
SETTINGS = """\
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

"""
ROLES = """\

SET default_transaction_read_only = off;

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

CREATE ROLE "reporting";
ALTER ROLE "reporting" WITH INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOBYPASSRLS;

ALTER ROLE "anon" SET "statement_timeout" TO '3s';

ALTER ROLE "authenticator" SET "pgrst.db_schemas" TO 'public';

GRANT "reporting" TO "postgres" WITH INHERIT TRUE GRANTED BY "supabase_admin";

RESET ALL;
"""
SCHEMA = """
COMMENT ON SCHEMA "public" IS 'standard public schema';



CREATE EXTENSION IF NOT EXISTS "pg_graphql" WITH SCHEMA "graphql";






CREATE EXTENSION IF NOT EXISTS "supabase_vault" WITH SCHEMA "vault";






CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA "extensions";



CREATE OR REPLACE FUNCTION "public"."handle_new_user"() RETURNS "trigger"
    LANGUAGE "plpgsql" SECURITY DEFINER
    AS $$
begin
  insert into public.profiles (id, full_name) values (new.id, new.raw_user_meta_data->>'full_name');
  perform net.http_post('https://example.com');
  return new;
end;
$$;


ALTER FUNCTION "public"."handle_new_user"() OWNER TO "postgres";

SET default_tablespace = '';

SET default_table_access_method = "heap";


CREATE TABLE IF NOT EXISTS "public"."profiles" (
    "id" "uuid" NOT NULL,
    "token" "uuid" DEFAULT "extensions"."uuid_generate_v4"() NOT NULL,
    "full_name" "text",
    "created_at" timestamp with time zone DEFAULT "now"()
);


ALTER TABLE "public"."profiles" OWNER TO "postgres";
@MORE@

CREATE OR REPLACE VIEW "public"."members" AS
 SELECT "u"."email",
    ("u"."raw_user_meta_data" ->> 'full_name'::"text") AS "name"
   FROM ("auth"."users" "u"
     JOIN "public"."profiles" "p" ON (("p"."id" = "u"."id")));


ALTER TABLE ONLY "public"."profiles"
    ADD CONSTRAINT "profiles_pkey" PRIMARY KEY ("id");



CREATE OR REPLACE TRIGGER "tell" AFTER INSERT ON "public"."profiles" FOR EACH ROW EXECUTE FUNCTION "supabase_functions"."http_request"('https://example.com/hook', 'POST', '{"Content-Type":"application/json"}', '{}', '1000');



ALTER TABLE ONLY "public"."profiles"
    ADD CONSTRAINT "profiles_id_fkey" FOREIGN KEY ("id") REFERENCES "auth"."users"("id") ON DELETE CASCADE;



CREATE POLICY "One's own profile" ON "public"."profiles" USING ((( SELECT "auth"."uid"() AS "uid") = "id")) WITH CHECK ((("auth"."jwt"() ->> 'role'::"text") = 'authenticated'::"text"));



ALTER TABLE "public"."profiles" ENABLE ROW LEVEL SECURITY;




ALTER PUBLICATION "supabase_realtime" OWNER TO "postgres";



ALTER PUBLICATION "supabase_realtime" ADD TABLE ONLY "public"."profiles";



GRANT USAGE ON SCHEMA "public" TO "postgres";
GRANT USAGE ON SCHEMA "public" TO "anon";



GRANT ALL ON TABLE "public"."profiles" TO "authenticated";



ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" IN SCHEMA "public" GRANT ALL ON TABLES TO "service_role";



RESET ALL;
"""
PEOPLE = 12
USERS = [f"00000000-0000-4000-8000-{number:012x}" for number in range(PEOPLE)]
STAMP = "2026-11-20 10:00:00+00"
ROWS = {
    '"auth"."users" ("instance_id", "id", "aud", "email", "raw_user_meta_data", "created_at", "is_anonymous", "of_tomorrow")': [
        f'\\N\t{user}\tauthenticated\tu{at}@example.com\t{{"full_name": "Person {at}"}}\t{STAMP}\tf\t-- {at}'
        for at, user in enumerate(USERS)
    ],
    '"auth"."identities" ("provider_id", "user_id", "identity_data", "provider", "id")': [
        f'{user}\t{user}\t{{"sub": "{user}"}}\temail\t{user}' for user in USERS
    ],
    '"auth"."refresh_tokens" ("instance_id", "id", "token", "user_id", "revoked")': [],
    '"public"."profiles" ("id", "token", "full_name", "created_at")': [f"{user}\t{user}\tZoë\t{STAMP}" for user in USERS],
    '"storage"."buckets" ("id", "name", "owner", "public")': ["docs\tdocs\t\\N\tf"],
    '"storage"."objects" ("id", "bucket_id", "name", "metadata", "level")': [
        f'{user}\tdocs\ta/{at}.pdf\t{{"size": 1}}\t2' for at, user in enumerate(USERS)
    ],
    '"supabase_functions"."hooks" ("id", "hook_table_id", "hook_name", "request_id")': ["1\t2\ttell\t\\N"],
}  # fmt: skip
SETVAL = """
SELECT pg_catalog.setval('"auth"."refresh_tokens_id_seq"', 41, true);


SELECT pg_catalog.setval('"supabase_functions"."hooks_id_seq"', 1, true);
"""


@dataclass
class Cli:
    """A folder with the CLI's three files and a plan for them. schema: more of the schema part. rows: more rows."""

    folder: Path
    schema: str = ""
    rows: dict[str, list[str]] = field(default_factory=dict)
    plan: str = ""

    def write(self) -> tuple[object, ...]:
        """Write all; return the arguments of a drill."""
        place = self.folder / "set-20261124T020000Z"
        place.mkdir()
        (place / "roles.sql").write_text(ROLES)
        (place / "schema.sql").write_text("\n\n" + SETTINGS + SCHEMA.replace("@MORE@", self.schema))
        data = "SET session_replication_role = replica;\n\n--\n-- PostgreSQL database dump\n--\n\n"
        data += (
            "-- \\restrict aBc\n\n-- Dumped from database version 17.4\n-- Dumped by pg_dump version 17.6\n\n"
        )
        data += SETTINGS.replace("SET client", "SET transaction_timeout = 0;\nSET client", 1)
        for table, rows in {**ROWS, **self.rows}.items():
            data += f"COPY {table} FROM stdin;\n" + "".join(f"{row}\n" for row in rows) + "\\.\n\n\n"
        data += (
            SETVAL + "\n\n--\n-- PostgreSQL database dump complete\n--\n\n-- \\unrestrict aBc\n\nRESET ALL;\n"
        )
        (place / "data.sql").write_text(data)
        plan = self.folder / "plan.toml"
        plan.write_text(
            f'name = "cli"\n[backup]\nsource = "{place.name}"\n[tables."auth.users"]\nmin_rows = 1\n'
            '[[queries]]\nname = "members"\nexpect = "= 12"\n'
            "sql = \"SELECT count(*) FROM public.members WHERE name LIKE 'Person %'\"\n" + self.plan
        )
        return "suites/restore", "suites/backup", "--drill-plan", plan, "--drill-now", NOW


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path)


@pytest.fixture(params=["embedded", "container"])
def kind(request: pytest.FixtureRequest) -> str:
    if request.param == "container":
        request.getfixturevalue("engine")
    return request.param


def not_proven(run) -> set[str]:
    texts = run.evidence["not_proven"]
    return {
        text.removeprefix("the ").partition(" is a stand-in")[0] for text in texts if " is a stand-in" in text
    }


def found(run, severity: str) -> list[tuple[str, str | None]]:
    return [
        (told["rule"], told["object"]) for told in run.evidence["diagnoses"] if told["severity"] == severity
    ]


def test_the_clis_three_files_drill_green(cli, kind, drill_run):
    run = drill_run(*cli.write(), "--drill-server", kind)
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert run.evidence["backup"]["format"] == "set"
    tables = {table["name"]: table for table in run.evidence["tables"]}
    assert {name: table["rows_restored"] for name, table in tables.items()} == {
        "auth.identities": 12, "auth.refresh_tokens": 0, "auth.users": 12, "public.profiles": 12,
        "storage.buckets": 1, "storage.objects": 12, "supabase_functions.hooks": 1,
    }  # fmt: skip
    assert {name for name, table in tables.items() if table["digest_in_backup"]} == {
        name for name, table in tables.items() if table["rows_in_backup"] >= 10
    }
    stand_ins = not_proven(run)
    assert {name for name in stand_ins if not name.startswith("role ")} == {
        "schema auth", "schema extensions", "schema graphql", "schema storage", "schema supabase_functions", "schema vault",
        "function auth.jwt()", "function auth.uid()", "function supabase_functions.http_request()",
        "publication supabase_realtime", "sequence auth.refresh_tokens_id_seq", "sequence supabase_functions.hooks_id_seq",
        "table auth.identities", "table auth.refresh_tokens", "table auth.users", "table storage.buckets",
        "table storage.objects", "table supabase_functions.hooks",
        *(["function extensions.uuid_generate_v4() of uuid-ossp"] if kind == "embedded" else []),
    }  # fmt: skip
    assert found(run, "loss") == []
    assert ("extension-missing", "extension pg_graphql") in found(run, "degraded")
    assert any("triggers on auth.users" in text for text in run.evidence["not_proven"])
    assert any("Supabase Vault" in text for text in run.evidence["not_proven"])
    assert run.left() == []


LOCATED = """
CREATE TABLE IF NOT EXISTS "public"."places" (
    "id" bigint NOT NULL,
    "at" "extensions"."geometry"(Point,4326)
);


ALTER TABLE "public"."places" OWNER TO "postgres";


ALTER TABLE ONLY "public"."places"
    ADD CONSTRAINT "places_pkey" PRIMARY KEY ("id");
"""


def exempt(name: str, until: str) -> str:
    return (
        f'[[exemptions]]\ncontrol = "restored-without-loss"\nobject = "{name}"\n'
        f'reason = "no map is drawn"\nowner = "maps"\nuntil = {until}\n'
    )


def test_what_needs_a_missing_extension_is_lost_because_of_it(cli, drill_run):
    cli.schema = 'CREATE EXTENSION IF NOT EXISTS "postgis" WITH SCHEMA "extensions";\n' + LOCATED
    cli.rows = {'"public"."places" ("id", "at")': ["1\t\\N"]}
    run = drill_run(*cli.write(), "--drill-server", "embedded")
    red = {"restored-without-loss", "schema-complete", "row-counts", "row-content"}
    assert run.not_green() == dict.fromkeys(red, "fail"), run.output
    assert found(run, "loss")[0] == ("needs-missing-extension", "public.places")
    losses = [told for told in run.evidence["diagnoses"] if told["severity"] == "loss"]
    assert {told["rule"] for told in losses[1:]} == {"follows-a-loss"}
    assert {told["because"] for told in losses} == {"extension postgis"}
    assert "it needs extension postgis, which the server does not have (public.places)" in run.output


@pytest.mark.parametrize(
    ("name", "until", "red", "says"),
    [
        ("extension postgis", "2026-11-24", set(), "exempt until 2026-11-24 by maps"),
        (
            "extension postgis",
            "2026-11-23",
            {"restored-without-loss", "schema-complete"},
            "ended on 2026-11-23 and does not act",
        ),
        (
            "extension vector",
            "2026-11-24",
            {"restored-without-loss", "schema-complete"},
            "fits nothing that was found",
        ),
    ],
    ids=["acts", "ended", "of another"],
)
def test_an_exemption_excuses_its_own_object_while_it_lasts(cli, drill_run, name, until, red, says):
    view = 'CREATE VIEW "public"."squares" AS SELECT "extensions"."st_area"(\'x\'::"text") AS "a";\n'
    cli.schema = 'CREATE EXTENSION IF NOT EXISTS "postgis" WITH SCHEMA "extensions";\n' + view
    cli.plan = exempt(name, until)
    run = drill_run(*cli.write(), "--drill-server", "embedded")
    assert run.red() == red, run.output
    (lost,) = [told for told in run.evidence["diagnoses"] if told["severity"] == "loss"]
    assert (lost["object"], lost["because"]) == ("public.squares", "extension postgis")
    assert lost["exempted_until"] == (None if red else until)
    (said,) = [
        text for text in run.evidence["not_proven"] if text.startswith(f"restored-without-loss of {name}")
    ]
    assert says in said


def test_an_exemption_brings_no_rows_back(cli, drill_run):
    cli.schema = 'CREATE EXTENSION IF NOT EXISTS "postgis" WITH SCHEMA "extensions";\n' + LOCATED
    cli.rows = {'"public"."places" ("id", "at")': ["1\t\\N"]}
    cli.plan = exempt("extension postgis", "2027-01-01")
    run = drill_run(*cli.write(), "--drill-server", "embedded")
    assert run.not_green() == {"row-counts": "fail", "row-content": "fail"}, run.output


# What the dashboard's backups of most projects have, and no plain image has.
EXTENSIONS = """
CREATE SCHEMA graphql;
CREATE SCHEMA vault;
CREATE EXTENSION IF NOT EXISTS pg_cron WITH SCHEMA pg_catalog;
CREATE EXTENSION IF NOT EXISTS pg_net WITH SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS pg_graphql WITH SCHEMA graphql;
COMMENT ON EXTENSION pg_graphql IS 'pg_graphql: GraphQL support';
CREATE EXTENSION IF NOT EXISTS supabase_vault WITH SCHEMA vault;
"""
THEIR_ROWS = """
COPY cron.job (jobid, schedule, command, nodename, nodeport, database, username, active, jobname) FROM stdin;
1\t* * * * *\tSELECT net.http_post('https://example.com')\tlocalhost\t5432\tpostgres\tpostgres\tt\tping
\\.
COPY vault.secrets (id, name, description, secret, key_id, nonce, created_at, updated_at) FROM stdin;
\\.
SELECT pg_catalog.setval('cron.jobid_seq', 1, true);
"""
THEIR_RIGHTS = """
GRANT ALL ON FUNCTION vault.create_secret(new_secret text, new_name text) TO postgres;
GRANT ALL ON FUNCTION graphql.resolve(query text) TO anon;
GRANT USAGE ON SCHEMA net TO anon;
"""


def test_the_dashboards_backup_drills_green_without_its_extensions(world, drill_world, kind):
    marks = (
        "CREATE EXTENSION IF NOT EXISTS pgcrypto",
        "COPY public.organizations ",
        "CREATE EVENT TRIGGER pgrst_ddl_watch",
    )
    more = (EXTENSIONS, THEIR_ROWS, THEIR_RIGHTS)

    def with_extensions(text: str) -> str:
        for mark, added in zip(marks, more, strict=True):
            assert text.count(f"\n{mark}") == 1
            text = text.replace(f"\n{mark}", f"{added}\n{mark}")
        return text

    world.damage(with_extensions)
    run = drill_world("--drill-server", kind)
    assert (run.code, run.not_green()) == (0, {}), run.output
    tables = {table["name"]: table["rows_restored"] for table in run.evidence["tables"]}
    assert (tables["cron.job"], tables["vault.secrets"]) == (1, 0)
    rights = [told for told in run.evidence["diagnoses"] if told["rule"] == "right-on-missing-extension"]
    assert {told["because"] for told in rights} == {
        "extension supabase_vault",
        "extension pg_graphql",
        "extension pg_net",
    }
    # The image has pg_cron, whose job is there and does not run.
    assert ("table cron.job" in not_proven(run)) == (kind == "embedded")
    assert "table vault.secrets" in not_proven(run)


def test_a_script_is_said_to_be_none_of_pg_dumps(small, drill_run):
    small.backup.write_text("CREATE TABLE public.users (id bigint);\nINSERT INTO public.users VALUES (1);\n")
    run = drill_run(*small.args("--drill-server", "embedded"))
    assert found(run, "degraded") == [("not-a-dump", None)]
    assert any("that the backup is whole" in text for text in run.evidence["not_proven"])


def test_the_clis_schema_part_alone_is_no_backup(cli, drill_run):
    """What `supabase db dump -f backup.sql` writes: the runbook's own manual backup."""
    args = cli.write()
    place = cli.folder / "set-20261124T020000Z"
    for part in ("roles.sql", "data.sql"):
        (place / part).unlink()
    (place / "schema.sql").rename(place / "backup-20261124T020000Z.sql")
    run = drill_run(*args, "--drill-server", "embedded")
    assert run.code == 1
    assert run.verdicts()["backup-holds-data"] == "fail"
    assert "schema only" in run.output
