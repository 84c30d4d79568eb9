"""The webhook: signatures as Twilio makes them, receivers on real sockets, and answers of every kind."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from twilio.request_validator import RequestValidator
from werkzeug import Response

from fixtures.services import twiml, webhook
from fixtures.services.webhook import signature
from fixtures.services.wire import Wire
from plugins.errors import DrillError, NothingToCheckError

from .certificates import Authority, serving
from .twilio_account import AWAY, ENVIRON, OWN, TOKEN

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

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
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hello</Say></Response>'
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


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


@pytest.mark.parametrize("form", [{}, {"Body": ""}, {"b": "1", "a": "2", "B": "ä"}, webhook.CALL])
def test_signatures_are_those_of_twilios_library(form):
    assert signature(URL, form, token=TOKEN) == RequestValidator(TOKEN).compute_signature(URL, form)


def receiver(server: HTTPServer, knows, *, answer=TWIML, content_type="text/xml", status=200) -> str:
    """Put a receiver on a server; `knows` tells whether a URL, a form and a signature are Twilio's."""
    forms = []

    def called(request) -> Response:
        forms.append(request.form.to_dict())
        if not knows(request.url, request.form.to_dict(), request.headers.get("X-Twilio-Signature", "")):
            return Response("not signed by Twilio", 403)
        return Response(answer, status, content_type=content_type)

    server.expect_request("/twilio/voice", method="POST").respond_with_handler(called)
    server.forms = forms
    return server.url_for("/twilio/voice")


def honest(url, form, given):
    return RequestValidator(TOKEN).validate(url, form, given)


def accepts_anything(url, form, given):
    return True


def refuses_everything(url, form, given):
    return False


def wants_some_signature(url, form, given):
    return bool(given)


def whatever_the_path(url, form, given):
    """Takes the URL from what the caller says of it, as behind a careless proxy."""
    root = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
    return any(honest(root + path, form, given) for path in ("/twilio/voice", "/restore-drill/another-url"))


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.mark.parametrize(
    ("knows", "unsigned", "forged", "replayed", "answers"),
    [
        (honest, False, False, False, True),
        (accepts_anything, True, True, True, True),
        (refuses_everything, False, False, False, False),
        (wants_some_signature, False, True, True, True),
        (whatever_the_path, False, False, True, True),
    ],
)
def test_receivers_on_a_real_socket_are_told_apart(server, knows, unsigned, forged, replayed, answers):
    url = receiver(server, knows)
    found = webhook.fetch(url=url, wire=Wire())
    assert (found.accepts_unsigned, found.accepts_forged) == (unsigned, forged)
    assert webhook.replay(url=url, wire=Wire(), environ=ENVIRON).accepted is replayed
    exercised = webhook.exercise(url=url, wire=Wire(), environ=ENVIRON)
    assert (exercised.problem == "") is answers
    assert exercised.problem in ("", "it was answered 403")
    assert len(server.forms) == 4
    assert {form["CallSid"] for form in server.forms} == {"CA" + "0" * 32}
    assert {form["From"] for form in server.forms} == {"+15005550006"}


def test_a_receiver_behind_tls_gets_what_twilio_would_send(authority):
    with serving(authority.serving()) as server:
        url = receiver(server, honest)
        assert not webhook.fetch(url=url, wire=Wire()).accepts_forged
        assert webhook.exercise(url=url + "?a=1&b=%20", wire=Wire(), environ=ENVIRON).problem == ""
        assert webhook.certificate(url=url, wire=Wire(), now=datetime.now(UTC)).problem == ""
        assert server.forms[-1]["AccountSid"] == OWN


@pytest.mark.parametrize(
    ("certificate", "problem"),
    [
        ({}, ""),
        ({"until": timedelta(days=-1)}, "the certificate of the webhook at localhost has expired"),
        ({"since": timedelta(days=1)}, "the certificate of the webhook at localhost is not valid yet"),
        ({"host": "other.invalid"}, "the certificate of the webhook at localhost is for another host"),
        ({"self_signed": True}, "the certificate of the webhook at localhost is signed by itself"),
    ],
)
def test_certificates_are_told_apart(authority, certificate, problem):
    with serving(authority.serving(**certificate)) as server:
        now = datetime.now(UTC)
        found = webhook.certificate(url=server.url_for("/twilio/voice"), wire=Wire(), now=now)
        assert found.problem == problem
        if not problem:
            assert timedelta(days=59) < found.left <= timedelta(days=60)
        else:  # and then nothing can be told of what it refuses
            with pytest.raises(DrillError, match=r"did not answer at localhost \(ConnectError\)"):
                webhook.fetch(url=server.url_for("/twilio/voice"), wire=Wire())


def test_an_authority_that_nobody_knows(authority, tmp_path, monkeypatch):
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(Authority.make(tmp_path / "other", "another authority").path))
    with serving(authority.serving()) as server:
        found = webhook.certificate(url=server.url_for("/"), wire=Wire(), now=NOW)
    assert found.problem.startswith("the certificate of the webhook at localhost leads to no authority")


def test_a_server_without_tls_on_that_port(server):
    url = server.url_for("/").replace("http:", "https:")
    found = webhook.certificate(url=url, wire=Wire(), now=NOW)
    assert found.problem.startswith("the webhook at localhost speaks no TLS that is spoken today")


