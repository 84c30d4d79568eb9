"""Earlier drills, by which the report shows trends: a line of Allure's for each report, with what it was of.

Allure rewrites its history in place, and stops at a line that it cannot read. So it gets a copy with the
lines of the same plans, and what it adds is added here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from plugins.files import locked, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from plugins.report.results import Results

# So many drills of the same plans are kept. Each is in every later report, with all of its claims.
KEPT = 36
# What else a claim of an earlier drill has is a copy of what it has today, and most of what it takes up.
LABELS = ("severity",)

Point = dict[str, Any]


def read(path: Path) -> list[Point]:
    """The points of a history, oldest first; a line that is none is left out (see `unreadable`)."""
    return [point for _, point in _lines(path) if point is not None]


def unreadable(path: Path) -> list[int]:
    """The numbers of the lines that are none of a history, from 1."""
    return [number for number, (_, point) in enumerate(_lines(path), start=1) if point is None]


def _lines(path: Path) -> list[tuple[bytes, Point | None]]:
    found: list[tuple[bytes, Point | None]] = []
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            point = json.loads(line)
        except ValueError:
            point = None
        found.append((line, point if isinstance(point, dict) and "testResults" in point else None))
    return found


def earlier(path: Path, drills: Iterable[Results]) -> list[Point]:
    """The points of the same plans before these drills. A report that is made again is not its own past."""
    return [point for point in read(path) if _of(point) == _plans(drills) and not _shares(point, drills)]


def write(path: Path, points: Iterable[Mapping[str, Any]]) -> None:
    """Write a history."""
    lines = [json.dumps(point, ensure_ascii=False).encode() + b"\n" for point in points]
    write_atomically(path, b"".join(lines), mode=0o644)


def add(path: Path, point: Point, drills: Sequence[Results]) -> None:
    """Add the point of a report, in the place of an earlier one of the same drills. Other lines stay."""
    point = point | {"plans": _plans(drills), "drills": sorted(drill.drill_id for drill in drills)}
    for claim in point["testResults"].values():
        claim["labels"] = [label for label in claim.get("labels", ()) if label["name"] in LABELS]
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.with_suffix(".lock")):
        lines = _lines(path)
        same = [index for index, (_, old) in enumerate(lines) if old and _of(old) == point["plans"]]
        gone = {index for index in same if _shares(lines[index][1] or {}, drills)}
        gone |= set(same[: max(0, len(same) - len(gone) + 1 - KEPT)])
        kept = [line for index, (line, _) in enumerate(lines) if index not in gone]
        added = json.dumps(point, ensure_ascii=False).encode()
        write_atomically(path, b"".join(line + b"\n" for line in (*kept, added)), mode=0o644)


def _plans(drills: Iterable[Results]) -> list[str]:
    return sorted(drill.plan for drill in drills)


def _of(point: Mapping[str, Any]) -> Any:
    return point.get("plans")


def _shares(point: Mapping[str, Any], drills: Iterable[Results]) -> bool:
    return not set(point.get("drills", ())).isdisjoint(drill.drill_id for drill in drills)
