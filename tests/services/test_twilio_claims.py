"""The claims of suites/smoke/test_twilio.py, each in worlds that turn it red, and it alone."""

from __future__ import annotations

import re

import pytest

from .twilio_worlds import WORLDS

# What is not green in a world; "-" where there was nothing to check.
EXPECTED = {
    "healthy": {},
    "a wrong URL on page 3": {"twilio-agreement": "fail"},
    "an Application overrides": {"twilio-agreement": "fail"},
    "a Trunk overrides": {"twilio-agreement": "fail"},
    "in a subaccount that is not listed": {"twilio-agreement": "fail"},
    "another method": {"twilio-call-settings": "fail"},
    "suspended": {"twilio-account": "fail"},
    "no numbers": {"twilio-agreement": "fail", "twilio-call-settings": "-"},
    "no rows": {"twilio-agreement": "fail", "twilio-call-settings": "fail"},
    "more numbers than rows": {},
    "Twilio is down": dict.fromkeys(
        ("twilio-account", "twilio-agreement", "twilio-call-settings"), "unverified"
    ),
    "13 days left": {"twilio-webhook-tls": "fail"},
    "expired": {
        "twilio-webhook-tls": "fail",
        **dict.fromkeys(
            ("twilio-webhook-refuses", "twilio-webhook-replay", "twilio-webhook-answers"), "unverified"
        ),
    },
    "accepts anything": {"twilio-webhook-refuses": "fail", "twilio-webhook-replay": "fail"},
    "accepts what was signed for another URL": {"twilio-webhook-replay": "fail"},
    "refuses everything": {"twilio-webhook-answers": "fail"},
    "a leading blank": {"twilio-webhook-answers": "fail"},
    "the webhook is down": dict.fromkeys(
        (
            "twilio-webhook-tls",
            "twilio-webhook-refuses",
            "twilio-webhook-replay",
            "twilio-webhook-answers",
        ),
        "unverified",
    ),
}
CLAIMS = 9


@pytest.fixture(scope="module")
def drilled(module_drill_run):
    return module_drill_run(
        "suites/smoke/test_twilio.py", "-p", "tests.services.twilio_stand", "--drill-sample", "-rA"
    )


def of(run, world):
    return [check for check in run.evidence["checks"] if check["test"].endswith(f"[{world}]")]


@pytest.mark.parametrize("world", WORLDS)
def test_exactly_the_claims_fall_that_a_world_belies(drilled, world):
    found = of(drilled, world)
    order = ["pass", "unverified", "fail"]
    worst: dict[str, str] = {}
    for check in found:
        before = worst.get(check["control"], "pass")
        worst[check["control"]] = max(before, check["verdict"], key=order.index)
    expected = EXPECTED[world]
    assert {control: verdict for control, verdict in worst.items() if verdict != "pass"} == {
        control: verdict for control, verdict in expected.items() if verdict != "-"
    }
    assert len(found) == CLAIMS - list(expected.values()).count("-"), drilled.output


def test_what_is_said_of_them_names_no_number_and_no_url(drilled):
    messages = "\n".join(check["message"] for check in drilled.evidence["checks"])
    alerts = "\n".join(drilled.evidence["alerts"])
    assert "numbers that send their calls to another URL: 1, [number " in messages
    assert "10 numbers at Twilio that the restored data does not know lead to the application" in alerts
    assert not re.search(r"\+1\d|https://", messages + alerts)
