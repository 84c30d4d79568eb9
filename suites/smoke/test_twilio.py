"""Twilio agrees with the restored data: callers still reach the company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.services.twilio import Twilio
    from fixtures.services.webhook import Webhook


@pytest.mark.control("twilio-agreement")
@pytest.mark.needs("twilio")
def test_twilio_holds_every_phone_number(twilio: Twilio) -> None:
    """Every phone number of the restored data belongs to the company's Twilio accounts."""
    assert twilio.expected, "the restored data holds no phone number"
    assert twilio.incomplete == 0, f"{twilio.incomplete} rows of the restored data hold no phone number"
    assert not twilio.missing, f"Twilio does not hold {len(twilio.missing)} numbers: {twilio.missing[:10]}"


@pytest.mark.control("twilio-agreement")
@pytest.mark.needs("twilio")
def test_phone_numbers_carry_the_expected_webhook_url(twilio: Twilio) -> None:
    """Every phone number that Twilio holds sends its calls to the webhook that the restored data names.

    A number that is answered by ElevenLabs itself is correct, too.
    """
    assert twilio.expected, "the restored data holds no phone number"
    wrong = twilio.misdirected
    assert not wrong, f"{len(wrong)} numbers send their calls to another URL: {wrong[:10]}"


@pytest.mark.control("twilio-webhook-refuses")
@pytest.mark.needs("twilio.webhook")
def test_the_webhook_refuses_a_wrong_signature(webhook: Webhook) -> None:
    """A call that somebody else signed in Twilio's name is refused: nobody can pretend to be Twilio."""
    assert not webhook.accepts_forged, f"the webhook answered a wrong signature with {webhook.forged}"


@pytest.mark.control("twilio-webhook-refuses")
@pytest.mark.needs("twilio.webhook")
def test_the_webhook_refuses_a_missing_signature(webhook: Webhook) -> None:
    """A call that nobody signed is refused."""
    assert not webhook.accepts_unsigned, f"the webhook answered an unsigned call with {webhook.unsigned}"