def test_nobody_at_that_port_could_not_be_told(server):
    url = server.url_for("/").replace("http:", "https:")
    server.stop()
    with pytest.raises(DrillError, match=r"the webhook did not answer at localhost \(ConnectError\)"):
        webhook.certificate(url=url, wire=Wire(), now=NOW)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_plain_http_to_this_machine_is_for_mock_servers(host):
    with pytest.raises(NothingToCheckError, match="on this machine, and has no TLS"):
        webhook.certificate(url=f"http://{host}:8080/voice", wire=Wire(), now=NOW)


def test_plain_http_to_anywhere_else_is_a_fault_and_is_told_without_asking(world):
    wire = world.answering(lambda request: pytest.fail("asked"))
    found = webhook.certificate(url="http://api.sample.invalid/voice", wire=wire, now=NOW)
    assert found.problem == "the webhook at api.sample.invalid is called by http://, which is not encrypted"


def test_the_samples_certificate_is_valid_for_60_days(world):
    found = webhook.certificate(url=URL, wire=world.wire(), now=world.company.now)
    assert (found.problem, found.left) == ("", timedelta(days=60))


def test_an_answer_without_a_certificate_could_not_be_told(world):
    wire = world.answering(lambda _: httpx.Response(200))
    with pytest.raises(DrillError, match="showed no certificate"):
        webhook.certificate(url=URL, wire=wire, now=NOW)


def test_the_sample_refuses_forgeries_and_answers_a_call(world):
    found = webhook.fetch(url=URL, wire=world.wire())
    assert (found.unsigned, found.forged) == (403, 403)
    assert webhook.replay(url=URL, wire=world.wire(), environ=world.environ).status == 403
    assert webhook.exercise(url=URL, wire=world.wire(), environ=world.environ).problem == ""


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

    asked = {"url": URL, "wire": world.answering(handler)}
    with pytest.raises(DrillError, match=f"answered {status}, which neither accepts nor refuses"):
        webhook.fetch(**asked)
    with pytest.raises(DrillError, match=f"answered {status}, which neither accepts nor refuses"):
        webhook.replay(**asked, environ=ENVIRON)
    assert len(calls) == 2


# Nothing that stays away fails, and nothing that answers a call wrongly passes.
@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("401", "it was answered 401"),
        ("403", "it was answered 403"),
        ("429", None),
        ("429 with Retry-After", None),
        ("500", "it was answered 500"),
        ("503", None),
        ("time-out", None),
        ("malformed JSON", "its Content-Type is not XML"),
        ("an empty list", "its Content-Type is not XML"),
        ("a redirect", None),
        ("wrong content type", "its Content-Type is not XML"),
    ],
)
def test_a_call_that_is_not_answered_as_twilio_needs_it(world, answer, problem):
    asked = {"url": URL, "wire": world.answering(AWAY[answer]), "environ": ENVIRON}
    if problem is not None:
        assert webhook.exercise(**asked).problem == problem
        return
    with pytest.raises(DrillError) as caught:
        webhook.exercise(**asked)
    assert type(caught.value) is DrillError


def test_a_webhook_that_is_not_there_could_not_be_told(world):
    def handler(request):
        raise httpx.ConnectError(f"no route to {request.url}", request=request)

    for ask in (
        lambda wire: webhook.fetch(url=URL + "?secret=1", wire=wire),
        lambda wire: webhook.certificate(url=URL + "?secret=1", wire=wire, now=NOW),
    ):
        with pytest.raises(
            DrillError, match=r"the webhook did not answer at api\.sample\.invalid \(ConnectError\)"
        ):
            ask(world.answering(handler))


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (TWIML, "text/xml", ""),
        (TWIML, "application/xml; charset=utf-8", ""),
        ("<Response/>", "Text/XML", ""),
        ("\n<Response/>", "text/xml", ""),  # without a declaration, XML allows it
        ("<!-- hello -->" + "<Response/>", "text/xml", ""),
        (" " + TWIML, "text/xml", "there is white space before its <?xml"),
        ("\r\n" + TWIML, "text/xml", "there is white space before its <?xml"),
        (TWIML, "", "it has no Content-Type"),
        (TWIML, "text/html", "its Content-Type is not XML"),
        (TWIML, "text/xmlish", "its Content-Type is not XML"),
        ("", "text/xml", "it is empty"),
        ("  \n", "text/xml", "it is empty"),
        ("<Response><Say></Response>", "text/xml", "it is no well-formed XML (line 1)"),
        ("Hello", "text/xml", "it is no well-formed XML (line 1)"),
        ("<response/>", "text/xml", "its root is not <Response>"),
        ("<html><Response/></html>", "text/xml", "its root is not <Response>"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><Response/>', "text/xml", "it declares entities of its own"),
        ("<Response>" + " " * (65_536 - 21) + "</Response>", "text/xml", ""),
        ("<Response>" + " " * (65_536 - 20) + "</Response>", "text/xml", "it is larger than 64 kB"),
    ],
)
def test_twiml_is_what_twilio_can_act_on(body, kind, problem):
    headers = {"Content-Type": kind} if kind else {}
    assert twiml.problem(httpx.Response(200, content=body.encode(), headers=headers)) == problem
