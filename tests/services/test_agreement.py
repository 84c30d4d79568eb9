"""What recovery_time counts: every service of the plan, and none that it leaves out."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from fixtures.services.agreement import measure
from plugins.errors import DrillError


@pytest.fixture(scope="module")
def plan():
    return SimpleNamespace(
        twilio=SimpleNamespace(webhook=None), elevenlabs=SimpleNamespace(), qdrant=None, endpoints=()
    )


def slow(name):
    @pytest.fixture(scope="module", name=name)
    def service():
        return SimpleNamespace(elapsed=timedelta(seconds=2))

    return service


def not_asked(name):
    @pytest.fixture(scope="module", name=name)
    def service():
        raise DrillError(f"{name} was asked")

    return service


twilio = slow("twilio")
twilio_accounts = slow("twilio_accounts")
elevenlabs = slow("elevenlabs")
webhook = not_asked("webhook")
qdrant = not_asked("qdrant")
endpoint_answers = not_asked("endpoint_answers")


def test_agreement_is_of_the_services_that_the_plan_names(plan, request):
    found = measure(plan, request)
    assert set(found.elapsed_by_service) == {"twilio", "twilio_accounts", "elevenlabs"}
    assert found.elapsed == timedelta(seconds=6)


def test_a_service_that_was_not_told_leaves_no_agreement_and_stops_no_other(request):
    plan = SimpleNamespace(
        twilio=None, elevenlabs=SimpleNamespace(), qdrant=SimpleNamespace(), endpoints=(object(),)
    )
    found = measure(plan, request)
    assert set(found.elapsed_by_service) == set(found.services) == {"elevenlabs"}
    assert set(found.untold) == {"qdrant", "endpoint_answers"}
    with pytest.raises(DrillError, match="qdrant was asked"):
        _ = found.elapsed


def test_a_plan_without_services_has_nothing_to_wait_for(request):
    plan = SimpleNamespace(twilio=None, elevenlabs=None, qdrant=None, endpoints=())
    assert measure(plan, request).elapsed == timedelta()
