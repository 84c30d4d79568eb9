"""What a person writes for a duration, a size, a name or a place, and what it means.

Every parser takes the raw TOML value and returns the value or raises `RefusedError`. The found value is never
part of a reason: `reading.py` decides what of it may be shown.
"""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from pydantic import PlainValidator

if TYPE_CHECKING:
    from collections.abc import Callable


class RefusedError(ValueError):
    """A value that the plan does not allow.

    `why` continues "KEY is VALUE, ...", or "KEY ..." when `hidden` keeps the value out of the message;
    `allowed` continues "allowed is ..."; `at` is the way from the validated object down to the key at fault.
    """

    def __init__(
        self,
        why: str = "",
        *,
        allowed: str = "",
        hint: str = "",
        at: tuple[str | int, ...] = (),
        hidden: bool = False,
    ) -> None:
        super().__init__(why or allowed)
        self.why, self.allowed, self.hint, self.at, self.hidden = why, allowed, hint, at, hidden


_DURATION = 'a duration such as "4h", "30m", "250ms" or "1h30m" (units w, d, h, m, s, ms)'
# Largest first: a combination names each unit once and in this order.
_TIME_UNITS = (
    (("w", "week", "weeks"), 604_800_000_000),
    (("d", "day", "days"), 86_400_000_000),
    (("h", "hr", "hour", "hours"), 3_600_000_000),
    (("m", "min", "minute", "minutes"), 60_000_000),
    (("s", "sec", "second", "seconds"), 1_000_000),
    (("ms", "millisecond", "milliseconds"), 1_000),
)
_RANKS = {word: rank for rank, (words, _) in enumerate(_TIME_UNITS) for word in words}
_NUMBER = r"([0-9]{1,15}(?:\.[0-9]{1,15})?)"
_TERM = re.compile(rf"\s*{_NUMBER}\s*([a-z]+)\s*")
_LONGEST = timedelta(days=36_525)  # a century: anything above is a slip of the keyboard


def parse_duration(value: object) -> timedelta:
    """A duration above zero, as a person writes it: "4h", "1h30m", "2 hours", "1.5h", "250ms".

    Raises RefusedError for a bare number (it says no unit), zero, a unit twice or out of order, anything
    finer than a microsecond or longer than a century.
    """
    duration = parse_duration_or_zero(value)
    if not duration:
        raise RefusedError("which is no time at all", allowed=_DURATION)
    return duration


def parse_duration_or_zero(value: object) -> timedelta:
    """As `parse_duration`, and "0m" is allowed too."""
    text = _measured(value, allowed=_DURATION)
    micros, position, last_rank = Fraction(0), 0, -1
    while position < len(text):
        term = _TERM.match(text, position)
        if term is None or term[2] not in _RANKS:
            raise RefusedError(allowed=_DURATION)
        rank = _RANKS[term[2]]
        if rank <= last_rank:
            raise RefusedError(
                "which names a unit twice or a larger one after a smaller one", allowed=_DURATION
            )
        micros += Fraction(term[1]) * _TIME_UNITS[rank][1]
        position, last_rank = term.end(), rank
    if micros.denominator != 1:
        raise RefusedError("which is finer than a microsecond", allowed=_DURATION)
    if micros > _LONGEST // timedelta(microseconds=1):
        raise RefusedError("which is longer than a century", allowed=_DURATION)
    return timedelta(microseconds=int(micros))


_SIZE = 'a size such as "1 MB", "500 kB" or "2 GiB" (units B, kB, MB, GB, TB, KiB, MiB, GiB, TiB)'
_SIZE_UNITS = {
    "B": 1,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "TiB": 2**40,
}
_SIZED = re.compile(rf"\s*{_NUMBER}\s*([A-Za-z]+)\s*")
_BIGGEST = 10**18


def parse_size(value: object) -> int:
    """Bytes of a size as a person writes it: "1 MB" is 10**6, "1 MiB" is 2**20.

    Raises RefusedError for a bare number (it says no unit), a part of a byte, or more than 10**18 bytes.
    """
    found = _SIZED.fullmatch(_measured(value, allowed=_SIZE))
    if found is None or found[2] not in _SIZE_UNITS:
        raise RefusedError(allowed=_SIZE)
    size = Fraction(found[1]) * _SIZE_UNITS[found[2]]
    if size.denominator != 1:
        raise RefusedError("which is no whole number of bytes", allowed=_SIZE)
    if size > _BIGGEST:
        raise RefusedError("which is larger than any backup", allowed=_SIZE)
    return int(size)


