"""The backup itself, without restoring it: the weekly checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.archive import Archive
    from fixtures.catalogue import Backup, Catalogue
    from fixtures.catalogue.regime import Usual
    from fixtures.restore.recovery import RecoveryPoint
    from plugins.plan import Objectives, Plan


@pytest.mark.control("backup-exists")
@pytest.mark.usefixtures("usage")
@pytest.mark.needs("a catalogue")
def test_a_backup_exists(catalogue: Catalogue):
    """The place where backups are kept holds at least one."""
    assert len(catalogue.backups) > 0, "there is none"


@pytest.mark.control("backup-recent")
@pytest.mark.needs("a catalogue")
@pytest.mark.needs("objectives.rpo")
def test_the_latest_backup_is_recent(recovery_point: RecoveryPoint, objectives: Objectives):
    """The latest backup is no older than the recovery point objective (RPO) allows, and not of the future."""
    assert not recovery_point.is_future, "the backup says that it was taken in the future"
    assert recovery_point.data_loss <= objectives.rpo


@pytest.mark.control("backup-not-empty")
@pytest.mark.needs("a catalogue")
def test_the_latest_backup_is_not_empty(backup: Backup):
    """The latest backup has at least one byte."""
    assert backup.size_bytes > 0, "the file has 0 bytes"


@pytest.mark.control("backup-size")
@pytest.mark.needs("a catalogue")
@pytest.mark.needs("backup.min_size")
def test_the_latest_backup_has_the_minimum_size(backup: Backup, plan: Plan):
    """The latest backup has at least the size that the plan asks of a good one (backup.min_size)."""
    least = plan.backup.min_size
    assert backup.size_bytes >= least, f"{backup.size_bytes} bytes, and must be at least {least}"


@pytest.mark.control("backup-size-usual")
@pytest.mark.needs("a catalogue")
@pytest.mark.needs("backup.size_tolerance")
def test_the_size_is_in_line_with_the_earlier_ones(backup: Backup, usual: Usual):
    """The latest backup is about as large as one expects from the earlier ones and their growth."""
    assert usual.least <= backup.size_bytes <= usual.most, usual.told(backup.size_bytes)


@pytest.mark.control("backup-complete")
@pytest.mark.needs("a backup")
def test_the_latest_backup_is_complete(archive: Archive):
    """The latest backup can be read from its first byte to its end, and its end is there."""
    assert archive.complete, archive.incomplete_because


@pytest.mark.control("backup-holds-data")
@pytest.mark.needs("a backup")
def test_the_latest_backup_holds_data(archive: Archive):
    """The latest backup holds rows, and not only the definitions of tables."""
    assert len(archive.tables_with_rows) > 0, "no table has a row"
