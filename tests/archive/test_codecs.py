"""Compressed backups: opened whole, and never taken for whole when they are not."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import sys
import tracemalloc
import zlib

import lz4.frame
import pytest

from fixtures.archive.codecs import CODECS, unpack
from fixtures.archive.source import CutError
from plugins.errors import BackupError, DrillError

from .packing import claims_completeness

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACK = {
    "gzip": lambda text: gzip.compress(text, mtime=0),
    "zstd": lambda text: zstd.compress(text, options={zstd.CompressionParameter.checksum_flag: 1}),
    "lz4": lambda text: lz4.frame.compress(text, content_checksum=True),
    "xz": lambda text: lzma.compress(text, preset=0),
    "bzip2": bz2.compress,
}
SKIPPABLE = b"\x52\x2a\x4d\x18\x04\0\0\0note"


def unpacked(kind: str, data: bytes, *, step: int = 1 << 16) -> bytes:
    chunks = (data[at : at + step] for at in range(0, len(data), step))
    return b"".join(unpack(kind, chunks, what="it"))


def keep(pieces: list[bytes], source) -> None:
    for piece in source:
        pieces.append(piece)


def text_of(size: int) -> bytes:
    return b"".join(b"%d\t%s\n" % (at, os.urandom(8).hex().encode()) for at in range(size // 24))


def test_every_codec_is_tried_here():
    assert set(PACK) == CODECS


@pytest.mark.parametrize("kind", PACK)
def test_the_text_comes_back(kind, data, opened):
    archive = opened(PACK[kind]((data / "small.sql").read_bytes()), "backup")
    assert archive.complete, archive.incomplete_because
    assert (archive.format, archive.compression) == ("plain", kind)
    assert archive.path.read_bytes() == (data / "small.sql").read_bytes()


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("step", [1, 7, 1 << 18])
def test_members_follow_each_other_wherever_the_pieces_end(kind, step):
    pack = PACK[kind]
    several = pack(b"one\n") + pack(b"") + pack(b"two\n") + b"\0" * 8
    assert unpacked(kind, several, step=step) == b"one\ntwo\n"


@pytest.mark.parametrize("kind", ["zstd", "lz4"])
def test_frames_to_be_skipped(kind):
    pack = PACK[kind]
    assert unpacked(kind, pack(b"one\n") + SKIPPABLE + pack(b"two\n") + SKIPPABLE) == b"one\ntwo\n"


def test_zstd_that_begins_with_a_frame_to_be_skipped(data, opened):
    archive = opened(SKIPPABLE + PACK["zstd"]((data / "small.sql").read_bytes()))
    assert (archive.compression, archive.complete) == ("zstd", True)


@pytest.mark.parametrize("kind", PACK)
def test_cut_at_every_byte(kind, data, opened):
    whole = PACK[kind]((data / "small.sql").read_bytes())
    for at in range(1, len(whole)):
        with pytest.raises(CutError, match=r"it is (truncated|damaged)"):
            unpacked(kind, whole[:at])
    for at in (*range(1, 40), *range(40, len(whole), 97), len(whole) - 1):
        assert not claims_completeness(opened, whole[:at]), at


@pytest.mark.parametrize("kind", PACK)
def test_cut_between_pieces_keeps_what_was_there(kind):
    text = text_of(3 << 20)
    whole = PACK[kind](text)
    pieces: list[bytes] = []
    with pytest.raises(CutError, match="it is truncated"):
        keep(pieces, unpack(kind, iter([whole[: len(whole) // 2]]), what="it"))
    got = b"".join(pieces)
    assert text.startswith(got)
    assert len(got) > len(text) // 4


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("place", [0.3, 0.6, 0.9, 0.999])
def test_a_flipped_byte_is_told(kind, place):
    whole = bytearray(PACK[kind](text_of(1 << 20)))
    whole[int(len(whole) * place)] ^= 0x40
    with pytest.raises(CutError):
        unpacked(kind, bytes(whole))


@pytest.mark.parametrize("part", [slice(-8, -4), slice(-4, None)])
def test_the_trailer_of_gzip_is_checked(part):
    whole = bytearray(PACK["gzip"](b"x" * 1000))
    whole[part] = b"abcd"
    with pytest.raises(CutError, match="it is damaged"):
        unpacked("gzip", bytes(whole))


@pytest.mark.parametrize("kind", PACK)
def test_something_else_behind_it_is_told(kind, data, opened):
    whole = PACK[kind]((data / "small.sql").read_bytes())
    assert "follows" in opened(whole + b"<html>").incomplete_because
    with pytest.raises(CutError):
        unpacked(kind, whole + whole[:1])


def test_nothing_may_follow_zlib_data():
    whole = zlib.compress(b"x")
    assert unpacked("zlib", whole) == b"x"
    with pytest.raises(CutError, match="something that is not zlib follows it"):
        unpacked("zlib", whole + whole)


@pytest.mark.parametrize("kind", PACK)
def test_a_bomb_takes_no_memory(kind):
    size = 100 << 20
    bomb = PACK[kind](b"\n" * size)
    tracemalloc.start()
    try:
        got = sum(len(piece) for piece in unpack(kind, iter([bomb]), what="it"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert got == size
    assert peak < 24 << 20


def test_text_that_a_codec_holds_back_is_not_lost(opened):
    text = b"SELECT 1;" + b"\n" * (30 << 20)
    archive = opened(gzip.compress(text), "x.gz")
    assert archive.complete, archive.incomplete_because
    assert archive.text_bytes == len(text)


def _large_window(kind: str) -> bytes:
    if kind == "xz":
        filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 256 << 20}]
        return lzma.compress(b"SELECT 1;\n", filters=filters)
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 30})
    return packer.compress(b"SELECT 1;\n") + packer.flush()


@pytest.mark.parametrize("kind", ["zstd", "xz"])
def test_a_window_larger_than_ours_is_unverified(kind, opened):
    with pytest.raises(DrillError, match="takes more than 128 MB of memory") as raised:
        opened(_large_window(kind))
    assert not isinstance(raised.value, BackupError)


@pytest.mark.parametrize("kind", PACK)
def test_around_a_custom_archive_and_a_tar(kind, data, opened):
    for name, form in (("small.dump", "custom"), ("small.tar", "tar")):
        archive = opened(PACK[kind]((data / name).read_bytes()))
        assert (archive.format, archive.compression, archive.complete) == (form, kind, True)


def test_as_many_layers_as_make_sense(data, opened):
    text = (data / "small.sql").read_bytes()
    for kind in ("gzip", "zstd", "gzip", "xz"):
        text = PACK[kind](text)
    archive = opened(text)
    assert (archive.compression, archive.complete) == ("xz", True)
    with pytest.raises(BackupError, match="wrapped more than 4 times"):
        opened(PACK["gzip"](text))


# pg_dump's zstd has no checksum: damage is told there where it breaks a frame.
@pytest.mark.parametrize(
    ("name", "magic", "at"),
    [
        ("pg17-zstd.dump", b"\x28\xb5\x2f\xfd", 6),
        ("pg17-lz4.dump", b"\x04\x22\x4d\x18", 60),
        ("pg15.dump", b"x\x9c", 60),
    ],
)
def test_an_archives_data_with_a_flipped_byte(name, magic, at, data, opened):
    whole = bytearray((data / name).read_bytes())
    whole[whole.index(magic) + at] ^= 0x40
    assert not claims_completeness(opened, bytes(whole))


@pytest.mark.parametrize("name", ["pg17-zstd.dump", "pg17-lz4.dump"])
def test_an_archive_cut_anywhere(name, data, opened):
    whole = (data / name).read_bytes()
    assert opened(whole).compression == name[5:].removesuffix(".dump")
    passed = [at for at in range(0, len(whole), 61) if claims_completeness(opened, whole[:at])]
    assert not passed


@pytest.mark.parametrize("name", ["pg17-zstd.dir", "pg17-lz4.dir"])
@pytest.mark.parametrize("size", [0, 5, -1])
def test_a_folder_with_a_cut_file(name, size, data, opened, tmp_path):
    copied = tmp_path / "dir"
    copied.mkdir()
    for path in (data / name).iterdir():
        (copied / path.name).write_bytes(path.read_bytes())
    (cut,) = copied.glob("3482.dat.*")
    cut.write_bytes(cut.read_bytes()[:size])
    archive = opened(copied)
    assert not archive.complete
    assert "app.users" in archive.incomplete_because


@pytest.mark.parametrize("suffix", [".gz", ".lz4", ".zst"])
def test_a_folder_with_a_compressed_table_of_contents(suffix, data, opened, tmp_path):
    copied = tmp_path / "dir"
    copied.mkdir()
    for path in (data / "pg17-zstd.dir").iterdir():
        (copied / path.name).write_bytes(path.read_bytes())
    toc = copied / "toc.dat"
    (copied / f"toc.dat{suffix}").write_bytes(
        PACK[{".gz": "gzip", ".zst": "zstd"}.get(suffix, "lz4")](toc.read_bytes())
    )
    toc.unlink()
    archive = opened(copied)
    assert (archive.format, archive.complete) == ("directory", True)


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("name", ["pagila.sql", "dvdrental.tar", "tiny.dump"])
def test_dumps_of_others_compressed_say_the_same(kind, name, dumps, opened):
    plain = opened(dumps / name)
    archive = opened(PACK[kind]((dumps / name).read_bytes()))
    assert (archive.format, archive.compression, archive.complete) == (plain.format, kind, True)
    assert archive.tables == plain.tables
    assert archive.text_bytes == plain.text_bytes
