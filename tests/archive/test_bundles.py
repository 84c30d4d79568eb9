"""Folders, tar and zip files: what they may hold, and what hostile or damaged ones do not do."""

from __future__ import annotations

import errno
import gzip
import io
import os
import stat
import tarfile
import tracemalloc
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.archive import spool
from fixtures.archive.bundle import Zipped
from plugins.errors import BackupError, DrillError

from .packing import BUNDLES, TABLES, claims_completeness, files, in_folder, left, rows, tarred, zipped


@pytest.mark.parametrize("bundle", ["tar", "tar by GNU", "zip"])
@pytest.mark.parametrize("name", ["pg18.dir", "pg17-zstd.dir"])
@pytest.mark.parametrize("folder", ["", "./", "backups/2026-11-22/app/"])
def test_a_directory_dump_in_a_bundle(bundle, name, folder, data, opened, tmp_path):
    members = {folder + file: content for file, content in sorted(files(data / name).items())}
    archive = opened(BUNDLES[bundle](tmp_path, members))
    assert archive.complete, archive.incomplete_because
    assert archive.format == "directory"
    assert archive.tables == TABLES
    assert archive.path.read_bytes() == opened(data / name).path.read_bytes()
    assert left(tmp_path) == {"staged.sql"}


def test_a_directory_dump_below_a_folder(data, opened, tmp_path):
    (tmp_path / "set" / "app").mkdir(parents=True)
    for file, content in files(data / "pg18.dir").items():
        (tmp_path / "set" / "app" / file).write_bytes(content)
    assert opened(tmp_path / "set").tables == TABLES


def test_a_tar_archive_whose_members_somebody_packed_again(data, opened, tmp_path):
    with tarfile.open(data / "pg18.tar") as tar:
        members = {about.name: tar.extractfile(about).read() for about in tar if about.isfile()}
    again = opened(tarred(dict(sorted(members.items()))))
    assert again.complete, again.incomplete_because
    assert again.tables == TABLES


@pytest.mark.parametrize("bundle", ["folder", "tar", "zip"])
@pytest.mark.parametrize("name", ["small.sql", "small.dump", "small.tar"])
def test_one_backup_alone_in_a_bundle(bundle, name, data, opened, tmp_path):
    content = (data / name).read_bytes()
    archive = opened(BUNDLES[bundle](tmp_path, {f"{name}.gz": gzip.compress(content), "notes.txt": b"x"}))
    alone = opened(content)
    assert archive.complete
    assert (archive.format, archive.tables, archive.compression) == (alone.format, alone.tables, "gzip")
    assert any(note.endswith(f" holds {name}.gz alone") for note in archive.notes)


def test_a_bundle_in_a_bundle(data, opened, tmp_path):
    inner = tarred(files(data / "pg18.dir"))
    archive = opened(zipped({"dump.tar.gz": gzip.compress(inner)}))
    assert (archive.format, archive.tables) == ("directory", TABLES)
    content = (data / "small.sql").read_bytes()
    for _ in range(4):
        content = zipped({"x.zip": content})
    assert opened(content).complete
    with pytest.raises(BackupError, match="wrapped more than 4 times"):
        opened(tarred({"x.zip": content}))
    assert left(tmp_path) == {"staged.sql"}


# What is no backup


def test_anything_else_is_named(data, opened, tmp_path):
    small = (data / "small.sql").read_bytes()
    with pytest.raises(
        BackupError, match=r"is a tar file that holds a\.sql, b\.sql, which together are no backup"
    ):
        opened(tarred({"a.sql": small, "b.sql": small}))
    many = {f"{at}.csv": b"x" for at in range(9)}
    with pytest.raises(BackupError, match=r"zip archive that holds 0\.csv, .*4\.csv and 4 more, which"):
        opened(zipped(many))
    with pytest.raises(BackupError, match="folder set holds data-1"):
        opened(in_folder(tmp_path, {"data-1.sql": small, "data-2.sql": small}))
    with pytest.raises(BackupError, match=r"backup\.sql \(page\.sql\) is an HTML page"):
        opened(zipped({"page.sql": b"<html>"}))
    dumps = {f"{folder}/{file}": held for folder in "ab" for file, held in files(data / "pg18.dir").items()}
    with pytest.raises(BackupError, match="which together are no backup"):
        opened(zipped(dumps))
    for empty in (zipped({}), tarred({"notes.txt": b"x"})):
        with pytest.raises(BackupError, match="no file that could be a backup"):
            opened(empty)
    assert left(tmp_path) == set()


