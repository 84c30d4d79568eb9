"""The lexer cuts where psql would, whatever the text holds and however it comes in chunks."""

from __future__ import annotations

import re
import tracemalloc
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fixtures.archive.inserts import cut as split
from fixtures.archive.lexer import Lexer
from fixtures.archive.sink import Place
from fixtures.archive.source import CutError
from fixtures.archive.statements import describe
from fixtures.archive.values import table_name


@dataclass
class Cuts:
    """A sink that writes down what it is told. COPY ... stdin announces rows, as psql's server would."""

    text: bytes = b""
    pieces: list = field(default_factory=list)
    held: bytearray = field(default_factory=bytearray)
    places: list = field(default_factory=list)
    lexer: Lexer | None = None

    def comment(self, line):
        self.pieces.append(("comment", line))

    def statement(self, text, place):
        assert self._at(place) == text
        self.pieces.append(("statement", text, place.line))
        if b"standard_conforming_strings" in text:
            self.lexer.standard_strings = b"= on" in text
        return text.upper().startswith(b"COPY") and b"STDIN" in text.upper()

    def inserts(self, text, table, rows, place):
        assert self._at(place) == text
        line, at, counted = place.line, 0, 0
        for statement in split(text):
            found = bytes(text).index(statement, at)
            line += bytes(text).count(b"\n", at, found)
            self.statement(statement, Place(place.offset + found, len(statement), line))
            line += statement.count(b"\n")
            at = found + len(statement)
            said = describe(statement, schema=None, standard_strings=self.lexer.standard_strings)
            assert said.object == table_name(table, None)
            counted += said.rows
        assert (at, counted) == (len(text), rows)

    def _at(self, place):
        self.places.append(place)
        return self.text[place.offset : place.offset + place.length]

    def rows(self, lines):
        assert bytes(lines[-1:]) == b"\n"
        self.held += lines
        return bytes(lines).count(b"\n")

    def end_of_rows(self, rows, place, *, ended):
        assert self._at(place) == bytes(self.held)
        self.pieces.append(("rows", bytes(self.held), rows, ended))
        self.held.clear()

    def command(self, text, place):
        assert self._at(place) == text
        self.pieces.append(("command", text, place.line))

    def refused(self, place):
        self.pieces.append(("refused", self._at(place), place.line))


def cut(text: bytes, size: int = 1 << 20) -> tuple[list, str | None]:
    """The pieces of a text that comes in chunks of `size` bytes."""
    sink = Cuts(text)
    sink.lexer = lexer = Lexer(sink)
    for at in range(0, len(text), size):
        lexer.feed(text[at : at + size])
    return sink.pieces, lexer.finish()


def gaps(text: bytes) -> tuple[list[bytes], str | None, bytes]:
    """What is left of a text around its pieces, comments with it, which have no place.

    With it what the text stopped inside of, and a statement that sets what it had set to the end.
    """
    sink = Cuts(text)
    sink.lexer = lexer = Lexer(sink)
    lexer.feed(text)
    stopped = lexer.finish()
    left, at = [], 0
    # Statements that are told together have a place together, too.
    for place in sorted(sink.places, key=lambda place: (place.offset, -place.length)):
        if place.offset + place.length > at:
            assert place.offset >= at
            left.append(text[at : place.offset])
            at = place.offset + place.length
    setting = b"SET standard_conforming_strings = %s;" % (b"on" if lexer.standard_strings else b"off")
    return [*left, text[at:]], stopped, setting


def without_what_says_nothing(gap: bytes) -> bytes:
    """From the first byte on that is no blank, comment, end mark or empty statement."""
    at = 0
    while match := _SAYS_NOTHING.match(gap, at):
        at = match.end()
        depth = int(match.group() == b"/*")
        while depth:
            mark = re.compile(rb"/\*|\*/").search(gap, at)
            if not mark:
                return gap[match.start() :]
            depth += 1 if mark.group() == b"/*" else -1
            at = mark.end()
    return gap[at:]


_SAYS_NOTHING = re.compile(rb"[\s\0]+|;|--[^\r\n]*|\\\.(?=\s|\Z)|/\*")


