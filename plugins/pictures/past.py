"""What pictures take from the drills before: those that may be compared with this one, as plain numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MEASURES = ("recovery_time_seconds", "restore_time_seconds")


@dataclass(frozen=True, slots=True)
class Drilled:
    """A drill. at: when it ended; aware. seconds: by the names of MEASURES, of those that were measured.

    tables: rows and bytes of each that was restored, by name; bytes are None where nobody read them.
    """

    at: datetime
    passed: bool
    seconds: Mapping[str, float]
    tables: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)


def comparable(history: Iterable[Mapping[str, Any]], written: Mapping[str, Any]) -> list[Drilled]:
    """The full drills that did as this one does, the oldest first, with this one if it is full.

    Of the same plan and profile, and the sample's only with the sample's. A line of an earlier version tells
    no profile, and counts. What is odd in a line is left out.
    """
    found = [
        drilled
        for line in (*history, written)
        if _is_alike(line, written) and (drilled := _drilled(line)) is not None
    ]
    return sorted(found, key=lambda one: one.at)


def _is_alike(line: Mapping[str, Any], written: Mapping[str, Any]) -> bool:
    ours, theirs = _profile(written), _profile(line)
    return (
        _name(line) == _name(written)
        and line.get("sample") == written["sample"]
        and line.get("scope") == "full"
        and (theirs is None or theirs == ours)
    )


def _name(drill: Mapping[str, Any]) -> object:
    plan = drill.get("plan")
    return plan.get("name") if isinstance(plan, dict) else None


def _profile(drill: Mapping[str, Any]) -> object:
    server = drill.get("server")
    return server.get("profile") if isinstance(server, dict) else None


def _drilled(line: Mapping[str, Any]) -> Drilled | None:
    try:
        at = datetime.fromisoformat(line["finished_at"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return None
    measured, tables = line.get("measurements"), line.get("tables")
    measured = measured if isinstance(measured, dict) else {}
    seconds = {name: float(measured[name]) for name in MEASURES if _is_number(measured.get(name))}
    return Drilled(
        at,
        passed=line.get("verdict") == "pass",
        seconds=seconds,
        tables=dict(_tables(tables if isinstance(tables, list) else [])),
    )


def _tables(tables: list[Any]) -> Iterable[tuple[str, tuple[int, int | None]]]:
    for table in tables:
        if not isinstance(table, dict) or table.get("partitioned"):
            continue  # its rows are those of its partitions
        name, rows, size = table.get("name"), table.get("rows_restored"), table.get("bytes_restored")
        if isinstance(name, str) and _is_number(rows):
            yield name, (int(rows), int(size) if _is_number(size) else None)


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e18