@pytest.mark.parametrize(
    "name",
    ["../../evil.sql", "/tmp/evil.sql", "a/../../evil.sql", "C:\\evil.sql", "e\nvil\x1b[31m.sql"],
)
@pytest.mark.parametrize("bundle", ["tar", "tar by GNU", "zip"])
def test_a_members_name_is_no_path(name, bundle, data, opened, tmp_path):
    before = set(tmp_path.parent.iterdir())
    archive = opened(BUNDLES[bundle](tmp_path, {name: (data / "small.sql").read_bytes()}))
    assert archive.complete
    assert all(note.isprintable() for note in archive.notes)
    assert left(tmp_path) == {"staged.sql"}
    assert set(tmp_path.parent.iterdir()) == before
    assert not Path("/tmp/evil.sql").exists()


def test_links_and_devices_are_no_files(data, opened):
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for at, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE)):
            about = tarfile.TarInfo(f"{at}.sql")
            about.type, about.linkname = kind, "/etc/passwd"
            tar.addfile(about)
        about = tarfile.TarInfo("real.sql")
        content = (data / "small.sql").read_bytes()
        about.size = len(content)
        tar.addfile(about, io.BytesIO(content))
    assert opened(held.getvalue()).complete
    linked = zipfile.ZipInfo("data.sql")
    linked.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(linked, "/etc/passwd")
    with pytest.raises(BackupError, match="no file that could be a backup"):
        opened(packed.getvalue())


def test_links_in_a_folder_lead_nowhere(data, opened, tmp_path):
    held = in_folder(tmp_path, {})
    (held / "data.sql").symlink_to(data / "small.sql")
    with pytest.raises(BackupError, match="no file that could be a backup"):
        opened(held)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_long_names(form, parts, opened):
    members = {f"{'long/' * 60}{name}": text for name, text in parts.items()}
    assert opened(tarred(members, form=form)).tables == TABLES


@pytest.mark.parametrize("size", ["pax", "binary"])
def test_sizes_as_of_members_beyond_8_gigabytes(size, parts, opened):
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, text in parts.items():
            about = tarfile.TarInfo(name)
            about.size = len(text)
            about.pax_headers = {"size": str(len(text))} if size == "pax" else {}
            tar.addfile(about, io.BytesIO(text))
    whole = bytearray(held.getvalue())
    for name, text in parts.items():
        at = whole.rindex(name.encode() + b"\0")
        told = b"0" * 11 + b"\0" if size == "pax" else b"\x80" + len(text).to_bytes(11, "big")
        whole[at + 124 : at + 136] = told
        whole[at + 148 : at + 156] = b" " * 8
        whole[at + 148 : at + 156] = b"%06o\0 " % sum(whole[at : at + 512])
    assert opened(bytes(whole)).tables == TABLES


def test_the_later_member_of_one_name_is_taken(parts, opened):
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for name, text in [("data.sql", b"SELECT 1;\n"), *parts.items()]:
            about = tarfile.TarInfo(name)
            about.size = len(text)
            tar.addfile(about, io.BytesIO(text))
    assert opened(held.getvalue()).tables == TABLES


# Damage


def test_a_tar_file_cut_anywhere(data, opened, tmp_path):
    whole = tarred({"schema.sql": b"CREATE TABLE t (id int);\nRESET ALL;\n", "data.sql": rows(700)})
    assert opened(whole).complete
    # pg_dump's own tar files end with two blocks of NUL bytes, tar's with more of them.
    end = len(whole.rstrip(b"\0")) + 1
    end += -end % 512 + 1024
    passed = [
        at for at in range(512, end) if (at % 512 in (0, 1, 511) or at % 37 == 0)
        and claims_completeness(opened, whole[:at])
    ]  # fmt: skip
    assert not passed
    assert left(tmp_path) <= {"staged.sql", "cut"}


def test_a_cut_tar_is_told_whatever_it_held(parts, data, opened):
    whole = tarred({name: parts[name] for name in ("schema.sql", "roles.sql", "data.sql")})
    with pytest.raises(BackupError, match="holds nothing that can be read: the file ends inside"):
        opened(whole[: whole.index(b"roles.sql") + 600])
    empty = opened(whole[: whole.index(b"data.sql") + 512])
    assert empty.incomplete_because == "in data, the file ends inside data.sql"
    assert opened(whole[:3000]).incomplete_because == "the file ends inside schema.sql"
    dump = tarred(dict(sorted(files(data / "pg18.dir").items(), reverse=True)))
    archive = opened(dump[:-4000].rstrip(b"\0"))
    assert "the file ends inside" in archive.incomplete_because
    last = tarred({name: parts[name] for name in ("schema.sql", "roles.sql", "data.sql")})
    archive = opened(last[: last.rindex(b'COPY "public"."user"')])
    assert archive.incomplete_because == "in data, the file ends inside data.sql"
    assert archive.tables["app.users"] == 201


