"""The structure of the database: an object of each kind is lost, or is not what it was.

A backup that never made an object restores without it: what production had is known to the schema reference
alone.
"""

from __future__ import annotations

import re

from . import damage
from .edits import END, replaced, statement, statements, with_more

# What is not as it was reviewed. The file is another one, too; its rows are the same.
NOTED = "backup-manifest schema-reference"


@damage(compared=NOTED)
def column_type_changed(text: str) -> str:
    """A column of integer became bigint."""
    return replaced(text, "    duration_seconds integer,", "    duration_seconds bigint,")


@damage(compared=NOTED)
def column_added(text: str) -> str:
    """A table has a column more."""
    return with_more(text, "ALTER TABLE public.users ADD COLUMN added text;")


@damage(compared=NOTED)
def default_lost(text: str) -> str:
    """A column has lost its default."""
    return replaced(
        text, "    timezone text DEFAULT 'Europe/Zurich'::text NOT NULL", "    timezone text NOT NULL"
    )


@damage(compared=NOTED)
def not_null_lost(text: str) -> str:
    """A column that must hold a value need not any more."""
    return replaced(text, "    email text NOT NULL,\n    full_name", "    email text,\n    full_name")


@damage(compared=NOTED)
def primary_key_lost(text: str) -> str:
    """A table has lost its primary key."""
    return replaced(
        text,
        "ALTER TABLE ONLY public.rag_documents\n    ADD CONSTRAINT rag_documents_pkey PRIMARY KEY (id);\n",
        "",
    )


@damage(compared=NOTED)
def foreign_key_lost(text: str) -> str:
    """Calls need not name a location that is there."""
    key = (
        "ADD CONSTRAINT call_logs_location_id_fkey FOREIGN KEY (location_id) "
        "REFERENCES public.locations(id);\n"
    )
    return replaced(text, f"ALTER TABLE ONLY public.call_logs\n    {key}", "")


@damage(compared=NOTED)
def foreign_key_changed(text: str) -> str:
    """Deleting an organization now deletes its users."""
    key = "FOREIGN KEY (organization_id) REFERENCES public.organizations(id)"
    return replaced(
        text, f"users_organization_id_fkey {key};", f"users_organization_id_fkey {key} ON DELETE CASCADE;"
    )


@damage(compared=NOTED)
def check_lost(text: str) -> str:
    """A duration may be negative."""
    return replaced(text, ",\n    CONSTRAINT call_logs_duration_check CHECK ((duration_seconds >= 0))", "")


@damage(
    fails="restored-without-loss row-counts row-content minimum-rows critical-queries data-recency",
    compared=f"{NOTED} restored-manifest rows-since-last-drill",
)
def check_that_the_rows_break(text: str) -> str:
    """A check was made stricter than the rows are, and is there before them."""
    return replaced(text, "CHECK ((duration_seconds >= 0))", "CHECK ((duration_seconds >= 100))")


@damage(compared=NOTED)
def index_lost(text: str) -> str:
    """An index is missing: the same answers, only slower."""
    return statement(text, "CREATE INDEX call_logs_started_idx ")


@damage(compared=NOTED)
def unique_index_lost(text: str) -> str:
    """Two users may have the same address."""
    return statement(text, "CREATE UNIQUE INDEX users_email_lower_idx ")


@damage(compared=NOTED)
def unique_key_lost(text: str) -> str:
    """Two calls may have the same SID."""
    return replaced(
        text,
        "ALTER TABLE ONLY public.call_logs\n    ADD CONSTRAINT call_logs_call_sid_key UNIQUE (call_sid);\n",
        "",
    )


@damage(compared=NOTED)
def view_lost(text: str) -> str:
    """The only view is missing."""
    text = statements(text, "CREATE VIEW public.reachable_numbers ", "ALTER VIEW public.reachable_numbers ")
    return re.sub(r"GRANT ALL ON TABLE public\.reachable_numbers TO \w+;\n", "", text)


@damage(fails="anonymous-access", compared=NOTED)
def view_with_its_owners_rights(text: str) -> str:
    """A view reads with the rights of its owner, and so past all policies."""
    return replaced(
        text,
        "VIEW public.reachable_numbers WITH (security_invoker='true') AS",
        "VIEW public.reachable_numbers AS",
    )


