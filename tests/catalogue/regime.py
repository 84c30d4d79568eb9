"""Catalogues of made-up backups for the tests of the regime."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from fixtures.catalogue import Backup
from fixtures.catalogue.regime.calendar import Days, Kind
from fixtures.catalogue.regime.retention import Kept
from fixtures.places import Item
from fixtures.places.local import LocalPlace
from plugins.plan import Daily

AT_TWO = Daily(timedelta(hours=2))
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)  # a Wednesday
DAY = timedelta(days=1)


def backup(taken_at: datetime | str, *, label: str = "", size: int = 1000) -> Backup:
    """A backup of that instant; nothing of it is in any file."""
    if isinstance(taken_at, str):
        taken_at = datetime.fromisoformat(taken_at).replace(tzinfo=UTC)
    label = label or f"backup-{taken_at:%Y%m%dT%H%M%S}.sql"
    place = LocalPlace(Path("nowhere"), shown="backups")
    items = {"": Item("", size, taken_at)}
    return Backup(label, "backups", size, taken_at, "name", place, label, items)


def daily(first: datetime, last: datetime) -> list[Backup]:
    """One backup every day."""
    return [backup(first + DAY * n) for n in range((last - first).days + 1)]


def kept(kind: Kind | str, keep: int, backups, *, now=NOW, schedule=AT_TWO, since=None) -> Kept:
    return Kept(Kind(kind), keep, "backups", backups, now, Days(schedule), since)
