"""On which days a backup should have been taken, and on which one was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.catalogue.regime.calendar import Days
from fixtures.catalogue.regime.schedule import OnSchedule
from plugins.errors import NothingToCheckError

from .regime import AT_TWO, DAY, NOW

TODAY = datetime(2026, 11, 25, 2, tzinfo=UTC)
EVERY_DAY = [TODAY - DAY * n for n in range(30)]


def on(taken, *, now=NOW, keep=7, since=None) -> OnSchedule:
    return OnSchedule(Days(AT_TWO), taken, now, keep, since)


def test_a_backup_every_day_is_on_schedule():
    found = on(EVERY_DAY)
    assert found.missing == []
    assert found.as_evidence() == {
        "schedule": "daily at 02:00 UTC",
        "first": "2026-11-19",
        "last": "2026-11-25",
        "missing": [],
    }


@given(st.lists(st.integers(0, 21 * 60), min_size=30, max_size=30))
def test_late_is_not_missing(minutes):
    late = [taken + timedelta(minutes=by) for taken, by in zip(EVERY_DAY, minutes, strict=True)]
    assert on(late, now=NOW.replace(hour=23, minute=59)).missing == []


@given(st.sets(st.integers(0, 6)))
def test_exactly_the_days_without_a_backup_are_missing(gone):
    taken = [at for n, at in enumerate(EVERY_DAY) if n not in gone]
    missing = sorted((TODAY - DAY * n).date() for n in gone)
    found = on(taken)
    assert found.missing == [f"no backup was taken on {day}" for day in missing]
    assert found.as_evidence()["missing"] == [day.isoformat() for day in missing]


def test_todays_is_missing_when_an_hour_has_passed():
    assert on(EVERY_DAY[1:], now=TODAY + timedelta(minutes=59)).missing == []
    assert on(EVERY_DAY[1:], now=TODAY + timedelta(hours=1)).missing == ["no backup was taken on 2026-11-25"]
    # One that is to come, as of then, does not count.
    assert on([TODAY + timedelta(hours=5), *EVERY_DAY[1:]], now=TODAY + timedelta(hours=2)).missing == [
        "no backup was taken on 2026-11-25"
    ]


def test_it_is_looked_back_as_far_as_the_regime_goes():
    taken = [TODAY, TODAY - DAY * 20]
    assert len(on(taken).missing) == 6
    assert len(on(taken, keep=30).missing) == 19
    assert len(on(taken, keep=30, since=date(2026, 11, 1)).missing) == 23
    assert on(taken, since=date(2026, 11, 25)).missing == []
    assert on([TODAY], keep=30).missing == []


def test_before_the_first_day_there_is_nothing_to_check():
    found = on(EVERY_DAY, since=date(2026, 11, 26))
    with pytest.raises(NothingToCheckError, match="2026-11-26"):
        _ = found.missing
    assert found.as_evidence()["first"] is None
