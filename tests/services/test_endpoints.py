"""What the application's endpoints answer: statuses, what their JSON says, and how long it took."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from fixtures.services import endpoints, tls
from fixtures.services import http as services_http
from fixtures.services.wire import Wire
from plugins.errors import DrillError
from plugins.plan import Endpoint
from tests.services.answers import Server

from .certificates import serving

URL = "https://service.invalid/things"
SECRET = "sk-hidden"
BODY = {
    "status": "ok",
    "checks": {"database": True, "queue.depth": 0, "token": SECRET},
    "nodes": [{"name": "a"}, {"name": "b"}],
    "none": None,
    "one": 1,
}


def endpoint(name="health", url=URL, *, json=None, **more):
    return Endpoint.model_validate({"name": name, "url": url, **({"json": json} if json else {}), **more})


def ask(world, answer, **asked):
    """One endpoint's answer, and which of its claims do not hold."""
    wire = world.answering(lambda _: answer)
    return endpoints.fetch([endpoint(**asked)], wire=wire)


@pytest.fixture
def red(world, judge):
    """The controls that are not green when an endpoint answers so."""

    def red(answer, **asked):
        one = endpoint(**asked)
        answers = endpoints.fetch([one], wire=world.answering(lambda _: answer))
        given = {"endpoint": one, "endpoint_answers": answers}
        return judge("test_endpoints", **given, **({"json_endpoint": one} if one.holds else {}))

    return red


def test_the_sample_is_healthy(world):
    health = endpoint(
        url="https://api.sample.invalid/health", json={"status": "ok", "checks": {"database": True}}
    )
    answers = endpoints.fetch([health], wire=world.wire())
    assert (answers["health"].status, answers["health"].differences) == (200, [])
    assert answers.elapsed >= answers["health"].latency


@pytest.mark.parametrize(
    "json",
    [
        {"status": "ok"},
        {"checks": {"database": True}},
        {"checks.database": True, "one": 1, "nodes.1.name": "b"},
        {"one": 1.0},
    ],
)
def test_json_that_holds_what_it_should_is_green(red, json):
    assert red(httpx.Response(200, json=BODY), json=json) == {}


@pytest.mark.parametrize(
    ("json", "difference"),
    [
        ({"status": "down"}, "status has another value"),
        ({"checks.database": False}, "checks.database has another value"),
        ({"checks.database": 1}, "checks.database has another value"),
        ({"one": True}, "one has another value"),
        ({"one": "1"}, "one has another value"),
        ({"none": False}, "none has another value"),
        ({"checks": {"cache": True}}, "checks.cache is not there"),
        ({"checks.queue.depth": 0}, "checks.queue.depth is not there"),
        ({"nodes.2.name": "c"}, "nodes.2.name is not there"),
        ({"nodes.-1.name": "b"}, "nodes.-1.name is not there"),
        ({"nodes.name": "a"}, "nodes.name is not there"),
        ({"status.length": 2}, "status.length is not there"),
    ],
)
def test_the_right_status_with_the_wrong_json(world, red, json, difference):
    answer = httpx.Response(200, json=BODY)
    assert red(answer, json=json) == {"endpoints-content": "fail"}
    assert ask(world, answer, json=json)["health"].differences == [difference]


def test_every_difference_is_told_and_nothing_of_the_body(world):
    found = ask(world, httpx.Response(200, json=BODY), json={"status": "x", "checks.token": "y", "gone": 1})
    assert len(found["health"].differences) == 3
    assert SECRET not in repr(found["health"])


@pytest.mark.parametrize(
    ("answer", "difference"),
    [
        (httpx.Response(200, text='{"status": "ok"}'), "the answer does not call itself JSON"),
        (httpx.Response(200, html="<p>ok"), "the answer does not call itself JSON"),
        (httpx.Response(200), "the answer does not call itself JSON"),
        (
            httpx.Response(200, text='{"status": ', headers={"Content-Type": "application/json"}),
            "the answer is no JSON",
        ),
        (httpx.Response(200, json=[]), "status is not there"),
        (
            httpx.Response(200, text="null", headers={"Content-Type": "application/json"}),
            "status is not there",
        ),
    ],
)
def test_what_is_no_such_json_has_not_what_it_should(world, red, answer, difference):
    assert red(answer, json={"status": "ok"}) == {"endpoints-content": "fail"}
    assert ask(world, answer, json={"status": "ok"})["health"].differences == [difference]


def test_other_kinds_of_json_are_json(red):
    problem = {"Content-Type": "application/problem+json; charset=utf-8"}
    assert red(httpx.Response(401, text='{"a": 1}', headers=problem), json={"a": 1}, status=401) == {}


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_another_status(red, status):
    assert red(httpx.Response(status, headers={"Retry-After": "0"})) == {"endpoints-answer": "fail"}
    assert red(httpx.Response(status, headers={"Retry-After": "0"}), status=status) == {}


