"""Backups are kept as long as was promised, and nobody deletes one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.catalogue.regime import Kept


@pytest.mark.control("retention-daily")
@pytest.mark.needs("retention.daily")
def test_each_of_the_last_days_has_a_backup(kept_days: Kept):
    """One can go back to each of the last days, as many as the plan says: there is a backup of each."""
    assert kept_days.missing == []


@pytest.mark.control("retention-weekly")
@pytest.mark.needs("retention.weekly")
def test_each_of_the_last_weeks_has_a_backup(kept_weeks: Kept):
    """One can go back to each of the last weeks, Monday to Sunday: there is a backup of each."""
    assert kept_weeks.missing == []


@pytest.mark.control("retention-monthly")
@pytest.mark.needs("retention.monthly")
def test_each_of_the_last_months_has_a_backup(kept_months: Kept):
    """One can go back to each of the last months: there is a backup of each."""
    assert kept_months.missing == []


@pytest.mark.control("backup-deleted")
@pytest.mark.needs("retention")
def test_no_backup_was_deleted_too_early(deleted: list[str]):
    """Every backup that an earlier drill saw, and that must still be kept, is still there.

    One that has a new name, or was copied to another place where backups are kept, counts as there.
    """
    assert deleted == []
