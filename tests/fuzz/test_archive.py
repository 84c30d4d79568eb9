"""Backups that are damaged, cut, spliced or made to be hard, in every form and wrapping that is opened."""

# ruff: noqa: E501 - tables of odd inputs read better with one a line

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import struct
import sys
import zlib
from typing import TYPE_CHECKING

import lz4.frame
import pytest
from hypothesis import strategies as st

from fixtures.archive import open_archive, toc
from plugins.errors import BackupError, DrillError
from tests.archive.packing import tarred, zipped

from .mutating import damaged
from .watch import bounded, told

if TYPE_CHECKING:
    from pathlib import Path

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

WRAPPED = {
    "backup.gz": gzip.compress,
    "backup.zst": zstd.compress,
    "backup.lz4": lz4.frame.compress,
    "backup.xz": lzma.compress,
    "backup.bz2": bz2.compress,
    "backup.zip": lambda content: zipped({"backup.sql": content}),
    "backup.tar": lambda content: tarred({"backup.sql": content}),
}


@pytest.fixture
def opened(tmp_path):
    """Opens bytes, or a folder's members, as a backup; nothing but the staged text may be left."""
    work = tmp_path / "work"
    work.mkdir()
    path = tmp_path / "backup"

    def opened(content: bytes | dict[str, bytes], name: str = "backup"):
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
            for member, inside in content.items():
                (path / member).write_bytes(inside)
        try:
            archive = told(lambda: open_archive(path, folder=work))
            if archive is not None:
                # What a drill asks of it at once.
                told(lambda: archive.tables_with_rows)
                told(lambda: archive.major)
                assert sum(entry.length for entry in archive.entries) <= archive.text_bytes
            return archive
        finally:
            assert {one.name for one in work.iterdir()} <= {"staged.sql"}
            (work / "staged.sql").unlink(missing_ok=True)

    return opened


def _seeds(data: Path, *names: str) -> list[bytes]:
    return [(data / name).read_bytes() for name in names]


def test_damaged_archives_are_read(data, opened, fuzz):
    seeds = _seeds(
        data,
        "small.dump",
        "small.tar",
        "pg15-z0.dump",
        "pg18.dump",
        "pg17-lz4.dump",
        "pg17-zstd.dump",
        "pg18-root.dump",
    )
    fuzz(damaged(seeds), opened, few=150)


def test_damaged_wrappings_are_read(data, opened, fuzz):
    small = (data / "small.sql").read_bytes()
    seeds = [wrap(small) for wrap in WRAPPED.values()]
    seeds += [wrap((data / "small.dump").read_bytes()) for wrap in WRAPPED.values()]
    fuzz(damaged(seeds), opened, few=120)


@pytest.mark.parametrize(
    "name", ["small-inserts.dir", "pg17-lz4.dir", "pg17-zstd.dir", "pg18.dir", "pg17-set"]
)
def test_damaged_folders_are_read(name, data, opened, fuzz):
    members = {path.name: path.read_bytes() for path in sorted((data / name).iterdir())}

    def holds(example: tuple[str, bytes, bool]) -> None:
        member, content, gone = example
        changed = {**members, member: content}
        if gone:
            del changed[member]
        opened(changed)

    one = st.sampled_from(sorted(members)).flatmap(
        lambda member: st.tuples(
            st.just(member),
            damaged([members[member]], words=member.endswith(".sql")),
            st.integers(0, 19).map(lambda n: not n),
        )
    )
    fuzz(one, holds, few=25)


def test_damaged_scripts_are_read(data, opened, fuzz):
    seeds = _seeds(data, "small.sql", "pg18-cluster.sql", "pg18-inserts.sql")
    fuzz(damaged([seeds[0], seeds[1][:9000], seeds[2][:9000]], words=True), opened, few=60)


def test_any_bytes_are_read(opened, fuzz):
    magic = [b"PGDMP\x01\x10\0\x04\x08\x01\x01", b"PGDMP", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"BZh91AY&SY",
             b"\x04\x22\x4d\x18", b"\xfd7zXZ\0", b"age-encryption.org/v1\n", b"--\n", b""]  # fmt: skip
    fuzz(st.tuples(st.sampled_from(magic), st.binary(max_size=3000)).map(b"".join), opened, few=60)


