"""Pictures: equal for equal drills, at home in light, dark and print, and of drills that may be compared."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from plugins.pictures import draw, retention, timeline
from plugins.pictures.palette import TONES
from plugins.pictures.past import comparable
from plugins.pictures.recovery_times import project

SVG = "{http://www.w3.org/2000/svg}"
NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
MONTH = timedelta(days=30.436875)
HOUR = 3600.0
SLOTS = {
    "daily": {
        "slots": [
            {"slot": "2026-11-25", "backup": "<b>&\x1b.sql", "required": True},
            {"slot": "2026-11-24", "backup": None, "required": True},
            {"slot": "2026-11-23", "backup": None, "required": False},
            *({"slot": f"2026-10-{n:02}", "backup": "old.sql", "required": True} for n in range(31, 0, -1)),
        ]
    },
    "weekly": {"slots": [{"slot": "2026-W47", "backup": "week.sql", "required": True}]},
}


def drill(at: datetime = NOW, *, hours: float = 2.0, rows: int = 10, **more) -> dict:
    """What the evidence, and so a line of the history, has of a drill."""
    return {
        "plan": {"name": "p"},
        "sample": False,
        "scope": "full",
        "verdict": "pass",
        "finished_at": at.isoformat(),
        "server": {"profile": "durable"},
        "objectives": {"rto_seconds": 4 * HOUR},
        "measurements": {
            "recovery_time_seconds": hours * HOUR,
            "restore_time_seconds": HOUR,
            "phases": {"fetch": 1.0, "data": 5.0},
        },
        "tables": [{"name": "public.users", "rows_restored": rows, "bytes_restored": rows * 7}],
        "retention": SLOTS,
        **more,
    }


def monthly(*hours: float) -> list[tuple[datetime, float]]:
    """Recovery times of drills, one a month, the last now."""
    return [(NOW - MONTH * n, h * HOUR) for n, h in zip(range(len(hours) - 1, -1, -1), hours, strict=True)]


def texts(svg: str) -> str:
    return " ".join("".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text"))


# Which drills may be compared


@pytest.mark.parametrize(
    "line",
    [
        drill(sample=True),
        drill(scope="partial"),
        drill(plan={"name": "another"}),
        drill(server={"profile": "fast"}),
        drill(finished_at="yesterday"),
        drill(finished_at=None),
        drill(plan=None),
    ],
    ids=["sample", "partial", "another plan", "another profile", "no time", "null", "no plan"],
)
def test_what_may_not_be_compared_is_left_out(line):
    assert len(comparable([line], drill())) == 1


def test_a_partial_drill_is_not_among_those_that_it_is_shown_with():
    assert len(comparable([drill(NOW - MONTH)], drill(scope="partial"))) == 1


@pytest.mark.parametrize(
    "odd", [{"measurements": 7}, {"tables": [7, {"name": 7}]}, {"server": None}, {"measurements": {"a": "b"}}]
)
def test_an_odd_line_of_the_history_tells_what_it_can(odd):
    before, now = comparable([drill(NOW - MONTH, **odd)], drill())
    assert now.seconds["recovery_time_seconds"] == 2 * HOUR
    assert before.at == NOW - MONTH


# The projection


def test_no_projection_before_five_drills():
    assert project(monthly(1, 2, 3, 3.5), rto=4 * HOUR) is None
    assert project(monthly(0, 1, 2, 3, 3.5), rto=4 * HOUR) is not None


def test_no_projection_from_drills_of_one_day():
    points = [(NOW + timedelta(minutes=n), HOUR + n) for n in range(9)]
    assert project(points, rto=4 * HOUR) is None


def test_the_month_in_which_the_objective_would_be_exceeded():
    projection = project(monthly(1, 1.5, 2, 2.5, 3), rto=4 * HOUR)
    assert projection.per_month.total_seconds() == pytest.approx(HOUR / 2)
    assert abs(projection.exceeds - (NOW + 2 * MONTH)) < timedelta(minutes=1)
    assert projection.told() == "at the present growth, the RTO is exceeded in January 2027"


@pytest.mark.parametrize("hours", [(2, 2, 2, 2, 2), (3, 2.5, 2, 1.5, 1), (1, 1.001, 1.002, 1.003, 1.004)])
def test_what_does_not_grow_or_hardly_does_is_not_in_sight(hours):
    assert project(monthly(*hours), rto=4 * HOUR).told().endswith("not in sight")


def test_one_wild_drill_does_not_bend_the_projection():
    assert project(monthly(1, 1, 1, 1, 1, 3.9), rto=4 * HOUR).exceeds is None


def test_what_is_exceeded_is_no_projection():
    assert project(monthly(5, 5, 5, 5, 5), rto=4 * HOUR).told() == "the RTO is exceeded already"


def test_only_drills_that_passed_are_projected_from():
    history = [drill(NOW - n * MONTH, hours=4 - n / 3, verdict="fail") for n in range(8, 0, -1)]
    shown = texts(draw(drill(hours=1), history)["recovery-times.svg"])
    assert "it needs 5 drills that passed, and there is 1" in shown
    assert "hollow: did not pass" in shown


# What is drawn


def test_equal_drills_are_drawn_equally():
    history = [drill(NOW - n * MONTH, hours=2 - n / 9, rows=10 - n) for n in range(6, 0, -1)]
    drawn = draw(drill(), history)
    assert drawn == draw(drill(), history)
    assert set(drawn) == {"recovery-times.svg", "timeline.svg", "tables.svg", "retention.svg"}
    # The hours that pass between are written nowhere.
    assert not re.search(r"<dc:date>|matplotlib", "".join(drawn.values()), re.IGNORECASE)


def test_a_first_drill_is_no_line():
    assert set(draw(drill(), [])) == {"timeline.svg", "retention.svg"}


def test_where_nothing_was_measured_nothing_is_drawn():
    assert draw(drill(measurements={}, retention=None, tables=[]), []) == {}


def test_every_colour_has_a_name_so_that_it_can_be_dark():
    history = [drill(NOW - n * MONTH, hours=2 - n / 9) for n in range(6, 0, -1)]
    for svg in draw(drill(), history).values():
        body = svg.partition("</style>")[2]
        assert re.findall(r"(?:fill|stroke): #[0-9a-f]{6}(?!; (?:fill|stroke): var\(--)", body) == []


def luminance(tone: str) -> float:
    parts = [int(tone[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("name", sorted(set(TONES) - {"paper", "soft", "line"}))
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "soft"])
def test_text_can_be_read(name, scheme, ground):
    darker, lighter = sorted(luminance(TONES[one][scheme]) for one in (name, ground))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_a_name_is_text_and_nothing_else():
    # Of a script that matplotlib's own font lacks, and with what no picture can hold.
    table = {"name": "public.<a>$x$&顧客\r\x1b", "rows_restored": 3, "bytes_restored": None}
    shown = texts(draw(drill(tables=[table]), [drill(NOW - MONTH, tables=[table])])["tables.svg"])
    assert "<a>$x$&顧客\\r\\x1b" in shown
    assert "not read" in shown


def test_the_retention_shows_each_slot_and_what_fills_it():
    svg = retention.draw(SLOTS)
    titles = [node.text for node in ElementTree.fromstring(svg).iter(f"{SVG}title")]
    assert len(titles) == 1 + 34 + 1  # that of the picture, too
    assert titles[1:4] == [
        "2026-11-25: <b>&\\x1b.sql",
        "2026-11-24: missing",
        "2026-11-23: before the regime began",
    ]
    assert "2026-W47: week.sql" in titles
    assert "held: 32 of 34 days, 1 of 1 week; 1 missing" in texts(svg)


def test_the_timeline_shows_connections_where_several_shared_the_work():
    done = [
        {"connection": n, "work": work, "start_seconds": n / 2, "seconds": 1.0}
        for n in (1, 2)
        for work in ("rows", "indexes")
    ]
    phases = {"fetch": 1.0, "data": 5.0, "a new one": 0.01}
    shown = texts(timeline.draw({"phases": phases, "connections": done}))
    assert all(word in shown for word in ("connection 1", "connection 2", "indexes", "a new one", "10 ms"))
    alone = texts(timeline.draw({"phases": phases, "connections": done[:2]}))
    assert "connection" not in alone
