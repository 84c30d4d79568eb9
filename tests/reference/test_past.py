"""What earlier drills saw and when they were good, from a history of many versions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from fixtures.reference.past import PastDrills, Seen, read
from plugins.errors import NothingToCheckError
from plugins.history import KEPT, append

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
DAY = timedelta(days=1)
AT = "2026-11-20T02:00:00Z"
BACKUP = {"label": "b.sql", "taken_at": AT, "size_bytes": 7}
SEEN = Seen("b.sql", datetime(2026, 11, 20, 2, tzinfo=UTC), 7)


def line(days: float, **more) -> dict:
    """A drill that many days ago."""
    return {
        **dict.fromkeys(KEPT),
        "drill_id": f"d{days}",
        "sample": False,
        "scope": "full",
        "finished_at": (NOW - DAY * days).isoformat(),
        "plan": {"name": "p"},
        "verdict": "pass",
        **more,
    }


@pytest.fixture
def past(tmp_path):
    """Reads drills back, the first of them written first."""

    def past(*lines: dict) -> PastDrills:
        path = tmp_path / "history.jsonl"
        for one in lines:
            append(path, one, sha256="00")
        return read(path, plan="p", sample=False, now=NOW)

    return past


def checks(*red: str) -> dict:
    """A drill that failed in these controls."""
    of = [{"control": control, "verdict": "fail"} for control in red]
    return {"verdict": "fail", "checks": [{"control": "green", "verdict": "pass"}, *of]}


EVERY = DAY * 35


def test_before_the_first_drill_there_is_nothing_to_check(past):
    with pytest.raises(NothingToCheckError, match="first drill of this plan"):
        past().undrilled(EVERY)


def test_the_last_good_full_drill_counts(past):
    assert past(line(50), line(40), line(3, scope="partial"), line(2, **checks("row-counts"))).undrilled(
        EVERY
    ) == timedelta(days=40)


@pytest.mark.parametrize(
    "other",
    [
        {"sample": True},
        {"plan": {"name": "q"}},
        {"finished_at": "2026-11-26T00:00:00Z"},
        {"finished_at": None},
    ],
)
def test_drills_that_are_not_of_this_plan_or_not_before(other, past):
    assert past(line(40), line(1, **other)).undrilled(EVERY) == DAY * 40


def test_where_none_was_good_the_first_one_tells_how_long(past):
    with pytest.raises(NothingToCheckError, match="full one and good"):
        past(line(34, scope="partial"), line(1, scope="partial")).undrilled(EVERY)
    assert past(line(36, scope="partial")).undrilled(EVERY) == DAY * 36


def test_a_drill_that_only_came_late_is_a_good_one(past):
    """Else one late drill would be followed by red ones for ever."""
    late = checks("drilled-often")
    assert past(line(90), line(2, **late)).undrilled(EVERY) == DAY * 2
    both = checks("drilled-often", "row-counts")
    assert past(line(1, **both)).undrilled(EVERY) == DAY * 2


def test_backups_that_were_seen_and_drilled(past):
    catalogue = {"within_policy": [BACKUP]}
    found = past(
        line(3, catalogue=catalogue, backup=BACKUP, measurements={"storage_bytes": 70}),
        line(2, catalogue=catalogue, backup={**BACKUP, "label": "bad.sql"}, verdict="fail"),
    )
    assert (found.seen, found.drilled) == ((SEEN,), (SEEN,))
    assert found.stored == ((NOW - DAY * 3, 70),)


@pytest.mark.parametrize(
    "odd",
    [
        None, 7, "b", [], {}, {"within_policy": None}, {"within_policy": 7},
        {"within_policy": ["b", None, {}, {**BACKUP, "size_bytes": None}, {**BACKUP, "size_bytes": -1}]},
        {"within_policy": [{**BACKUP, "taken_at": "soon"}, {**BACKUP, "label": 3}]},
    ],
)  # fmt: skip
def test_what_is_odd_in_a_line_is_left_out(odd, past):
    found = past(line(3, catalogue=odd, backup=odd, measurements=odd))
    assert (found.seen, found.drilled, found.stored) == ((), (), ())
    assert found.last_good == NOW - DAY * 3


def test_a_line_of_an_earlier_version_is_still_read(tmp_path):
    old = {name: value for name, value in line(5, backup=BACKUP).items() if name != "catalogue"}
    path = tmp_path / "history.jsonl"
    path.write_text(json.dumps({**old, "answers": {}, "sha256": "00"}) + "\n")
    found = read(path, plan="p", sample=False, now=NOW)
    assert (found.drilled, found.seen, found.last_good) == ((SEEN,), (), NOW - DAY * 5)
