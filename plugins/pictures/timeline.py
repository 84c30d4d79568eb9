"""The phases of one restore on a line of time, and below them what each connection did."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from plugins.pictures.canvas import WIDTH, as_svg, canvas, headed, words
from plugins.pictures.palette import LIGHT
from plugins.words import counted, duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

TITLES = {
    "take": "take a backup",
    "fetch": "fetch the backup",
    "stage": "open and index it",
    "start": "start the server",
    "schema": "restore the schema",
    "data": "restore the rows",
    "indexes": "build the indexes",
    "constraints": "check the constraints",
    "analyze": "gather statistics",
    "first query": "answer a first query",
}
# The phases that the loader's connections share; it begins with the first of them.
LOADED = ("schema", "data", "indexes", "constraints", "analyze")
# What a connection did: its tone, and what it is called.
WORK = {
    "in order": ("muted", "statements in order"),
    "rows": ("accent", "rows"),
    "indexes": ("second", "indexes"),
    "constraints": ("third", "constraints"),
    "statistics": ("unverified", "statistics"),
}
ROW, HEAD, LEFT, RIGHT = 17, 34, 118, 56
MOST_CONNECTIONS = 16
# A bar that is shorter could not be seen.
LEAST_BAR = 1.5 / (WIDTH - LEFT - RIGHT)


def draw(measurements: Mapping[str, Any]) -> str | None:
    """The picture; None where nothing was restored. measurements: as the evidence has them."""
    phases: dict[str, float] = measurements.get("phases") or {}
    total = sum(phases.values())
    if not phases or total <= 0:
        return None
    connections = _by_connection(measurements.get("connections") or [])
    rows = len(phases) + (1.6 + min(len(connections), MOST_CONNECTIONS) if len(connections) > 1 else 0)
    longest = max(phases, key=lambda name: phases[name])
    share = f"longest: {TITLES.get(longest, longest)}, {phases[longest] / total:.0%} of it"
    took = duration(timedelta(seconds=total))
    caption = f"{took} from the first byte fetched to the first query answered; {share}"
    told = "; ".join(f"{TITLES.get(n, n)} {duration(timedelta(seconds=s))}" for n, s in phases.items())
    height = HEAD + ROW * rows + 4
    with canvas(height, left=LEFT, right=RIGHT, top=HEAD, bottom=4) as (figure, field):
        field.set_axis_off()
        field.set_xlim(0, total)
        field.set_ylim(rows, 0)
        began = 0.0
        for row, (name, seconds) in enumerate(phases.items()):
            words(field, 0, row + 0.5, TITLES.get(name, name), right=-8, ha="right", color=LIGHT["ink"])
            field.barh(row + 0.5, total, height=0.62, color=LIGHT["soft"], zorder=1)
            _bar(field, row, began, seconds, total, "accent")
            words(field, total, row + 0.5, _took(seconds), right=8)
            began += seconds
        if len(connections) > 1:
            _connections(field, connections, len(phases), phases, total)
        headed(figure, "The restore, phase by phase", caption)
        return as_svg(figure, title="The restore, phase by phase", told=f"{told}. {_shared(connections)}")


def _took(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 0.1 else duration(timedelta(seconds=seconds))


def _bar(field: Axes, row: float, start: float, seconds: float, total: float, tone: str) -> None:
    width = max(seconds, total * LEAST_BAR)
    field.barh(row + 0.5, width, left=min(start, total - width), height=0.62, color=LIGHT[tone], zorder=2)


def _by_connection(done: Sequence[Mapping[str, Any]]) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    for one in done:
        found.setdefault(one["connection"], []).append(one)
    return dict(sorted(found.items()))


def _shared(connections: Mapping[int, object]) -> str:
    return f"{counted(len(connections), 'connection')} shared the work." if len(connections) > 1 else ""


def _connections(
    field: Axes,
    connections: Mapping[int, Sequence[Mapping[str, Any]]],
    below: float,
    phases: Mapping[str, float],
    total: float,
) -> None:
    """What each connection did, on the same line of time; the signs of the kinds of work above them."""
    loading, before = next((name for name in phases if name in LOADED), ""), 0.0
    for name, seconds in phases.items():
        if name == loading:
            break
        before += seconds
    used = [
        kind for kind in WORK if any(one["work"] == kind for done in connections.values() for one in done)
    ]
    right = 0.0
    for kind in used:
        tone, called = WORK[kind]
        words(field, 0, below + 0.9, "■", right=right, color=LIGHT[tone])
        words(field, 0, below + 0.9, called, right=right + 10)
        right += 24 + 4.4 * len(called)
    for row, (number, done) in enumerate(list(connections.items())[:MOST_CONNECTIONS]):
        at = below + 1.6 + row
        words(field, 0, at + 0.5, f"connection {number}", right=-8, ha="right", color=LIGHT["ink"])
        field.barh(at + 0.5, total, height=0.62, color=LIGHT["soft"], zorder=1)
        for kind in used:
            bars = [
                (before + one["start_seconds"], max(one["seconds"], total * LEAST_BAR / 3))
                for one in done
                if one["work"] == kind
            ]
            field.broken_barh(bars, (at + 0.19, 0.62), facecolors=LIGHT[WORK[kind][0]], linewidth=0, zorder=2)