@damage(fails="views-run", compared=NOTED)
def view_broken(text: str) -> str:
    """A view divides by zero whenever it is asked."""
    return with_more(text, "CREATE VIEW public.broken WITH (security_invoker='true') AS SELECT 1/0 AS x;")


@damage(compared=NOTED)
def function_changed(text: str) -> str:
    """A function that cleans addresses leaves them as they are."""
    return replaced(text, "  NEW.email := lower(trim(NEW.email));\n", "")


@damage(
    fails="functions-compile",
    compared=NOTED,
    source="SET check_function_bodies = false; CREATE OR REPLACE FUNCTION public.my_organization() "
    "RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO '' "
    "AS 'select organization_id from public.gone'",
)
def function_broken(text: str) -> str:
    """A function reads a table that is not there."""
    return replaced(
        text,
        "  select organization_id from public.users where",
        "  select organization_id from public.gone where",
    )


@damage(compared=NOTED)
def trigger_lost(text: str) -> str:
    """A trigger is missing."""
    return statement(text, "CREATE TRIGGER users_normalize_email ")


@damage(compared=NOTED, bounded=True)
def trigger_off(text: str) -> str:
    """A trigger was off in production: the backup says so, and restores it so."""
    return with_more(text, "ALTER TABLE public.users DISABLE TRIGGER users_normalize_email;", before=END)


@damage(fails="triggers-enabled", compared=NOTED)
def all_triggers_left_off(text: str) -> str:
    """The backup turns a table's triggers off for its rows, and never on again."""
    return with_more(text, "ALTER TABLE auth.users DISABLE TRIGGER ALL;", before=END)


@damage(compared=NOTED)
def policy_lost(text: str) -> str:
    """A policy is missing: its users see nothing."""
    return statement(text, 'CREATE POLICY "Users see themselves" ')


@damage(fails="anonymous-access", compared=NOTED)
def policy_widened(text: str) -> str:
    """A policy that showed people their own row shows every row to everybody."""
    return replaced(
        text,
        'CREATE POLICY "Users see themselves" ON public.users FOR SELECT TO authenticated USING '
        "((( SELECT auth.uid() AS uid) = id));",
        'CREATE POLICY "Users see themselves" ON public.users FOR SELECT USING (true);',
    )


@damage(compared=NOTED)
def policy_widened_for_those_signed_in(text: str) -> str:
    """Whoever signed in sees the calls of all organizations."""
    return re.sub(
        r'(CREATE POLICY "Members see calls" ON public\.call_logs FOR SELECT TO authenticated USING )'
        r"\(.*?\)\);",
        r"\1(true);",
        text,
        count=1,
        flags=re.DOTALL,
    )


@damage(
    fails="row-level-security anonymous-access",
    compared=NOTED,
    source="ALTER TABLE public.users DISABLE ROW LEVEL SECURITY",
)
def row_level_security_off(text: str) -> str:
    """The table of users decides no more row by row who may see it."""
    return statement(text, "ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;".removesuffix(";"))


@damage(compared=NOTED)
def grant_lost(text: str) -> str:
    """Who has signed in may not read the calls any more."""
    return statement(text, "GRANT ALL ON TABLE public.call_logs TO authenticated")


@damage(compared=NOTED)
def grant_widened(text: str) -> str:
    """A role of the platform may read all users."""
    return with_more(text, "GRANT SELECT ON TABLE public.users TO pgbouncer;", before=END)


@damage(fails="anonymous-access", compared="backup-manifest")
def role_widened(text: str) -> str:
    """Strangers came to pass all policies: the role anon has BYPASSRLS."""
    role = "ALTER ROLE anon WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION"
    return replaced(text, f"{role} NOBYPASSRLS;", f"{role} BYPASSRLS;")


@damage(compared=NOTED)
def owner_changed(text: str) -> str:
    """A table belongs to somebody else."""
    return replaced(
        text,
        "ALTER TABLE public.call_logs OWNER TO postgres;",
        "ALTER TABLE public.call_logs OWNER TO pgbouncer;",
    )


@damage(compared=NOTED)
def extension_that_nobody_reviewed(text: str) -> str:
    """There is an extension more than there was."""
    return with_more(text, "CREATE EXTENSION pg_trgm WITH SCHEMA extensions;")


@damage(compared="backup-manifest")
def extension_lost(text: str) -> str:
    """An extension that no table needs is missing, which the server at hand does not have either."""
    return statements(text, "CREATE EXTENSION IF NOT EXISTS pgcrypto ", "COMMENT ON EXTENSION pgcrypto ")


