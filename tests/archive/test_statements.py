"""What a statement is about: tag, object, section, rows, roles."""

from __future__ import annotations

import pytest

from fixtures.archive.statements import describe
from fixtures.archive.values import table_name


@pytest.mark.parametrize(
    ("text", "tag", "about", "section"),
    [
        (b"CREATE TABLE public.users (id int);", "CREATE TABLE", "public.users", "pre-data"),
        (b"create unlogged table if not exists users (id int);", "CREATE TABLE", "public.users", "pre-data"),
        (b'CREATE TABLE public."Odd ""Name" ("a;b" int);', "CREATE TABLE", 'public."Odd ""Name"', "pre-data"),
        (b'CREATE TABLE "plain" ();', "CREATE TABLE", "public.plain", "pre-data"),
        (b'CREATE TABLE public."user" ();', "CREATE TABLE", 'public."user"', "pre-data"),
        (b"CREATE /* x */ UNIQUE INDEX i ON ONLY app.t (a);", "CREATE INDEX", "app.i", "post-data"),
        (b"CREATE INDEX CONCURRENTLY ON t (a);", "CREATE INDEX", None, "post-data"),
        (b"ALTER TABLE ONLY a.t\n ADD CONSTRAINT k UNIQUE (id);", "ALTER TABLE", "k ON a.t", "post-data"),
        (b"ALTER TABLE a.t ENABLE ROW LEVEL SECURITY;", "ALTER TABLE", "a.t", "post-data"),
        (b"ALTER TABLE ONLY a.t REPLICA IDENTITY FULL;", "ALTER TABLE", "a.t", "post-data"),
        (b"ALTER TABLE ONLY a.t ALTER COLUMN id SET DEFAULT 1;", "ALTER TABLE", "a.t", "pre-data"),
        (b"CREATE OR REPLACE FUNCTION a.f(int) RETURNS int AS '';", "CREATE FUNCTION", "a.f", "pre-data"),
        (b"CREATE CONSTRAINT TRIGGER t AFTER UPDATE OF x ON a.b;", "CREATE TRIGGER", "t ON a.b", "post-data"),
        (b"CREATE EVENT TRIGGER e ON ddl_command_end;", "CREATE EVENT TRIGGER", "e", "post-data"),
        (b"CREATE RULE r AS ON INSERT TO a.b DO NOTHING;", "CREATE RULE", "r ON a.b", "post-data"),
        (b"CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\";", "CREATE EXTENSION", '"uuid-ossp"', "pre-data"),
        (b"CREATE MATERIALIZED VIEW a.m AS SELECT 1;", "CREATE MATERIALIZED VIEW", "a.m", "pre-data"),
        (b"REFRESH MATERIALIZED VIEW a.m;", "REFRESH MATERIALIZED VIEW", "a.m", "post-data"),
        (b"CREATE USER batch;", "CREATE ROLE", "batch", "cluster"),
        (b"ALTER DATABASE postgres SET x TO 'y';", "ALTER DATABASE", "postgres", "cluster"),
        (b"GRANT SELECT (a), UPDATE ON TABLE a.t TO x;", "GRANT", "a.t", "post-data"),
        (b"GRANT ALL ON SCHEMA app TO x;", "GRANT", "app", "post-data"),
        (b"GRANT a TO b WITH ADMIN OPTION GRANTED BY c;", "GRANT ROLE", None, "cluster"),
        (b"COMMENT ON CONSTRAINT c ON a.t IS 'x';", "COMMENT", "c ON a.t", "post-data"),
        (b"COMMENT ON EXTENSION plpgsql IS 'x';", "COMMENT", "plpgsql", "pre-data"),
        (b"SELECT pg_catalog.setval('public.\"A b_seq\"', 3, true);", "SELECT", 'public."A b_seq"', "data"),
        (b"SELECT pg_catalog.set_config('search_path', '', false);", "SELECT", None, "pre-data"),
        (b"SELECT pg_catalog.lowrite(0, '\\x00');", "SELECT", "0", "data"),
        (b"COPY a.t (x, y) FROM stdin;", "COPY", "a.t", "data"),
        (b"INSERT INTO a.t VALUES (1);", "INSERT", "a.t", "data"),
        (b"DROP TABLE IF EXISTS a.t CASCADE;", "DROP TABLE", "a.t", "pre-data"),
        (b"SET search_path = a;", "SET", None, "pre-data"),
        (b"START TRANSACTION;", "START TRANSACTION", None, "pre-data"),
        (b"DO $$ begin end $$;", "DO", None, "pre-data"),
    ],
)  # fmt: skip
def test_tag_object_and_section(text, tag, about, section):
    said = describe(text, schema="public")
    assert (said.tag, said.object, said.section) == (tag, about, section)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (b"INSERT INTO t VALUES (1);", 1),
        (b"INSERT INTO t (a, b) VALUES (1, ')('), (2, '),('), (3, E'\\'),(');", 3),
        (b"INSERT INTO t (a) OVERRIDING SYSTEM VALUE VALUES ((1)), (now()), (ROW(1, (2)));", 3),
        (b"insert into t values\n\t(1, $x$),($x$), /* ),( */ (2, 3) -- ),(\n on conflict do nothing;", 2),
        (b"INSERT INTO t DEFAULT VALUES;", 1),
        (b"INSERT INTO t SELECT * FROM (VALUES (1), (2)) v;", 0),
        (b"INSERT INTO t VALUES (1), (2) RETURNING a;", 2),
        (b"INSERT INTO t VALUES (1), (2) /* x */ -- y\n;", 2),
        (b"INSERT INTO t VALUES (1), (2)", 2),
        (b"INSERT INTO t VALUES (1) UNION ALL VALUES (2), (3);", 0),
        (b"INSERT INTO t (a) VALUES (1), (now()) ORDER BY 1 LIMIT 1;", 0),
        (b"INSERT INTO t AS x VALUES (1) ON CONFLICT (a) DO NOTHING;", 1),
        (b"INSERT INTO t VALUES " + b",".join([b"(1, 'x')"] * 10_000) + b";", 10_000),
        (b"INSERT INTO t VALUES (" + b"1," * 5000 + b"1), (2);", 2),
    ],
)
def test_rows_of_an_insert(text, rows):
    assert describe(text, schema="public").rows == rows


