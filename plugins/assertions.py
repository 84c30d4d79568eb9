"""What a failed assertion says: the fact in words, without the objects that led to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from plugins.words import duration, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

# So many of the things that were found are named, and the others counted.
NAMED = 5
# How a comparison that does not hold is said.
_BELIED = {
    "<=": "is more than",
    "<": "is not less than",
    ">=": "is less than",
    ">": "is not more than",
    "==": "is not",
    "!=": "is",
}


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return [f"{duration(left)} {_BELIED.get(op, op)} {duration(right)}"]
    if op == "==" and right == [] and isinstance(left, list) and left:
        return [_listed([visible(str(one)) for one in left])]
    if op == "==" and isinstance(left, dict) and isinstance(right, dict):
        return [_listed([visible(one) for one in _unlike(left, right)])]
    return None


def _unlike(found: dict[Any, Any], wanted: dict[Any, Any]) -> Iterator[str]:
    """What differs of two mappings, by its key."""
    for key in {**wanted, **found}:
        if found.get(key) is None and wanted.get(key) is not None:
            yield f"{key} is missing"
        elif key not in wanted:
            yield f"{key}: {_told(found[key])}"
        elif found[key] != wanted[key]:
            yield f"{key}: {_told(found[key])}, and not {_told(wanted[key])}"


def _told(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _listed(found: list[str]) -> str:
    """What should not be there: the first of it in words, the rest by its number."""
    more = f"; and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return "; ".join(found[:NAMED]) + more


def fact(error: AssertionError) -> str:
    """The claim's own message if it has one, else the comparison that did not hold.

    pytest adds how it came to its operands ("where 3 = holds(...)"): those may be values.
    """
    lines = str(error).splitlines()
    kept: list[str] = []
    for line in lines:
        if line.lstrip().startswith(("+  where ", "+  and ")) or (kept and line.startswith("assert ")):
            break
        kept.append(line)
    said = "\n".join(kept).strip().removeprefix("assert ")
    # What pytest says of a bare yes or no tells nobody anything.
    return "the claim does not hold" if said in ("", "False", "not True") else said
