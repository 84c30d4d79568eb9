"""A plan in the current folder, and the sentence that it is refused with."""

from pathlib import Path

import pytest

from plugins.errors import PlanError
from plugins.plan import load


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a plan into the current folder; its name is then all that a message says of its path."""
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes) -> Path:
        path = tmp_path / "drill.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def message(write):
    """The message, without its hint, that a plan is refused with."""

    def message(content: str | bytes) -> str:
        with pytest.raises(PlanError) as caught:
            load(write(content))
        assert caught.value.hint.endswith(".")
        assert caught.value.__cause__ is None
        return caught.value.message

    return message
