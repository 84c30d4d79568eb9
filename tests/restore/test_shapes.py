"""What pg_dump writes is recognised to the letter, and nothing else is."""

from __future__ import annotations

import pytest

from fixtures.restore import shapes


@pytest.mark.parametrize(
    ("text", "create", "attach"),
    [
        (
            b"ALTER TABLE ONLY public.t\n    ADD CONSTRAINT t_pkey PRIMARY KEY (id);",
            b"CREATE UNIQUE INDEX t_pkey ON public.t (id);",
            b"ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;",
        ),
        (
            b'ALTER TABLE ONLY "public"."t"\n    ADD CONSTRAINT "k" UNIQUE NULLS NOT DISTINCT ("a b", "c) d")'
            b" INCLUDE (e) WITH (fillfactor='70') DEFERRABLE INITIALLY DEFERRED;",
            b'CREATE UNIQUE INDEX "k" ON "public"."t" ("a b", "c) d") INCLUDE (e) NULLS NOT DISTINCT'
            b" WITH (fillfactor='70');",
            b'ALTER TABLE "public"."t" ADD CONSTRAINT "k" UNIQUE USING INDEX "k"'
            b" DEFERRABLE INITIALLY DEFERRED;",
        ),
    ],
)
def test_an_index_behind_a_constraint(text, create, attach):
    build = shapes.unique_build(text, schema=None)
    assert (build.table, build.create, build.attach) == ("public.t", create, attach)


@pytest.mark.parametrize(
    "text",
    [
        b"ALTER TABLE ONLY public.t\n    ADD CONSTRAINT k PRIMARY KEY (id, valid WITHOUT OVERLAPS);",
        b"ALTER TABLE ONLY public.t\n    ADD CONSTRAINT k EXCLUDE USING gist (during WITH &&);",
        b"ALTER TABLE ONLY public.t\n    ADD CONSTRAINT k UNIQUE (a) USING INDEX TABLESPACE s;",
        b"ALTER TABLE ONLY public.t\n    ADD CONSTRAINT k CHECK ((a > 0));",
        b"ALTER TABLE ONLY public.t\n    ADD CONSTRAINT k PRIMARY KEY (id), ADD CONSTRAINT l UNIQUE (b);",
    ],
)
def test_what_is_no_plain_unique_constraint_is_left_as_it_is(text):
    assert shapes.unique_build(text, schema=None) is None


@pytest.mark.parametrize(
    ("text", "table", "cost"),
    [
        (b"CREATE INDEX i ON public.t USING btree (a);", "public.t", 1),
        (b'CREATE UNIQUE INDEX i ON ONLY "public"."Odd Name" USING gin (a);', 'public."Odd Name"', 6),
        (b"CREATE INDEX i ON t USING btree (lower(a)) WHERE (b > 0);", "old.t", 1),
    ],
)
def test_the_table_of_an_index(text, table, cost):
    build = shapes.index_build(text, schema="old")
    assert (build.table, build.create, build.attach, build.cost) == (table, text, b"", cost)


def test_the_tables_that_a_foreign_key_locks():
    key = b"ALTER TABLE ONLY public.a\n    ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES public.b(id);"
    assert shapes.foreign_key(key, schema=None) == ("public.a", "public.b")
    # Without ONLY it goes down to the partitions, and which tables it locks is not told.
    assert shapes.foreign_key(key.replace(b"ONLY ", b""), schema=None) == ()
    assert (
        shapes.foreign_key(b"ALTER TABLE ONLY public.a\n    ADD CONSTRAINT c CHECK (true);", schema=None)
        is None
    )


@pytest.mark.parametrize(
    ("text", "frozen"),
    [
        (b"COPY public.t (a, b) FROM stdin;", b"COPY public.t (a, b) FROM stdin WITH (FREEZE);"),
        (b'COPY "public"."t" ("a") FROM stdin;\n', b'COPY "public"."t" ("a") FROM stdin WITH (FREEZE);'),
        (b"COPY public.t FROM stdin WITH (FORMAT csv, HEADER);", None),
        (b"COPY public.t FROM stdin CSV;", None),
    ],
)
def test_rows_that_come_frozen(text, frozen):
    assert shapes.freezing(text) == frozen
    assert shapes.can_be_cut(text) is (frozen is not None)


@pytest.mark.parametrize(
    ("text", "mapped"),
    [
        (b"ALTER DATABASE app SET work_mem TO '8MB';", b"ALTER DATABASE \"d\" SET work_mem TO '8MB';"),
        (b'ALTER DATABASE "app" OWNER TO o;', b'ALTER DATABASE "d" OWNER TO o;'),
        (b"ALTER ROLE r IN DATABASE app SET x TO 'app';", b"ALTER ROLE r IN DATABASE \"d\" SET x TO 'app';"),
        (b"COMMENT ON DATABASE app IS 'it is app';", b"COMMENT ON DATABASE \"d\" IS 'it is app';"),
        (b"GRANT CONNECT ON DATABASE app TO app;", b'GRANT CONNECT ON DATABASE "d" TO app;'),
        (b"ALTER DATABASE other SET work_mem TO '8MB';", None),
        (b"ALTER DATABASE app SET TABLESPACE s;", None),
        (b"ALTER DATABASE app RENAME TO b;", None),
        (b"ALTER DATABASE app ALLOW_CONNECTIONS false;", None),
        (b"DROP DATABASE app;", None),
    ],
)
def test_what_is_about_productions_database_is_turned_to_the_drills(text, mapped):
    assert shapes.for_database(text, source="app", ours=b'"d"') == mapped
    assert shapes.for_database(text, source=None, ours=b'"d"') is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (b'SELECT a.b, c, pg_catalog.now() FROM "A"."b""c"', {'"A"."b""c"', "a.b"}),
        (b"SELECT 'a.b', 'it''s a.b', E'a.b'", set()),
        (b"DEFAULT nextval('public.users_id_seq'::regclass)", {"public.users_id_seq"}),
        (b"DEFAULT nextval('public.\"it''s\"'::regclass), 'c.d'", {"public.\"it''s\""}),
        (b"SELECT '' || a.b || ''''", {"a.b"}),
        (b"SELECT a.b, 'c.d", {"a.b"}),
    ],
)
def test_names_with_their_schema(text, names):
    assert shapes.names_in(text) == names
