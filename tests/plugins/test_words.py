"""Measurements in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from plugins.words import counted, duration, instant, listed, size, visible


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (0.42, "0.4 s"),
        (9.94, "9.9 s"),
        (12, "12 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (3_600, "1 h"),
        (78_600, "21 h 50 min"),
        (86_400 * 3 + 3_600 * 4 + 60 * 5 + 59, "3 d 4 h"),
        (-200, "minus 3 min 20 s"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds, words):
    assert duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 kB"),
        (412_000, "412 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (1_300_000_000, "1.3 GB"),
        (2_500_000_000_000, "2.5 TB"),
    ],
)
def test_a_size_has_a_decimal_unit(count, words):
    assert size(count) == words


@pytest.mark.parametrize(("number", "words"), [(0, "0 rows"), (1, "1 row"), (13_248, "13,248 rows")])
def test_one_thing_is_no_plural(number, words):
    assert counted(number, "row") == words


def test_of_many_names_a_sentence_has_three():
    assert listed(f"t{n}" for n in range(3)) == "t0, t1, t2"
    assert listed(f"t{n}" for n in range(2_003)) == "t0, t1, t2 and 2,000 more"


def test_an_instant_is_in_utc():
    assert instant(datetime(2026, 11, 22, 2, 0, 59, tzinfo=UTC)) == "2026-11-22 02:00 UTC"
    east = timezone(timedelta(hours=2))
    assert instant(datetime(2026, 11, 22, 1, 0, tzinfo=east)) == "2026-11-21 23:00 UTC"


def test_what_a_terminal_would_obey_is_told_by_its_number():
    assert visible("Zürich\x1b[2J\ud800\n\u202e") == "Zürich\\x1b[2J\\ud800\\n\\u202e"
