"""Measurements in words, as the terminal and the reports show them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# So many names stand in a sentence.
NAMED = 3


def visible(text: str) -> str:
    """The text on one line, without what a terminal would obey: names may hold whatever a stranger wrote.

    A line of its own could be taken for one of ours, by a person or by what reads commands out of a log.
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "backslashreplace").decode()
        for one in text
    )


def duration(value: timedelta) -> str:
    """A duration with its two largest units: "0.4 s", "12 s", "3 min 20 s", "25 h", "3 d 4 h"."""
    seconds = value.total_seconds()
    if seconds < 0:
        return f"minus {duration(-value)}"
    if seconds < 10:
        return f"{seconds:.1f} s"
    left = round(seconds)
    parts: list[str] = []
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        if unit == "d" and left < 2 * length:
            continue  # objectives are spoken of as 24 h and 25 h
        count, left = divmod(left, length)
        if count or parts:
            parts.append(f"{count} {unit}" if count else "")
    return " ".join(filter(None, parts[:2]))


def size(count: int) -> str:
    """A number of bytes in decimal units: "0 B", "412 kB", "1.3 GB"."""
    if count < 1_000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1_000
        if value < 999.5:
            return f"{value:.3g} {unit}"
    return f"{value / 1_000:,.3g} TB"


def counted(number: int, noun: str) -> str:
    """So many of a thing whose plural takes an s: "1 table", "13,248 rows"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def listed(names: Iterable[str]) -> str:
    """The first few of some names, and how many more there are."""
    names = list(names)
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def instant(value: datetime) -> str:
    """An instant to the minute, in UTC."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
