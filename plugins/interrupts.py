"""Ctrl-C, and the SIGTERM of a cancelled job: where they may end a drill, and that they do.

Signals are the process's own, so is what is kept here.
"""

from __future__ import annotations

import contextlib
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class _Heard:
    """count: of signals since `listen`. held_back: how many `held_back` are open, one in the other."""

    listening: bool = False
    count: int = 0
    held_back: int = 0


_HEARD = _Heard()


def listen() -> None:
    """Have SIGTERM end what it hits as Ctrl-C does, from here on."""
    _HEARD.listening, _HEARD.count = True, 0
    with contextlib.suppress(ValueError):  # not in the main thread: then nobody signals us either
        signal.signal(signal.SIGTERM, _interrupt)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _interrupt)


def _interrupt(_signal: int, _frame: object) -> None:
    if not _HEARD.listening:
        return  # all is over but the last words
    # A library's C code or a finalizer may swallow the exception: then `stop_if_interrupted` finds this.
    _HEARD.count += 1
    if not _HEARD.held_back:
        raise KeyboardInterrupt


def stop_listening() -> None:
    """All is over but the last words: no signal interrupts them."""
    _HEARD.listening, count, _HEARD.count = False, _HEARD.count, 0
    if count:
        # Python remembers an interrupt that came out of code in a string (a dataclass's methods, made by an
        # import), and kills the process with its signal at the end, in the place of our exit code. Only
        # other code in a string makes it forget (`unhandled_keyboard_interrupt` in Python/pythonrun.c).
        exec("")  # noqa: S102 - an empty text


def stop_if_interrupted() -> None:
    """Raise KeyboardInterrupt if a signal said so, and whatever it met did not pass it on."""
    if _HEARD.count:
        # A new one, on its own: where a signal hits code that python generated, the frame has no line, and
        # pytest breaks when it shows the interrupt's traceback (exit 1 in the place of 2).
        raise KeyboardInterrupt from None


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Raise an interrupt that comes within at the end only. For short work of the main thread.

    Needed wherever it takes a lock that other threads wait for: python's own locks (Condition, Future) may
    stay locked for ever when an exception hits them between two of their instructions.
    """
    before = _HEARD.count
    _HEARD.held_back += 1
    try:
        yield
    finally:
        _HEARD.held_back -= 1
    if _HEARD.count != before and not _HEARD.held_back:
        raise KeyboardInterrupt
