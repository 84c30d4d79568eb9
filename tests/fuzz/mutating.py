"""Bytes that are nearly right: a real dump with some of it flipped, cut, spliced, repeated, swapped or replaced."""

# ruff: noqa: E501 - tables of odd inputs read better with one a line

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Change = "Callable[[bytearray], None]"

# What a reader may take for a length, a count, an offset or a sign.
_ODD = st.sampled_from(
    [b"\0", b"\xff", b"\x7f", b"\x80", b"\x01", b"\0" * 4, b"\xff" * 4, b"\0\xff\xff\xff\x7f", b"\x01\x01\0\0\0",
     b"\0\0\0\0\x40", b"\xff" * 9, b"\0" * 64, b"9" * 5000, b"7" * 11]
)  # fmt: skip
# What ends or begins something in SQL, in COPY, in psql.
_WORDS = st.sampled_from(
    [b"'", b'"', b"$$", b"$a$", b"/*", b"*/", b"--", b"\\", b"\\.\n", b"\n\\.\n", b";", b"(", b")", b"\n", b"\r",
     b"\0", b"E'", b"U&'", b"BEGIN ATOMIC ", b"END;", b"COPY t FROM stdin;\n", b"\\connect x\n", b"\\restrict a\n",
     b"\\unrestrict a\n", b"INSERT INTO t VALUES (1);\n", b"SET standard_conforming_strings = off;\n",
     b"SET client_encoding = 'SJIS';\n", b"SET search_path = ", b"-- PostgreSQL database dump\n", b"::", b".",
     b"-- PostgreSQL database dump complete\n", b"\xef\xbb\xbf", b"\xc3", b"\xff", b"CREATE ", b"VALUES ", b"NULL"]
)  # fmt: skip
_PLACES = st.floats(0, 1, exclude_max=True)
# Headers are short, and all depends on them: half of all places lie there.
_NEAR = st.integers(0, 600)


def _at(content: bytearray, place: float) -> int:
    return int(place) % (len(content) + 1) if place >= 1 else int(place * len(content))


@st.composite
def changes(draw: st.DrawFn, *, others: Sequence[bytes], words: bool) -> Callable[[bytearray], None]:
    """One change. others: contents to take a piece of."""
    kind = draw(
        st.sampled_from(["flip", "odd", "odd", "cut", "cut end", "splice", "repeat", "swap", "bytes"])
    )
    one, two = (draw(st.one_of(_NEAR, _PLACES)) for _ in range(2))
    size = draw(st.one_of(st.integers(1, 16), st.sampled_from([512, 1000, 5000])))
    bit = draw(st.integers(0, 7))
    new = draw(st.one_of(_WORDS, _WORDS, _ODD) if words else _ODD if kind == "odd" else st.binary(max_size=8))
    other = draw(st.sampled_from(others)) if kind == "splice" else b""
    over = draw(st.booleans())

    def change(content: bytearray) -> None:
        at, to = _at(content, one), _at(content, two)
        if kind == "flip" and at < len(content):
            content[at] ^= 1 << bit
        elif kind == "cut":
            del content[at : at + size]
        elif kind == "cut end":
            del content[max(at, 8) :]
        elif kind == "splice":
            content[at : at + (size if over else 0)] = other[_at(bytearray(other), two) :][:size]
        elif kind == "repeat":
            content[at:at] = bytes(content[at : at + size]) * (1 + bit)
        elif kind == "swap":
            first, second = bytes(content[at : at + size]), bytes(content[to : to + size])
            content[at : at + size], content[to : to + size] = second, first
        else:
            content[at : at + (len(new) if over else 0)] = new

    return change


@st.composite
def damaged(draw: st.DrawFn, seeds: Sequence[bytes], *, words: bool = False) -> bytes:
    """One of the contents, changed in up to five ways. words: those of SQL, rather than numbers."""
    content = bytearray(draw(st.sampled_from(seeds)))
    for change in draw(st.lists(changes(others=seeds, words=words), min_size=1, max_size=5)):
        change(content)
    return bytes(content)
