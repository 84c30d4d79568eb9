"""The steps of the workflows that are ours, run as GitHub's runner does, against a GitHub that is a file."""

from __future__ import annotations

import json
import zipfile

import pytest

from plugins.message import titles_of

from .runner import ROOT

PLAN = 'name = "{}"\n[backup]\nsource = "backups"\n'
HOSTILE = "`x` @octocat #1 <img src=x> [a](https://evil.example.com)"


def evidence(plan="acme", verdict="fail", **changes):
    """What plugins.message reads of an evidence."""
    checks = [{"control": "row-content", "verdict": verdict, "message": "a message"}]
    return {
        "drill_id": "20261125T040000Z-abc123", "sample": False, "scope": "full", "plan": {"name": plan},
        "verdict": verdict, "checks": checks, "alerts": [], "not_proven": ["a", "b"],
        "allowed_unverified": [],
        "backup": {"label": HOSTILE, "size_bytes": 970_000, "recovery_point": "2026-11-25T02:00:00Z",
                   "taken_at": None},
        "measurements": {"recovery_time_seconds": 1805, "restore_time_seconds": 4, "data_loss_seconds": 7200},
        "objectives": {"rto_seconds": 14400, "rpo_seconds": 86400},
    } | changes  # fmt: skip


@pytest.fixture
def issue(runner):
    """Has the step tell of evidence; what GitHub holds then."""

    def tell(*written, plans=("acme",), workflow="drill"):
        for number, one in enumerate(written):
            folder = runner.root / "evidence" / f"evidence-{number}-1" / one["drill_id"]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "evidence.json").write_text(json.dumps(one))
        listed = json.dumps([{"plan": "p", "name": name, "archived": False} for name in plans])
        done = runner.step(workflow, "Open, update or close issues", PLANS=listed, GH_TOKEN="")
        assert done.returncode == 0, done.stderr
        return runner.github["issues"]

    return tell


def test_every_plan_is_listed_and_one_alone(runner):
    (runner.root / "drill.toml").write_text(PLAN.format("alone"))
    assert runner.step("drill", "List the plans").returncode == 0
    assert json.loads(runner.output("plans")) == [{"plan": "drill.toml", "name": "alone", "archived": False}]
    (runner.root / "plans").mkdir()
    (runner.root / "plans" / "b.toml").write_text(PLAN.format("beta") + '[evidence]\narchive = "s3://b/"\n')
    (runner.root / "plans" / "a broken one.toml").write_text("name = ")
    assert runner.step("checklist", "List the plans").returncode == 0
    assert json.loads(runner.output("plans")) == [
        {"plan": "plans/a broken one.toml", "name": "a-broken-one", "archived": False},
        {"plan": "plans/b.toml", "name": "beta", "archived": True},
    ]
    assert runner.step("drill", "List the plans", PLAN="plans/b.toml").returncode == 0
    assert [plan["name"] for plan in json.loads(runner.output("plans"))] == ["beta"]


@pytest.mark.parametrize("wrong", ["plans/none.toml", "/etc/hostname", "../outside.toml", "$(touch pwned)"])
def test_a_plan_that_is_not_of_the_repository_is_refused(runner, wrong):
    (runner.root.parent / "outside.toml").write_text(PLAN.format("outside"))
    done = runner.step("drill", "List the plans", PLAN=wrong)
    assert done.returncode == 4
    assert done.stderr.startswith(f"::error::there is no plan {wrong}. Name a file")
    assert (runner.root / "outputs").read_text() == ""
    assert not (runner.root / "pwned").exists()


def test_two_plans_of_one_name_are_refused(runner):
    (runner.root / "plans").mkdir()
    for name in "ab":
        (runner.root / "plans" / f"{name}.toml").write_text(PLAN.format("same"))
    done = runner.step("drill", "List the plans")
    assert done.returncode == 4
    assert done.stderr.startswith("::error::plans/a.toml and plans/b.toml have one name: same. ")


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ({"PLAN": "plans/a.toml"}, ["--drill-plan=plans/a.toml"]),
        ({"PLAN": "p", "PROFILE": "as the plan says"}, ["--drill-plan=p"]),
        (
            {"PLAN": "p", "BACKUP": "a b'; touch pwned", "PROFILE": "fast"},
            ["--drill-plan=p", "--drill-backup=a b'; touch pwned", "--drill-profile=fast"],
        ),
    ],
)
def test_what_was_asked_for_is_drilled(runner, given, called):
    assert runner.step("drill", "Drill", **given).returncode == 0
    assert runner.called == ["suites", *called]
    assert not (runner.root / "pwned").exists()


def test_the_checklist_restores_nothing(runner):
    assert runner.step("checklist", "Checklist", PLAN="plans/a.toml").returncode == 0
    assert runner.called == ["suites/backup", "--drill-plan=plans/a.toml"]


CODES = {
    0: "notice title=acme::PASS", 1: "error title=acme::FAIL", 2: "error title=acme::INTERRUPTED",
    4: "error title=acme::PLAN OR OPTION WRONG", 6: "error title=acme::UNVERIFIED",
    137: "error title=acme::ENDED WITH 137",
}  # fmt: skip


@pytest.mark.parametrize(
    ("workflow", "name", "codes"), [("drill", "Drill", tuple(CODES)), ("checklist", "Checklist", (0, 1, 6))]
)
def test_exit_codes_are_told_apart_once_all_is_kept(runner, workflow, name, codes):
    """The step that drills does not fail: what it left is kept, and then the verdict fails the job."""
    for code in codes:
        assert runner.step(workflow, name, PLAN="p", DRILL_EXITS=str(code)).returncode == 0
        told = runner.step(workflow, "Verdict", NAME="acme", CODE=runner.output("code"))
        assert told.returncode == code
        assert told.stdout.startswith(f"::{CODES[code]}")