@pytest.mark.parametrize(
    ("text", "untold"),
    [
        (b"INSERT INTO t VALUES (1);", set()),
        (b"INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING;", set()),
        (b"INSERT INTO t VALUES (1) RETURNING a;", set()),
        (b"INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2 RETURNING a;", {"public.t"}),
        (b"INSERT INTO s.t DEFAULT VALUES ON CONFLICT ON CONSTRAINT k DO NOTHING;", {"s.t"}),
        (b"COPY t FROM '/tmp/x';", {"public.t"}),
        (b"COPY t (a, \"from\") FROM PROGRAM 'cat' WITH (FORMAT text);", {"public.t"}),
        (b"COPY t TO '/tmp/x';", set()),
        (b"COPY t FROM stdin;", set()),
        (b"WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x;", {"public.t"}),
        (b"WITH RECURSIVE x AS (DELETE FROM ONLY s.t) INSERT INTO s.u SELECT 1;", {"s.t", "s.u"}),
        (b"WITH x AS (SELECT 1 FROM t FOR NO KEY UPDATE) SELECT * FROM x FOR UPDATE;", set()),
        (b"WITH x AS (UPDATE s.t SET a = 1), y AS (MERGE INTO s.u USING v) TABLE v;", {"s.t", "s.u"}),
        (b"WITH x AS (SELECT 'insert into t', \"insert\" FROM u) SELECT 1;", set()),
    ],
)  # fmt: skip
def test_tables_that_get_or_lose_rows_of_which_the_text_does_not_tell_the_number(text, untold):
    assert describe(text, schema="public").untold == untold


@pytest.mark.parametrize(
    "text",
    [
        b"TRUNCATE t, s.u RESTART IDENTITY CASCADE;",
        b"TRUNCATE TABLE ONLY t, ONLY s.u;",
        b"TRUNCATE t *, s.u *;",
        b"DROP TABLE IF EXISTS t, s.u CASCADE;",
        b"DROP TABLE t, s.u;",
    ],
)
def test_all_tables_of_a_list(text):
    said = describe(text, schema="public")
    assert (said.object, *said.others) == ("public.t", "s.u")


@pytest.mark.parametrize(
    ("encoding", "codec", "name"),
    [
        ("EUC_JP", "euc_jp", "日本"),
        ("latin1", "latin-1", "größe"),
        ("WIN1251", "cp1251", "заказы"),
        ("UTF8", "utf-8", "größe"),
        ("SQL_ASCII", "utf-8", "größe"),
        ("MULE_INTERNAL", "utf-8", "日本"),
        (None, "utf-8", "日本"),
    ],
)
def test_names_in_the_encoding_of_the_dump(encoding, codec, name):
    raw = f'public."{name}"'.encode(codec)
    for text in (b"CREATE TABLE %s ();", b"COPY %s FROM stdin;", b"INSERT INTO %s VALUES ('x');"):
        assert describe(text % raw, schema=None, encoding=encoding).object == f'public."{name}"'
    assert table_name(raw, None, encoding) == f'public."{name}"'


