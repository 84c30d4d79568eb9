"""Digests of rows: anybody gets the same from the same rows, in any order, and no other from others."""

from __future__ import annotations

import tracemalloc

import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from fixtures.archive.digests import RowDigest

LINES = st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"").replace(b"\r", b"")))


def digest(*portions: bytes) -> str:
    made = RowDigest()
    for portion in portions:
        made.update(portion)
    return made.hexdigest()


@given(LINES, st.randoms(use_true_random=False), st.sampled_from([b"\n", b"\r\n"]))
def test_it_is_the_sum_over_the_rows_in_any_order_and_portions(lines, random, end):
    documented = sum(xxhash.xxh3_128_intdigest(line) for line in lines) % 2**128
    random.shuffle(lines)
    at = random.randrange(len(lines) + 1)
    portions = [b"".join(line + end for line in part) for part in (lines[:at], lines[at:])]
    assert digest(*portions) == f"{documented:032x}"


def test_rows_that_are_longer_than_any_portion():
    lines = [b"x" * 300_000, b"", b"y" * 131_072, b"z"]
    expected = sum(xxhash.xxh3_128_intdigest(line) for line in lines) % 2**128
    assert digest(b"".join(line + b"\n" for line in lines)) == f"{expected:032x}"


def test_a_row_longer_than_any_portion_with_a_carriage_return():
    lines = [b"x" * 300_000, b"y" * 300_000]
    expected = sum(xxhash.xxh3_128_intdigest(line) for line in lines) % 2**128
    assert digest(b"".join(line + b"\r\n" for line in lines)) == f"{expected:032x}"


def test_nothing_is_copied_of_a_row_that_is_long():
    line = bytearray(b"x") * 50_000_000 + b"\n"
    tracemalloc.start()
    try:
        digest(line)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000


def test_a_line_without_an_end_is_none():
    with pytest.raises(ValueError, match="has no end"):
        digest(b"x" * 300_000)


def test_the_function_is_the_one_that_is_documented():
    """XXH3-128 of nothing with seed 0, from the reference implementation."""
    assert digest(b"\n") == "99aa06d3014798d86001c324468d497f"
    assert digest() == "0" * 32


@pytest.mark.parametrize("other", [b"a\nb\n", b"a\nb\nb\nb\n", b"a\nb\nB\n", b"ab\nb\n", b"a\nb\nb\n\n"])
def test_a_lost_doubled_or_changed_row_is_told(other):
    assert digest(other) != digest(b"a\nb\nb\n")


def test_a_carriage_return_is_data_where_lines_do_not_end_with_it():
    documented = sum(map(xxhash.xxh3_128_intdigest, (b"a", b"b\r"))) % 2**128
    assert digest(b"a\nb\r\n") == f"{documented:032x}"
    assert digest(b"a\nb\r\n") != digest(b"a\nb\n")


def test_each_block_has_line_ends_of_its_own():
    made = RowDigest()
    for block in (b"c\n", b"a\r\nb\r\n", b"d\n"):
        made.begin()
        made.update(block)
    assert made.hexdigest() == digest(b"a\nb\nc\nd\n")
