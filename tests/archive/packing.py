"""Backups wrapped in the ways that people wrap them."""

from __future__ import annotations

import io
import tarfile
import warnings
import zipfile
from typing import TYPE_CHECKING

from plugins.errors import BackupError

if TYPE_CHECKING:
    from pathlib import Path

# What each dump of the folder `data` holds.
TABLES = {
    "app.users": 201,
    'public."Odd Name"': 5,
    "public.empty_one": 0,
    "public.parts_1": 4,
    'public."user"': 3,
}


def tarred(members: dict[str, bytes], *, form: int = tarfile.PAX_FORMAT) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=form) as tar:
        for name, content in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            tar.addfile(about, io.BytesIO(content))
    return held.getvalue()


def zipped(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two members of one name
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 11, 22, 2, 0, 0)), content, method)
    return held.getvalue()


def in_folder(folder: Path, members: dict[str, bytes]) -> Path:
    held = folder / "set"
    held.mkdir()
    for name, content in members.items():
        (held / name).write_bytes(content)
    return held


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def left(folder: Path) -> set[str]:
    """What the staging left behind, beside the backup."""
    return {path.name for path in folder.iterdir()} - {"backup.sql", "set"}


def claims_completeness(opened, backup: bytes | Path, **options) -> bool:
    """Whether a backup passes for a whole one. What is unverified is raised: it tells no damage."""
    try:
        return opened(backup, "cut", **options).complete
    except BackupError:
        return False


def damaged(content: bytes, changes: list[tuple[float, bytes]]) -> bytes:
    """With other bytes written over it, each at a share of its length."""
    held = bytearray(content)
    for place, new in changes:
        at = int(place * len(held))
        held[at : at + len(new)] = new
    return bytes(held)


BUNDLES = {
    "folder": in_folder,
    "tar": lambda folder, members: tarred(members),
    "tar by GNU": lambda folder, members: tarred(members, form=tarfile.GNU_FORMAT),
    "zip": lambda folder, members: zipped(members),
    "zip, stored": lambda folder, members: zipped(members, method=zipfile.ZIP_STORED),
}


def rows(count: int) -> bytes:
    lines = b"".join(b"%d\n" % at for at in range(count))
    head = b"SET session_replication_role = replica;\n\n--\n-- PostgreSQL database dump\n--\n\n"
    end = b"\\.\n\n--\n-- PostgreSQL database dump complete\n--\n\nRESET ALL;\n"
    return head + b"COPY public.t (id) FROM stdin;\n" + lines + end
