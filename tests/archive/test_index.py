"""What the pieces of a text say together: digests, columns, locale, databases, parts."""

from __future__ import annotations

import pytest
import xxhash

from fixtures.archive import EntryKind
from fixtures.archive.index import Index
from fixtures.archive.locale import Locale, read_locale
from plugins.errors import BackupError, DrillError


def digest(*rows: bytes) -> str:
    return f"{sum(map(xxhash.xxh3_128_intdigest, rows)) % 2**128:032x}"


def test_rows_are_digested_in_every_form_of_a_dump(data, opened):
    digests = [opened(data / name).digests for name in ("pg18.dump", "pg18.tar", "pg18.dir", "pg18.sql")]
    assert digests[0] == digests[1] == digests[2] == digests[3]
    assert digests[0].keys() == opened(data / "pg18.sql").tables.keys()
    archive = opened(data / "pg18.dump")
    for entry in archive.entries:
        if entry.kind is EntryKind.ROWS:
            rows = b"".join(archive.rows(entry)).split(b"\n")[:-1]
            assert archive.digests[entry.object] == digest(*rows)
    assert archive.digests["public.empty_one"] == "0" * 32
    assert archive.columns['public."Odd Name"'] == ("A;b", "select", "x")


def test_blocks_of_one_table_add_up_and_line_ends_do_not_count(opened):
    text = b"COPY t (a) FROM stdin;\n1\n2\n\\.\nSET x = 1;\nCOPY public.t (a) FROM stdin;\n3\n\\.\n"
    for one in (opened(text), opened(text.replace(b"\n", b"\r\n")), opened(b"\xef\xbb\xbf" + text)):
        assert one.digests == {"public.t": digest(b"1", b"2", b"3")}
        assert one.columns == {"public.t": ("a",)}
        assert one.tables == {"public.t": 3}


@pytest.mark.parametrize(
    ("text", "tables", "uncounted"),
    [
        (b"COPY t (a) FROM stdin;\n1\n\\.\nCOPY t (b) FROM stdin;\n2\n\\.\n", {"public.t": 2}, set()),
        (b"COPY t FROM stdin;\n1\n\\.\nINSERT INTO t VALUES (2), (3);\n", {"public.t": 3}, set()),
        (b"INSERT INTO t VALUES (2), (3);\nCOPY t FROM stdin;\n1\n\\.\n", {"public.t": 3}, set()),
        (b"COPY t FROM stdin;\n1\n\\.\nUPDATE t SET a = 2;\n", {"public.t": 1}, set()),
        (b"COPY t FROM stdin DELIMITER ',';\n1,2\n\\.\n", {"public.t": 1}, set()),
        (b"COPY t FROM stdin;\n1\n\\.\nDELETE FROM t;\n", {}, {"public.t"}),
        (b"COPY t FROM stdin (FORMAT csv);\n1\n\\.\n", {}, {"public.t"}),
        (b"COPY t FROM stdin CSV HEADER;\na\n1\n\\.\n", {}, {"public.t"}),
        (b"CREATE TABLE t ();\nINSERT INTO t SELECT 1;\n", {}, {"public.t"}),
        (b"CREATE TABLE t AS SELECT 1;\n", {}, {"public.t"}),
        (b"CREATE TABLE t ();\nTRUNCATE t;\n", {"public.t": 0}, set()),
        (b"INSERT INTO t SELECT 1;\nDROP TABLE t;\nCREATE TABLE t ();\n", {"public.t": 0}, set()),
        (b"CREATE TABLE t ();\nCOPY t FROM '/tmp/x';\n", {}, {"public.t"}),
        (b"CREATE TABLE t ();\nWITH x AS (SELECT 1) INSERT INTO t SELECT 1;\n", {}, {"public.t"}),
        (b"INSERT INTO t VALUES (1) UNION ALL VALUES (2), (3);\n", {}, {"public.t"}),
        (b"INSERT INTO t VALUES (1) ON CONFLICT (a) DO NOTHING;\n", {}, {"public.t"}),
        (b"INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING;\n", {"public.t": 1}, set()),
        (b"INSERT INTO t VALUES (1);\nINSERT INTO u VALUES (1);\nDROP TABLE t, u;\n", {}, set()),
        (
            b"INSERT INTO t VALUES (1);\nINSERT INTO u VALUES (1);\nTRUNCATE t, u;\n",
            {},
            {"public.t", "public.u"},
        ),
        (b"CREATE TABLE t ();\nINSERT INTO u VALUES (1);\nTRUNCATE t, u;\n", {"public.t": 0}, {"public.u"}),
    ],
)
def test_what_cannot_be_digested_or_counted_is_not(text, tables, uncounted, opened):
    archive = opened(text + b"SELECT 1;\n")
    assert (archive.tables, archive.uncounted) == (tables, uncounted)
    assert archive.digests == archive.columns == {}
    held = {name for name, rows in tables.items() if rows} | uncounted
    if held:
        assert set(archive.tables_with_rows) == held
    else:
        with pytest.raises(BackupError, match="no rows"):
            _ = archive.tables_with_rows
    assert archive.entries[-1].tag == "SELECT"


