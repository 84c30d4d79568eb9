"""What a drill leaves for Allure: words for names, nothing of an earlier drill, nothing secret."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from plugins.allure_results.afterwards import complete
from plugins.allure_results.around import environment, executor, metrics, properties
from plugins.report.results import environment as read_environment

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = {
    "drill_id": "20261125T020000Z-aaaaaa",
    "sample": False,
    "scope": "full",
    "finished_at": "2026-11-25T03:00:00Z",
    "plan": {"name": "acme"},
    "verdict": "fail",
    "backup": {"label": "a b=c.dump", "recovery_point": "2026-11-25T02:00:00Z", "dumped_from": "17.4"},
    "server": {"kind": "container", "version": "17.12", "profile": "durable", "sealed": True},
    "objectives": {"rto_seconds": 14_400, "rpo_seconds": None, "manual_allowance_seconds": 1_800},
    "measurements": {
        "recovery_time_seconds": 1_860.0,
        "restore_time_seconds": 50.0,
        "data_loss_seconds": 7_200.0,
        "data_recency_seconds": None,
        "phases": {"data": 30.0, "start": 20.0},
        "services": {"qdrant": 10.0},
    },
    "recovery": [{"step": "verify", "measured_seconds": 10.0}],
    "tables": [
        {"name": "public.t", "rows_restored": 3},
        {"name": "public.p", "rows_restored": 3, "partitioned": True},
    ],
    "alerts": ["the backup is old"],
    "not_proven": ["this", "that"],
    "files": {},
}
CLAIMS = """
@pytest.fixture
def away(progress):
    print("canary-out")
    with progress.phase("data"):
        raise ValueError("canary-value")
@pytest.mark.control("good")
def test_a(planned_table):
    \"\"\"It is good.\"\"\"
    print("canary-out")
    import logging; logging.getLogger("x").error("canary-log")
