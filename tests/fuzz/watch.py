"""What holds for every input: only errors of the project's own, soon, and in little memory."""

from __future__ import annotations

import contextlib
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.errors import DrillError, PlanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Stands in every row of the dumps that are damaged here, and is never to be told.
CANARY = "q7canary"
SECONDS = 10
MEGABYTES = 96
_PEAK, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
_CAPITAL = re.compile(r"[A-Z][a-z]+ [a-z]")
# Names begin a sentence as they are written.
_NAMES = ("Twilio", "ElevenLabs", "Qdrant", "Supabase", "Google", "TWILIO_")


class _HangError(BaseException):
    """No Exception: nothing on the way may catch it."""


def _hang(*_: object) -> None:
    raise _HangError


@contextlib.contextmanager
def bounded(*, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> Iterator[None]:
    """What runs within ends in so many seconds, and takes so much memory more than there was, libraries' too.

    The seconds are the processor's: a busy machine changes nothing. What waits for nothing is stopped after
    ten times as many. The memory is this process' peak, which only Linux starts anew.
    """
    before = signal.signal(signal.SIGPROF, _hang), signal.signal(signal.SIGALRM, _hang)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(seconds * 10)
    held = _resident(peak=False)
    try:
        yield
    except _HangError:
        raise AssertionError(f"it did not end within {seconds} seconds") from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        signal.signal(signal.SIGPROF, before[0])
        signal.signal(signal.SIGALRM, before[1])
    taken = (_resident(peak=True) - held) >> 20
    assert taken <= megabytes, f"it took {taken} MB of memory"


def _resident(*, peak: bool) -> int:
    """Bytes of this process in memory: now, from where a peak is counted on, or the peak since."""
    if not _PEAK.exists():
        return 0
    if not peak:
        _PEAK.write_text("5")
    word = "VmHWM" if peak else "VmRSS"
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(word))
    return int(line.split()[1]) << 10


def told(call: Callable[[], object], *, names: tuple[str, ...] = ()) -> object | None:
    """What the call gives, or None where it raises an error of ours, which then is a sentence.

    names: what may stand in a message as it is.
    """
    try:
        return call()
    except DrillError as error:
        _said_well(error)
        return None


def _said_well(error: DrillError) -> None:
    sentence(error.message, plan=isinstance(error, PlanError))
    assert not error.hint or error.hint.endswith("."), error.hint
    assert CANARY not in str(error).lower(), str(error)


def sentence(message: str, *, plan: bool = False) -> None:
    """One, without a full stop, that any terminal takes. A plan's may have a line for each fault."""
    lines = message.split("\n") if plan else [message]
    assert message.strip()
    assert all(line.isprintable() for line in lines), ascii(message)
    assert not message.endswith("."), message
    assert not _CAPITAL.match(message) or message.startswith(_NAMES), message
    assert len(message) < 4000, f"a message of {len(message):,} characters"
