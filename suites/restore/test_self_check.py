"""The drill can fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.restore.self_check import SelfCheck


@pytest.mark.control("self-check")
@pytest.mark.needs("self_check")
@pytest.mark.needs("a server of ours")
@pytest.mark.needs("archive")
def test_damage_is_noticed(self_check: SelfCheck):
    """Damage that is done to a small copy of what was restored turns the drill's own claims red.

    The copy is a few tables of this backup with their first rows, restored as the whole was. Undamaged it is
    green; then it is damaged in one way after another. What goes unnoticed leaves this drill unverified.
    """
    assert self_check.noticed() == self_check.applied