def test_rows_of_csv_end_where_psql_ends_them_and_are_kept(opened):
    archive = opened(b'COPY t FROM stdin CSV;\n"a\n\\.\nSELECT 1;\n')
    assert [(entry.kind, entry.rows) for entry in archive.entries] == [("rows", 0), ("statement", 0)]
    assert b"".join(archive.rows(archive.entries[0])) == b'"a\n'


CLUSTER = b"""\
CREATE ROLE x;
\\connect template1
CREATE TABLE odd ();
CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C';
CREATE DATABASE "The App" WITH TEMPLATE = template0 ENCODING = 'LATIN1' LOCALE = 'de_DE';
\\connect shop
CREATE TABLE t (a int);
COPY t FROM stdin;
1
\\.
\\connect "The App"
CREATE TABLE t (a int);
COPY t FROM stdin;
1
2
\\.
"""


def test_one_of_several_databases_may_be_wanted(opened):
    shop, app = (opened(CLUSTER, database=name) for name in ("shop", "The App"))
    assert (shop.restored_database, shop.source_database, shop.tables) == ("shop", "shop", {"public.t": 1})
    assert (app.restored_database, app.tables) == ("The App", {"public.t": 2})
    assert (shop.digests["public.t"], app.digests["public.t"]) == (digest(b"1"), digest(b"1", b"2"))
    assert (shop.locale.encoding, app.locale.encoding, app.locale.collate) == ("UTF8", "LATIN1", "de_DE")
    assert {entry.database for entry in shop.restored_entries} == {None, "shop"}


def test_several_databases_and_none_wanted_is_unverified_and_names_the_key(opened):
    with pytest.raises(DrillError, match="several databases: The App, shop") as raised:
        opened(CLUSTER)
    assert not isinstance(raised.value, BackupError)
    assert "database in [backup]" in raised.value.hint


def test_a_database_that_is_not_in_the_backup_fails(opened):
    with pytest.raises(BackupError, match="holds no database other, but The App, shop"):
        opened(CLUSTER, database="other")


def test_a_backup_of_one_database_is_the_one_that_is_wanted(opened):
    assert opened(b"CREATE TABLE t ();\n", database="other").restored_database is None


def test_a_dump_that_makes_its_database_says_its_name(opened):
    archive = opened(b"CREATE DATABASE \"My App\" ENCODING 'UTF8';\nCREATE TABLE t ();\n")
    assert (archive.restored_database, archive.source_database) == (None, "My App")
    assert archive.locale == Locale(encoding="UTF8")
    nothing = opened(b"CREATE TABLE t ();\n")
    assert (nothing.source_database, nothing.locale) == (None, None)


