"""Where backups are kept: a whole file under its own name, or nothing and a sentence."""

from __future__ import annotations

import pytest

from fixtures.places import place_of
from fixtures.taking.keeping import Keeping
from plugins.errors import DrillError


@pytest.fixture
def backup(tmp_path):
    path = tmp_path / "20261125T020000Z-acme.tar"
    path.write_bytes(b"backup" * 1000)
    return path


def keeping(tmp_path, keep: str = "kept") -> Keeping:
    return Keeping(place_of(keep, folder=tmp_path, environ={}))


def test_it_is_kept_under_its_own_name_for_us_alone(backup, tmp_path):
    (tmp_path / "kept").mkdir()
    keeping(tmp_path).prepare()
    keeping(tmp_path).keep(backup)
    kept = tmp_path / "kept" / backup.name
    assert kept.read_bytes() == backup.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    with pytest.raises(DrillError, match=r"acme\.tar was taken and could not be kept: a file of that name"):
        keeping(tmp_path).keep(backup)
    assert list((tmp_path / "kept").iterdir()) == [kept]


def test_no_folder_is_made_beside_a_disk_that_is_not_there(tmp_path):
    for keep in ("kept", "file:kept", str(tmp_path / "kept")):
        with pytest.raises(DrillError, match=r"the folder to keep backups in, .* is not there"):
            keeping(tmp_path, keep).prepare()
    assert list(tmp_path.iterdir()) == []


def test_where_the_plan_keeps_nothing_nothing_is_kept(backup, tmp_path):
    Keeping(None).prepare()
    Keeping(None).keep(backup)
    assert list(tmp_path.iterdir()) == [backup]


def test_a_full_place_keeps_nothing(backup, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    (tmp_path / "kept").mkdir()
    monkeypatch.setattr("fixtures.places.local.shutil.copyfileobj", full)
    with pytest.raises(DrillError, match=r"could not be kept: .*No space left on device"):
        keeping(tmp_path).keep(backup)
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_store_without_credentials_is_said_before_anything_is_taken(tmp_path):
    with pytest.raises(DrillError, match="AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY are not set"):
        keeping(tmp_path, "s3://bucket/prefix")
