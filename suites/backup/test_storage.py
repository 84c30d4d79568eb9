"""Where the backup lies, nothing happens to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.archive import Archive
    from fixtures.catalogue.storage import Storage
    from fixtures.catalogue.sums import Sums
    from plugins.plan import Plan


@pytest.mark.control("backup-sums")
@pytest.mark.needs("archive")
def test_the_backup_has_the_digests_that_were_written_down(sums: Sums, archive: Archive):
    """Each file of the backup has the digest that a file beside it, or the store itself, says it has."""
    assert sums.differences(archive.sums) == []


@pytest.mark.control("storage-versioned")
@pytest.mark.needs("storage.versioned")
def test_the_store_keeps_what_is_replaced_or_deleted(storage: Storage):
    """The store keeps earlier versions of its files: a backup that was deleted there can be had back."""
    assert storage.is_versioned, "versioning is not enabled for the bucket"


@pytest.mark.control("storage-locked")
@pytest.mark.needs("storage.locked")
def test_nobody_can_delete_the_backup(storage: Storage):
    """The backup is locked against deletion for a time, by a rule of its store or one of its own."""
    assert storage.is_locked, "object lock is not on, or retains nothing"


@pytest.mark.control("storage-encrypted")
@pytest.mark.needs("storage.encrypted")
def test_the_store_encrypts_what_it_keeps(storage: Storage):
    """The store encrypts whatever is put where the backups are."""
    assert storage.is_encrypted, "the bucket has no default encryption"


@pytest.mark.control("storage-credentials", part="not production")
@pytest.mark.needs("storage.production")
def test_backups_are_not_read_as_production(storage: Storage, plan: Plan):
    """The account that reads the backups is not production's: who takes over one does not have the other."""
    assert not storage.is_identity(plan.storage.production), "it is who the plan says production is"


@pytest.mark.control("storage-credentials", part="cannot delete")
@pytest.mark.needs("storage.production")
def test_who_reads_backups_cannot_delete_them(storage: Storage):
    """The account that reads the backups may delete none of them, by the store's own rules of access."""
    assert not storage.may_delete, "its policies let it delete backups"
