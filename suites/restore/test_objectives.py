"""Recovery keeps the objectives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.restore import Restored
    from fixtures.restore.recovery import Recency, RecoveryPoint
    from plugins.plan import Objectives


@pytest.mark.control("restore-time")
@pytest.mark.needs("objectives.rto")
@pytest.mark.needs("durable")
def test_restore_time_is_within_rto(restored: Restored, objectives: Objectives):
    """Restoring the database alone takes no longer than the whole recovery may (RTO).

    From the first byte fetched to the first query answered, with the server's stock settings.
    """
    assert restored.restore_time <= objectives.rto


@pytest.mark.control("data-loss")
@pytest.mark.needs("archive")
@pytest.mark.needs("a catalogue")
@pytest.mark.needs("objectives.rpo")
def test_data_loss_is_within_rpo(recovery_point: RecoveryPoint, objectives: Objectives):
    """If production were lost now, no more than the RPO allows would go with it: from the backup to now."""
    assert not recovery_point.is_future, "the backup says that it was taken in the future"
    assert recovery_point.data_loss <= objectives.rpo


@pytest.mark.control("data-recency", part="the newest row of all")
@pytest.mark.needs("tables.recency")
@pytest.mark.needs("recency by now")
@pytest.mark.needs("objectives.rpo")
def test_the_newest_row_is_recent(recency: Recency, objectives: Objectives):
    """The newest row is no older than the RPO allows: the backup is not an old one with a new name.

    Over all tables with a recency column, but for those that may be quiet.
    """
    assert recency.of_tables_never_quiet <= objectives.rpo


@pytest.mark.control("data-recency")
@pytest.mark.needs("tables.recency")
def test_a_table_is_as_fresh_as_the_backup(recency: Recency, recency_table: str):
    """A table's newest row is not later than the backup, nor longer before it than the table may be quiet."""
    later, quiet = recency.is_later_than_the_backup(recency_table), recency.is_too_quiet(recency_table)
    assert not later, f"the newest row of {recency_table} is later than the backup"
    assert not quiet, f"{recency_table} was quiet before the backup for longer than the plan allows"
