"""Backups are taken when they should be, and restored often enough to be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.catalogue.regime import OnSchedule
    from fixtures.reference.past import PastDrills
    from fixtures.restore.recovery import RecoveryPoint
    from plugins.plan import Objectives


@pytest.mark.control("backup-age")
@pytest.mark.needs("objectives.backup_age")
@pytest.mark.usefixtures("backup_age")
def test_the_age_of_the_latest_backup_is_known(recovery_point: RecoveryPoint):
    """The age of the latest backup can be told. If it is older than the plan expects, an alert says so."""
    assert not recovery_point.is_future, "the backup says that it was taken in the future"


@pytest.mark.control("backup-schedule")
@pytest.mark.needs("backup.schedule")
def test_a_backup_was_taken_on_every_day(on_schedule: OnSchedule):
    """On every day that a backup was planned for, one was taken. An hour late is not missing."""
    assert on_schedule.missing == []


@pytest.mark.control("drilled-often")
@pytest.mark.needs("objectives.drill_every")
def test_the_last_good_drill_is_recent(past_drills: PastDrills, objectives: Objectives):
    """The last full drill in which all was well is no longer ago than promised. This one does not count."""
    assert past_drills.undrilled(objectives.drill_every) <= objectives.drill_every
