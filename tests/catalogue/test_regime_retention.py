"""Which days, weeks and months must hold a backup, and which do: odd days, and any calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fixtures.catalogue.regime.calendar import Days, Kind, slot_of
from fixtures.catalogue.regime.retention import beyond
from plugins.errors import NothingToCheckError
from plugins.plan import Daily

from .regime import AT_TWO, DAY, NOW, backup, daily, kept

YEAR = daily(datetime(2025, 11, 1, 2, tzinfo=UTC), datetime(2026, 11, 25, 2, tzinfo=UTC))
POLICY = {"daily": 7, "weekly": 4, "monthly": 12}


def names(slots) -> list[str]:
    return [slot.name for slot in slots]


def red(backups, **options) -> set[str]:
    """The kinds of slots with one missing."""
    return {kind for kind, keep in POLICY.items() if kept(kind, keep, backups, **options).missing}


# Slots


@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "name"),
    [
        ("daily", "2026-11-22", "2026-11-22", "2026-11-22", "2026-11-22"),
        ("weekly", "2026-11-22", "2026-11-16", "2026-11-22", "2026-W47"),
        # 2026 has 53 weeks, and its last ends in 2027; 2024 ends within the first week of 2025.
        ("weekly", "2027-01-03", "2026-12-28", "2027-01-03", "2026-W53"),
        ("weekly", "2027-01-04", "2027-01-04", "2027-01-10", "2027-W01"),
        ("weekly", "2024-12-30", "2024-12-30", "2025-01-05", "2025-W01"),
        ("monthly", "2028-02-29", "2028-02-01", "2028-02-29", "2028-02"),
        ("monthly", "2026-02-28", "2026-02-01", "2026-02-28", "2026-02"),
        ("monthly", "2100-02-10", "2100-02-01", "2100-02-28", "2100-02"),
        ("monthly", "2026-12-31", "2026-12-01", "2026-12-31", "2026-12"),
    ],
)
def test_a_slot_has_its_days_and_its_name(kind, day, first, last, name):
    slot = slot_of(Kind(kind), date.fromisoformat(day))
    assert (slot.first.isoformat(), slot.last.isoformat(), slot.name) == (first, last, name)


@given(st.sampled_from(Kind), st.dates(date(1999, 1, 1), date(2199, 12, 31)))
def test_slots_lie_side_by_side_without_a_gap(kind, day):
    slot = slot_of(kind, day)
    assert slot.first <= day <= slot.last
    assert slot_of(kind, slot.first) == slot_of(kind, slot.last) == slot
    assert slot_of(kind, slot.first - DAY).last == slot.first - DAY
    assert slot_of(kind, slot.last + DAY).name != slot.name


# Days


@pytest.mark.parametrize(
    ("schedule", "instant", "day"),
    [
        (None, "2026-11-25T23:59:59+00:00", "2026-11-25"),
        (AT_TWO, "2026-11-25T00:00:00+00:00", "2026-11-25"),
        # Days are UTC's, also in the nights in which clocks are put forward and back.
        (AT_TWO, "2026-03-29T01:30:00+02:00", "2026-03-28"),
        (AT_TWO, "2026-10-25T02:30:00+01:00", "2026-10-25"),
        (Daily(timedelta(hours=23, minutes=30)), "2026-11-26T00:05:00+00:00", "2026-11-25"),
        (Daily(timedelta(hours=23, minutes=30)), "2026-11-26T00:30:00+00:00", "2026-11-26"),
        # A clock that is a minute slow.
        (Daily(timedelta()), "2026-11-24T23:59:00+00:00", "2026-11-25"),
        (Daily(timedelta()), "2026-11-24T23:54:00+00:00", "2026-11-24"),
    ],
)
def test_a_backup_belongs_to_a_day(schedule, instant, day):
    assert Days(schedule).of(datetime.fromisoformat(instant)).isoformat() == day


@pytest.mark.parametrize(
    ("schedule", "now", "due"),
    [
        (None, "2026-11-25T23:59:59+00:00", "2026-11-24"),
        (AT_TWO, "2026-11-25T02:59:59+00:00", "2026-11-24"),
        (AT_TWO, "2026-11-25T03:00:00+00:00", "2026-11-25"),
        (Daily(timedelta(hours=2), within=timedelta(hours=4)), "2026-11-25T05:59:00+00:00", "2026-11-24"),
        (Daily(timedelta(hours=23, minutes=30)), "2026-11-26T00:29:00+00:00", "2026-11-24"),
        (Daily(timedelta(hours=23, minutes=30)), "2026-11-26T00:30:00+00:00", "2026-11-25"),
    ],
)
def test_today_counts_once_its_hour_has_passed(schedule, now, due):
    assert Days(schedule).last_due(datetime.fromisoformat(now)).isoformat() == due


# Retention


def test_a_year_of_daily_backups_keeps_everything():
    assert red(YEAR) == set()
    months = kept("monthly", 12, YEAR)
    assert names(months.required)[0::11] == ["2026-11", "2025-12"]
    assert months.filled[months.window[1]].label == "backup-20261031T020000.sql"


def without(condition) -> list:
    left = [one for one in YEAR if not condition(one.taken_at.date())]
    assert len(left) < len(YEAR)
    return left


def test_a_day_without_its_backup():
    backups = without(lambda day: day == date(2026, 11, 20))
    assert red(backups) == {"daily"}
    assert kept("daily", 7, backups).missing == ["2026-11-20 has no backup"]


def test_a_week_without_its_backups():
    backups = without(lambda day: date(2026, 11, 9) <= day <= date(2026, 11, 15))
    assert red(backups) == {"weekly"}
    assert kept("weekly", 4, backups).missing == ["2026-W46 has no backup"]


def test_a_month_without_its_backups():
    backups = without(lambda day: (day.year, day.month) == (2026, 2))
    assert red(backups) == {"monthly"}
    assert kept("monthly", 12, backups).missing == ["2026-02 has no backup"]


def test_today_before_and_after_its_hour():
    backups = [one for one in YEAR if one.taken_at.date() < NOW.date()]
    early = NOW.replace(hour=2, minute=59)
    assert red(backups, now=early) == set()
    assert names(kept("daily", 7, backups, now=early).window)[0::6] == ["2026-11-24", "2026-11-18"]
    assert kept("daily", 7, backups).missing == ["2026-11-25 has no backup"]


def test_a_week_and_a_month_may_be_filled_until_they_are_over():
    backups = [one for one in YEAR if one.taken_at.isoweekday() == 7]
    assert kept("weekly", 4, backups).missing == []
    assert names(kept("weekly", 4, backups).window) == ["2026-W47", "2026-W46", "2026-W45", "2026-W44"]
    last = [one for one in YEAR if one.taken_at.day == 1 and one.taken_at.month != 11]
    assert kept("monthly", 11, last).missing == []
    assert kept("monthly", 12, last).missing == ["2025-11 has no backup"]


@pytest.mark.parametrize(("since", "missing"), [(None, 11), (date(2026, 9, 1), 2), (date(2026, 9, 2), 1)])
def test_nothing_is_missing_before_the_regime_began(since, missing):
    backups = [one for one in YEAR if one.taken_at.month == 11 and one.taken_at.year == 2026]
    assert len(kept("monthly", 12, backups, since=since).missing) == missing


@pytest.mark.parametrize(
    ("kind", "since"), [("daily", "2026-11-26"), ("weekly", "2026-11-24"), ("monthly", "2026-11-02")]
)
def test_a_regime_that_began_just_now_has_nothing_to_check(kind, since):
    found = kept(kind, 5, YEAR, since=date.fromisoformat(since))
    with pytest.raises(NothingToCheckError, match=f"began on {since}"):
        _ = found.missing


def test_a_file_of_0_bytes_fills_nothing():
    backups = [*without(lambda day: day == date(2026, 11, 20)), backup("2026-11-20T02:00", size=0)]
    assert kept("daily", 7, backups).missing == [
        "2026-11-20 has no backup, only backup-20261120T020000.sql with 0 bytes"
    ]


def test_a_backup_of_tomorrow_fills_nothing_yet():
    found = kept("daily", 7, [*YEAR, backup("2026-11-26T02:00")])
    assert names(found.window)[0] == "2026-11-25"
    assert beyond([found], [backup("2026-11-26T02:00")]) == []
    early = [one for one in YEAR if one.taken_at.date() < NOW.date()]
    found = kept("daily", 7, [*early, backup("2026-11-25T05:00")], now=NOW.replace(hour=2, minute=30))
    assert names(found.window)[0] == "2026-11-24"


def test_the_calendar_says_which_backup_fills_what():
    told = kept("weekly", 4, YEAR, since=date(2026, 11, 9)).as_evidence()
    assert told["slots"] == [
        {"slot": "2026-W48", "backup": "backup-20261125T020000.sql", "required": True},
        {"slot": "2026-W47", "backup": "backup-20261122T020000.sql", "required": True},
        {"slot": "2026-W46", "backup": "backup-20261115T020000.sql", "required": True},
        {"slot": "2026-W45", "backup": "backup-20261108T020000.sql", "required": False},
    ]
    assert (told["keep"], told["since"], told["as_of"]) == (4, "2026-11-09", "2026-11-25")


def test_what_is_kept_beyond_the_policy():
    kinds = [kept(kind, keep, YEAR) for kind, keep in POLICY.items()]
    more = beyond(kinds, YEAR)
    # 7 days; of 4 weeks the last backup, of which two are days already; the ends of 11 months.
    assert len(YEAR) - len(more) == 7 + 2 + 11
    assert more[0] == YEAR[0]
    # A second backup of a day is within it: it is no older than the policy.
    assert beyond([kept("daily", 7, twice := [backup("2026-11-24T20:00"), *YEAR[-7:]])], twice) == []


instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
schedules = st.builds(
    Daily,
    st.integers(0, 1439).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 720).map(lambda minutes: timedelta(minutes=minutes)),
)


def on_time(since: date, now: datetime, schedule: Daily, late) -> list:
    """A backup of every day since, each late by some of what it may be, as they are there by now."""
    found = []
    for n in range((now.date() - since).days + 2):
        due = datetime.combine(since + DAY * n, time(), tzinfo=UTC) + schedule.at
        found.append(due + schedule.within * (late[n % len(late)] / 100))
    return [backup(at) for at in found if at <= now]


@given(
    instants,
    st.integers(0, 120),
    schedules,
    st.lists(st.integers(0, 99), min_size=1),
    st.sampled_from(Kind),
    st.integers(1, 30),
)
def test_a_backup_every_day_misses_no_slot_since_the_first(now, days, schedule, late, kind, keep):
    since = now.date() - DAY * days
    found = kept(kind, keep, on_time(since, now, schedule, late), now=now, schedule=schedule, since=since)
    try:
        assert found.missing == []
    except NothingToCheckError:
        assert not [slot for slot in found.window if slot.first >= since]


@given(instants, schedules, st.sampled_from(Kind), st.integers(2, 8), st.integers(1, 7))
def test_without_the_backups_of_one_slot_exactly_that_one_is_missing(now, schedule, kind, keep, nth):
    assume(nth < keep)
    backups = on_time(now.date() - DAY * 320, now, schedule, [0])
    full = kept(kind, keep, backups, now=now, schedule=schedule)
    hole = full.window[nth]
    left = [one for one in backups if full.slot(one.taken_at) != hole]
    found = kept(kind, keep, left, now=now, schedule=schedule)
    assert found.missing == [f"{hole.name} has no backup"]
    assert found.window == full.window
