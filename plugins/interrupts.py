"""Ctrl-C, and the SIGTERM of a cancelled job: where they may end a drill, and that they do.

Signals are the process's own, so is what is kept here.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

# Seconds after which an interrupt that was swallowed is raised again: by then what swallowed it has returned.
_SOON = 0.01


@dataclass(slots=True)
class _Heard:
    """count: of signals since `listen`. held_back: how many `held_back` are open, one in the other.

    told_before: what python told of exceptions that nobody can catch, before `listen`.
    """

    listening: bool = False
    count: int = 0
    held_back: int = 0
    told_before: Callable[[sys.UnraisableHookArgs], object] | None = None


_HEARD = _Heard()


def listen() -> None:
    """Have SIGTERM end what it hits as Ctrl-C does, from here on."""
    _HEARD.listening, _HEARD.count = True, 0
    with contextlib.suppress(ValueError):  # not in the main thread: then nobody signals us either
        signal.signal(signal.SIGTERM, _interrupt)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _interrupt)
        if signal.getsignal(signal.SIGALRM) is signal.SIG_DFL:  # else a plugin times claims with it
            signal.signal(signal.SIGALRM, _interrupt)
    if sys.unraisablehook is not _tell:
        _HEARD.told_before, sys.unraisablehook = sys.unraisablehook, _tell


def _interrupt(_signal: int, frame: FrameType | None) -> None:
    if not _HEARD.listening:
        return  # all is over but the last words
    # A library may swallow the exception, and python not tell: then `stop_if_interrupted` finds this.
    _HEARD.count += 1
    if any(caller.f_code is _tell.__code__ for caller in _callers(frame)):
        _interrupt_soon()  # raised there it would be swallowed for good
    elif not _HEARD.held_back:
        raise KeyboardInterrupt


def _tell(unraisable: sys.UnraisableHookArgs) -> None:
    """Python's hook for what was raised in a finalizer, or in code that C calls: an interrupt goes on.

    A connection to the database has a finalizer, so it is met where a drill does most of its waiting.
    """
    if _HEARD.listening and issubclass(unraisable.exc_type, KeyboardInterrupt):
        _interrupt_soon()
    elif _HEARD.told_before is not None:
        _HEARD.told_before(unraisable)


def _callers(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _interrupt_soon() -> None:
    if signal.getsignal(signal.SIGALRM) is _interrupt:
        signal.setitimer(signal.ITIMER_REAL, _SOON)


def stop_listening() -> None:
    """All is over but the last words: no signal interrupts them."""
    _HEARD.listening, count, _HEARD.count = False, _HEARD.count, 0
    if sys.unraisablehook is _tell and _HEARD.told_before is not None:
        sys.unraisablehook, _HEARD.told_before = _HEARD.told_before, None
    if signal.getsignal(signal.SIGALRM) is _interrupt:
        signal.setitimer(signal.ITIMER_REAL, 0)  # once python has no handlers any more it would kill
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
