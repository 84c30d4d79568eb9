"""What an archive of pg_dump holds once is staged once, and what its lists name is there."""

from __future__ import annotations

import gzip
import io
import tarfile
from typing import TYPE_CHECKING

import pytest

from fixtures.archive.source import Reader
from fixtures.archive.toc import read_toc

from .packing import TABLES, claims_completeness, files, in_folder

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize("name", ["pg15.dump", "pg15-z0.dump", "pg18.dump", "pg17-zstd.dump"])
def test_a_block_of_a_custom_archive_that_is_there_twice(name, data, opened):
    head, blocks = _blocks((data / name).read_bytes())
    assert opened(head + b"".join(blocks)).tables == TABLES
    for at, block in enumerate(blocks):
        for behind in range(at, len(blocks)):
            doubled = [*blocks[: behind + 1], block, *blocks[behind + 1 :]]
            archive = opened(head + b"".join(doubled))
            assert "twice" in archive.incomplete_because or "follows" in archive.incomplete_because
            assert all(rows <= TABLES[table] for table, rows in archive.tables.items())


@pytest.mark.parametrize("name", ["pg15-z0.dump", "pg18.dump"])
def test_a_large_object_of_a_custom_archive_that_is_there_twice(name, data, opened):
    head, blocks = _blocks((data / name).read_bytes())
    at = next(at for at, block in enumerate(blocks) if block[0] == 3)
    block, first = blocks[at], _object_end(blocks[at])
    blocks[at] = block[:first] + block[6:first] + block[first:]
    assert opened(head + b"".join(blocks)).incomplete_because == (
        "the data of large object 4242 are there twice"
    )


@pytest.mark.parametrize("name", ["small.tar", "pg15.tar", "pg18.tar"])
def test_a_member_of_a_tar_archive_that_is_there_twice(name, data, opened):
    whole = (data / name).read_bytes()
    members = _members(whole)
    expected = opened(whole).tables
    for member, (begin, end) in members.items():
        if member == "restore.sql":  # for people, and not read
            continue
        for _, behind in members.values():
            if behind >= end:
                archive = opened(whole[:behind] + whole[begin:end] + whole[behind:])
                assert archive.incomplete_because, (member, behind)
                assert all(rows <= expected[table] for table, rows in archive.tables.items())
    begin, end = members["restore.sql"]
    rows = next(member for member in members if member.endswith(".dat") and member != "toc.dat")
    doubled = whole[:end] + whole[slice(*members[rows])] + whole[end:]
    assert "are there twice" in opened(doubled).incomplete_because


@pytest.mark.parametrize("name", ["small.tar", "pg15.tar", "pg18.tar"])
def test_a_member_of_a_tar_archive_that_is_missing(name, data, opened):
    whole = (data / name).read_bytes()
    for member, (begin, end) in _members(whole).items():
        if member != "restore.sql":
            assert not claims_completeness(opened, whole[:begin] + whole[end:]), member


@pytest.mark.parametrize("missing", ["4242", "4243"])
def test_a_large_object_of_a_tar_archive_that_is_missing(missing, data, opened):
    whole = (data / "pg15.tar").read_bytes()
    begin, end = _members(whole)[f"blob_{missing}.dat"]
    because = opened(whole[:begin] + whole[end:]).incomplete_because
    assert because == f"the data of large object {missing} are missing"


def test_a_large_object_that_the_list_of_a_tar_archive_does_not_name(data, opened):
    whole = (data / "pg15.tar").read_bytes()
    at = whole.index(b"4242 blob_4242.dat\n4243")
    because = opened(whole[: at + 19] + b"4242" + whole[at + 23 :]).incomplete_because
    assert because == "the list of large objects does not name 4243"


def test_a_list_of_large_objects_that_is_cut_between_two_lines(data, opened, tmp_path):
    with tarfile.open(fileobj=io.BytesIO((data / "pg15.tar").read_bytes())) as tar:
        members = {about.name: tar.extractfile(about).read() for about in tar}
    held = in_folder(tmp_path, members)
    assert opened(held).complete
    assert members["blobs.toc"] == b"4242 blob_4242.dat\n4243 blob_4243.dat\n"
    (held / "blobs.toc").write_bytes(b"4242 blob_4242.dat\n")
    assert opened(held).incomplete_because == "the list of large objects does not name 4243"


@pytest.mark.parametrize("size", [1, 4, 8])
@pytest.mark.parametrize("name", ["small.dump", "small.tar"])
def test_the_trailer_of_gzip_around_an_archive_is_missed(name, size, data, opened):
    packed = gzip.compress((data / name).read_bytes())
    assert opened(packed).complete
    assert opened(packed[:-size]).incomplete_because == "the gzip data is truncated"


def test_an_empty_table_and_an_empty_large_object_lack_nothing(data, opened):
    archive = opened(data / "small-inserts.dir")
    assert archive.complete, archive.incomplete_because
    assert archive.tables == {"public.events": 3, "public.empty_one": 0}
    assert files(data / "small-inserts.dir")["blobs_2572.toc"].count(b"\n") == 2


def _blocks(dump: bytes) -> tuple[bytes, list[bytes]]:
    """A custom archive: what stands before the data, and each block of them."""
    reader = Reader(iter([dump]))
    read_toc(reader, custom=True)
    data = b"".join(reader.rest())
    blocks, begin = [], 0
    while begin < len(data):
        end = begin + 6
        if data[begin] == 1:
            end = _chunks_end(data, end)
        else:
            while data[end + 1 : end + 5].strip(b"\0"):
                end = _chunks_end(data, end + 5)
            end += 5
        blocks.append(data[begin:end])
        begin = end
    return dump[: -len(data)], blocks


def _object_end(block: bytes) -> int:
    return _chunks_end(block, 6 + 5)


def _chunks_end(data: bytes, at: int) -> int:
    while size := int.from_bytes(data[at + 1 : at + 5], "little"):
        at += 5 + size
    return at + 5


def _members(whole: bytes) -> dict[str, tuple[int, int]]:
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        return dict(_places(tar))


def _places(tar: tarfile.TarFile) -> Iterator[tuple[str, tuple[int, int]]]:
    for about in tar:
        yield about.name, (about.offset, about.offset_data - -about.size // 512 * 512)
