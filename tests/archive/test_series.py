"""Statements that bring rows are one entry, however many they are, and come out of it one by one."""

from __future__ import annotations

import tracemalloc

import pytest

from fixtures.archive import EntryKind
from fixtures.archive.index import Index

ONE = b"INSERT INTO a.t VALUES (1, 'x');\n"


def kinds(archive) -> list[tuple]:
    return [(entry.kind, entry.tag, entry.object, entry.rows) for entry in archive.entries]


@pytest.mark.parametrize(
    "between",
    [
        b"",
        b"\n\n-- a comment; INSERT\n/* another ; */\n;\n",
        b"INSERT INTO a.t (x) VALUES (1), (now()), ((2));\n",
        b"INSERT INTO a.t DEFAULT VALUES;",
    ],
)
def test_inserts_into_one_table_are_one_series(between, opened):
    archive = opened(b"SET a = 1;\n" + ONE + between + ONE + b"SET b = 1;\n")
    assert [entry.kind for entry in archive.entries] == ["statement", "series", "statement"]
    series = archive.entries[1]
    assert archive.tables == {"a.t": series.rows}
    assert series.rows == 2 + between.count(b"(") - between.count(b"((") - between.count(b"(x") or 3
    assert (series.tag, series.object, series.section, series.line) == ("INSERT", "a.t", "data", 2)
    assert archive.text(series) == (ONE + between + ONE).strip()
    found = list(archive.statements(series, chunk_bytes=7))
    assert (found[0], found[-1]) == (ONE.strip(), ONE.strip())
    assert len(found) == (archive.text(series) + b"\n").count(b"VALUES")


@pytest.mark.parametrize(
    "between",
    [
        b"SET x = 1;\n",
        b"INSERT INTO a.u VALUES (1);\n",
        b"INSERT INTO a.t SELECT 1;\n",
        b"SELECT pg_catalog.setval('s', 1);\n",
        b"\\restrict x\n\\unrestrict x\n",
        b"COPY a.t FROM stdin;\n1\n\\.\n",
        b"SELECT 1 \\gexec\n",
        b"\\connect other\n",
    ],
)
def test_anything_else_ends_a_series(between, opened):
    archive = opened(ONE + between + ONE, database="other" if b"connect" in between else None)
    series = [entry for entry in archive.entries if entry.kind is EntryKind.SERIES and entry.object == "a.t"]
    assert [archive.text(entry) for entry in series] == [ONE.strip()] * 2


def test_one_statement_is_a_series_and_a_query_is_none(opened):
    assert kinds(opened(ONE + b"INSERT INTO a.t SELECT 1;\n")) == [
        ("series", "INSERT", "a.t", 1),
        ("statement", "INSERT", "a.t", 0),
    ]


def test_an_unquoted_name_means_the_table_of_the_search_path(opened):
    archive = opened(b"INSERT INTO t VALUES (1);\nINSERT INTO public.t VALUES (2);\n")
    assert kinds(archive) == [("series", "INSERT", "public.t", 2)]


def test_statements_keep_the_meaning_of_their_backslashes(opened):
    off = b"SET standard_conforming_strings = off;\n"
    texts = [b"INSERT INTO t VALUES ('a\\';b');", b"INSERT INTO t VALUES ('\\\\'), ('c');"]
    archive = opened(off + b"\n".join(texts) + b"\nSET standard_conforming_strings = on;\n" + ONE)
    series = archive.entries[1]
    assert (series.rows, series.standard_strings) == (3, False)
    assert list(archive.statements(series)) == texts
    assert archive.entries[-1].standard_strings


WRITES = (
    b"SELECT pg_catalog.lo_open('1', 131072);\nSELECT pg_catalog.lowrite(0, '\\x00');\n\n"
    b"SELECT pg_catalog.lo_close(0);\n"
)


def test_large_objects_keep_their_transaction(opened):
    archive = opened(b"BEGIN;\n\n" + WRITES + WRITES + b"\nCOMMIT;\n\nBEGIN;\n" + WRITES + b"COMMIT;\n")
    assert kinds(archive) == [("series", "SELECT", "large objects", 0)] * 2
    found = list(archive.statements(archive.entries[0]))
    assert (found[0], len(found), found[-1]) == (b"BEGIN;", 8, b"COMMIT;")
    assert [entry.line for entry in archive.entries] == [1, 14]


@pytest.mark.parametrize("behind", [b"", b"SET x = 1;\nCOMMIT;\n"])
def test_a_transaction_that_is_not_only_theirs_stays_as_it_stands(behind, opened):
    archive = opened(b"BEGIN;\n" + WRITES + behind)
    assert [(kind, tag) for kind, tag, *_ in kinds(archive)][:2] == [
        ("statement", "BEGIN"),
        ("series", "SELECT"),
    ]
    assert next(archive.statements(archive.entries[1])).startswith(b"SELECT pg_catalog.lo_open")


def test_large_objects_and_their_owners_are_one_series(opened):
    one = b"SELECT pg_catalog.lo_create('%d');\nALTER LARGE OBJECT %d OWNER TO keeper;\n"
    archive = opened(b"".join(one % (number, number) for number in range(50)))
    assert kinds(archive) == [("series", "SELECT", "large objects", 0)]
    assert len(list(archive.statements(archive.entries[0]))) == 100
    assert archive.roles_named == {"keeper"}


def test_other_functions_of_that_name_are_no_writing(opened):
    archive = opened(b"SELECT lo_export(1, '/tmp/x');\nSELECT lo_unlink(1);\nSELECT lower('X');\n")
    assert {kind for kind, *_ in kinds(archive)} == {"statement"}


@pytest.mark.parametrize("line", [ONE, b"INSERT INTO a.t VALUES (E'\\\\', now());\n"])
def test_memory_does_not_grow_with_the_rows(line):
    def peak(count: int) -> int:
        index = Index()
        chunk = line * (60_000 // len(line))
        tracemalloc.start()
        for _ in range(count):
            index.lexer.feed(chunk)
        index.end_part()
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert index.section(None).counted == {"a.t": count * (60_000 // len(line))}
        return used

    peak(1)
    assert peak(20) < 1.2 * peak(2)