def test_a_redirect_is_not_followed(red):
    moved = httpx.Response(302, headers={"Location": "https://service.invalid/elsewhere"})
    assert red(moved) == {"endpoints-answer": "fail"}
    assert red(moved, status=302) == {}


def test_an_answer_that_is_late(judge):
    one = endpoint(within="250ms")
    late = endpoints.Answer(status=200, latency=timedelta(milliseconds=251))
    answers = endpoints.Answers({"health": late}, elapsed_in_all=late.latency)
    assert judge("test_endpoints", endpoint=one, endpoint_answers=answers) == {"endpoints-answer": "fail"}


def test_an_endpoint_that_does_not_answer_leaves_the_others_alone(world):
    def handler(request):
        if request.url.host == "down.invalid":
            raise httpx.ConnectError("no")
        return httpx.Response(200)

    both = [endpoint("up", "https://up.invalid/"), endpoint("down", "https://down.invalid/")]
    answers = endpoints.fetch(both, wire=world.answering(handler))
    assert answers["up"].status == 200
    with pytest.raises(DrillError, match=r"endpoint down did not answer at down\.invalid \(ConnectError\)"):
        _ = answers["down"]
    with pytest.raises(DrillError):
        _ = answers.elapsed


def test_endpoints_are_asked_side_by_side(world):
    together = threading.Barrier(4)

    def handler(_):
        together.wait(timeout=60)  # one after the other none would answer
        return httpx.Response(200)

    four = [endpoint(str(number), f"https://h{number}.invalid/") for number in range(4)]
    answers = endpoints.fetch(four, wire=world.answering(handler))
    assert [answers[one.name].status for one in four] == [200] * 4


def test_silence_and_answers_cut_off_are_unverified(world, judge, monkeypatch):
    monkeypatch.setattr(services_http, "TIMEOUT", (0.3,) * 4)
    with Server(lambda path: None if path == "/silent" else b'{"status": "ok"}', cut="/cut") as server:
        several = [endpoint(name, f"{server.url}/{name}") for name in ("up", "silent", "cut")]
        answers = endpoints.fetch(several, wire=Wire(retry=world.wire().retry))
    verdicts = [judge("test_endpoints", endpoint=one, endpoint_answers=answers) for one in several]
    assert verdicts == [{}, {"endpoints-answer": "unverified"}, {"endpoints-answer": "unverified"}]


@pytest.fixture
def tls_of(judge):
    """The verdicts on an endpoint's certificate, as clients meet it now; {} is green."""

    def tls_of(url, wire=None):
        one, now = endpoint(url=url), datetime.now(UTC)
        look = lambda one: tls.look(str(one.url), wire=wire or Wire(), service="it", now=now)  # noqa: E731
        return judge(
            "test_endpoints", endpoint=one, endpoint_certificates=endpoints.Certificates([one], look)
        )

    return tls_of


@pytest.mark.parametrize(
    ("certificate", "verdicts"),
    [
        ({}, {}),
        ({"until": timedelta(days=15)}, {}),
        ({"until": timedelta(days=13)}, {"endpoints-tls": "fail"}),
        ({"until": timedelta(days=-1)}, {"endpoints-tls": "fail"}),
        ({"host": "other.invalid"}, {"endpoints-tls": "fail"}),
        ({"self_signed": True}, {"endpoints-tls": "fail"}),
    ],
)
def test_certificates_on_a_real_socket(authority, tls_of, certificate, verdicts):
    with serving(authority.serving(**certificate)) as server:
        assert tls_of(server.url_for("/health?deep=1")) == verdicts


def test_no_tls_fails_but_on_this_machine(tls_of, world):
    assert tls_of("http://127.0.0.1:1/health") == {"endpoints-tls": "nothing"}
    assert tls_of("http://service.invalid/", world.answering(lambda _: pytest.fail("it was asked"))) == {
        "endpoints-tls": "fail"
    }


def test_a_host_that_is_away_is_unverified_and_each_host_is_looked_at_once(tls_of, world):
    def away(_):
        raise httpx.ConnectError("no")

    assert tls_of(URL, world.answering(away)) == {"endpoints-tls": "unverified"}
    several = [
        endpoint(name, f"https://{host}/{name}") for name, host in [("a", "x"), ("b", "x"), ("c", "y")]
    ]
    looked = []

    def look(one):
        looked.append(one.name)
        return tls.Certificate("", left=timedelta(days=30))

    certificates = endpoints.Certificates(several, look)
    assert [certificates[one.name].complaint for one in several] == ["", "", ""]
    assert looked == ["a", "c"]