@damage(compared=NOTED)
def enum_value_lost(text: str) -> str:
    """An outcome that no call has is no possible value any more."""
    return replaced(text, "    'admin',\n", "    'administrator',\n    'admin',\n")


@damage(
    fails="restored-without-loss row-counts row-content minimum-rows critical-queries data-recency",
    compared=f"{NOTED} restored-manifest rows-since-last-drill",
)
def enum_value_lost_that_rows_have(text: str) -> str:
    """An outcome that calls have is no possible value any more."""
    return replaced(text, "    'booked',\n", "")


@damage(
    fails="sequences-ahead",
    compared="backup-manifest",
    bounded=True,
    source="SELECT pg_catalog.setval('public.call_logs_id_seq', 1, true)",
)
def sequence_behind(text: str) -> str:
    """The next call gets a number that a call has."""
    return re.sub(r"(setval\('public\.call_logs_id_seq'), \d+, true", r"\1, 1, true", text)


@damage(fails="sequence-values", compared="backup-manifest")
def sequence_moved_by_the_restore(text: str) -> str:
    """Something in the backup takes a number after it has set the sequence."""
    return with_more(text, "SELECT pg_catalog.nextval('auth.refresh_tokens_id_seq');", before=END)


@damage(fails="materialized-views", compared="backup-manifest")
def materialized_view_unpopulated(text: str) -> str:
    """The view of the daily calls holds nothing, and the backup fills it."""
    code = "DO $$ BEGIN REFRESH MATERIALIZED VIEW public.daily_calls WITH NO DATA; END $$;"
    return with_more(text, code, before="\n-- PostgreSQL database cluster dump complete\n")


@damage(absent="materialized-views", compared="backup-manifest")
def materialized_view_never_filled(text: str) -> str:
    """The backup makes the view of the daily calls, and never fills it: production had not, either."""
    return statement(text, "REFRESH MATERIALIZED VIEW public.daily_calls")


@damage(compared=NOTED)
def publication_lost(text: str) -> str:
    """What is told to those who listen is told to nobody."""
    return statements(
        text,
        "CREATE PUBLICATION supabase_realtime ",
        "ALTER PUBLICATION supabase_realtime OWNER ",
        "ALTER PUBLICATION supabase_realtime ADD TABLE ONLY public.agent_configs",
        "ALTER PUBLICATION supabase_realtime ADD TABLE ONLY public.call_logs",
    )


@damage(compared=NOTED)
def publication_without_a_table(text: str) -> str:
    """The changes of one table are told to nobody."""
    return statement(text, "ALTER PUBLICATION supabase_realtime ADD TABLE ONLY public.call_logs")


@damage(compared="backup-manifest")
def comment_lost(text: str) -> str:
    """A comment on a table is missing."""
    return statement(text, "COMMENT ON TABLE public.call_logs IS ")


@damage(compared=NOTED)
def domain_changed(text: str) -> str:
    """Any text is a telephone number."""
    return replaced(text, "(VALUE ~ '^\\+[1-9][0-9]{6,14}$'::text)", "(VALUE ~ ''::text)")


@damage(fails="schema-complete", compared=NOTED)
def made_and_taken_away(text: str) -> str:
    """Code of the backup's own takes away a view that the backup has made."""
    code = """
CREATE VIEW public.doomed WITH (security_invoker='true') AS SELECT 1 AS a;
CREATE FUNCTION public.sabotage() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN
    DROP VIEW IF EXISTS public.doomed;
END$$;
CREATE EVENT TRIGGER sabotage ON ddl_command_end WHEN TAG IN ('CREATE INDEX')
    EXECUTE FUNCTION public.sabotage();
"""
    return with_more(text, code)


@damage(fails="vector-dimensions", compared=NOTED)
def vectors_of_two_lengths(text: str) -> str:
    """Vectors of two numbers of dimensions stand in one column."""
    table = (
        "CREATE EXTENSION vector WITH SCHEMA extensions;\nCREATE TABLE public.notes (e extensions.vector);\n"
        "ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;\n"
        "COPY public.notes (e) FROM stdin;\n[1,2]\n[1,2,3]\n\\.\n"
    )
    return with_more(text, table)