def statements(text: bytes) -> list[bytes]:
    pieces, stopped = cut(text)
    assert stopped is None
    return [piece[1] for piece in pieces if piece[0] == "statement"]


ONE_STATEMENT = {
    "semicolon in a string": b"SELECT 'a;b';",
    "doubled quote": b"SELECT 'it''s; fine';",
    "backslash in a standard string": b"SELECT 'a\\', ';';",
    "escape string": b"SELECT E'it\\'s; fine';",
    "escape string, lower case, doubled": b"SELECT e'a''b\\\\', ';';",
    "string after the line end behind an escape string": b"SELECT E'a\\';'\n  'b\\';",
    "identifier that ends with e": b"SELECT name'x\\';",
    "quoted name": b'SELECT "a;b""c;";',
    "unicode string": b"SELECT U&'d\\0061t;a', U&\"x;\";",
    "dollar quote": b"SELECT $$ ; ' \" $$;",
    "tagged dollar quote": b"DO $a$ BEGIN; $b$ ; $b$ $ $a ; $a$;",
    "dollar in a name": b"SELECT a$b$c, d$b$e;",
    "parameter": b"SELECT $1, $2;",
    "line comment": b"SELECT 1 -- it's; not over\n;",
    "nested comments": b"SELECT /* ; /* ' ; */ \" ; */ 1;",
    "stars in a comment": b"SELECT /***** ; ****/ 1;",
    "operators that look like comments": b"SELECT 2 - -1, 4 / 2, a->>'x;y', '-' - 1;",
    "parentheses": b"CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); DELETE FROM b;);",
    "atomic body": b"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;",
    "case in an atomic body": (
        b"CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql\nBEGIN ATOMIC\n"
        b" SELECT CASE WHEN a > 1 THEN 2 ELSE (CASE WHEN true THEN 3 END) END; SELECT 2;\nEND;"
    ),
    "comment before the kind": b"CREATE /* OR */ PROCEDURE -- x\n p() begin atomic; select 1; end;",
    "copy in a function's body": b"CREATE FUNCTION f() AS $$\nCOPY x FROM stdin;\n1\n\\.\n$$ LANGUAGE sql;",
    "backslash in a body": b"CREATE FUNCTION f() AS $$\n\\connect x\n$$;",
    "long": b"INSERT INTO t VALUES ('" + b"x" * 3_000_000 + b"');",
    "many rows": b"INSERT INTO t VALUES " + b"(1, 'a;b', (2), E'\\''),\n" * 5000 + b"(2);",
    "deep": b"SELECT " + b"(" * 500 + b"';'" + b")" * 500 + b";",
    "not ascii": "SELECT 'é;', \"b\u0131g\u0131nt;\", größe;".encode(),
    "words that only look like an atomic body": b'CREATE TABLE begin_end ("case" int, endless int);',
}


@pytest.mark.parametrize("text", ONE_STATEMENT.values(), ids=ONE_STATEMENT.keys())
def test_one_statement_is_not_cut(text):
    assert statements(text + b"\nSELECT 'next';\n") == [text, b"SELECT 'next';"]


def test_begin_outside_of_a_routine_does_not_open_a_body():
    assert statements(b"BEGIN; SELECT 1; END; BEGIN; COMMIT;") == [
        b"BEGIN;", b"SELECT 1;", b"END;", b"BEGIN;", b"COMMIT;",
    ]  # fmt: skip


def test_nonstandard_strings_take_backslashes():
    text = b"SET standard_conforming_strings = off;\nSELECT 'a\\';b';\nSELECT 1;"
    assert statements(text)[1:] == [b"SELECT 'a\\';b';", b"SELECT 1;"]


def test_byte_order_mark_and_carriage_returns():
    pieces, stopped = cut(
        b"\xef\xbb\xbfSELECT 1;\r\nCOPY t FROM stdin;\r\n1\ta\r\n2\tb\r\n\\.\r\nSELECT 2;\r\n"
    )
    assert stopped is None
    assert pieces == [
        ("statement", b"SELECT 1;", 1),
        ("statement", b"COPY t FROM stdin;", 2),
        ("rows", b"1\ta\r\n2\tb\r\n", 2, True),
        ("statement", b"SELECT 2;", 6),
    ]


