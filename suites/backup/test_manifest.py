"""The backup is still what it was when it was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.archive import Archive
    from fixtures.reference.manifest import Manifest
    from fixtures.restore.recovery import RecoveryPoint


@pytest.mark.control("backup-manifest")
@pytest.mark.needs("archive")
def test_the_backup_is_as_its_manifest_says(
    manifest: Manifest, archive: Archive, recovery_point: RecoveryPoint
):
    """The file and all the rows in it are those that were written down (its manifest) when it was taken."""
    assert manifest.differences(archive, recovery_point.instant) == []


@pytest.mark.control("manifest-signature")
@pytest.mark.needs("archive")
def test_the_manifest_is_signed(manifest: Manifest):
    """What was written down when the backup was taken (its manifest) is signed, and unchanged since."""
    assert manifest.is_signed, "the signature is not that of the evidence key: somebody changed the manifest"
