"""A checkout in which the steps of the workflows are run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .runner import Runner, checked_out

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return checked_out(tmp_path / "checkout")
