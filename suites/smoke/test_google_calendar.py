"""The customers' Google calendars can be reached with the restored data: nobody must connect them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.services.google_calendar import GoogleCalendar

pytestmark = pytest.mark.needs("google_calendar")


@pytest.mark.control("google-calendar-tokens", part="there is a token")
def test_every_calendar_has_its_token(google_calendar: GoogleCalendar) -> None:
    """Every calendar integration of the restored data holds an access token, or one to get it with."""
    assert google_calendar.integrations, "the restored data holds no calendar integration"
    missing = google_calendar.without_token
    assert not missing, f"calendar integrations without a token: {len(missing)}, {missing[:10]}"


@pytest.mark.control("google-calendar-tokens", part="an expired one can be renewed")
def test_no_calendar_is_lost_with_its_expired_token(google_calendar: GoogleCalendar) -> None:
    """Every calendar integration whose access token has expired holds a refresh token to get another with.

    That Google still takes the refresh token is not tried: a drill changes nothing, and uses no token.
    """
    assert google_calendar.integrations, "the restored data holds no calendar integration"
    lost = google_calendar.expired
    assert not lost, f"calendar integrations that expired, without a refresh token: {len(lost)}, {lost[:10]}"