def test_a_name_that_does_not_decode_stands_for_its_bytes_whatever_is_around_it():
    """EUC_JP of the server knows more than Python's, and rows may hold it."""
    unknown = b"'\xad\xa1'"
    text = b'INSERT INTO public."' + "日本".encode("euc_jp") + b'" VALUES (' + unknown + b");"
    assert describe(text, schema=None, encoding="EUC_JP").object == 'public."日本"'
    said = describe(b'CREATE TABLE public."\xff\xfe" ();', schema=None, encoding="EUC_JP")
    assert said.object == 'public."ÿþ"'


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        (b"ALTER TABLE a.t OWNER TO owner_1;", {"owner_1"}),
        (b'ALTER FUNCTION a.f(x int, "to" text) OWNER TO "Odd One";', {"Odd One"}),
        (b'GRANT SELECT ON a.t TO PUBLIC, x, "Y" WITH GRANT OPTION;', {"x", "Y"}),
        (b"REVOKE ALL ON FUNCTION a.f(int, text) FROM x GRANTED BY z;", {"x", "z"}),
        (b"GRANT a TO b, c GRANTED BY d;", {"a", "b", "c", "d"}),
        (b"ALTER DEFAULT PRIVILEGES FOR ROLE a IN SCHEMA s GRANT SELECT ON TABLES TO b;", {"a", "b"}),
        (b"CREATE POLICY p ON a.t AS RESTRICTIVE FOR UPDATE TO x, y USING (true);", {"x", "y"}),
        (b"CREATE POLICY p ON a.t TO x;", {"x"}),
        (b"CREATE POLICY p ON a.t USING (true);", set()),
        (b"SET SESSION AUTHORIZATION 'x';", {"x"}),
        (b"SET SESSION AUTHORIZATION DEFAULT;", set()),
        (b"CREATE SCHEMA s AUTHORIZATION x;", {"x"}),
        (b"GRANT SELECT ON a.t TO CURRENT_USER;", set()),
        (b"ALTER TABLE a.t ALTER COLUMN owner SET DEFAULT 1;", set()),
    ],
)
def test_roles_that_are_named(text, roles):
    assert describe(text, schema="public").roles == roles


@pytest.mark.parametrize(
    ("text", "block"),
    [
        (b"COPY t FROM stdin;", "plain"),
        (b'copy public.t (a, "from") from STDIN with (format text);', "plain"),
        (b"COPY t FROM stdin WITH (FREEZE, FORMAT 'text');", "plain"),
        (b"COPY t FROM stdin WITH (DELIMITER ',', NULL 'x');", "lines"),
        (b"COPY t FROM stdin USING DELIMITERS '|' WITH NULL AS '';", "lines"),
        (b"COPY t WITH OIDS FROM stdin;", "lines"),
        (b"COPY t FROM stdin (FORMAT CSV);", "other"),
        (b"COPY t FROM stdin WITH CSV HEADER;", "other"),
        (b"COPY t FROM stdin (HEADER MATCH);", "other"),
        (b'COPY t FROM stdin (FORMAT "binary");', "other"),
        (b"COPY BINARY t FROM stdin;", "other"),
        (b"COPY t FROM stdin WHERE a > 1;", "other"),
        (b"COPY t FROM stdin (ON_ERROR ignore);", "other"),
        (b"COPY t TO stdout;", ""),
        (b"COPY t FROM '/etc/passwd';", ""),
        (b"COPY t FROM PROGRAM 'stdin';", ""),
        (b"COPY (SELECT 1) TO stdout;", ""),
    ],
)
def test_what_rows_a_copy_takes(text, block):
    said = describe(text, schema="public")
    assert said.block == block
    assert said.object == (None if text.startswith(b"COPY (") else "public.t")


def test_columns_of_a_copy():
    text = b'COPY public.t (id, "Odd, ""one""", "from") FROM stdin;'
    assert describe(text, schema="public").columns == ("id", 'Odd, "one"', "from")
    assert describe(b"COPY public.t FROM stdin;", schema="public").columns == ()


@pytest.mark.parametrize("first", [b"1", b"(1)"])
def test_rows_of_an_insert_where_backslashes_escape(first):
    text = b"INSERT INTO t VALUES (" + first + b", 'a\\'), (b, \\'), ('), ('c');"
    assert describe(text, schema="public", standard_strings=False).rows == 2


@pytest.mark.parametrize("first", [b"(E'", b"('"])
def test_a_string_with_backslashes_that_nothing_ends_is_read_in_one_way_only(first):
    # It could be read in two to the power of 40 ways, and they were all tried.
    text = b"INSERT INTO t VALUES " + first + b"''" * 40 + b"\\"
    assert describe(text, schema="public", standard_strings=False).tag == "INSERT"


def test_comments_in_comments_however_deep():
    text = b"CREATE " + b"/* " * 5000 + b"*/ " * 5000 + b"TABLE t (a int);"
    assert describe(text, schema="public").object == "public.t"


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (b"CREATE TABLE t (a int DEFAULT (1), partition int);", True),
        (b"CREATE TABLE t (a int) PARTITION BY RANGE (a);", False),
        (b"CREATE TABLE t PARTITION OF p FOR VALUES IN (1);", True),
        (b"CREATE TABLE t PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (b);", False),
        (b"CREATE TEMP TABLE t (a int);", False),
        (b"CREATE FOREIGN TABLE t (a int) SERVER s;", False),
        (b"CREATE VIEW t AS SELECT 1;", False),
    ],
)
def test_tables_that_hold_rows(text, holds):
    assert describe(text, schema="public").holds_rows is holds
