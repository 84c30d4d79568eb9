"""SQL text that is damaged, or made to be hard: the lexer, and what reads its statements."""

# ruff: noqa: E501 - tables of odd inputs read better with one a line

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import strategies as st

from fixtures.archive.index import Index
from fixtures.archive.inserts import cut
from fixtures.archive.lines import OtherWordsError, render
from fixtures.archive.series import statements
from fixtures.archive.source import CutError
from fixtures.archive.statements import describe
from fixtures.restore import shapes

from .mutating import damaged
from .watch import bounded

_PIECES = st.sampled_from(
    [b"'", b"''", b'"', b"$$", b"$a$", b"/*", b"*/", b"--", b"\\", b"\\.", b";", b";\n", b"(", b")", b",", b"), (",
     b"\n", b"\r\n", b"\t", b" ", b"\0", b"E'", b"e'", b"U&'", b"B'", b"N'", b"x", b"1", b"1e5", b"-", b"/", b"*",
     b"CREATE ", b"OR REPLACE ", b"FUNCTION f() ", b"BEGIN ATOMIC ", b"BEGIN;", b"CASE ", b"END ", b"TABLE ",
     b"INSERT INTO ", b"t ", b"VALUES ", b"VALUES (", b"COPY t FROM stdin;\n", b"SET ", b"= ", b"TO ", b"on", b"off",
     b"standard_conforming_strings ", b"client_encoding ", b"search_path ", b"'UTF8'", b"'EUC_JIS_2004'", b"'BIG5'",
     b"GRANT ", b"REVOKE ", b"ON ", b"ALTER ", b"DEFAULT ", b"COLUMN ", b"DROP ", b"CONSTRAINT ", b"COMMENT ",
     b"SELECT pg_catalog.", b"setval(", b"lo_create(", b"lo_open(", b"lowrite(0, ", b"set_config(", b"WITH ", b"AS ",
     b"ONLY ", b"public.", b'"a""b"', b"\xc3\xa4", b"\xff", b"\xef\xbb\xbf", b"\\connect ", b"\\restrict ", b"NULL",
     b"-- Dumped from database version ", b"9" * 30, b"-- Started on 2026-11-22 02:00:00 UTC\n", b"INDEX i ",
     b"PARTITION OF ", b"ATTACH PARTITION ", b"USING btree ", b"FOREIGN KEY ", b"REFERENCES ", b"UNIQUE ", b"ROLE "]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(_PIECES, min_size=1, max_size=40).map(b"".join),
    st.lists(st.one_of(_PIECES, st.binary(max_size=6)), max_size=30).map(b"".join),
    # The same words again and again are where scanning twice becomes scanning a million times.
    st.tuples(st.lists(_PIECES, min_size=1, max_size=4).map(b"".join), st.integers(1, 3000)).map(
        lambda made: made[0] * made[1]
    ),
)


def _indexed(text: bytes, sizes: list[int]) -> Index:
    """The text, fed in pieces of these sizes, over and over."""
    index = Index()
    at = turn = 0
    try:
        while at < len(text):
            size = sizes[turn % len(sizes)]
            index.lexer.feed(text[at : at + size])
            at, turn = at + size, turn + 1
    except CutError:
        pass
    index.end_part()
    return index


def _told(index: Index) -> list[tuple[object, ...]]:
    return [(one.kind, one.offset, one.length, one.tag, one.object, one.rows) for one in index.entries]


def _read(text: bytes) -> None:
    """Whatever else is read of a statement's text."""
    for standard in (True, False):
        said = describe(text, schema="public", standard_strings=standard)
        assert said.tag == said.tag.strip(" ")
    shapes.can_be_cut(text)
    shapes.freezing(text)
    shapes.names_in(text)
    shapes.index_build(text, schema="public")
    shapes.unique_build(text, schema="public")
    shapes.foreign_key(text, schema="public")
    shapes.for_database(text, source="source", ours=b'"ours"')
    cut(memoryview(text))
    with suppress(OtherWordsError):
        render(text)


@pytest.fixture(scope="session")
def texts(data) -> list[bytes]:
    names = ("small.sql", "schema.sql", "pg18.sql", "pg18-inserts.sql", "pg18-cluster.sql")
    whole = [(data / name).read_bytes() for name in names]
    # Few rows: what stands between them is where it can go wrong.
    return [*whole[:2], *(text[:6000] + text[-3000:] for text in whole[2:]), whole[2]]


def test_made_text_is_read(fuzz):
    def holds(made: tuple[bytes, list[int]]) -> None:
        text, sizes = made
        whole, pieces = _indexed(text, [len(text) or 1]), _indexed(text, sizes)
        if b"INSERT" not in text:  # of which the pieces say how many are one entry
            assert _told(whole) == _told(pieces)
        list(statements([text], standard_strings=True))

    sizes = st.lists(st.integers(1, 5000), min_size=1, max_size=4)
    fuzz(st.tuples(TEXTS, sizes), holds, few=150)


def test_damaged_text_is_read(texts, fuzz):
    fuzz(damaged(texts, words=True), lambda text: _indexed(text, [1 << 18]), few=60)


def test_a_made_statement_is_read(fuzz):
    fuzz(TEXTS, _read, few=150)


HARD = {
    "a comment in a comment": (b"/*", b"*/"),
    "comments that nothing ends": (b"SELECT 1 /* ", b""),
    "parentheses": (b"(", b")"),
    "brackets": (b"INSERT INTO t VALUES (", b")"),
    "quotes": (b"''", b""),
    "quotes that nothing ends": (b"\\'", b""),
    "names": (b'""', b""),
    "dollars": (b"$a", b""),
    "dollar quotes": (b"$a$ $b$", b""),
    "words": (b"x", b""),
    "lines of comment": (b"--\n", b""),
    "one line of comment": (b"--", b""),
    "a command": (b"\\x", b""),
    "backslashes": (b"\\\\", b""),
    "ends of rows": (b"COPY t FROM stdin;\n\\.\n", b""),
    "half ends of rows": (b"COPY t FROM stdin;\n\\.x\n", b""),
    "inserts": (b"INSERT INTO t VALUES (1);\n", b""),
    "inserts of odd strings": (b"INSERT INTO t VALUES (E'\\'', ');\n');\n", b""),
    "begin and end": (b"CREATE FUNCTION f() BEGIN ATOMIC ", b"END "),
    "commas": (b"DROP TABLE a, ", b""),
    "semicolons": (b";", b""),
    "slashes": (b"/", b""),
    "dots": (b"SELECT a.", b""),
    "carriage returns": (b"--\r", b""),
    "nothing": (b"\0", b""),
}


@pytest.mark.parametrize("hard", HARD)
def test_text_twice_as_long_takes_twice_as_long(hard, examples_of_size):
    """Each is read whole and in pieces, at its beginning, within a statement and within rows."""
    first, last = HARD[hard]
    for size in examples_of_size:
        _holds(first * (size // len(first + last)) + last * (size // len(first + last)))


def test_each_of_many_dollar_quotes_that_nothing_ends_has_a_name(examples_of_size):
    for size in examples_of_size:
        _holds(b" ".join(b"$a%d$" % number for number in range(size // 9)))


def _holds(body: bytes) -> None:
    seconds = 5 + 5 * len(body) // 1_000_000
    for before in (b"", b"SELECT ", b"WITH a ", b"INSERT INTO t VALUES (1, ", b"COPY t FROM stdin;\n"):
        with bounded(seconds=seconds):
            _indexed(before + body, [4096])
        with bounded(seconds=seconds):
            _read(before + body + b";")
