"""Where backups are kept: a whole file under its own name, or nothing and a sentence."""

from __future__ import annotations

import pytest

from fixtures.taking.keeping import keep_file, place_of
from plugins.errors import DrillError


@pytest.fixture
def backup(tmp_path):
    path = tmp_path / "20261125T020000Z-acme.tar"
    path.write_bytes(b"backup" * 1000)
    return path


def test_it_is_kept_under_its_own_name_for_us_alone(backup, tmp_path):
    (tmp_path / "kept").mkdir()
    keep_file(backup, place_of("kept", base=tmp_path))
    kept = tmp_path / "kept" / backup.name
    assert kept.read_bytes() == backup.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    with pytest.raises(DrillError, match=r"acme\.tar was taken and could not be kept: a file of that name"):
        keep_file(backup, tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == [kept]


def test_no_folder_is_made_beside_a_disk_that_is_not_there(tmp_path):
    for keep in ("kept", "file:kept", str(tmp_path / "kept")):
        with pytest.raises(DrillError, match=r"the folder to keep backups in, .* is not there"):
            place_of(keep, base=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_full_place_keeps_nothing(backup, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    (tmp_path / "kept").mkdir()
    monkeypatch.setattr("fixtures.taking.keeping.shutil.copyfileobj", full)
    with pytest.raises(DrillError, match="could not be kept: no space is left there"):
        keep_file(backup, tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_store_that_this_version_does_not_know_is_said_before_anything_is_taken(tmp_path):
    with pytest.raises(DrillError, match="this version cannot keep a backup at s3: places yet"):
        place_of("s3://bucket/prefix", base=tmp_path)
