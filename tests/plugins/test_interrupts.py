"""An interrupt that python cannot pass on, out of a finalizer, ends the drill all the same."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest

from plugins import interrupts

PATIENCE = 60.0  # seconds


class Finalized:
    """Like a connection to the database: python runs code when nobody needs it any more."""

    def __init__(self, code) -> None:
        self.code = code

    def __del__(self) -> None:
        self.code()


def signalled() -> None:
    os.kill(os.getpid(), signal.SIGTERM)  # SIGINT is ignored in a shell's background


def interrupted(work, *, after=None) -> None:
    """Do the work and wait: an interrupt comes out of one of the two, though it was swallowed."""

    def work_and_wait() -> None:
        try:
            work()
        finally:
            if after is not None:
                after()
        threading.Event().wait(PATIENCE)

    with pytest.raises(KeyboardInterrupt):
        work_and_wait()


@pytest.fixture
def told(signals, monkeypatch):
    """What was told before of exceptions that nobody can catch."""
    found: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", found.append)
    interrupts.listen()
    yield found
    interrupts.stop_listening()
    assert sys.unraisablehook == found.append


def test_in_a_finalizer(told):
    interrupted(lambda: Finalized(signalled))
    assert told == []


def test_in_one_finalizer_after_the_other(told):
    left = [Finalized(lambda: (left.pop(), signalled())) for _ in range(3)]
    interrupted(left.pop)


def test_where_interrupts_are_held_back(told):
    reached = False

    def work() -> None:
        nonlocal reached
        with interrupts.held_back():
            Finalized(signalled)
            reached = True

    interrupted(work)
    assert reached


def test_again_while_python_tells_of_it(told):
    """Before each instruction of what is called then."""

    def run_until(instruction: int) -> bool:
        left = instruction

        def trace(frame, event, _argument):
            nonlocal left
            if frame.f_code.co_filename != interrupts.__file__ or frame.f_code.co_name == "_interrupt":
                return None
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
            if event == "opcode":
                left -= 1
                if left == -1:
                    signalled()
            return trace

        def work() -> None:
            sys.settrace(trace)
            Finalized(signalled)

        interrupted(work, after=lambda: sys.settrace(None))
        return left < 0

    instruction = 0
    while run_until(instruction):
        instruction += 1
    assert instruction > 20


def test_another_exception_is_told_as_before(told):
    Finalized(lambda: 1 / 0)
    assert [unraisable.exc_type for unraisable in told] == [ZeroDivisionError]


def test_what_has_ended_is_interrupted_no_more(told):
    interrupts.stop_listening()
    Finalized(signalled)
    assert told == []
    interrupts.stop_if_interrupted()


def test_an_end_before_it_is_raised_again(told, monkeypatch):
    # With its handlers gone, as python takes them at its own end, the alarm would kill the process.
    monkeypatch.setattr(interrupts, "_SOON", PATIENCE)
    Finalized(signalled)
    assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    interrupts.stop_listening()
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
