"""Recovery time over drills against its objective, and the month in which it would be exceeded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from plugins.growth import MONTH, slope
from plugins.pictures.canvas import as_svg, canvas, headed, words
from plugins.pictures.palette import LIGHT
from plugins.words import counted, duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from plugins.pictures.past import Drilled

FEWEST = 5  # of fewer drills no line is worth its name
# A line through a day's drills says nothing of next year: it is drawn from so much on.
LEAST_SPAN = MONTH
HORIZON = 36 * MONTH
HEIGHT = 200
# Seconds between the lines of the scale.
STEPS = (1, 2, 5, 10, 15, 30, *(60 * n for n in (1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 2880)))
# The first of these that this drill has.
IN_WORDS = {"recovery_time_seconds": "recovery time", "restore_time_seconds": "restore time"}


@dataclass(frozen=True, slots=True)
class Projection:
    """Where the recovery time leads at its present growth.

    per_month: by which it grows. exceeds: the instant at which it would pass the objective; None where that
    is not in sight. from_: where the line begins, the newest drill's instant and its value on the line.
    """

    per_month: timedelta
    exceeds: datetime | None
    from_: tuple[datetime, float]

    def told(self) -> str:
        """In words: the month, or that it is not in sight."""
        if self.exceeds is not None and self.exceeds <= self.from_[0]:
            return "the RTO is exceeded already"
        if self.exceeds is None:
            return "at the present growth, exceeding the RTO is not in sight"
        return f"at the present growth, the RTO is exceeded in {self.exceeds:%B %Y}"


def project(points: Sequence[tuple[datetime, float]], *, rto: float) -> Projection | None:
    """A line (Theil's and Sen's) through instants and seconds, the oldest first; None over too few.

    Five are needed, and a month from the first to the last. Not in sight is what is more than three years
    ahead: no line is that long.
    """
    if len(points) < FEWEST or points[-1][0] - points[0][0] < LEAST_SPAN:
        return None
    newest = points[-1][0]
    months = [((at - newest) / MONTH, seconds) for at, seconds in points]
    rate = slope(months) or 0.0
    level = sorted(seconds - rate * x for x, seconds in months)[len(months) // 2]
    growth = timedelta(seconds=rate)
    if level >= rto:
        return Projection(growth, newest, (newest, level))
    ahead = (rto - level) / rate if rate > 0 else None
    # A hair of growth leads beyond what a date can be.
    in_sight = ahead is not None and ahead <= HORIZON / MONTH
    exceeds = newest + MONTH * ahead if in_sight and ahead is not None else None
    return Projection(growth, exceeds, (newest, level))


def draw(drills: Sequence[Drilled], *, rto: float | None, sample: bool) -> str | None:
    """The picture; None where fewer than two drills were measured. rto: seconds."""
    measure = next((name for name in IN_WORDS if drills and name in drills[-1].seconds), "")
    shown = [drill for drill in drills if measure in drill.seconds]
    if len(shown) < 2:
        return None
    points = [(drill.at, drill.seconds[measure]) for drill in shown]
    good = [point for point, drill in zip(points, shown, strict=True) if drill.passed]
    bad = [point for point, drill in zip(points, shown, strict=True) if not drill.passed]
    projection = project(good, rto=rto) if rto is not None else None
    caption = projection.told() if projection else _too_few(len(good))
    title = f"{IN_WORDS[measure].capitalize()} over drills" + (" (SAMPLE)" if sample else "")
    newest = duration(timedelta(seconds=points[-1][1]))
    against = "" if rto is None else f", against an RTO of {duration(timedelta(seconds=rto))}"
    told = f"{title}: {counted(len(shown), 'full drill')}, the newest {newest}{against}; {caption}."
    with canvas(HEIGHT, left=48, right=12, top=38, bottom=22) as (figure, field):
        field.plot(*_xy(points), color=LIGHT["accent"], linewidth=1.6, zorder=3)
        _dots(field, good, face=LIGHT["accent"])
        _dots(field, bad, face=LIGHT["paper"])
        _scale(field, points, rto=rto)
        if rto is not None:
            field.axhline(rto, color=LIGHT["fail"], linewidth=1.3, zorder=2)
        if projection and projection.exceeds and rto is not None and projection.from_[1] < rto:
            (start, level), end = projection.from_, projection.exceeds
            field.plot(
                *_xy([(start, level), (end, rto)]),
                color=LIGHT["fail"], linewidth=1.3, linestyle=(0, (4, 3)), zorder=2,
            )  # fmt: skip
        if rto is not None:
            words(
                field, field.get_xlim()[0], rto, f"RTO {duration(timedelta(seconds=rto))}", right=2,
                va="bottom", color=LIGHT["fail"],
            )  # fmt: skip
        alarming = projection is not None and projection.exceeds is not None
        headed(figure, title, caption + ("; hollow: did not pass" if bad else ""), alarming=alarming)
        return as_svg(figure, title=title, told=told)


def _too_few(good: int) -> str:
    if good < FEWEST:
        there = "is 1" if good == 1 else f"are {good or 'none'}"
        return f"no projection yet: it needs {FEWEST} drills that passed, and there {there}"
    return "no projection yet: it needs drills over a month"


def _xy(points: Sequence[tuple[datetime, float]]) -> tuple[list[Any], list[float]]:
    return [at for at, _ in points], [seconds for _, seconds in points]


def _dots(field: Axes, points: Sequence[tuple[datetime, float]], *, face: str) -> None:
    if points:
        field.plot(
            *_xy(points), "o", markersize=6, markerfacecolor=face, markeredgecolor=LIGHT["accent"],
            markeredgewidth=1.5, clip_on=False, zorder=4,
        )  # fmt: skip


def _scale(field: Axes, points: Sequence[tuple[datetime, float]], *, rto: float | None) -> None:
    """Time upwards in steps that people count by, dates to the right."""
    import matplotlib.dates

    dates: Any = matplotlib.dates
    most = max([seconds for _, seconds in points] + ([rto] if rto is not None else []))
    step = next((step for step in STEPS if most / step <= 5), most / 4)
    ticks = [step * n for n in range(int(most / step) + 1)]
    field.set_ylim(0, most * 1.15 or 1.0)
    field.set_yticks(ticks, [duration(timedelta(seconds=tick)) if tick else "0" for tick in ticks])
    field.grid(axis="y", color=LIGHT["line"], linewidth=0.6)
    field.set_axisbelow(True)
    instants = sorted(at for at, _ in points)
    if instants and instants[-1] - instants[0] < timedelta(days=1):
        # Drills of one day, while somebody tries it: fine steps of minutes say nothing.
        middle = instants[0] + (instants[-1] - instants[0]) / 2
        half = timedelta(hours=13)
        field.set_xlim(dates.date2num(middle - half), dates.date2num(middle + half))
    locator = dates.AutoDateLocator(maxticks=7)
    field.xaxis.set_major_locator(locator)
    field.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator, show_offset=False))
