"""The calendars' tokens in the restored data: whether there are some, and no token leaves the database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fixtures.services import google_calendar
from plugins.errors import DrillError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAST, FUTURE = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


def row(name, *, has_token=True, expires_at=FUTURE, has_refresh=True):
    return {"id": name, "has_token": has_token, "expires_at": expires_at, "has_refresh": has_refresh}


@pytest.fixture
def read(world):
    def read(*rows):
        world.restored.answers["calendars"] = list(rows)
        return google_calendar.read(
            "calendars", restored=world.restored, pseudonyms=world.pseudonyms, now=NOW
        )

    return read


@pytest.mark.parametrize(
    ("wrong", "without_token", "expired"),
    [
        (row("x"), False, False),
        (row("x", expires_at=PAST), False, False),
        (row("x", expires_at=PAST.replace(tzinfo=None)), False, False),
        (row("x", has_token=False), False, False),
        (row("x", has_refresh=False), False, False),
        (row("x", has_refresh=False, has_token=False), True, False),
        (row("x", has_refresh=False, has_token=False, expires_at=PAST), True, False),
        (row("x", has_refresh=False, expires_at=PAST), False, True),
        (row("x", has_refresh=False, expires_at=NOW.replace(tzinfo=None)), False, True),
        (row("x", has_refresh=False, expires_at=None), False, True),
    ],
)
def test_what_cannot_be_used_or_renewed_is_found(world, read, judge, wrong, without_token, expired):
    found = read(row("a"), wrong, row("b"))
    name = world.pseudonyms.of("integration", "x")
    assert found.without_token == [name] * without_token
    assert found.expired == [name] * expired
    red = {"google-calendar-tokens": "fail"} if without_token or expired else {}
    assert judge("test_google_calendar", google_calendar=found) == red


def test_no_integration_is_no_pass(read, judge):
    assert judge("test_google_calendar", google_calendar=read()) == {"google-calendar-tokens": "fail"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (row("x") | {"access_token": "ya29.secret"}, "yields access_token, which may be a secret"),
        ({"id": "x", "has_token": True, "expires_at": None}, "yields no column has_refresh"),
        (row("x", has_token="ya29.secret"), "yields has_token or has_refresh as something other"),
        (row("x", has_refresh=None), "yields has_token or has_refresh as something other"),
        (row("x", expires_at="2026-11-23"), "yields an expires_at that is no timestamp"),
        (row("x", expires_at=date(2026, 11, 23)), "yields an expires_at that is no timestamp"),
    ],
)
def test_a_query_that_yields_something_else_could_not_be_told(read, wrong, message):
    with pytest.raises(
        DrillError, match=f"the query .google_calendar. integrations of the plan {message}"
    ) as caught:
        read(wrong)
    assert "ya29" not in str(caught.value)


def test_nothing_printable_holds_an_id(read):
    found = read(row("customer-7", has_refresh=False, expires_at=None))
    assert "customer-7" not in f"{found!r} {found.expired!r} {found.integrations!r}"