@damage(fails="collation-versions", compared=NOTED)
def collation_of_another_version(text: str) -> str:
    """Text was sorted by rules that this server does not have."""
    sql = (
        "CREATE COLLATION public.c (provider = builtin, locale = 'C.UTF-8', version = '0');\n"
        "CREATE TABLE public.sorted (a text COLLATE public.c);\n"
        "ALTER TABLE public.sorted ENABLE ROW LEVEL SECURITY;"
    )
    return with_more(text, sql)


def _unkept(index: str, row: str) -> str:
    hold = "UPDATE pg_catalog.pg_index SET indisready = {} WHERE indexrelid = '{}'::pg_catalog.regclass;\n"
    columns = "id, location_id, title, mime_type, chunk_count, created_at"
    copy = f"COPY public.rag_documents ({columns}) FROM stdin;\n{row}\\.\n"
    return hold.format("false", index) + copy + hold.format("true", index)


@damage(fails="physical-integrity qdrant-documents", compared="backup-manifest restored-manifest")
def index_misses_a_row(text: str) -> str:
    """An index does not hold a row that its table holds."""
    location = re.search(r"COPY public\.locations [^\n]*\n(\S+)", text)[1]
    row = f"00000000-0000-4000-8000-000000000001\t{location}\tx\ttext/plain\t1\t2026-01-01 00:00:00+00\n"
    return with_more(text, _unkept("public.rag_documents_location_idx", row), before=END)


@damage(fails="indexes-valid", compared=NOTED)
def index_invalid(text: str) -> str:
    """An index was left half built: the server does not use it."""
    return with_more(
        text,
        "UPDATE pg_catalog.pg_index SET indisvalid = false "
        "WHERE indexrelid = 'public.call_logs_started_idx'::pg_catalog.regclass;",
        before=END,
    )


@damage(fails="constraints-valid", compared=NOTED)
def constraint_not_in_force(text: str) -> str:
    """A check was never held against the rows, and the backup does not say so."""
    return with_more(
        text,
        "UPDATE pg_catalog.pg_constraint SET convalidated = false "
        "WHERE conname = 'call_logs_duration_check';",
        before=END,
    )


@damage(fails="unique-keys physical-integrity", unverified="row-counts", compared=NOTED)
def key_twice(text: str) -> str:
    """A key that must be unique is there twice: its index was not kept for one row."""
    return with_more(
        text,
        "UPDATE pg_catalog.pg_index SET indisready = false "
        "WHERE indexrelid = 'public.users_email_key'::pg_catalog.regclass;\n"
        "DROP INDEX public.users_email_lower_idx;\n"
        "INSERT INTO auth.users (id, is_sso_user) VALUES ('00000000-0000-4000-8000-000000000002', true);\n"
        "INSERT INTO public.users (id, organization_id, email) "
        "SELECT '00000000-0000-4000-8000-000000000002', organization_id, email FROM public.users LIMIT 1;\n"
        "CREATE INDEX users_email_lower_idx ON public.users USING btree (lower(email));\n"
        "UPDATE pg_catalog.pg_index SET indisready = true "
        "WHERE indexrelid = 'public.users_email_key'::pg_catalog.regclass;",
        before=END,
    )


@damage(fails="exclusion-constraints", compared=NOTED)
def bookings_that_exclude_each_other(text: str) -> str:
    """Two rows are in conflict where the database forbids it: its index was not kept for one row."""
    hold = (
        "UPDATE pg_catalog.pg_index SET indisready = {} "
        "WHERE indexrelid = 'public.bookings_at_excl'::pg_catalog.regclass;\n"
    )
    return with_more(
        text,
        "CREATE TABLE public.bookings (at int4range, EXCLUDE USING gist (at WITH &&));\n"
        "ALTER TABLE public.bookings ENABLE ROW LEVEL SECURITY;\n"
        "COPY public.bookings (at) FROM stdin;\n[1,5)\n\\.\n"
        + hold.format("false")
        + "COPY public.bookings (at) FROM stdin;\n[4,6)\n\\.\n"
        + hold.format("true"),
        before=END,
    )


@damage(fails="rows-readable", compared=NOTED)
def text_that_is_not_valid(text: str) -> str:
    """A table made by the backup holds text that is not valid in any encoding."""
    return with_more(
        text,
        "CREATE CAST (bytea AS text) WITHOUT FUNCTION;\n"
        "CREATE TABLE public.bad AS SELECT '\\xff'::bytea::text AS said;\n"
        "ALTER TABLE public.bad ENABLE ROW LEVEL SECURITY;",
    )
