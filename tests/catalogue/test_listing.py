"""A catalogue in a folder, or of one file: what is a backup there, and which is the newest."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.archive import holdings
from fixtures.catalogue import Catalogue, listing
from fixtures.catalogue.listing import NOT_BACKUPS, list_backups
from fixtures.places import local, place_of
from fixtures.places.local import LocalPlace
from plugins.errors import BackupError, DrillError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


def put(folder: Path, name: str, *, size: int = 3, written: datetime | None = None) -> Path:
    path = folder / name
    path.write_bytes(b"x" * size)
    if written is not None:
        os.utime(path, (written.timestamp(), written.timestamp()))
    return path


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def list_path(base: Path, source: str) -> Catalogue:
    return list_backups(place_of(source, folder=base, environ={}))


def labels(folder: Path) -> list[str]:
    return [backup.label for backup in list_path(folder.parent, folder.name).backups]


def test_backups_are_told_by_age_and_not_by_name(folder):
    put(folder, "a-20261124.sql")
    put(folder, "db_cluster-22-11-2026@02-00-00.backup.gz")
    put(folder, "z-20261120.sql")
    put(folder, "backup.sql", written=datetime(2026, 11, 23, tzinfo=UTC))
    catalogue = list_path(folder.parent, "backups")
    assert [backup.label for backup in catalogue.backups] == [
        "z-20261120.sql",
        "db_cluster-22-11-2026@02-00-00.backup.gz",
        "backup.sql",
        "a-20261124.sql",
    ]
    assert catalogue.latest.label == "a-20261124.sql"
    assert [backup.label for backup in catalogue.before(catalogue.backups[1])] == ["z-20261120.sql"]


def test_a_backup_tells_what_is_known_of_it(folder):
    path = put(folder, "backup-20261122T020000Z.sql", size=7)
    (backup,) = list_path(folder.parent, "backups").backups
    assert (backup.label, backup.path, backup.size_bytes) == (path.name, path, 7)
    assert (backup.taken_at, backup.taken_at_from) == (datetime(2026, 11, 22, 2, tzinfo=UTC), "name")
    assert backup.source == "backups"


def test_without_a_date_in_the_name_the_files_time_tells(folder):
    put(folder, "backup.sql", written=datetime(2026, 11, 22, 5, 6, tzinfo=UTC))
    (backup,) = list_path(folder.parent, "backups").backups
    assert (backup.taken_at, backup.taken_at_from) == (datetime(2026, 11, 22, 5, 6, tzinfo=UTC), "file time")


@pytest.mark.parametrize(
    ("written", "instant", "told_by"),
    [
        (utc(2026, 11, 22, 2, 30), utc(2026, 11, 22, 2, 30), "name and file time"),
        (utc(2026, 11, 22, 23, 59), utc(2026, 11, 22, 23, 59), "name and file time"),
        # Anywhere on earth it is still, or already, that day.
        (utc(2026, 11, 21, 10, 0), utc(2026, 11, 21, 10, 0), "name and file time"),
        (utc(2026, 11, 23, 11, 59), utc(2026, 11, 23, 11, 59), "name and file time"),
        # Copied later, or with a clock that is wrong: the name promises no more than its day's first instant.
        (utc(2026, 11, 23, 12, 0), utc(2026, 11, 22), "name"),
        (utc(2026, 12, 24, 2, 0), utc(2026, 11, 22), "name"),
        (utc(2026, 11, 21, 9, 59), utc(2026, 11, 22), "name"),
    ],
)  # fmt: skip
def test_a_day_in_the_name_with_the_files_time(folder, written, instant, told_by):
    put(folder, "backup-20261122.sql", written=written)
    (backup,) = list_path(folder.parent, "backups").backups
    assert (backup.taken_at, backup.taken_at_from) == (instant, told_by)


def test_a_time_in_the_name_is_not_the_files(folder):
    put(folder, "backup-20261122T020000Z.sql", written=datetime(2026, 11, 22, 9, tzinfo=UTC))
    (backup,) = list_path(folder.parent, "backups").backups
    assert backup.taken_at == datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.mark.parametrize("suffix", [*NOT_BACKUPS, ".SHA256"])
def test_a_companion_is_no_backup(folder, suffix):
    put(folder, "b-20261122.sql")
    put(folder, f"b-20261123.sql{suffix}")
    assert labels(folder) == ["b-20261122.sql"]


@pytest.mark.parametrize("name", ["README", "SHA256SUMS", "MD5SUM"])
def test_notes_and_sums_are_no_backups(folder, name):
    put(folder, "b-20261122.sql")
    put(folder, name)
    assert labels(folder) == ["b-20261122.sql"]


def test_a_set_is_told_by_the_words_that_it_is_opened_by():
    """The catalogue does not open backups, and so cannot ask those who do."""
    assert listing._ROLE.pattern == holdings._ROLE.pattern


def test_hidden_files_and_other_folders_are_none(folder):
    put(folder, "b-20261122.sql")
    put(folder, ".b-20261123.sql")
    (folder / "older").mkdir()
    put(folder / "older", "b-20261124.sql")
    assert labels(folder) == ["b-20261122.sql"]


@pytest.mark.parametrize("toc", ["toc.dat", "toc.dat.gz", "toc.dat.zst"])
def test_a_directory_dump_is_one_backup(folder, toc):
    dump = folder / "prod-20261122T020000Z"
    (dump / "inner").mkdir(parents=True)
    put(dump, toc, size=5, written=datetime(2026, 11, 22, tzinfo=UTC))
    put(dump / "inner", "1.dat", size=4, written=datetime(2026, 11, 23, tzinfo=UTC))
    for source in ("backups", "backups/prod-20261122T020000Z"):
        (backup,) = list_path(folder.parent, source).backups
        assert (backup.label, backup.path, backup.size_bytes) == (dump.name, dump, 9)


def test_a_directory_dump_is_as_old_as_its_newest_file(folder):
    dump = folder / "prod"
    dump.mkdir()
    put(dump, "toc.dat", written=datetime(2026, 11, 22, tzinfo=UTC))
    put(dump, "1.dat", written=datetime(2026, 11, 23, tzinfo=UTC))
    assert list_path(folder, "prod").latest.taken_at == datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "names",
    [
        ("roles.sql", "schema.sql", "data.sql"),
        ("schema.sql.gz", "data.sql.gz"),
        ("1_Roles.sql", "2_schema.sql", "3-data.sql.zst", "manifest.json", ".DS_Store", "SHA256SUMS"),
        ("database_roles.sql", "database_schema.sql"),
    ],
)
def test_a_set_is_one_backup(folder, names):
    held = folder / "2026-11-22"
    held.mkdir()
    for at, name in enumerate(names):
        put(held, name, size=at + 1, written=utc(2026, 11, 22, at))
    size = sum(range(1, len(names) + 1))
    for source in ("backups", "backups/2026-11-22"):
        (backup,) = list_path(folder.parent, source).backups
        assert (backup.label, backup.path, backup.size_bytes) == ("2026-11-22", held, size)
        assert (backup.taken_at, backup.taken_at_from) == (
            utc(2026, 11, 22, len(names) - 1),
            "name and file time",
        )


@pytest.mark.parametrize(
    "names",
    [
        ("roles.sql", "schema.sql", "data.sql", "other.sql"),
        ("data-1.sql", "data-2.sql"),
        ("roles-data.sql", "schema.sql"),
        ("proddata.sql", "schemata.sql"),
        ("data.sql",),
    ],
)
def test_files_that_are_no_set_are_backups_each(folder, names):
    for name in names:
        put(folder, name, written=utc(2026, 11, 22))
    assert labels(folder) == sorted(names)
    held = folder.parent / "above"
    held.mkdir()
    folder.rename(held / "backups")
    with pytest.raises(BackupError, match="no backup in above"):
        list_path(folder.parent, "above")


@pytest.mark.parametrize("name", ["b.sql", "notes.txt", "empty.dump"])
def test_a_file_that_is_named_is_the_backup(folder, name):
    put(folder, name, size=0 if name == "empty.dump" else 3)
    assert list_path(folder, name).latest.label == name


def test_a_source_that_does_not_exist(tmp_path):
    with pytest.raises(BackupError) as caught:
        list_path(tmp_path, "nowhere")
    assert caught.value.message == "the backup source nowhere does not exist"
    assert caught.value.hint


def test_an_empty_folder(folder):
    with pytest.raises(BackupError, match=r"^no backup in backups"):
        list_path(folder.parent, "backups")


def test_a_folder_with_companions_only(folder):
    put(folder, "b.sql.sha256")
    with pytest.raises(BackupError, match=r"^no backup in backups"):
        list_path(folder.parent, "backups")


def test_a_link_to_nothing_is_no_backup(folder):
    put(folder, "b.sql")
    (folder / "latest.sql").symlink_to(folder / "gone.sql")
    assert labels(folder) == ["b.sql"]


@pytest.mark.parametrize("names", [("a.sql", "b.sql"), ("set/a.sql", "set/b.sql")])
def test_what_is_gone_while_the_others_are_listed_is_not_there(folder, monkeypatch, names):
    """As what another drill writes there under another name until it is whole."""
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        put(folder, name)
    item = local._item

    def others_go(name, status):
        for other in {*names} - {name}:
            (folder / other).unlink()
        return item(name, status)

    monkeypatch.setattr(local, "_item", others_go)
    (found,) = LocalPlace(folder, shown="backups").items()
    assert found.name in names


@pytest.mark.parametrize("form", ["{}", "file:{}", "file://{}", "file://localhost{}", "FILE:{}"])
def test_an_absolute_path(folder, form):
    put(folder, "b.sql")
    assert list_path(Path("/nowhere"), form.format(folder)).latest.label == "b.sql"


@pytest.mark.parametrize("form", ["{}", "file:{}", "file://{}"])
def test_no_message_and_no_backup_tells_an_absolute_path(folder, form):
    put(folder, "b.sql")
    catalogue = list_path(Path("/nowhere"), form.format(folder))
    assert str(folder.parent) not in catalogue.source + catalogue.latest.source
    with pytest.raises(BackupError) as caught:
        list_path(Path("/nowhere"), form.format(folder / "gone"))
    assert str(folder) not in str(caught.value)
    assert "gone" in caught.value.message
    with pytest.raises(DrillError) as caught:
        catalogue.labelled("c.sql")
    assert str(folder) not in str(caught.value)


def test_a_home_folder(folder, monkeypatch):
    put(folder, "b.sql")
    monkeypatch.setenv("HOME", str(folder.parent))
    assert list_path(Path("/nowhere"), "~/backups").latest.label == "b.sql"


def test_a_label_that_is_not_there(folder):
    put(folder, "b.sql")
    catalogue = list_path(folder.parent, "backups")
    assert catalogue.labelled("b.sql") is catalogue.latest
    with pytest.raises(DrillError, match=r"backup c\.sql not found in catalogue backups") as caught:
        catalogue.labelled("c.sql")
    assert not isinstance(caught.value, BackupError)


AS_NOBODY = """
import os, sys
from pathlib import Path
from fixtures.catalogue.listing import list_backups
from fixtures.places import place_of
from plugins.errors import BackupError, DrillError
if os.getuid() == 0:
    os.setgid(65534); os.setgroups([]); os.setuid(65534)
try:
    list_backups(place_of(sys.argv[2], folder=Path(sys.argv[1]), environ={}))
except DrillError as error:
    print(type(error).__name__, error.message)
"""


@pytest.mark.parametrize("mode", [0o000, 0o111])
def test_a_folder_that_may_not_be_read_is_not_bad(tmp_path_factory, mode):
    """Who runs the drill as somebody else learns nothing about the backup."""
    base = tmp_path_factory.mktemp("others", numbered=True)
    for parent in (base, base.parent, base.parent.parent):
        if parent.stat().st_uid == os.getuid():
            parent.chmod(parent.stat().st_mode | 0o011)
    folder = base / "backups"
    folder.mkdir()
    put(folder, "b.sql")
    folder.chmod(mode)
    try:
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, str(base), "backups"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        folder.chmod(0o700)
    assert done.stdout == "DrillError the backup source backups cannot be read (Permission denied)\n"