@pytest.mark.control("bad", part="the other half")
def test_b(away): pass
"""


def results(folder: Path) -> dict[str, dict]:
    found = [json.loads(path.read_bytes()) for path in folder.glob("*-result.json")]
    return {result["fullName"].rpartition("#")[2]: result for result in found}


def labels(result: dict) -> dict[str, str]:
    return {label["name"]: label["value"] for label in result["labels"]}


def test_a_claim_is_told_in_words_and_without_what_was_printed_or_raised_on_the_way(mini):
    with (mini.path / "drill.toml").open("a") as plan:
        plan.write("\n[tables.users]\nmin_rows = 1\n")
    mini.run(CLAIMS)
    found = results(mini.allure)
    good, bad = found["test_a"], found["test_b"]
    assert good["name"] == "The good thing: public.users"
    assert good["parameters"] == [{"name": "table", "value": "public.users"}]
    assert good["description"] == "It is good."
    assert bad["name"] == "The bad thing: the other half"
    assert (good["status"], bad["status"]) == ("passed", "broken")
    told = labels(good)
    assert (told["control"], told["parentSuite"], told["epic"]) == ("good", "The backup itself", "mini")
    assert told["drill"] == mini.evidence["drill_id"]
    # The step is shown, with how it went; what the driver said in it, a log and an output are not.
    containers = [json.loads(path.read_bytes()) for path in mini.allure.glob("*-container.json")]
    steps = [step for each in containers for before in each.get("befores", ()) for step in before["steps"]]
    assert [(step["name"], step["status"]) for step in steps] == [("restore the rows", "broken")]
    assert "canary" not in mini.written()


def test_results_are_those_of_each_plans_newest_drill(mini):
    other = mini.path / "other.toml"
    other.write_text((mini.path / "drill.toml").read_text().replace("mini", "other"))
    mini.run("@good\ndef test_old(): pass\n@good\ndef test_it(): pass\n")
    mini.run("@good\ndef test_it(): pass\n", "suites", "--drill-plan", "other.toml")
    before = results(mini.allure)["test_it"]
    mini.run("@good\ndef test_it(): pass\n")
    found = results(mini.allure)
    assert set(found) == {"test_it"}
    # A claim is the same from drill to drill, and not the same as that of another plan.
    assert found["test_it"]["testCaseId"] == before["testCaseId"]
    assert found["test_it"]["testCaseId"] != results(mini.allure.parent / "other")["test_it"]["testCaseId"]
    reports = mini.path / "reports"
    assert [path.name for path in reports.iterdir() if path.name.startswith(".")] == []


def test_the_drill_is_told_in_short_and_reads_back(tmp_path):
    rows = dict(environment(WRITTEN, exempt=1))
    assert rows["Recovery time"] == "31 min of 4 h (RTO)"
    assert rows["Data loss"] == "2 h"
    assert rows["Restored"] == "3 rows in 1 table"
    assert (rows["Verdict"], rows["Alerts"]) == ("FAIL", "the backup is old")
    assert rows["Exempted"].startswith("1 exemption in force")
    assert "SAMPLE" not in rows
    assert next(environment({**WRITTEN, "sample": True}, exempt=0))[0] == "SAMPLE"
    partial = dict(environment({**WRITTEN, "scope": "partial"}, exempt=0))
    assert partial["Verdict"].startswith("FAIL (partial")


def test_measurements_have_their_plan_in_their_key(tmp_path):
    found = {metric["key"]: metric for metric in metrics(WRITTEN)}
    assert found["acme.recovery_time_seconds"]["value"] == 31
    assert found["acme.recovery_time_seconds"]["title"] == "Recovery time (RTO 4 h)"
    assert (found["acme.data_loss_seconds"]["value"], found["acme.data_loss_seconds"]["unit"]) == (2, "h")
    assert found["acme.phase.data"]["title"] == "Restore the rows"
    assert "acme.data_recency_seconds" not in found


@pytest.mark.parametrize(
    ("environ", "name", "url"),
    [
        ({}, "by hand, or by a timer", None),
        ({"CI": "true", "HOSTNAME": "canary"}, "by hand, or by a timer", None),
        (
            {
                "GITHUB_ACTIONS": "true",
                "GITHUB_RUN_ID": "7",
                "GITHUB_RUN_NUMBER": "3",
                "GITHUB_SERVER_URL": "https://github.example",
                "GITHUB_REPOSITORY": "acme/drills",
                "GITHUB_TOKEN": "canary",
            },
            "GitHub Actions",
            "https://github.example/acme/drills/actions/runs/7",
        ),
        (
            {"GITLAB_CI": "true", "CI_JOB_URL": "https://gitlab.example/j/7", "CI_JOB_TOKEN": "canary"},
            "GitLab CI",
            "https://gitlab.example/j/7",
        ),
    ],
)
def test_who_ran_the_drill_is_said_without_a_host_or_a_token(environ, name, url):
    found = executor(environ)
    assert (found["name"], found.get("buildUrl")) == (name, url)
    assert "canary" not in json.dumps(found)


def test_exemptions_and_times_are_added_to_their_claims(tmp_path):
    for control in ("restored-without-loss", "restore-time", "recovery-time", "other"):
        result = {"description": "Said.", "labels": [{"name": "control", "value": control}]}
        (tmp_path / f"{control}-result.json").write_text(json.dumps(result))
    complete(tmp_path, WRITTEN, {"extension x: exempt until 2027": "restored-without-loss"})
    found = {path.name: json.loads(path.read_bytes()) for path in tmp_path.iterdir()}
    lossless = found["restored-without-loss-result.json"]
    assert lossless["description"] == "Said.\n\n**Exempted:** extension x: exempt until 2027"
    assert labels(lossless)["exempted"] == "extension x: exempt until 2027"
    assert "| restore the rows | 30 s |" in found["restore-time-result.json"]["description"]
    assert (
        "| allowed for what people do by hand | 30 min |" in found["recovery-time-result.json"]["description"]
    )
    assert "| **recovery_time** | 31 min |" in found["recovery-time-result.json"]["description"]
    assert found["other-result.json"]["description"] == "Said."


def test_names_with_signs_of_their_own_read_back(tmp_path):
    rows = {"Plan": "acme", "Drill": "1", "Verdict": "PASS", "a b:c=d": "e=f: \\g"}
    (tmp_path / "environment.properties").write_text(properties(rows))
    assert read_environment(tmp_path) == rows