def _toc(entries: int, body: bytes, *, version: bytes = b"16.1") -> bytes:
    """An uncompressed archive's head, of 1.16, that promises so many entries."""

    def integer(value: int) -> bytes:
        return b"\0" + struct.pack("<I", value)

    def string(text: bytes) -> bytes:
        return integer(len(text)) + text

    head = b"PGDMP\x01\x10\0\x04\x08\x01\0" + b"".join(map(integer, (0, 0, 2, 22, 10, 126, 0)))
    return head + string(b"db") + string(version) + string(version) + integer(entries) + body


MOST = 0x7FFFFFFF


def _pax(digits: int) -> bytes:
    body = b" size=" + b"9" * digits + b"\n"
    said = str(len(body) + len(str(len(body) + 5))).encode() + body
    content = tarred({"x": said, "backup.sql": b"SELECT 1;\n"})
    header = bytearray(content[:512])
    header[156:157] = b"x"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + content[512:]


def _list_of_objects(data: Path) -> dict[str, bytes]:
    """A directory archive of which the list of large objects is a gigabyte, of a megabyte compressed."""
    members = {path.name: path.read_bytes() for path in (data / "small-inserts.dir").iterdir()}
    name = next(name for name in members if name.startswith("blobs"))
    del members[name]
    members[f"{name}.gz"] = _bomb(b"", b"1 blob_1.dat\n" * 80_000, 400)
    return members


def _bomb(first: bytes, again: bytes, times: int) -> bytes:
    packer = zlib.compressobj(1, wbits=31)
    return packer.compress(first) + b"".join(packer.compress(again) for _ in range(times)) + packer.flush()


HARD = {
    "a length of 2 GiB": lambda data: _toc(1, b"\0\x01\0\0\0" * 2 + b"\0\xff\xff\xff\x7f"),
    "two milliard entries": lambda data: _toc(MOST, b"\0" * 1000),
    "a version of many digits": lambda data: _toc(0, b"", version=b"9" * 5000),
    "a version that is no number": lambda data: _toc(0, b"", version="²".encode()),
    "a version that is no text": lambda data: _toc(0, b"", version=b"\xed\xa0\x80\xff"),
    "a string of a gigabyte": lambda data: _bomb(_toc(1, b"\0\x01\0\0\0" * 2 + b"\0\0\0\0\x3f"), b"a" * (1 << 20), 1010),
    "dependencies without an end": lambda data: _bomb(_toc(1, b""), b"\0" * (1 << 20), 300),
    "a name of a tar file with a size of many digits": lambda data: _pax(5000),
    "a list of large objects": _list_of_objects,
    "zeros": lambda data: _bomb(b"SELECT 1;\n", b"\0" * (1 << 20), 300),
    "a line": lambda data: _bomb(b"SELECT 1;\n", b"a " * (1 << 19), 12),
    "rows": lambda data: _bomb(b"CREATE TABLE t ();\nCOPY t FROM stdin;\n", b"1\n" * (1 << 19), 12),
}  # fmt: skip


def _entry() -> bytes:
    none = b"\x01\x01\0\0\0"
    one = b"\0\x01\0\0\0"
    text = one + b"x"
    return one * 2 + text * 4 + one + text * 4 + none * 2 + one + text * 2 + none + b"\0" * 9


def test_a_table_of_contents_without_an_end_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(toc, "MOST_BYTES", 4 << 20)
    (tmp_path / "backup").write_bytes(_bomb(_toc(MOST, b""), _entry() * 1000, 100))
    with bounded(megabytes=64), pytest.raises(DrillError, match="more than 4 MiB") as raised:
        open_archive(tmp_path / "backup", folder=tmp_path)
    assert not isinstance(raised.value, BackupError)


@pytest.mark.parametrize("hard", HARD)
def test_what_is_made_to_be_hard_is_read(hard, data, opened):
    with bounded(seconds=30, megabytes=160):
        opened(HARD[hard](data))
