"""After a restore, what to reconfigure at the services is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.services.reconfiguration import Reconfiguration


@pytest.mark.control("reconfiguration-known")
@pytest.mark.needs("services")
def test_what_to_reconfigure_is_known(reconfiguration: Reconfiguration) -> None:
    """Every service that the plan names told what it holds: what to reconfigure after this restore is known.

    Each difference is on a list, with the request that would put it right. The list is a private file, as it
    holds values of rows; the evidence has its counts. Nothing was changed. Differences fail other claims.
    """
    assert reconfiguration.services, "the plan names no service"
