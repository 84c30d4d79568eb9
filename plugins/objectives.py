"""The objectives that the plan sets. Promises: what was measured stands beside them, never in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plugins.plan import Objectives, Plan


@pytest.fixture(scope="session")
def objectives(plan: Plan) -> Objectives:
    """The plan's objectives, each a timedelta, or None where it promises nothing."""
    return plan.objectives
