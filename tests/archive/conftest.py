"""Dumps made for these tests, and a way to open bytes as a backup."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fixtures.archive import Archive, open_archive

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of dumps that tests/archive/data/README.md lists."""
    return Path(__file__).parent / "data"


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Archive]:
    """Open a path, or bytes as a file of that name."""

    def open_one(backup: Path | bytes, name: str = "backup.sql", **options) -> Archive:
        if isinstance(backup, bytes):
            path = tmp_path / name
            path.write_bytes(backup)
        else:
            path = backup
        return open_archive(path, folder=tmp_path, **options)

    return open_one


@pytest.fixture(scope="session")
def parts(data: Path) -> dict[str, bytes]:
    """The three files of the Supabase CLI, by their names."""
    return {path.name: path.read_bytes() for path in sorted((data / "pg17-set").iterdir())}
