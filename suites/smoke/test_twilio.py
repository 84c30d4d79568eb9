"""Twilio agrees with the restored data: callers still reach the company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.services.tls import Certificate
    from fixtures.services.twilio import Twilio
    from fixtures.services.twilio.accounts import Accounts
    from fixtures.services.webhook import Exercise, Replay, Webhook


@pytest.mark.control("twilio-account")
@pytest.mark.needs("twilio")
def test_the_accounts_are_active(twilio_accounts: Accounts) -> None:
    """Every Twilio account of the plan is active: one that is suspended or closed answers no call."""
    assert twilio_accounts.statuses, "no account was asked"
    inactive = twilio_accounts.inactive
    assert not inactive, f"Twilio accounts that are not active: {len(inactive)}, {inactive[:10]}"


@pytest.mark.control("twilio-agreement", part="it holds them all")
@pytest.mark.needs("twilio")
def test_twilio_holds_every_phone_number(twilio: Twilio) -> None:
    """Every phone number of the restored data belongs to the company's Twilio accounts."""
    assert twilio.expected, "the restored data holds no phone number"
    assert twilio.incomplete == 0, f"{twilio.incomplete} rows of the restored data hold no phone number"
    missing = twilio.missing
    assert not missing, f"numbers that the plan's Twilio accounts do not hold: {len(missing)}, {missing[:10]}"


@pytest.mark.control("twilio-agreement", part="they call the right webhook")
@pytest.mark.needs("twilio")
def test_phone_numbers_carry_the_expected_webhook_url(twilio: Twilio) -> None:
    """Every phone number that Twilio holds sends its calls to the webhook that the restored data names.

    What counts is the URL that is really called: the Application's or the Trunk's, if the number has one. A
    number that is answered by ElevenLabs itself is correct, too.
    """
    assert twilio.expected, "the restored data holds no phone number"
    wrong = twilio.misdirected
    assert not wrong, f"numbers that send their calls to another URL: {len(wrong)}, {wrong[:10]}"


@pytest.mark.control("twilio-call-settings")
@pytest.mark.needs("twilio")
def test_calls_are_handled_as_the_restored_data_says(twilio: Twilio) -> None:
    """HTTP method, fallback URL and status callback of every number are what the restored data says."""
    assert twilio.expected, "the restored data holds no phone number"
    wrong = twilio.otherwise
    assert not wrong, (
        f"settings of numbers that are not as the restored data says: {len(wrong)}, {wrong[:10]}"
    )


@pytest.mark.control("twilio-webhook-tls")
@pytest.mark.needs("twilio.webhook")
def test_the_webhook_has_a_certificate_that_stays_valid(webhook_certificate: Certificate) -> None:
    """The webhook is reached over TLS, with a certificate that is trusted and stays valid for 14 days.

    Twilio calls no webhook whose certificate it does not trust.
    """
    assert webhook_certificate.complaint == ""


@pytest.mark.control("twilio-webhook-refuses", part="a wrong signature")
@pytest.mark.needs("twilio.webhook")
def test_the_webhook_refuses_a_wrong_signature(webhook: Webhook) -> None:
    """A call that somebody else signed in Twilio's name is refused: nobody can pretend to be Twilio."""
    assert not webhook.accepts_forged, f"the webhook answered a wrong signature with {webhook.forged}"


@pytest.mark.control("twilio-webhook-refuses", part="no signature")
@pytest.mark.needs("twilio.webhook")
def test_the_webhook_refuses_a_missing_signature(webhook: Webhook) -> None:
    """A call that nobody signed is refused."""
    assert not webhook.accepts_unsigned, f"the webhook answered an unsigned call with {webhook.unsigned}"


@pytest.mark.control("twilio-webhook-replay")
@pytest.mark.needs("twilio.webhook")
def test_the_webhook_refuses_a_signature_of_another_url(webhook_replay: Replay) -> None:
    """A call that Twilio signed for another URL is refused: what was overheard there is of no use here."""
    assert not webhook_replay.accepted, (
        f"the webhook answered a signature made for another URL with {webhook_replay.status}"
    )


@pytest.mark.control("twilio-webhook-answers")
@pytest.mark.needs("twilio.exercise")
def test_the_webhook_answers_a_call(webhook_exercise: Exercise) -> None:
    """A call as Twilio signs it gets an answer that Twilio can act on: TwiML, with status 2xx.

    The call cannot be a real one: its CallSid and its numbers are reserved.
    """
    problem = webhook_exercise.problem
    assert not problem, f"the webhook did not answer a signed call as Twilio needs it: {problem}"
