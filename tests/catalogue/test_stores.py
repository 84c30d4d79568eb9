"""Backups in a bucket: what is one, how it is read and written, against a real HTTP server."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fixtures.archive import open_archive
from fixtures.catalogue.listing import list_backups
from fixtures.places import place_of
from fixtures.taking.keeping import Keeping
from plugins.errors import BackupError, DrillError

from .answers import KEYS

DATA = Path(__file__).parent.parent / "archive" / "data"


def labels(place) -> list[str]:
    return [backup.label for backup in list_backups(place).backups]


def test_the_latest_is_told_by_its_recovery_point(bucket):
    """Neither the order of names nor that of uploads says which is the youngest."""
    for key in ("a-20261124.sql", "z-20261120.sql", "db_cluster-22-11-2026@02-00-00.backup.gz"):
        bucket.put(f"daily/{key}")
    bucket.put("daily/m-20261117T020000Z.sql")  # uploaded now, taken a week before
    catalogue = list_backups(bucket.place("daily/"))
    assert [backup.label for backup in catalogue.backups] == [
        "m-20261117T020000Z.sql",
        "z-20261120.sql",
        "db_cluster-22-11-2026@02-00-00.backup.gz",
        "a-20261124.sql",
    ]
    assert catalogue.backups[0].taken_at == datetime(2026, 11, 17, 2, tzinfo=UTC)
    assert catalogue.source == f"s3://{bucket.name}/daily/"


def test_without_a_date_in_its_name_the_upload_tells(bucket):
    bucket.put("daily/backup.sql")
    (backup,) = list_backups(bucket.place("daily/")).backups
    assert backup.taken_at_from == "file time"
    assert abs(datetime.now(UTC) - backup.taken_at) < timedelta(minutes=5)


@pytest.mark.parametrize("prefix", ["", "daily/", "daily"])
def test_companions_folders_and_what_a_console_makes_are_no_backups(bucket, prefix):
    folder = f"{prefix.rstrip('/')}/" if prefix else ""
    for key in ("b-20261122.sql", "b-20261122.sql.sha256", "b-20261122.sql.manifest.json", ".hidden.sql"):
        bucket.put(f"{folder}{key}")
    bucket.put(f"{folder}old/b-20261123.sql")
    bucket.put(f"{folder}old/", b"")
    if folder:
        bucket.put(folder, b"")
        bucket.put("daily-other/b-20261124.sql")
    assert labels(bucket.place(prefix)) == ["b-20261122.sql"]


def test_a_set_and_a_directory_dump_are_one_backup_each(bucket):
    for name in ("roles.sql", "schema.sql.gz", "data.sql.zst"):
        bucket.put(f"daily/2026-11-22/{name}", b"12345")
    for name in ("toc.dat", "3001.dat.gz", "blobs/x"):
        bucket.put(f"daily/dump-20261123T010203Z/{name}", b"1234567")
    catalogue = list_backups(bucket.place("daily/"))
    assert [(backup.label, backup.size_bytes) for backup in catalogue.backups] == [
        ("2026-11-22", 15),
        ("dump-20261123T010203Z", 21),
    ]
    for label, size in (("2026-11-22", 15), ("dump-20261123T010203Z", 21)):
        for source in (f"daily/{label}", f"daily/{label}/"):
            (backup,) = list_backups(bucket.place(source)).backups
            assert (backup.label, backup.size_bytes) == (label, size)


def test_a_bucket_that_is_one_backup(bucket):
    for name in ("schema.sql", "data.sql"):
        bucket.put(name)
    (backup,) = list_backups(bucket.place()).backups
    assert (backup.label, sorted(backup.files)) == (bucket.name, ["data.sql", "schema.sql"])
    assert b"".join(backup.chunks("data.sql")) == b"xyz"


@pytest.mark.parametrize("name", ["b.sql", "notes.txt", "ü é+%20 &=.sql"])
def test_an_object_that_is_named_is_the_backup(bucket, name):
    bucket.put(f"daily/{name}", b"abc")
    (backup,) = list_backups(bucket.place(f"daily/{name.replace('%', '%25')}")).backups
    assert (backup.label, backup.files) == (name, {"": 3})
    assert b"".join(backup.chunks("")) == b"abc"


def test_an_empty_object_is_an_empty_backup(bucket):
    bucket.put("daily/b-20261122.sql", b"")
    (backup,) = list_backups(bucket.place("daily/")).backups
    assert backup.size_bytes == 0
    assert list(backup.chunks("")) == []


@pytest.mark.parametrize("key", ["", "daily/", "nothing.sql"])
def test_where_nothing_is_there_is_no_backup(bucket, key):
    with pytest.raises(BackupError) as caught:
        list_backups(bucket.place(key))
    assert caught.value.message == f"no backup in s3://{bucket.name}/{key}"


# Reading


def test_a_large_object_comes_in_order(bucket):
    body = os.urandom(40_000_003)
    bucket.put("daily/b-20261122.sql", body)
    (backup,) = list_backups(bucket.place("daily/")).backups
    assert hashlib.sha256(b"".join(backup.chunks(""))).digest() == hashlib.sha256(body).digest()


def test_who_stops_reading_stops_the_fetching(bucket):
    bucket.put("b.sql", os.urandom(40_000_000))
    (backup,) = list_backups(bucket.place("b.sql")).backups
    chunks = backup.chunks("")
    assert next(chunks)
    chunks.close()


def packed(kind: str, folder: Path) -> bytes:
    """The three files of the Supabase CLI in one."""
    held = io.BytesIO()
    paths = sorted(folder.iterdir())
    if kind == "zip":
        with zipfile.ZipFile(held, "w") as bundle:
            for path in paths:
                bundle.write(path, path.name)
    else:
        with tarfile.open(fileobj=held, mode="w") as bundle:
            for path in paths:
                bundle.add(path, path.name)
    return held.getvalue()


@pytest.mark.parametrize("kind", ["set", "zip", "tar"])
def test_an_archive_is_the_same_from_a_bucket_and_from_a_folder(bucket, kind, tmp_path):
    source = DATA / "pg17-set"
    here = tmp_path / ("2026-11-22" if kind == "set" else f"b.{kind}")
    if kind == "set":
        here.mkdir()
        for path in source.iterdir():
            (here / path.name).write_bytes(path.read_bytes())
            bucket.put(f"daily/{here.name}/{path.name}", path.read_bytes())
    else:
        here.write_bytes(packed(kind, source))
        bucket.put(f"daily/{here.name}", here.read_bytes())
    (backup,) = list_backups(bucket.place("daily/")).backups
    progress = []
    for folder in ("near", "far"):
        (tmp_path / folder).mkdir()
    near = open_archive(here, folder=tmp_path / "near")
    far = open_archive(backup, folder=tmp_path / "far", progress=lambda *told: progress.append(told))
    assert far.complete
    assert far.path.read_bytes() == near.path.read_bytes()
    assert (far.sha256, far.size_bytes, far.tables) == (near.sha256, near.size_bytes, near.tables)
    assert progress[-1] == (backup.size_bytes, backup.size_bytes)
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["staged.sql"]


# Writing, and companions


def test_what_is_written_is_read_again(bucket, tmp_path):
    place = bucket.place("kept/")
    place.write("a.sql", b"abc")
    assert place.read("a.sql") == b"abc"
    large = tmp_path / "large"
    large.write_bytes(os.urandom(20_000_000))
    place.write("deeper/b.sql", large)
    assert bucket.get("kept/deeper/b.sql") == large.read_bytes()
    assert place.read("c.sql") is None


def test_a_small_file_that_is_not_small_is_not_read(bucket):
    bucket.put("m.json", b"12345")
    with pytest.raises(DrillError, match=r"m\.json .* is larger than 4 bytes"):
        bucket.place().read("m.json", most=4)


@pytest.mark.parametrize("key", ["daily/", "daily/b-20261122.sql"])
def test_a_companion_lies_beside_its_backup(bucket, key):
    bucket.put("daily/b-20261122.sql")
    (backup,) = list_backups(bucket.place(key)).backups
    backup.place.write(backup.companion(".manifest.json"), b"{}")
    assert bucket.get("daily/b-20261122.sql.manifest.json") == b"{}"


# Credentials


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("s3://b/", "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY are not set"),
        ("gs://b/", "GOOGLE_APPLICATION_CREDENTIALS is not set"),
        ("az://b/", "AZURE_STORAGE_ACCOUNT_NAME, AZURE_STORAGE_ACCOUNT_KEY are not set"),
    ],
)
def test_missing_credentials_are_named_before_anything_is_asked(source, named, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(DrillError) as caught:
        place_of(source, folder=tmp_path, environ={})
    assert caught.value.message == named
    assert not isinstance(caught.value, BackupError)


def test_a_profile_is_enough(bucket, tmp_path):
    bucket.put("b.sql")
    (tmp_path / "credentials").write_text(
        "[drill]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
    )
    environ = {
        "AWS_PROFILE": "drill",
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_ENDPOINT_URL_S3": bucket.environ["AWS_ENDPOINT_URL"],
    }
    place = place_of(bucket.source(), folder=tmp_path, environ=environ)
    assert labels(place) == ["b.sql"]


def test_a_profile_that_is_not_there_is_said(bucket, tmp_path):
    environ = {"AWS_PROFILE": "nobody", "AWS_CONFIG_FILE": str(tmp_path / "config")}
    with pytest.raises(DrillError, match=r"the credentials for S3 could not be had \(ProfileNotFound\)"):
        place_of(bucket.source(), folder=tmp_path, environ=environ).items()


def test_a_bucket_that_does_not_exist(bucket):
    with pytest.raises(BackupError) as caught:
        place_of("s3://nowhere/daily/", folder=Path(), environ=bucket.environ).items()
    assert caught.value.message == "s3://nowhere/daily/ does not exist: there is no such bucket"
    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in str(caught.value)


def test_what_the_drill_takes_is_kept_in_a_store_once(bucket, tmp_path):
    backup = tmp_path / "20261125T020000Z-acme.tar"
    backup.write_bytes(b"backup" * 1000)
    place = bucket.place("kept/")
    Keeping(place).prepare()
    Keeping(place).keep(backup)
    assert place.read(backup.name) == backup.read_bytes()
    with pytest.raises(DrillError, match="a file of that name is there already"):
        Keeping(place).keep(backup)
    assert [item.name for item in place.items()] == [backup.name]
