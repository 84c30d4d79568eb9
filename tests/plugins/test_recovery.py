"""The steps of a recovery: what a drill measured, and what it did not exercise."""

from __future__ import annotations

from datetime import timedelta

from plugins.recovery import steps, told

HALF_AN_HOUR = timedelta(minutes=30)
MEASURED = {"restore_time_seconds": 12.5, "services": {"twilio": 1.25, "qdrant": 0.5}}


def by_step(measurements, allowance=HALF_AN_HOUR):
    return {step.pop("step"): step for step in steps(measurements, allowance=allowance)}


def step(seconds=None, covered_by=None):
    return {"exercised": seconds is not None, "measured_seconds": seconds, "covered_by": covered_by}


def test_they_stand_in_the_runbooks_order():
    found = [step["step"] for step in steps({}, allowance=timedelta())]
    assert found == ["assess", "restore", "reconfigure", "verify", "notify"]


def test_the_drill_restores_and_verifies_and_people_do_the_rest():
    by_hand = step(covered_by="manual_allowance")
    assert by_step(MEASURED) == {
        "assess": by_hand,
        "restore": step(12.5, "restore_time"),
        "reconfigure": by_hand,
        "verify": step(1.75, "agreement"),
        "notify": by_hand,
    }


def test_a_service_that_did_not_tell_leaves_verifying_undone():
    found = by_step({**MEASURED, "services": {"twilio": 1.25, "qdrant": None}})
    assert found["verify"] == step()


def test_what_nobody_asked_was_not_verified():
    assert by_step({"restore_time_seconds": 3.0})["verify"] == step()
    assert by_step({"restore_time_seconds": 3.0, "services": {}})["verify"] == step()


def test_what_others_restored_was_not_exercised():
    assert by_step({"services": {"qdrant": 0.5}})["restore"] == step()


def test_without_an_allowance_nothing_stands_for_what_people_do():
    found = by_step(MEASURED, timedelta())
    assert found["reconfigure"] == found["assess"] == found["notify"] == step()


def line(measurements, allowance=HALF_AN_HOUR):
    return told(
        {
            "recovery": steps(measurements, allowance=allowance),
            "objectives": {"manual_allowance_seconds": allowance.total_seconds()},
        }
    )


def test_the_terminal_tells_them_in_a_line():
    assert line(MEASURED) == (
        "restore 12 s, verify 1.8 s; not exercised: assess, reconfigure, notify (30 min allowed by hand)"
    )
    assert line({"restore_time_seconds": 3.0}, timedelta()) == (
        "restore 3.0 s; not exercised: assess, reconfigure, verify, notify"
    )
    assert line({}) == ""