def test_rows_may_look_like_anything():
    rows = b"-- not a comment\n\\\\.\n\\.x\n \\.\n\\N\n\\connect x\nCOPY y FROM stdin;\n$$ ' \"\n\n"
    pieces, stopped = cut(b"COPY t FROM stdin;\n" + rows + b"\\.\n-- PostgreSQL database dump complete\n")
    assert stopped is None
    assert pieces[1:] == [("rows", rows, 9, True), ("comment", b"-- PostgreSQL database dump complete")]


def test_no_rows():
    pieces, stopped = cut(b"COPY t FROM stdin;\n\\.\nSELECT 1;")
    assert pieces[1:] == [("rows", b"", 0, True), ("statement", b"SELECT 1;", 3)]
    assert stopped is None


class Watched(bytearray):
    """The lexer's buffer, which counts the bytes that are searched from behind."""

    searched = 0

    def rfind(self, what, start=0, end=None):
        Watched.searched += len(self) - start
        return super().rfind(what, start, len(self) if end is None else end)


def test_a_row_of_many_chunks_is_looked_through_once():
    """200 MB in one value took a minute."""
    cuts = Cuts()
    cuts.lexer = lexer = Lexer(cuts)
    lexer._buffer.data = Watched()
    cuts.text = b"COPY t FROM stdin;\n" + b"x" * 1_000_000 + b"\nshort\n\\.\n"
    for at in range(0, len(cuts.text), 1000):
        lexer.feed(cuts.text[at : at + 1000])
    assert lexer.finish() is None
    assert Watched.searched < 1.1 * len(cuts.text)


def test_rows_that_are_cut_off_count_as_far_as_they_are_whole():
    pieces, stopped = cut(b"COPY t FROM stdin;\n1\n2\n3 is cu")
    assert pieces[1:] == [("rows", b"1\n2\n", 2, False)]
    assert stopped == "the rows"


def test_what_stands_behind_a_copy_on_its_line_is_refused():
    pieces, _ = cut(b"COPY t FROM stdin; DROP TABLE x;\n1\n\\.\n")
    assert pieces[1:] == [("refused", b" DROP TABLE x;", 1), ("rows", b"1\n", 1, True)]


def test_commands_stand_alone_and_never_hide_in_a_statement():
    pieces, stopped = cut(b"\\restrict abc\nSELECT 1 \\gexec\n\\! rm -rf x\nSELECT 2\\;\nSELECT 3;\n\\.\n")
    assert stopped is None
    assert pieces == [
        ("command", b"\\restrict abc", 1),
        ("refused", b"SELECT 1 \\gexec", 2),
        ("command", b"\\! rm -rf x", 3),
        ("refused", b"SELECT 2\\;", 4),
        ("statement", b"SELECT 3;", 5),
        ("command", b"\\.", 6),
    ]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        (b"SELECT 1", "a statement"),
        (b"SELECT 'a;", "a statement"),
        (b"SELECT $x$ ; $x", "a statement"),
        (b"SELECT (1;", "a statement"),
        (b"SELECT E'\\", "a statement"),
        (b"CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;", "a statement"),
        (b"SELECT 1; /* ", "a comment"),
        (b"SELECT 1; -- done", None),
        (b"SELECT 1;\n\n  ", None),
    ],
)
def test_where_the_text_stops(text, inside):
    assert cut(text)[1] == inside


