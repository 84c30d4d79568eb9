"""Each control maps to criteria and to items of the runbook, and a drill's verdicts come out under each."""

from __future__ import annotations

import pytest

from plugins import controls
from plugins.coverage import REPORTS, coverage, criteria, items, markdown

CONTROLS = controls.read(REPORTS / "controls.toml")
ITEMS, CRITERIA = items(), criteria()


def checked(**verdicts: str) -> dict:
    """Evidence of a drill in which one claim of each control was checked."""
    return {
        "checks": [
            {"control": name.replace("_", "-"), "test": f"suites/x.py::test_{name}", "verdict": verdict}
            for name, verdict in verdicts.items()
        ]
    }


def item(written: dict, name: str) -> dict:
    return next(row for row in coverage(written)["items"] if row["item"] == name)


def criterion(written: dict, name: str) -> dict:
    return next(row for row in coverage(written)["criteria"] if row["criterion"] == name)


@pytest.mark.parametrize("control", CONTROLS.values(), ids=list(CONTROLS))
def test_every_control_is_mapped_to_what_there_is(control):
    pairs = {(of, name) for of, names in control.frameworks.items() for name in names}
    assert pairs
    assert pairs <= set(CRITERIA)
    assert control.runbook
    assert set(control.runbook) <= set(ITEMS)


@pytest.mark.parametrize("row", coverage({"checks": []})["items"], ids=lambda row: row["item"])
def test_every_item_of_the_runbook_is_covered_or_says_why_not(row):
    assert bool(row["controls"]) != bool(ITEMS[row["item"]].manual)


def test_every_framework_that_was_asked_for_is_there():
    assert {of for of, _ in CRITERIA} == {"soc2", "iso27001", "hipaa", "nist", "gdpr"}
    for name in ("A1.2", "A1.3", "A.5.30", "A.8.13", "A.8.14", "CP-4", "CP-9", "CP-10", "Art. 32(1)(c)"):
        assert criterion({"checks": []}, name)["controls"], name


def test_the_matrix_in_git_is_current():
    assert (REPORTS / "COVERAGE.md").read_text() == markdown(), (
        "run: python -m plugins.coverage > reports/..."
    )


def test_the_worst_verdict_of_its_claims_is_an_items():
    assert item(checked(backup_size="pass", backup_not_empty="pass"), "weekly-size")["verdict"] == "pass"
    assert item(checked(backup_size="unverified"), "weekly-size")["verdict"] == "unverified"
    found = item(checked(backup_size="fail", backup_not_empty="unverified"), "weekly-size")
    assert found["verdict"] == "fail"
    assert found["checked"] == ["backup-not-empty", "backup-size"]
    assert "backup-size-usual" in found["controls"]


def test_what_no_claim_was_checked_of_is_no_pass():
    assert item(checked(backup_exists="pass"), "weekly-size")["verdict"] == "not checked"
    assert item(checked(), "step-notify")["verdict"] == "manual"
    assert criterion(checked(backup_exists="pass"), "A1.3")["verdict"] == "not checked"
    assert criterion(checked(backup_exists="pass"), "(C)")["verdict"] == "not covered"


def test_a_criterion_has_the_verdict_of_its_controls():
    written = checked(backup_exists="pass", restore_time="fail")
    assert criterion(written, "A1.2")["verdict"] == "pass"
    assert criterion(written, "A1.3")["verdict"] == "fail"


def test_an_item_about_some_tables_is_judged_by_those_alone():
    claim = "suites/restore/test_restored.py::test_every_row_came_back"
    rows = [("public.users", "pass"), ("public.call_logs", "fail")]
    written = {
        "checks": [
            {"control": "row-counts", "test": f"{claim}[{table}]", "verdict": verdict}
            for table, verdict in rows
        ]
    }
    assert item(written, "priority-users")["verdict"] == "pass"
    assert item(written, "priority-calls")["verdict"] == "fail"
    assert item(written, "priority-documents")["verdict"] == "not checked"
    assert item(written, "monthly-integrity")["verdict"] == "fail"
