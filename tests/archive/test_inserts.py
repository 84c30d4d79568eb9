"""Plain INSERT statements are taken many at a time, and say what they say when taken byte by byte."""

from __future__ import annotations

from contextlib import nullcontext
from unittest import mock

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fixtures.archive.index import Index
from fixtures.archive.inserts import Inserts, cut
from fixtures.archive.series import statements

WORDS = st.sampled_from(
    [
        *(b"INSERT INTO t VALUES (1);\n", b"INSERT INTO t VALUES ('a', NULL);\n"),
        *(
            b"INSERT INTO t VALUES (",
            b'INSERT INTO "T" ("a b", c) VALUES\n\t(',
            b"INSERT INTO s.t (a) VALUES (",
        ),
        *(b");\n", b"),\n\t(", b"), (", b");\r\n", b"); ", b") ON CONFLICT DO NOTHING;\n"),
        *(b"'", b"''", b"E'", b"\\", b"\\'", b";", b"(", b")", b",", b"--", b"-- x\n", b"/*", b"*/", b'"'),
        *(b"$$", b"$a$", b"now()", b"ARRAY[1]", b"-1.5e+10", b"true", b"B'01'", b"U&'", b" ", b"\n", b"\x01"),
        *(b"SET standard_conforming_strings = off;\n", b"\\connect x\n", b"BEGIN;\n", b"COMMIT;\n"),
        *("'é'".encode(), b"'INSERT INTO t VALUES (1);\nINSERT INTO t VALUES ('", b"COPY t FROM stdin;\n"),
    ]
)
PLAIN = b"INSERT INTO t VALUES (1, 'x;y', NULL);\n"


def indexed(text: bytes, *, size: int = 1 << 18, at_once: bool = True) -> tuple:
    index = Index()
    with nullcontext() if at_once else mock.patch.object(Inserts, "begin", return_value=False):
        for at in range(0, len(text), size):
            index.lexer.feed(text[at : at + size])
        because = index.end_part()
    held = index.section(None)
    return index.entries, because, held.counted, held.uncounted, held.digests


PLAIN_VALUES = st.sampled_from(
    [b"1", b"-1.5e+10", b"NULL", b"''", b"'x'", b"'it''s; (odd)'", b"'\\'", b"B'01'", b"'), ('"]
)
VALUES = PLAIN_VALUES | st.sampled_from(
    [
        *(
            b"E'\\''",
            b"e'a\\', ('",
            b"-- ' (\n1",
            b"/* ', */ 1",
            b"$$ ' $$",
            b'"\'"',
            b"(1)",
            b"now()",
            b"U&'x'",
        ),
        *(
            b"1), foo(2",
            b"');\nINSERT INTO t VALUES ('",
            b"'a\\'', ('",
            b"\x01",
            b"1;",
            b"1);\nSELECT (1",
            b"\\",
        ),
    ]
)
HEADS = st.sampled_from([b"INSERT INTO t VALUES ", b'INSERT INTO "T" ("a b", c) VALUES\n\t'])


@st.composite
def inserts(draw) -> bytes:
    """Statements, most of them plain, and here and there a value that is not."""
    text = b"SET standard_conforming_strings = off;\n" if draw(st.integers(0, 3)) == 0 else b""
    for _ in range(draw(st.integers(1, 5))):
        between = draw(st.sampled_from([b",\n\t", b", ", b","]))
        values = VALUES if draw(st.integers(0, 2)) == 0 else PLAIN_VALUES
        rows = draw(st.lists(st.lists(values, min_size=1, max_size=3), min_size=1, max_size=4))
        text += draw(HEADS) + between.join(b"(" + b", ".join(row) + b")" for row in rows) + b";\n"
    return text


TEXTS = inserts() | st.lists(WORDS, max_size=30).map(b"".join)


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, st.integers(1, 60), st.booleans())
@example(PLAIN + b"INSERT INTO t VALUES (1), now(2);\n", 1 << 18, True)
@example(b"INSERT INTO t VALUES (1), (2),\nfoo(3);\n", 34, False)
@example(PLAIN + b"INSERT INTO t VALUES (1)\x01(2);\n", 1 << 18, True)
@example(PLAIN + b"INSERT INTO t VALUES ('" + b");\n" * 9 + b"'), (now());\n", len(PLAIN) + 53, False)
@example(PLAIN + b"INSERT INTO t VALUES (1 --'\n), (2 --'\n);\n", 1 << 18, True)
@example(PLAIN + b"INSERT INTO t VALUES (E'\\'', ';', ');\nINSERT INTO t VALUES (');\n", 1 << 18, True)
def test_entries_are_the_same_at_once_byte_by_byte_and_in_any_chunks(text, size, plain_before):
    text = PLAIN * plain_before + text
    slowly = indexed(text, at_once=False)
    assert indexed(text) == slowly
    assert indexed(text, size=size) == slowly


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, st.integers(1, 60))
@example(b"INSERT INTO t VALUES (');\nINSERT INTO t VALUES (');\n" + PLAIN, 9)
def test_statements_of_a_series_are_the_same_at_once_and_byte_by_byte(text, size):
    found = list(statements([PLAIN + text], standard_strings=True))
    chunks = [(PLAIN + text)[at : at + size] for at in range(0, len(PLAIN + text), size)]
    assert list(statements(chunks, standard_strings=True)) == found
    with mock.patch.object(Inserts, "begin", return_value=False):
        assert list(statements([PLAIN + text], standard_strings=True)) == found


@pytest.mark.parametrize("width", [1, 10_000])
@pytest.mark.parametrize("head", [b"INSERT INTO t VALUES ", b'INSERT INTO "s"."T" ("a", "b c") VALUES\n\t'])
def test_plain_statements_of_any_size_never_come_to_the_reader_of_statements(head, width):
    rows = [b"(%d, '(;''%s);\n', NULL)" % (number, b"x'',\n" * width) for number in range(12)]
    text = head + b",\n\t".join(rows) + b";\n" + b"".join(head + row + b";\n" for row in rows)
    with mock.patch("fixtures.archive.index.describe", side_effect=AssertionError):
        entries, because, counted, *_ = indexed(text)
    assert because is None
    assert list(counted.values()) == [24]
    assert [(entry.kind, entry.rows, entry.length) for entry in entries] == [("series", 24, len(text) - 1)]


def test_code_in_a_string_is_cut_once_and_not_once_more_for_each_line_of_it():
    """Lines that end as statements do: to look at all that is held at each of them would take hours."""
    long = b"INSERT INTO t VALUES (1, '" + b"call(x);\n" * 1_000_000 + b"');"
    short = b"INSERT INTO t VALUES (2, ');\n');"
    assert cut(memoryview(b"\n".join([short, long, short]))) == [short, long, short]
