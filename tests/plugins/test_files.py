"""A file is written whole or not at all."""

from __future__ import annotations

import os
import stat

import pytest

from plugins.files import write_atomically


def test_a_file_is_its_owners_and_leaves_no_other(tmp_path):
    write_atomically(tmp_path / "it", b"one")
    write_atomically(tmp_path / "it", b"two")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("it", b"two")]
    assert stat.S_IMODE((tmp_path / "it").stat().st_mode) == 0o600


def test_a_file_is_never_half_written(tmp_path, monkeypatch):
    path = tmp_path / "it"
    write_atomically(path, b"old")

    def dies(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("plugins.files.os.fsync", dies)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("it", b"old")]


def test_a_file_takes_the_mode_that_is_asked_for(tmp_path):
    write_atomically(tmp_path / "it", b"", mode=0o644)
    assert stat.S_IMODE((tmp_path / "it").stat().st_mode) == 0o644 & ~_umask()


def _umask() -> int:
    was = os.umask(0)
    os.umask(was)
    return was