@pytest.mark.parametrize(
    ("options", "locale"),
    [
        (
            b"WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'en_US.UTF-8'",
            Locale("UTF8", "libc", "en_US.UTF-8", "en_US.UTF-8", "en_US.UTF-8"),
        ),
        (
            b"WITH TEMPLATE = template0 ENCODING = 'UTF8' LC_COLLATE = 'C' LC_CTYPE = 'C.UTF-8'",
            Locale("UTF8", None, None, "C", "C.UTF-8"),
        ),
        (
            b"WITH ENCODING = 'UTF8' LOCALE_PROVIDER = icu LOCALE = 'C' ICU_LOCALE = 'de-AT'"
            b" ICU_RULES = '&a < g' COLLATION_VERSION = '153.120'",
            Locale("UTF8", "icu", "de-AT", "C", "C", "&a < g", "153.120"),
        ),
        (
            b"WITH ENCODING = 'UTF8' LOCALE_PROVIDER = builtin LOCALE = 'C.UTF-8' BUILTIN_LOCALE = 'C'",
            Locale("UTF8", "builtin", "C", "C.UTF-8", "C.UTF-8"),
        ),
        (b"CONNECTION LIMIT = -1 ENCODING UTF8 LOCALE_PROVIDER 'ICU'", Locale("utf8", "icu")),
        (b"OWNER encoding", Locale()),
        (b"", Locale()),
    ],
)
def test_locale_of_a_database(options, locale):
    assert read_locale(b"CREATE DATABASE locale " + options + b";") == locale


def in_parts(*parts: bytes) -> tuple[Index, list[str | None]]:
    index = Index()
    reasons = []
    for number, text in enumerate(parts):
        index.begin_part(f"{number}.sql")
        index.lexer.feed(text)
        reasons.append(index.end_part())
    return index, reasons


def test_parts_are_one_text_to_the_index():
    parts = [
        b"\xef\xbb\xbfSET search_path = app;\nSET standard_conforming_strings = off;",
        b"INSERT INTO t VALUES ('\\';');\n",
        b"\xef\xbb\xbfINSERT INTO t VALUES (2)",
        b"COPY t FROM stdin;\n1\n\\.",
    ]
    index, reasons = in_parts(*parts)
    text = b"".join(parts)
    assert reasons == [None, None, "in 2.sql, the text ends inside a statement", None]
    assert index.section(None).tables == {"app.t": 2}
    for entry in index.entries:
        assert text[entry.offset : entry.offset + entry.length].endswith(b";")
        assert text.count(b"\n", 0, entry.offset) + 1 == entry.line


def test_a_series_does_not_go_on_in_the_next_part():
    one = b"INSERT INTO t VALUES (1);\n"
    index, _ = in_parts(one + b"INSERT INTO t VALUES (", one)
    assert [(entry.kind, entry.length) for entry in index.entries] == [("series", len(one) - 1)] * 2


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (b"SELECT 1", "the text ends inside a statement"),
        (b"COPY t FROM stdin;\n1\n", "the text ends inside the rows of public.t"),
        (b"-- PostgreSQL database dump\nSELECT 1;\n", "the footer of pg_dump is missing"),
        (b"-- PostgreSQL database cluster dump\nSELECT 1;\n", "the footer of pg_dumpall is missing"),
        (b"\\restrict a\nSELECT 1;\n", "the text ends before its \\unrestrict"),
    ],
)
def test_a_part_that_is_not_whole_does_not_lend_its_end_from_another(text, because):
    header, footer = (b"\n-- PostgreSQL database%s dump" + end for end in (b"", b" complete"))
    whole = b"".join(mark % form for mark in (header, footer) for form in (b"", b" cluster"))
    whole = b"\\restrict a" + whole + b"\n\\unrestrict a\n"
    assert in_parts(whole, text, whole)[1] == [None, f"in 1.sql, {because}", None]


@pytest.mark.parametrize("rows", [b"INSERT INTO %s VALUES (1);", b"COPY %s FROM stdin;\n1\n\\."])
def test_names_are_read_in_the_encoding_that_the_dump_sets(rows, opened):
    text = "SET client_encoding = 'EUC_JP';\nCREATE TABLE public.\"日本\" (a int);\n".encode("euc_jp")
    archive = opened(text + rows % 'public."日本"'.encode("euc_jp") + b"\n")
    assert archive.tables == {'public."日本"': 1}
