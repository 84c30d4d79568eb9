"""Digests that were written down beside a backup, or that its store keeps."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from fixtures.archive import open_archive
from fixtures.catalogue.listing import list_backups
from fixtures.catalogue.sums import Sums, sums_of
from fixtures.places import place_of
from plugins.errors import DrillError, NothingToCheckError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "b-20261122.sql"
TEXT = b"SELECT 1;\n"
SHA256, MD5 = hashlib.sha256(TEXT).hexdigest(), hashlib.md5(TEXT, usedforsecurity=False).hexdigest()


def summed(folder: Path) -> Sums:
    return sums_of(list_backups(place_of(str(folder), folder=folder, environ={})).latest)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / NAME).write_bytes(TEXT)
    return tmp_path / "backups"


@pytest.mark.parametrize(
    ("sidecar", "text"),
    [
        (f"{NAME}.sha256", f"{SHA256}  {NAME}\n"),
        (f"{NAME}.sha256", f"{SHA256.upper()} *./{NAME}\r\n"),
        (f"{NAME}.sha256", f"{SHA256}  /srv/backups/{NAME}\n"),
        (f"{NAME}.sha256", f"{SHA256}  other-name.sql\n"),
        (f"{NAME}.sha256", SHA256),
        (f"{NAME}.sha256", f"SHA256 ({NAME}) = {SHA256}\n"),
        (f"{NAME}.sha256", f"SHA2-256({NAME})= {SHA256}\n"),
        (f"{NAME}.sha256", f"{'0' * 64}  other.sql\n{SHA256}  {NAME}\n"),
        (f"{NAME}.md5", f"{MD5}  {NAME}\n"),
        (f"{NAME}.sha512", hashlib.sha512(TEXT).hexdigest()),
        ("SHA256SUMS", f"{'0' * 64}  a.sql\n{SHA256}  {NAME}\n"),
        ("MD5SUMS", f"{MD5}  ./{NAME}\n"),
    ],
)
def test_a_digest_beside_a_backup_is_held_against_it(folder, sidecar, text, tmp_path):
    (folder / sidecar).write_text(text)
    found = summed(folder)
    assert [known.said_by for known in found.known] == [sidecar]
    archive = open_archive(folder / NAME, folder=tmp_path, algorithms=found.algorithms)
    assert found.differences(archive.sums) == []
    (folder / NAME).write_bytes(TEXT + b"SELECT 2;\n")
    archive = open_archive(folder / NAME, folder=tmp_path, algorithms=found.algorithms)
    (said,) = found.differences(archive.sums)
    assert said.startswith(f"{NAME} has another ")
    assert said.endswith(f" than {sidecar} says")
    assert found.altered(archive.sums) == [said]


@pytest.mark.parametrize("text", ["", "\n", "sha256sum: no such file\n", f"{MD5}  {NAME}\n", "\0\xff"])
def test_a_sidecar_without_a_digest_is_no_proof(folder, text):
    (folder / f"{NAME}.sha256").write_text(text)
    found = summed(folder)
    assert found.altered({"": {"sha256": SHA256}}) == []
    with pytest.raises(DrillError) as caught:
        found.differences({"": {"sha256": SHA256}})
    assert caught.value.message == f"{NAME}.sha256 holds no SHA-256 of {NAME}"
    assert not isinstance(caught.value, NothingToCheckError)


@pytest.mark.parametrize("lists", [{}, {"SHA256SUMS": f"{SHA256}  other.sql\n"}])
def test_of_which_nothing_is_written_down_there_is_nothing_to_check(folder, lists):
    for name, text in lists.items():
        (folder / name).write_text(text)
    with pytest.raises(NothingToCheckError):
        summed(folder).differences({"": {"sha256": SHA256}})


def test_the_files_of_a_set_have_theirs_in_it(tmp_path):
    held = tmp_path / "backups" / "2026-11-22"
    held.mkdir(parents=True)
    for name in ("schema.sql", "data.sql", "roles.sql"):
        (held / name).write_bytes(TEXT + name.encode() + b"\n;")
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in held.iterdir()}
    (held / "SHA256SUMS").write_text(
        "".join(f"{digests[name]}  {name}\n" for name in ("schema.sql", "data.sql"))
    )
    (held / "roles.sql.sha256").write_text(digests["roles.sql"])
    found = summed(tmp_path / "backups")
    assert {known.file: known.digest for known in found.known} == digests
    (held / "data.sql").write_bytes(TEXT)
    archive = open_archive(held, folder=tmp_path, algorithms=found.algorithms)
    assert found.differences(archive.sums) == ["data.sql has another SHA-256 than SHA256SUMS says"]


@pytest.mark.parametrize("algorithm", ["SHA256", "SHA1", "CRC32"])
def test_the_digest_that_a_bucket_keeps_is_held_against_what_came(bucket, algorithm, tmp_path):
    bucket.put(NAME, TEXT, ChecksumAlgorithm=algorithm)
    (backup,) = list_backups(bucket.place()).backups
    found = sums_of(backup)
    assert [(known.algorithm, known.said_by) for known in found.known] == [(algorithm.lower(), "its store")]
    archive = open_archive(backup, folder=tmp_path, algorithms=found.algorithms)
    assert found.differences(archive.sums) == []
    wrong = {"": dict.fromkeys(archive.sums[""], "0")}
    assert len(found.differences(wrong)) == 1


def test_a_digest_beside_a_backup_in_a_bucket(bucket):
    bucket.put(f"daily/{NAME}", TEXT)
    bucket.put(f"daily/{NAME}.sha256", f"{SHA256}  {NAME}".encode())
    (backup,) = list_backups(bucket.place("daily/")).backups
    assert (SHA256, f"{NAME}.sha256") in [(known.digest, known.said_by) for known in sums_of(backup).known]
