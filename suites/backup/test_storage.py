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
    """The bucket of the backups keeps versions."""
    assert storage.is_versioned, "versioning is not enabled for the bucket"


@pytest.mark.control("storage-locked")
@pytest.mark.needs("storage.locked")
def test_nobody_can_delete_the_backup(storage: Storage):
    """The backup is locked for a time: by a default retention of its bucket, or one of its own."""
    assert storage.is_locked, "object lock is not on, or retains nothing"


@pytest.mark.control("storage-encrypted")
@pytest.mark.needs("storage.encrypted")
def test_the_store_encrypts_what_it_keeps(storage: Storage):
    """The bucket of the backups encrypts what is put there."""
    assert storage.is_encrypted, "the bucket has no default encryption"


@pytest.mark.control("storage-credentials")
@pytest.mark.needs("storage.production")
def test_backups_are_not_read_as_production(storage: Storage, plan: Plan):
    """Who reads the backups is not production: whoever takes over the one does not have the other."""
    assert not storage.is_identity(plan.storage.production), "it is who the plan says production is"


@pytest.mark.control("storage-credentials")
@pytest.mark.needs("storage.production")
def test_who_reads_backups_cannot_delete_them(storage: Storage):
    """The policies of the account let who reads backups delete none."""
    assert not storage.may_delete, "its policies let it delete backups"
