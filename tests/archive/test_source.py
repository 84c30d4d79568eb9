"""The backup as it is stored: any name, and nothing of it left out."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.archive import open_archive
from fixtures.archive.source import OnDisk
from plugins.errors import BackupError

from .packing import TABLES, files, in_folder

ROOT = Path(__file__).parents[2]
AS_NOBODY = """
import os, sys
from pathlib import Path
from fixtures.archive.source import OnDisk
from plugins.errors import DrillError
if os.getuid() == 0:
    os.setgid(65534); os.setgroups([]); os.setuid(65534)
try:
    print(list(OnDisk(Path(sys.argv[1])).files))
except DrillError as error:
    print(type(error).__name__, error.message)
"""


def test_a_files_name_may_be_any_bytes(data, opened, tmp_path):
    held = in_folder(tmp_path, files(data / "pg18.dir"))
    name = b"\xff\xe4.log"
    Path(os.fsdecode(os.fsencode(held) + b"/" + name)).write_bytes(b"x")
    archive = opened(held)
    assert archive.tables == TABLES
    listing = b""
    for path in sorted(held.iterdir()):
        content = path.read_bytes()
        listing += (
            os.fsencode(path.name)
            + b"\0%d\0" % len(content)
            + hashlib.sha256(content).hexdigest().encode()
            + b"\n"
        )
    assert name in listing
    assert archive.sha256 == hashlib.sha256(listing).hexdigest()


# Without x the files are named and may not be looked at; without r they are not even named.
@pytest.mark.parametrize("mode", [0o000, 0o444, 0o111])
def test_a_folder_of_which_a_part_may_not_be_read_is_unverified(mode, tmp_path_factory):
    base = tmp_path_factory.mktemp("others", numbered=True)
    for parent in (base, base.parent, base.parent.parent):
        if parent.stat().st_uid == os.getuid():
            parent.chmod(parent.stat().st_mode | 0o011)
    held = in_folder(base, {"data.sql": b"SELECT 1;\n"})
    held.chmod(0o755)
    inner = held / "more"
    inner.mkdir()
    (inner / "schema.sql").write_bytes(b"SELECT 1;\n")
    inner.chmod(mode)
    try:
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, str(held)], cwd=ROOT, capture_output=True, text=True, check=True
        )
    finally:
        inner.chmod(0o700)
    assert done.stdout == "DrillError backup set cannot be read: permission denied\n"


@pytest.mark.parametrize("when", [b"2026-99-22 02:00:00", b"2026-06-31 02:00:00", b"0000-01-01 00:00:00"])
def test_a_date_that_is_none_is_not_said(when, opened):
    text = b"-- PostgreSQL database dump\n-- Started on %s UTC\nSELECT 1;\n" % when
    archive = opened(text + b"-- PostgreSQL database dump complete\n")
    assert archive.complete
    assert archive.dumped_at is None


@pytest.mark.parametrize("now", [b"SELECT 1;\nSELECT 2;\n", b"SELECT"])
def test_a_file_that_is_written_while_it_is_read_is_no_backup(now, tmp_path):
    path = tmp_path / "b.sql"
    path.write_bytes(b"SELECT 1;\n")
    stored = OnDisk(path)
    path.write_bytes(now)
    with pytest.raises(BackupError) as caught:
        open_archive(stored, folder=tmp_path)
    assert caught.value.message == f"backup b.sql gave {len(now)} bytes, and was listed with 10"
