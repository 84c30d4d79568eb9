"""An interrupt ends the pool, whatever instruction of the main thread it comes in at."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading

import psycopg
import pytest

from fixtures.restore import pool as pool_module
from fixtures.restore.pool import Pool
from fixtures.restore.tasks import Task
from plugins import interrupts

PATIENCE = 60.0  # seconds
WATCHED = {pool_module.__file__, threading.__file__, interrupts.__file__}


class EndlessSession:
    """One whose statement runs until it is cancelled."""

    def __init__(self) -> None:
        self.failures: list[object] = []
        self.connection = self
        self.forgotten = False
        self._cancelled = threading.Event()

    def apply(self, _settings: object) -> None:
        pass

    def attempt(self, _text: object) -> None:
        self.forgotten = not self._cancelled.wait(PATIENCE)
        raise psycopg.errors.QueryCanceled

    def cancel_safe(self, timeout: float) -> None:
        assert timeout
        self._cancelled.set()


def run_until(instruction: int) -> bool:
    """Interrupt the pool before its n-th instruction, or at its second look; whether it was the former."""
    left = instruction
    sent = False

    def trace(frame, event, _argument):
        nonlocal left, sent
        if frame.f_code.co_filename not in WATCHED:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode" and not sent:
            left -= 1
            if left < 0:
                sent = True
                os.kill(os.getpid(), signal.SIGTERM)  # SIGINT is ignored in a shell's background
        return trace

    looks = 0

    def look(_finished: object) -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise KeyboardInterrupt

    task, sessions = Task("analyze", [], {}), [EndlessSession(), EndlessSession()]

    def load() -> None:
        with Pool(None, sessions) as pool:
            sys.settrace(trace)
            try:
                pool.start([task])
                pool.wait([task], look)
            finally:
                sys.settrace(None)

    interrupts.listen()
    try:
        with pytest.raises(KeyboardInterrupt):
            load()
    finally:
        interrupts.stop_listening()
    assert not [session for session in sessions if session.forgotten]
    return sent


def test_an_interrupt_at_any_instruction(signals, monkeypatch):
    monkeypatch.setattr(pool_module, "_LOOK", 0.001)
    instruction = 0
    while run_until(instruction):
        instruction += 1
    assert instruction > 100
    for thread in threading.enumerate():
        if thread.name.startswith("restore"):
            thread.join(PATIENCE)
            assert not thread.is_alive()


def test_an_interrupt_that_something_swallowed(signals, monkeypatch):
    monkeypatch.setattr(pool_module, "_LOOK", 0.001)
    looks = 0

    def look(_finished: object) -> None:
        nonlocal looks
        looks += 1
        if looks > 1:
            raise AssertionError("it went on")
        with contextlib.suppress(KeyboardInterrupt):  # as a finalizer does
            os.kill(os.getpid(), signal.SIGTERM)

    task = Task("analyze", [], {})

    def load() -> None:
        with Pool(None, [EndlessSession()]) as pool:
            pool.start([task])
            pool.wait([task], look)

    interrupts.listen()
    try:
        with pytest.raises(KeyboardInterrupt):
            load()
    finally:
        interrupts.stop_listening()
