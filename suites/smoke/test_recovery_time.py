"""The whole recovery, with the services around the database, stays within its objective."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from datetime import timedelta

    from plugins.plan import Objectives


@pytest.mark.control("recovery-time")
@pytest.mark.needs("objectives.rto")
@pytest.mark.needs("durable")
def test_recovery_time_is_within_rto(recovery_time: timedelta, objectives: Objectives) -> None:
    """The restore, the agreement of the services and the steps done by hand take no longer than the RTO.

    Measured are the restore (from the first byte fetched to the first query answered) and the time until the
    services have answered; for the steps that people do by hand stands the plan's allowance.
    """
    assert recovery_time <= objectives.rto, f"recovery took {recovery_time}, allowed are {objectives.rto}"