def test_a_zip_file_cut_anywhere(opened):
    whole = zipped({"schema.sql": b"CREATE TABLE t (id int);\nRESET ALL;\n", "data.sql": rows(100)})
    assert opened(whole).complete
    assert not [at for at in range(4, len(whole)) if claims_completeness(opened, whole[:at])]


def test_a_flipped_byte_in_a_zip_file(parts, opened):
    whole = zipped(parts)
    for at in range(60, len(whole), 211):
        damaged = bytearray(whole)
        damaged[at] ^= 0x40
        try:
            archive = opened(bytes(damaged), "damaged")
        except DrillError:
            continue
        # What is flipped in the list of members may be of no consequence: a date, an attribute.
        assert not archive.complete or archive.tables == TABLES


@pytest.mark.parametrize("bundle", ["tar", "tar by GNU", "zip", "zip, stored"])
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    changes=st.lists(
        st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4
    )
)
def test_nothing_but_drill_errors_is_raised_over_damage(bundle, parts, opened, changes, tmp_path):
    members = {"long/" * 40 + "schema.sql": parts["schema.sql"][-500:], "data.sql": rows(20)}
    content = bytearray(BUNDLES[bundle](tmp_path, members))
    for place, new in changes:
        at = int(place * len(content))
        content[at : at + len(new)] = new
    try:
        opened(bytes(content), "damaged")
    except DrillError:
        return
    assert left(tmp_path) == {"staged.sql", "damaged"}


@pytest.mark.parametrize("name", ["pagila.sql", "dvdrental.dump", "dvdrental.tar", "tiny.tar"])
def test_dumps_of_others_in_a_bundle_say_the_same(name, dumps, opened, tmp_path):
    content = (dumps / name).read_bytes()
    plain = opened(dumps / name)
    key = pyrage.x25519.Identity.generate()
    for bundle in ("folder", "tar", "zip"):
        folder = tmp_path / bundle
        folder.mkdir()
        members = {f"{name}.gz.age": pyrage.encrypt(gzip.compress(content, 1), [key.to_public()])}
        archive = opened(BUNDLES[bundle](folder, members), identity=str(key))
        assert (archive.format, archive.compression, archive.encryption) == (plain.format, "gzip", "age")
        assert archive.complete
        assert (archive.tables, archive.digests) == (plain.tables, plain.digests)


def test_an_encrypted_zip_is_unverified(parts, opened):
    whole = bytearray(zipped({"data.sql": parts["data.sql"]}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + offset] |= 1
    with pytest.raises(DrillError, match="is an encrypted zip archive") as raised:
        opened(bytes(whole))
    assert not isinstance(raised.value, BackupError)


def test_a_zip_of_another_compression_is_unverified(parts, opened):
    whole = bytearray(zipped({"data.sql": parts["data.sql"]}))
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        whole[whole.index(mark) + offset] = 9
    with pytest.raises(DrillError, match="with a compression that is not opened") as raised:
        opened(bytes(whole))
    assert not isinstance(raised.value, BackupError)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_in_a_zip_file_takes_no_memory(method, tmp_path):
    size = 100 << 20
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped({"data.sql": b"\n" * size}, method=method))
    got, because = 0, ""
    with ExitStack() as closing:
        pieces = Zipped(path, name="bomb.zip", closing=closing).chunks("data.sql")
        tracemalloc.start()
        try:
            got = sum(len(piece) for piece in pieces)
        except DrillError as refused:
            because = refused.message
        finally:
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
    assert peak < 24 << 20
    assert got == size or "with a compression that is not opened" in because
    assert (got == size) is (method == zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_of_a_compression_without_bounds_is_unverified(method, parts, opened):
    with pytest.raises(DrillError, match="with a compression that is not opened") as raised:
        opened(zipped(parts, method=method))
    assert not isinstance(raised.value, BackupError)
    assert "ordinary deflate" in raised.value.hint


def test_a_zip_of_more_than_4_gigabytes_is_written_the_same_way(parts, opened):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name, text in parts.items():
            with file.open(name, "w", force_zip64=True) as member:
                member.write(text)
    assert opened(held.getvalue()).tables == TABLES


def test_a_full_disk_leaves_nothing_in_the_spool(parts, opened, tmp_path, monkeypatch):
    modes = set()

    def full(file, chunk):
        modes.add(stat.S_IMODE(os.fstat(file.fileno()).st_mode))
        raise spool.unwritable(OSError(errno.ENOSPC, "No space left on device"))

    monkeypatch.setattr("fixtures.archive.bundle.write", full)
    for content in (tarred(parts), gzip.compress(zipped(parts))):
        with pytest.raises(DrillError, match="no space is left") as raised:
            opened(content)
        assert not isinstance(raised.value, BackupError)
    assert modes == {0o600}
    assert left(tmp_path) == set()
