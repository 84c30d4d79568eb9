"""Signatures as Twilio makes them, and webhooks that refuse, accept or do neither."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qs

import httpx
import pytest

from fixtures.services import webhook
from fixtures.services.webhook import signature
from plugins.errors import DrillError

URL = "https://api.sample.invalid/twilio/voice"
CALL = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
PAGE = "mycompany.com{}/myapp.php?foo=1&bar=2"
DIGITS = {"Sid": "CA123", "SidAccount": "AC123", "Digits": ["5678", "1234", "1234"]}
BODY = b'{"property": "value", "boolean": true}'


# Source: the tests of Twilio's own library, twilio-python.
@pytest.mark.parametrize(
    ("url", "form", "expected"),
    [
        ("https://" + PAGE.format(""), CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://" + PAGE.format(":443"), CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://" + PAGE.format(":80"), CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("https://" + PAGE.format(""), DIGITS, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        (
            f"https://{PAGE.format('')}&bodySHA256={hashlib.sha256(BODY).hexdigest()}",
            {},
            "a9nBmqA0ju/hNViExpshrM61xv4=",
        ),
    ],
)
def test_signatures_are_twilios(url, form, expected):
    assert signature(url, form, token="12345") == expected


def test_the_sample_refuses_both_forgeries(world):
    found = webhook.fetch(url=URL, wire=world.wire())
    assert (found.unsigned, found.forged) == (403, 403)
    assert not found.accepts_unsigned
    assert not found.accepts_forged


def test_the_sample_accepts_what_twilio_signed(world):
    # Else a webhook that refuses everything would pass for one that knows its caller.
    right = signature(URL, webhook.CALL, token=world.environ["TWILIO_AUTH_TOKEN"])
    request = httpx.Request("POST", URL, data=webhook.CALL, headers={webhook.SIGNATURE: right})
    response = world.wire().transport.handle_request(request)
    assert response.status_code == 200
    assert response.text.startswith("<?xml")


def test_a_webhook_that_looks_at_nothing_is_found_out(world):
    found = webhook.fetch(url=URL, wire=world.answering(lambda _: httpx.Response(200)))
    assert found.accepts_unsigned
    assert found.accepts_forged


def test_a_webhook_that_only_wants_some_signature_is_found_out(world):
    def handler(request):
        return httpx.Response(204 if "X-Twilio-Signature" in request.headers else 403)

    found = webhook.fetch(url=URL, wire=world.answering(handler))
    assert not found.accepts_unsigned
    assert found.accepts_forged


def test_forgeries_name_a_call_that_cannot_be(world):
    forms = []

    def handler(request):
        forms.append(parse_qs(request.content.decode()))
        return httpx.Response(403)

    webhook.fetch(url=URL, wire=world.answering(handler))
    assert [form["CallSid"] for form in forms] == [["CA" + "0" * 32]] * 2


@pytest.mark.parametrize("status", [302, 429, 500, 503])
def test_neither_yes_nor_no_could_not_be_told_and_is_not_repeated(world, status):
    calls = []

    def handler(request):
        calls.append(request)
        return httpx.Response(status, headers={"Location": "https://evil.invalid/"})

    with pytest.raises(DrillError, match=f"answered {status}, which neither accepts nor refuses"):
        webhook.fetch(url=URL, wire=world.answering(handler))
    assert len(calls) == 1


def test_a_webhook_that_is_not_there_could_not_be_told(world):
    def handler(request):
        raise httpx.ConnectError(f"no route to {request.url}", request=request)

    with pytest.raises(
        DrillError, match=r"the webhook did not answer at api\.sample\.invalid \(ConnectError\)"
    ):
        webhook.fetch(url=URL + "?secret=1", wire=world.answering(handler))
