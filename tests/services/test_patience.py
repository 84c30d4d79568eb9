"""How long a service is waited for in all: by all of its requests, whatever each of them may wait."""

from __future__ import annotations

import threading

import httpx
import pytest
from httpx_retries import Retry

from fixtures.services import http
from fixtures.services.many import many
from fixtures.services.patience import Budget, Budgets
from fixtures.services.wire import Wire
from plugins.errors import BackupError, DrillError

URL = httpx.URL("https://service.invalid/things")


class Clock:
    """The clock and the sleep of everything below a client: who sleeps moves it on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("fixtures.services.transports.time.monotonic", clock.monotonic)
    monkeypatch.setattr("httpx_retries.retry.time.sleep", clock.sleep)
    return clock


def ask(wire, service="the service"):
    with http.client(wire, service=service, url=str(URL)) as client:
        return http.get(client, URL, service=service, credentials="A_KEY")


def busy(calls, *, then=None):
    def handler(request):
        calls.append(request)
        return then or httpx.Response(429, headers={"Retry-After": "13"})

    return Wire(transport=httpx.MockTransport(handler), budgets=Budgets(30.0))


def test_a_service_that_stays_busy_is_asked_no_more(clock):
    calls, begun = [], clock.now
    wire = busy(calls)
    with pytest.raises(DrillError, match=r"busy or away for 30 s in all, and is asked no more"):
        ask(wire)
    asked = len(calls)
    # 13, 26 and 39 seconds: more than 30 by no more than one wait.
    assert (asked, clock.now - begun) == (3, 39.0)
    with pytest.raises(DrillError, match="asked no more") as caught:
        ask(wire)
    assert not isinstance(caught.value, BackupError)
    assert (len(calls), clock.now - begun) == (asked, 39.0)


def test_all_requests_of_a_service_share_what_it_is_waited_for(clock):
    answers = []

    def handler(request):
        answers.append(request)
        # Every other try is refused: each request waits once, and none of them gives up.
        if len(answers) % 2:
            return httpx.Response(503, headers={"Retry-After": "10"})
        return httpx.Response(200, json={})

    wire = Wire(transport=httpx.MockTransport(handler), budgets=Budgets(30.0))
    ask(wire)
    ask(wire)
    with pytest.raises(DrillError, match="asked no more"):
        ask(wire)
    assert len(answers) == 5


def test_each_service_has_its_own(clock):
    calls = []
    wire = busy(calls)
    with pytest.raises(DrillError, match="asked no more"):
        ask(wire)
    with pytest.raises(DrillError, match=r"another at service\.invalid was busy"):
        ask(wire, service="another")
    assert len(calls) == 6


def test_tries_that_end_in_a_time_out_are_waited_for_too(clock):
    calls = []

    def handler(request):
        calls.append(request)
        clock.sleep(15.0)
        raise httpx.ReadTimeout("slow")

    wire = Wire(transport=httpx.MockTransport(handler), budgets=Budgets(40.0))
    with pytest.raises(DrillError, match="asked no more"):
        ask(wire)
    assert len(calls) == 3


def test_the_last_try_counts_as_well(clock):
    calls = []

    def handler(request):
        calls.append(request)
        clock.sleep(15.0)
        raise httpx.ConnectTimeout("away")

    once_more = Retry(total=1, backoff_factor=0)
    wire = Wire(transport=httpx.MockTransport(handler), retry=once_more, budgets=Budgets(25.0))
    with pytest.raises(DrillError, match="did not answer"):
        ask(wire)
    with pytest.raises(DrillError, match="asked no more"):
        ask(wire)
    assert len(calls) == 2


def test_a_good_service_is_asked_for_as_long_as_it_takes(clock):
    def handler(_):
        clock.sleep(20.0)
        return httpx.Response(200, json={})

    wire = Wire(transport=httpx.MockTransport(handler), budgets=Budgets(30.0))
    assert [ask(wire) for _ in range(5)] == [{}] * 5


def test_threads_share_it(clock):
    """Of forty questions to a service that is away, all are over soon."""
    calls = []
    lock = threading.Lock()

    def handler(request):
        with lock:
            calls.append(request)
            clock.sleep(5.0)
        raise httpx.ConnectTimeout("away")

    wire = Wire(transport=httpx.MockTransport(handler), budgets=Budgets(30.0))

    def one(_):
        try:
            ask(wire)
        except DrillError as error:
            return error.message
        return ""

    found = many(one, range(40), at_once=4)
    assert all(found)
    assert sum("asked no more" in message for message in found) >= 36
    assert len(calls) < 20


def test_what_is_waited_for_at_once_counts_once():
    budget = Budget(10.0)
    for begin, end in ((0.0, 4.0), (1.0, 5.0), (8.0, 9.0), (3.0, 5.0), (8.5, 8.6)):
        budget.spend(begin, end)
        assert not budget.is_spent
    budget.spend(5.0, 8.0)  # what lies between is one wait now, of nine seconds
    assert not budget.is_spent
    budget.spend(20.0, 21.0)
    assert budget.is_spent
