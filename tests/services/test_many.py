"""Many questions side by side: in order, no faster than allowed, and over at the first error."""

from __future__ import annotations

import threading

import pytest

from fixtures.services.many import Pace, many
from plugins.errors import DrillError


def test_answers_come_in_the_order_of_the_subjects():
    assert many(lambda n: n * n, range(100), at_once=7) == [n * n for n in range(100)]
    assert many(lambda n: n, [], at_once=7) == []


def test_as_many_run_at_once_as_asked_for_and_no_more():
    together = threading.Barrier(4)
    running: list[int] = []
    most: list[int] = []

    def ask(n: int) -> None:
        running.append(n)
        most.append(len(running))
        together.wait(timeout=60)
        running.remove(n)

    many(ask, range(8), at_once=4)
    assert max(most) <= 4


def test_an_error_ends_it_and_what_has_not_begun_is_not_begun():
    begun: list[int] = []
    failed = threading.Event()

    def ask(n: int) -> None:
        begun.append(n)
        if n == 1:
            failed.set()
            raise DrillError("the second")
        failed.wait(timeout=60)

    with pytest.raises(DrillError, match="the second"):
        many(ask, range(10_000), at_once=2)
    assert len(begun) < 10_000


def test_a_pace_spreads_the_beginnings(monkeypatch):
    clock = [100.0]
    waited: list[float] = []
    monkeypatch.setattr("fixtures.services.many.time.monotonic", lambda: clock[0])

    class Stopping(threading.Event):
        def wait(self, timeout=None):
            waited.append(round(timeout, 3))
            return False

    pace = Pace(per_second=4)
    for _ in range(4):
        pace.wait(Stopping())
    clock[0] += 10
    pace.wait(Stopping())
    assert waited == [0.0, 0.25, 0.5, 0.75, 0.0]
