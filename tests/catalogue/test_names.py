"""When a backup was taken, as names of the field say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.catalogue.names import taken_at


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "instant"),
    [
        ("db_cluster-22-11-2026@02-00-00.backup.gz", at(2026, 11, 22, 2)),
        ("db_cluster-22-11-2026@02-00-00.backup", at(2026, 11, 22, 2)),
        ("db_cluster-01-02-2026@23-59-59.backup.gz", at(2026, 2, 1, 23, 59, 59)),
        ("backup-2026-11-22T02:00:00Z.sql", at(2026, 11, 22, 2)),
        ("backup-2026-11-22T02:00Z.sql", at(2026, 11, 22, 2)),
        ("backup-20261122T020000Z.dump", at(2026, 11, 22, 2)),
        ("backup-20261122T0200Z.dump", at(2026, 11, 22, 2)),
        ("backup-2026-11-22T02-00-00.sql.gz", at(2026, 11, 22, 2)),
        ("backup_2026-11-22_02-00-00.sql.gz", at(2026, 11, 22, 2)),
        ("backup_2026_11_22_02_00_00.sql", at(2026, 11, 22, 2)),
        ("backup_20261122_020000.tar", at(2026, 11, 22, 2)),
        ("backup-20261122-020000.sql", at(2026, 11, 22, 2)),
        ("20261122020000_prod.dump", at(2026, 11, 22, 2)),
        ("prod 2026-11-22 02.00.00.sql", at(2026, 11, 22, 2)),
        ("2026-11-22T04:00:00+02:00.sql", at(2026, 11, 22, 2)),
        ("20261122T040000+0200.sql", at(2026, 11, 22, 2)),
        ("2026-11-21T20:30:00-05:30.sql", at(2026, 11, 22, 2)),
        ("2026-11-22T01:00:00+02:00.sql", at(2026, 11, 21, 23)),
    ],
)
def test_a_name_with_a_time(name, instant):
    assert taken_at(name) == (instant, True)


@pytest.mark.parametrize(
    ("name", "instant"),
    [
        ("backup-20261122.sql", at(2026, 11, 22)),
        ("backup-2026-11-22.sql", at(2026, 11, 22)),
        ("backup_2026_11_22.sql.gz", at(2026, 11, 22)),
        ("2026.11.22.dump", at(2026, 11, 22)),
        ("db_cluster-22-11-2026.backup.gz", at(2026, 11, 22)),
        ("prod-v2.3.4-2026-11-22.dump", at(2026, 11, 22)),
        ("pg17-20261122.dump", at(2026, 11, 22)),
        ("20240229.sql", at(2024, 2, 29)),
    ],
)
def test_a_name_with_a_day(name, instant):
    assert taken_at(name) == (instant, False)


@pytest.mark.parametrize(
    "name",
    [
        "backup.sql",
        "",
        "20261345.sql",  # no month 13
        "20260230.sql",  # no such day
        "backup-2025-02-29.sql",
        "prod-1.2.3.sql",
        "release-17.11.0.018.dump",
        "120261122.sql",  # the tail of a longer number
        "202611220.sql",
        "19991231.sql",  # no backup is that old
        "2026-11.sql",
        "2026-1122.sql",  # two ways of writing in one
        "1763776800.dump",  # seconds since 1970
        "32-11-2026@02-00-00.gz",
    ],
)
def test_numbers_that_are_no_dates(name):
    assert taken_at(name) is None


@pytest.mark.parametrize(
    "name", ["20261122T250000Z.sql", "backup-20261122-990000.sql", "2026-11-22T02:61:00.sql"]
)
def test_a_time_that_is_none_is_not_taken_for_another(name):
    told = taken_at(name)
    assert told is None or told == (at(2026, 11, 22), False)


def test_the_first_date_speaks():
    assert taken_at("99999999-20261122-to-20261123.sql") == (at(2026, 11, 22), False)


INSTANTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 31)).map(  # noqa: DTZ001
    lambda value: value.replace(microsecond=0, tzinfo=UTC)
)
FORMS = (
    "db_cluster-%d-%m-%Y@%H-%M-%S.backup.gz",
    "backup-%Y%m%dT%H%M%SZ.sql",
    "backup-%Y-%m-%dT%H:%M:%SZ.sql.gz",
    "%Y-%m-%d_%H-%M-%S",
    "prod_%Y%m%d_%H%M%S.dump",
    "%Y%m%d%H%M%S.tar",
)


@given(instant=INSTANTS, form=st.sampled_from(FORMS))
def test_an_instant_comes_back_from_every_form(instant, form):
    assert taken_at(instant.strftime(form)) == (instant, True)


@given(instant=INSTANTS, form=st.sampled_from(("backup-%Y%m%d.sql", "%Y-%m-%d", "x-%d-%m-%Y.gz")))
def test_a_day_comes_back_from_every_form(instant, form):
    told = taken_at(instant.strftime(form))
    assert told == (instant.replace(hour=0, minute=0, second=0), False)


@given(
    instant=st.datetimes(min_value=datetime(2001, 1, 1), max_value=datetime(2098, 12, 31)),  # noqa: DTZ001
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_a_zone_is_reckoned_in(instant, minutes):
    zoned = instant.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert taken_at(f"backup-{zoned.isoformat()}.sql") == (zoned.astimezone(UTC), True)


@given(name=st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_name_is_an_error(name):
    told = taken_at(name)
    assert told is None or told[0].tzinfo is UTC


@given(name=st.from_regex(r"[0-9_.@T:Z+-]{1,30}", fullmatch=True))
def test_no_row_of_digits_is_an_error(name):
    taken_at(name)
