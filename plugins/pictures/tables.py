"""Rows and size of the tables over drills: a small line for each, from its first value to its newest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.pictures.canvas import WIDTH, as_svg, canvas, headed, words
from plugins.pictures.palette import LIGHT
from plugins.words import counted, size, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from matplotlib.axes import Axes

    from plugins.pictures.past import Drilled

MOST = 10
ROW, HEAD, LEFT = 24, 52, 150
# Of each of the two fields (rows, size) so much is its line; the rest are words.
FIELD = (WIDTH - LEFT) / 2
LINE = 0.42


def draw(drills: Sequence[Drilled], *, first: Iterable[str], sample: bool) -> str | None:
    """The picture; None where fewer than two drills can be compared.

    first: the tables that matter most, by name; the others follow by their size, and are left out beyond ten.
    """
    drills = [drill for drill in drills if drill.tables]
    if len(drills) < 2:
        return None
    newest = drills[-1].tables
    rank = {name: number for number, name in enumerate(first)}
    names = sorted(newest, key=lambda name: (rank.get(name, len(rank)), -(newest[name][1] or 0), name))
    shown, more = names[:MOST], len(names) - MOST
    first_day, last_day = (f"{drill.at.day} {drill.at:%B %Y}" for drill in (drills[0], drills[-1]))
    days = last_day if first_day == last_day else f"{first_day} to {last_day}"
    caption = f"{counted(len(drills), 'full drill')}, {days}"
    caption += f"; {more} smaller tables are not shown" if more > 0 else ""
    title = "Rows and size of tables over drills" + (" (SAMPLE)" if sample else "")
    told = []
    height = HEAD + ROW * len(shown) + 2
    with canvas(height, left=LEFT, top=HEAD, bottom=2) as (figure, field):
        field.set_axis_off()
        field.set_xlim(0, 2)
        field.set_ylim(len(shown), 0)
        words(field, 0, -0.3, "rows", weight="bold")
        words(field, 1, -0.3, "size of the rows", weight="bold")
        for row, name in enumerate(shown):
            words(field, -LEFT / FIELD, row + 0.5, _short(name), color=LIGHT["ink"])
            field.plot([-LEFT / FIELD, 2], [row, row], color=LIGHT["line"], linewidth=0.6, clip_on=False)
            rows = [(drill, drill.tables[name][0]) for drill in drills if name in drill.tables]
            sizes = [(drill, of) for drill, _ in rows if (of := drill.tables[name][1]) is not None]
            said = _series(field, 0, row, rows, drills, lambda number: f"{number:,}", "accent")
            _series(field, 1, row, sizes, drills, size, "second")
            told.append(f"{visible(name)}: {said}")
        headed(figure, title, caption)
        return as_svg(figure, title=title, told=f"{caption}. {'; '.join(told)}.")


def _series(
    field: Axes,
    left: int,
    row: int,
    values: Sequence[tuple[Drilled, int]],
    drills: Sequence[Drilled],
    told: Callable[[int], str],
    tone: str,
) -> str:
    """The line of one table and measure, and its newest value with the change since the first."""
    if not values:
        words(field, left, row + 0.5, "not read")
        return "not read"
    newest, oldest = values[-1][1], values[0][1]
    begin, end = drills[0].at, drills[-1].at
    span = (end - begin).total_seconds() or 1.0
    most = max(number for _, number in values) or 1
    # From nothing to the most: what is drawn as a fall is one.
    xs = [left + LINE * (drill.at - begin).total_seconds() / span for drill, _ in values]
    ys = [row + 0.82 - 0.64 * number / most for _, number in values]
    field.fill_between(xs, ys, row + 0.82, color=LIGHT["soft"], linewidth=0, zorder=1)
    field.plot(xs, ys, color=LIGHT[tone], linewidth=1.4, zorder=2)
    field.plot(xs[-1:], ys[-1:], "o", color=LIGHT[tone], markersize=3.5, zorder=3)
    change = _change(oldest, newest)
    words(field, left + LINE + 0.04, row + 0.5, told(newest), color=LIGHT["ink"])
    words(field, left + LINE + 0.30, row + 0.5, change, color=LIGHT["fail" if newest < oldest else "muted"])
    return f"{told(newest)}, {change}"


def _change(oldest: int, newest: int) -> str:
    if newest == oldest:
        return "as before"
    if not oldest:
        return "from none"
    part = newest / oldest - 1
    return f"{part:+.0%}" if abs(part) >= 0.005 else f"{part:+.1%}"


def _short(name: str) -> str:
    name = visible(name).removeprefix("public.")
    return name if len(name) <= 28 else f"{name[:27]}…"
