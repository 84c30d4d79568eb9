"""Parts that are fetched side by side and read in order."""

from __future__ import annotations

import threading

import pytest

from fixtures.places.ranges import in_order

BODY = bytes(range(250)) * 4


def fetch(start: int, stop: int, _unwanted: threading.Event) -> bytes:
    return BODY[start:stop]


@pytest.mark.parametrize("part_bytes", [1, 7, 999, 1000, 1001])
def test_all_comes_in_order(part_bytes):
    assert b"".join(in_order(len(BODY), fetch, part_bytes=part_bytes)) == BODY


def test_nothing_is_asked_for_nothing():
    assert list(in_order(0, None)) == []


def test_the_last_may_come_before_the_first():
    came = threading.Event()

    def backwards(start: int, stop: int, unwanted: threading.Event) -> bytes:
        if start == 0:
            assert came.wait(60)
        if start == 750:
            came.set()
        return fetch(start, stop, unwanted)

    assert b"".join(in_order(len(BODY), backwards, part_bytes=250, connections=4)) == BODY


def test_no_more_is_held_than_was_said():
    begun: list[int] = []

    def counting(start: int, stop: int, unwanted: threading.Event) -> bytes:
        begun.append(start)
        return fetch(start, stop, unwanted)

    parts = in_order(len(BODY), counting, part_bytes=10, connections=3)
    for read in range(1, 101):
        next(parts)
        assert len(begun) <= read + 2


def test_what_goes_wrong_with_a_part_is_raised_where_it_would_be_read():
    def breaks(start: int, stop: int, unwanted: threading.Event) -> bytes:
        if start == 500:
            raise ValueError("that part")
        return fetch(start, stop, unwanted)

    parts = in_order(len(BODY), breaks, part_bytes=250)
    assert b"".join([next(parts), next(parts)]) == BODY[:500]
    with pytest.raises(ValueError, match="that part"):
        next(parts)


def test_who_stops_reading_waits_for_nobody():
    told = threading.Event()
    ended: list[int] = []

    def silent(start: int, stop: int, unwanted: threading.Event) -> bytes:
        if start:
            unwanted.wait(10)
            told.wait(10)
            ended.append(start)
        return fetch(start, stop, unwanted)

    parts = in_order(len(BODY), silent, part_bytes=250)
    assert next(parts) == BODY[:250]
    parts.close()
    assert ended == []
    told.set()