def test_one_issue_lives_as_long_as_its_plan_does_not_pass(runner, issue):
    (opened,) = issue(evidence())
    assert opened["title"] == "Restore Drill of acme: FAIL"
    assert opened["labels"] == ["drill: acme"] == runner.github["labels"]
    assert opened["body"].splitlines() == [
        "- **verdict**: fail (1 fail)",
        f"- **fail**: {titles_of(ROOT / 'reports' / 'controls.toml')['row-content']}",
        "- **backup**: `'x' @octocat #1 <img src=x> [a](https://evil.example.com), 970 kB, holds data up to "
        "2026-11-25 02:00 UTC`",
        "- **recovery**: 30 min 5 s of 4 h (RTO)",
        "- **restore**: 4.0 s of 4 h (RTO)",
        "- **data loss**: 2 h of 24 h (RPO)",
        "- **not proven**: 2 items, listed in the evidence",
        "- **drill**: 20261125T040000Z-abc123",
        "- **evidence**: https://github.example.com/acme/drills/actions/runs/77/attempts/1",
    ]
    assert "a message" not in opened["body"]
    (updated,) = issue(evidence(verdict="unverified"))
    assert (updated["title"], updated["state"]) == ("Restore Drill of acme: UNVERIFIED", "open")
    assert updated["body"].startswith("- **verdict**: unverified")
    assert len(updated["comments"]) == 1
    (closed,) = issue(evidence(verdict="pass"))
    assert closed["state"] == "closed"
    assert closed["comments"][1].startswith("Restore Drill of acme: PASS\n\n- **verdict**: pass (1 pass)")
    assert len(issue(evidence())) == 2  # the next failure is another story


def test_what_opens_and_closes_no_issue(runner, issue):
    assert issue(evidence(verdict="pass")) == []
    assert issue(evidence(verdict="unverified", allowed_unverified=["row-content"])) == []
    issue(evidence())
    # A part of a drill that passes proves nothing of the rest; a checklist has an issue of its own.
    (still,) = issue(evidence(verdict="pass", scope="partial"))
    assert still["state"] == "open"
    assert [one["state"] for one in issue(evidence(scope="partial"), workflow="checklist")] == [
        "open",
        "open",
    ]
    closed = issue(evidence(verdict="pass", scope="partial"), workflow="checklist")
    assert [one["state"] for one in closed] == ["open", "closed"]


def test_a_plan_whose_run_left_no_evidence_has_an_issue_too(runner, issue):
    (runner.root / "evidence" / "evidence-x-1").mkdir(parents=True)
    (runner.root / "evidence" / "evidence-x-1" / "evidence.json").write_text("{torn")
    long = "a" * 80
    first, second = issue(evidence("beta"), plans=("beta", long))
    assert first["title"] == "Restore Drill of beta: FAIL"
    assert second["title"] == f"Restore Drill of {long}: NO EVIDENCE"
    assert "the run wrote no evidence" in second["body"]
    assert len(second["labels"][0]) <= 50


def test_a_github_that_does_not_answer_fails_the_step(runner):
    runner.change(down=True)
    done = runner.step("drill", "Open, update or close issues", PLANS='[{"name": "acme"}]', GH_TOKEN="")
    assert done.returncode == 1
    assert "::error::gh api --method failed with 1. The lines above say why." in done.stderr


def artifact(runner, number, *, at, lines, **changes):
    path = runner.root.parent / f"{number}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("history.jsonl", "{}\n" * lines)
    run = {"head_branch": "main", "repository_id": 1, "head_repository_id": 1} | changes.pop("run", {})
    made = {"id": number, "name": "history-acme", "created_at": at, "expired": False, "workflow_run": run}
    runner.change(artifacts=[*runner.github["artifacts"], made | changes])
    runner.change(zips=runner.github["zips"] | {str(number): str(path)})


def test_the_newest_history_of_the_plan_is_brought(runner):
    first = runner.step("drill", "Bring the earlier drills", NAME="acme", GH_TOKEN="")
    assert first.returncode == 0
    assert "no artifact history-acme is kept" in first.stdout
    artifact(runner, 1, at="2026-09-03T04:00:00Z", lines=1)
    artifact(runner, 2, at="2026-11-03T04:00:00Z", lines=3)
    artifact(runner, 3, at="2026-10-03T04:00:00Z", lines=2)
    # Whoever owns a fork or may push a branch writes what he likes.
    artifact(runner, 4, at="2026-11-04T04:00:00Z", lines=9, run={"head_branch": "try"})
    artifact(runner, 5, at="2026-11-05T04:00:00Z", lines=9, run={"head_repository_id": 2})
    artifact(runner, 6, at="2026-11-06T04:00:00Z", lines=9, expired=True)
    artifact(runner, 7, at="2026-11-07T04:00:00Z", lines=9, name="history-other")
    done = runner.step("checklist", "Bring the earlier drills", NAME="acme", GH_TOKEN="")
    assert done.returncode == 0, done.stderr
    assert "3 lines of history-acme" in done.stdout
    assert (runner.root / "reports" / "history.jsonl").read_text() == "{}\n" * 3
    assert "no artifact trends is kept" in runner.step("drill", "Bring the trends", GH_TOKEN="").stdout


def test_a_history_that_cannot_be_looked_for_stops_the_drill(runner):
    """Else it would begin a new one, and the newest is what counts."""
    runner.change(down=True)
    done = runner.step("drill", "Bring the earlier drills", NAME="acme", GH_TOKEN="")
    assert done.returncode == 1
    assert not (runner.root / "reports" / "history.jsonl").exists()