def _measured(value: object, *, allowed: str) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number or (isinstance(value, str) and re.fullmatch(rf"\s*{_NUMBER}\s*", value)):
        raise RefusedError("which says no unit", allowed=allowed)
    if not isinstance(value, str) or not value.strip():
        raise RefusedError(allowed=allowed)
    return value


def matching(pattern: str, *, allowed: str) -> Callable[[object], str]:
    """A parser of texts that match `pattern` as a whole."""
    compiled = re.compile(pattern)

    def parse(value: object) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise RefusedError(allowed=allowed)
        return value

    return parse


def parse_text(value: object) -> str:
    """A text of any length that says something; stripped of white space around it."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise RefusedError(allowed="a text that is not empty")
    return value.strip()


def parse_name(value: object) -> str:
    """One printable line of up to 120 characters: it becomes a test's id and a line of a report."""
    allowed = "a text of one line and at most 120 characters"
    if not isinstance(value, str) or not value.strip() or len(value) > 120 or not value.isprintable():
        raise RefusedError(allowed=allowed)
    return value.strip()


def parse_zone(value: object) -> str:
    """The name of a time zone that this machine knows."""
    allowed = 'a time zone such as "UTC" or "Europe/Berlin"'
    if not isinstance(value, str):
        raise RefusedError(allowed=allowed)
    if value == "UTC":  # known even where no tzdata is installed
        return value
    try:
        ZoneInfo(value)
    # A folder of the zone database, a path out of it, a name too long: each has its own exception.
    except (LookupError, ValueError, OSError) as error:
        raise RefusedError("which this machine does not know", allowed=allowed) from error
    return value


Scalar = str | int | float | bool
_SCALARS = 'a table of texts, numbers, true and false, such as { status = "ok", checks.database = true }'


def parse_scalars(value: object) -> dict[str, Scalar]:
    """The values in a table, each by the way to it: `{"a": {"b": 1}}` and `{"a.b": 1}` are both a.b.

    Raises RefusedError for a table without a value, for a date or a list, and where two ways are one.
    """
    found: dict[str, Scalar] = {}

    def look(table: object, way: str) -> None:
        if not isinstance(table, dict) or not table:
            raise RefusedError(allowed=_SCALARS)
        for key, held in table.items():
            deeper = f"{way}.{key}" if way else key
            if not all(deeper.split(".")) or not deeper.isprintable():
                raise RefusedError("which has a key without a name", allowed=_SCALARS)
            if isinstance(held, str | int) or (isinstance(held, float) and isfinite(held)):
                if deeper in found:
                    raise RefusedError(f"which says {deeper} twice", allowed=_SCALARS)
                found[deeper] = held
            else:
                look(held, deeper)

    look(value, "")
    return found


Duration = Annotated[timedelta, PlainValidator(parse_duration)]
DurationOrZero = Annotated[timedelta, PlainValidator(parse_duration_or_zero)]
Size = Annotated[int, PlainValidator(parse_size)]
Text = Annotated[str, PlainValidator(parse_text)]
Name = Annotated[str, PlainValidator(parse_name)]
Zone = Annotated[str, PlainValidator(parse_zone)]
Slug = Annotated[
    str,
    PlainValidator(
        matching(
            r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}",
            allowed='a short name of letters, digits, dots and dashes such as "acme-production"',
        )
    ),
]
Variable = Annotated[
    str,
    # Upper case only: a secret pasted here by mistake is then refused, and not looked up or printed.
    PlainValidator(
        matching(
            r"[A-Z_][A-Z0-9_]{0,127}",
            allowed='the name of an environment variable, in capitals, such as "BACKUP_AGE_IDENTITY"',
        )
    ),
]
Column = Annotated[
    str,
    PlainValidator(matching(r"[^\0\s](?:[^\0\n]{0,61}[^\0\s])?", allowed="the name of a column")),
]
