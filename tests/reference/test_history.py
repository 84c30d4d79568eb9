"""What the last good drill of the same plan found, out of a file that many write and a crash may tear."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from fixtures.reference.history import last_good
from plugins.errors import NothingToCheckError
from plugins.history import KEPT, append

UNTIL = datetime(2026, 11, 22, 2, tzinfo=UTC)


def table(name: str, rows: object, size: object = None) -> dict:
    return {"name": name, "rows_restored": rows, "bytes_restored": size}


@pytest.fixture
def history(tmp_path):
    """Appends drills to a history; returns the last good one."""
    path = tmp_path / "history.jsonl"

    def history(*earlier: dict):
        for number, more in enumerate(earlier):
            drill = {
                **dict.fromkeys(KEPT),
                "drill_id": f"d{number}",
                "sample": False,
                "scope": "full",
                "plan": {"name": "p", "sha256": "00"},
                "verdict": "pass",
                "backup": {"label": "b", "recovery_point": f"2026-11-{10 + number:02}T02:00:00Z"},
                "tables": [table("public.users", 100, 1000)],
                **more,
            }
            append(path, drill, sha256="00", answers=more.get("answers"))
        return last_good(path, plan="p", sample=False, until=UNTIL)

    return history


def test_there_is_none_at_first(history):
    assert history() is None


def test_it_is_the_last_one(history):
    found = history({}, {"tables": [table("public.users", 90, 900)]})
    assert (found.drill_id, found.rows, found.sizes) == ("d1", {"public.users": 90}, {"public.users": 900})


@pytest.mark.parametrize(
    "other",
    [
        {"verdict": "fail"},
        {"verdict": "unverified"},
        {"scope": "partial"},
        {"sample": True},
        {"plan": {"name": "q"}},
        # A backup of yesterday, when last week's is drilled once more.
        {"backup": {"label": "b", "recovery_point": "2026-11-22T02:00:01Z"}},
    ],
)
def test_drills_that_are_not_it(other, history):
    assert history({}, other).drill_id == "d0"


@pytest.mark.parametrize("backup", [None, {}, {"recovery_point": None}, {"recovery_point": "soon"}, 7, "b"])
def test_a_drill_that_does_not_say_how_old_its_backup_was_counts(backup, history):
    assert history({"backup": backup}).drill_id == "d0"


def test_how_much_is_lost(history):
    found = history({"tables": [table("public.users", 100, 1000), table("public.none", 0, None)]})
    assert found.rows_lost("public.users", 75) == pytest.approx(0.25)
    assert found.size_lost("public.users", 1000) == 0
    assert found.rows_lost("public.users", 200) == 0
    assert found.rows_lost("public.users", 0) == 1
    for name in ("public.none", "public.new"):
        with pytest.raises(NothingToCheckError, match=name.replace(".", r"\.")):
            found.rows_lost(name, 5)
    with pytest.raises(NothingToCheckError):
        found.size_lost("public.none", 5)


ODD = [
    None, 7, "text", [], [None], [7], ["x"], [{}], [{"name": 7, "rows_restored": 1}], [table("t", None)],
    [table("t", -1)], [table("t", "5")], [table("t", 1.5)],
]  # fmt: skip


@pytest.mark.parametrize("tables", ODD)
def test_tables_that_are_none_are_left_out(tables, history):
    assert history({"tables": tables}).rows == {}


def test_answers_come_back_as_numbers(history):
    found = history({"answers": {"a": "5", "b": "1.50", "c": "NaN", "d": "text", "e": "1e3"}})
    assert found.answers["a"] == 5
    assert found.answers["b"] == Decimal("1.5")
    assert "d" not in found.answers
    assert "1.50" not in repr(found)


@pytest.mark.parametrize("answers", [[], "x", 7, {"a": None}, {"a": []}, {"a": {}}])
def test_answers_that_are_none(answers, history, tmp_path):
    history({})
    (tmp_path / "history.jsonl").write_text(
        json.dumps(
            {"drill_id": "x", "plan": {"name": "p"}, "sample": False, "verdict": "pass", "scope": "full",
             "answers": answers}
        )
    )  # fmt: skip
    assert last_good(tmp_path / "history.jsonl", plan="p", sample=False, until=UNTIL).answers == {}
