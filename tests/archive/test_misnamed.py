"""What a backup really is, whatever its name says; and what is none."""

from __future__ import annotations

import gzip
import re

import pytest

from fixtures.archive.formats import misnamed
from plugins.errors import BackupError, DrillError


@pytest.mark.parametrize(
    ("content", "name", "form", "notes"),
    [
        ("small.dump", "x.tar", "custom", ("the file is named .tar and is a custom archive",)),
        ("small.sql", "x.dump", "plain", ("the file is named .dump and is plain SQL",)),
        ("small.sql", "x.sql.gz", "plain", ("the file is named .gz and is plain SQL",)),
        ("small.tar", "x.SQL", "tar", ("the file is named .sql and is a tar file",)),
        ("small.dump", "x.dump", "custom", ()),
        ("small.sql", "db_cluster-22-11-2026@02-00-00.backup", "plain", ()),
        ("small.tar", "x", "tar", ()),
    ],
)
def test_a_name_that_lies_is_noted_and_the_backup_opened(content, name, form, notes, data, opened):
    archive = opened((data / content).read_bytes(), name)
    assert (archive.format, archive.complete, archive.notes) == (form, True, notes)


@pytest.mark.parametrize(
    ("name", "layers", "note"),
    [
        ("x.sql.gz", ("gzip", "text"), None),
        ("x.tgz", ("gzip", "tar"), None),
        ("x.tgz", ("gzip", "custom"), "is named .tar and is a custom archive"),
        ("x.sql.gz.age", ("age", "gzip", "text"), None),
        ("x.sql.age", ("age", "gzip", "text"), "is named .sql and is compressed with gzip"),
        ("x.dump.gz", ("zstd", "custom"), "is named .gz and is compressed with zstd"),
        ("x.sql", ("age", "text"), "is named .sql and is encrypted with age"),
        ("x.backup.gz", ("gzip", "custom"), None),
        ("x.zip", ("zip",), None),
        ("2026.11.22", ("text",), None),
    ],
)
def test_each_layer_has_its_suffix(name, layers, note):
    assert misnamed(name, layers) == note


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", "is an XML document"),
        (b"%PDF-1.7\n", "is a PDF document"),
        (b"-- MySQL dump 10.13\n", "is a dump of MySQL"),
        (b"/*M!999999\\- enable the sandbox mode */\n-- MariaDB dump 10.19\n", "is a dump of MariaDB"),
        (b"SQLite format 3\0" + bytes(100), "is an SQLite database"),
    ],
)
def test_what_another_program_made_is_named(content, message, pack, opened):
    with pytest.raises(BackupError, match=message):
        opened(pack(content), "backup.dump")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"-----BEGIN PGP MESSAGE-----\n", "encrypted with PGP"),
        (b"\x8c\x0d\x04\x09\x03\x02", "encrypted with PGP"),
        (b"\x85\x02\x0c\x03abcd", "encrypted with PGP"),
        (b"Salted__12345678", "encrypted with OpenSSL"),
        (b"U2FsdGVkX18xMjM0", "encrypted with OpenSSL"),
        (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"\x02\x21\x4c\x18", "compressed with lz4's old form"),
    ],
)
def test_what_is_not_opened_is_unverified(content, what, opened):
    with pytest.raises(DrillError, match=re.escape(f"is {what}, which is not opened")) as raised:
        opened(content + b"x" * 50)
    assert not isinstance(raised.value, BackupError)