TOKENS = st.sampled_from(
    [
        *(b"' '' \" $$ $a$ $ E' U&' \\ \\. ; ( ) -- - /* */".split(b" ")),
        *(b"/ * , a e E 1 q$r$s \xef\xbb\xbf \xc4\xb1 \0 END;".split(b" ")),
        *(b" ", b"\n", b"\r\n", b"\\.\n", b"\n\\.\n", b"1\t2\n", b"\\connect x\n"),
        *(b"begin ", b"atomic ", b"case ", b"end", b"CREATE ", b"OR REPLACE ", b"FUNCTION ", b"PROCEDURE "),
        *(b"COPY t FROM stdin;\n", b"COPY t FROM stdin;", b"SET standard_conforming_strings = off;"),
        b"INSERT INTO t VALUES (1, 'x'), ((2), E'\\'');",
    ]
)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TOKENS, max_size=40).map(b"".join), st.integers(1, 9))
@example(b"COPY t FROM stdin;\n\\.\r\n", 1)
@example(b"select a$b$;c$b$;", 1)
def test_chunks_do_not_matter(text, size):
    assert cut(text, size) == cut(text)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TOKENS, max_size=60).map(b"".join))
@example(b"SELECT $$ ; $$;\n/* /* ; */ */ DO $a$ ; $a$;\n\\x\nSELECT '\n")
def test_nothing_is_lost(text):
    """What is no piece is blank, a block comment, an end mark, an empty statement or a cut-off end."""
    pieces, _ = cut(b"SELECT 1;" + text)
    assert pieces[0] == ("statement", b"SELECT 1;", 1)
    (*between, last), stopped, setting = gaps(b"SELECT 1;" + text)
    assert [gap for gap in between if without_what_says_nothing(gap)] == []
    end = without_what_says_nothing(last)
    if stopped == "the rows":
        assert b"\n" not in last.removeprefix(b"\n")
    elif stopped == "a comment":
        assert end.startswith(b"/*")
    elif stopped == "a statement":
        # One that is cut off, and not several of which the first were lost.
        assert end
        assert cut(setting + end) == ([("statement", setting, 1)], stopped)
    else:
        assert not end


@pytest.mark.parametrize(
    ("begin", "more", "what"),
    [
        (b"SELECT 1;\nDO $x$ begin end $;\n", b"SELECT ';';\n", "a statement that begins on line 2"),
        (b"SELECT 1;\nINSERT INTO t VALUES ('", b"); (1),\n\t(", "a statement that begins on line 2"),
        (b"COPY t FROM stdin;\n1\n", b"2\t", "a row that begins on line 3"),
        (b"SELECT 1;\n\n-- ", b"no end ", "a line that begins on line 3"),
    ],
)
def test_memory_ends_where_a_server_would_take_no_more(begin, more, what, monkeypatch):
    monkeypatch.setattr("fixtures.archive.lexer.MOST_BYTES", 1 << 20)
    fed = 0

    def feed_all():
        nonlocal fed
        for chunk in (begin, *[more * (60_000 // len(more))] * 300):
            fed += len(chunk)
            lexer.feed(chunk)

    sink = Cuts(begin)
    sink.lexer = lexer = Lexer(sink)
    tracemalloc.start()
    try:
        with pytest.raises(CutError) as raised:
            feed_all()
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert raised.value.because == f"{what} does not end within 1 GiB, the most that a server takes"
    assert (1 << 20) < fed < (2 << 20)
    assert peak < 4 << 20
    assert held < 1 << 18
    assert lexer.finish() == ("the rows" if "row" in what else "a statement")
    assert lexer.end[0] == fed
    assert len(sink.pieces) == (2 if "row" in what else 1)


def test_a_statement_that_a_server_takes_is_taken(monkeypatch):
    text = b"SELECT '" + b"x" * 5000 + b"';\n"
    monkeypatch.setattr("fixtures.archive.lexer.MOST_BYTES", len(text))
    pieces, stopped = cut(text * 20, 100)
    assert (len(pieces), stopped) == (20, None)


def test_why_a_text_is_cut_there_is_said(opened, monkeypatch):
    monkeypatch.setattr("fixtures.archive.lexer.MOST_BYTES", 1 << 20)
    archive = opened(b"CREATE TABLE t (a int);\nDO $x$ $;\n" + b"INSERT INTO t VALUES (1);\n" * 90_000)
    assert archive.incomplete_because == (
        "a statement that begins on line 2 does not end within 1 GiB, the most that a server takes"
    )
    assert archive.tables == {"public.t": 0}
