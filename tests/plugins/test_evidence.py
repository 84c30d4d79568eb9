"""The evidence: all of its keys, the newest found, each chained to the one before."""

from __future__ import annotations

import hashlib
import json
import stat

import pytest

# DESIGN, "Evidence": stable once landed.
KEYS = {
    "": "schema drill_id sample scope started_at finished_at now_overridden suite_version suite_commit plan "
    "backup catalogue schedule retention server objectives measurements recovery reconfiguration tables "
    "diagnoses checks exemptions alerts not_proven verdict previous",
    "plan": "name sha256",
    "backup": "label source format size_bytes sha256 taken_at recovery_point dumped_from dumped_by",
    "server": "kind version image image_digest profile sealed destroyed",
    "objectives": "rto_seconds rpo_seconds manual_allowance_seconds",
    "measurements": "restore_time_seconds recovery_time_seconds data_loss_seconds data_recency_seconds "
    "storage_bytes storage_growth_bytes_per_month backup_growth_bytes_per_month phases",
}
GREEN = "@good\ndef test_it(): pass\n"
TELLS = """
@good
def test_it(evidence):
    evidence.record("backup", {"label": "b.sql", "size_bytes": 3, "taken_at": "2026-11-22T02:00:00Z",
                               "taken_at_from": "name"})
    evidence.record("backup", {"format": "plain"})
    evidence.record("server", {"kind": "embedded", "why": "it was asked for"})
    evidence.record("measurements", {"data_loss_seconds": 60.0})
    evidence.not_proven("the weather")
    evidence.not_proven("the weather")
    evidence.alert("the sky is grey")
    evidence.alert("the sky is grey")
"""


def bundles(mini) -> list[str]:
    folder = mini.path / "reports" / "out"
    return sorted(path.name for path in folder.iterdir() if path.name != "latest") if folder.exists() else []


def test_what_is_not_known_is_null(mini):
    mini.run(GREEN)
    written = mini.evidence
    assert set(KEYS[""].split()) <= set(written)
    assert written["backup"] is None
    assert written["server"] is None
    assert written["previous"] is None
    assert written["objectives"] == {
        "rto_seconds": None,
        "rpo_seconds": None,
        "manual_allowance_seconds": 0,
    }
    assert written["measurements"] == {
        **dict.fromkeys(KEYS["measurements"].split()),
        "phases": {},
        "services": {},
        "connections": [],
    }
    assert (written["tables"], written["diagnoses"]) == ([], [])
    assert written["schema"].startswith("restore-drill/evidence/")


def test_what_is_known_is_written_with_all_keys_of_its_section(mini):
    mini.run(TELLS)
    written = mini.evidence
    for section in filter(None, KEYS):
        assert set(KEYS[section].split()) <= set(written[section])
    assert (written["backup"]["label"], written["backup"]["format"]) == ("b.sql", "plain")
    assert written["backup"]["sha256"] is None
    assert written["server"]["destroyed"] is True
    assert written["measurements"]["data_loss_seconds"] == 60.0
    assert written["not_proven"].count("the weather") == 1


def test_an_alert_is_told_once_and_fails_nothing(mini):
    run = mini.run(TELLS)
    assert (run.ret, mini.evidence["verdict"]) == (0, "pass")
    assert mini.evidence["alerts"] == ["the sky is grey"]
    assert run.outlines.count("ALERT: the sky is grey") == 1


def test_a_check_tells_its_control_verdict_message_and_time(mini):
    mini.run("@bad\ndef test_it(): raise BackupError('it is torn', hint='Take another.')\n")
    (check,) = mini.evidence["checks"]
    assert check.pop("seconds") >= 0
    assert check == {
        "control": "bad",
        "test": "suites/backup/test_claims.py::test_it",
        "verdict": "fail",
        "message": "it is torn",
    }


def test_the_plan_is_told_by_its_digest(mini):
    mini.run(GREEN)
    digest = hashlib.sha256((mini.path / "drill.toml").read_bytes()).hexdigest()
    assert mini.evidence["plan"] == {"name": "mini", "sha256": digest}


def test_the_objectives_are_in_seconds(mini):
    with (mini.path / "drill.toml").open("a") as plan:
        plan.write('\n[objectives]\nrto = "4h"\nrpo = "1h30m"\n')
    mini.run(GREEN)
    assert mini.evidence["objectives"] == {
        "rto_seconds": 14400.0,
        "rpo_seconds": 5400.0,
        "manual_allowance_seconds": 0.0,
    }


def test_the_evidence_is_for_others_to_read(mini):
    mini.run(GREEN)
    mode = stat.S_IMODE((mini.path / "reports" / "out" / "latest" / "evidence.json").stat().st_mode)
    assert mode & 0o444 == 0o444


def test_latest_is_the_newest(mini):
    mini.run(GREEN)
    first = mini.evidence["drill_id"]
    mini.run(GREEN)
    second = mini.evidence["drill_id"]
    assert bundles(mini) == sorted([first, second])
    assert (mini.path / "reports" / "out" / "latest").readlink().name == second


@pytest.mark.parametrize("files", [(), ("evidence.json", "more.txt")])
def test_latest_takes_the_place_of_a_folder_of_that_name(mini, files):
    """A download of artifacts makes a folder of the link."""
    (mini.path / "reports" / "out" / "latest").mkdir(parents=True)
    for name in files:
        (mini.path / "reports" / "out" / "latest" / name).touch()
    mini.run(GREEN)
    assert (mini.path / "reports" / "out" / "latest").readlink().name == mini.evidence["drill_id"]


def test_the_evidence_names_the_digest_of_the_one_before(mini):
    mini.run(GREEN)
    before = (mini.path / "reports" / "out" / "latest" / "evidence.json").read_bytes()
    mini.run(GREEN)
    assert mini.evidence["previous"] == {
        "drill_id": json.loads(before)["drill_id"],
        "sha256": hashlib.sha256(before).hexdigest(),
    }


def test_another_plan_has_a_chain_of_its_own(mini):
    mini.run(GREEN)
    (mini.path / "other.toml").write_text('name = "other"\n[backup]\nsource = "backups"\n')
    mini.run(GREEN, "suites", "--drill-plan", "other.toml")
    assert mini.evidence["plan"]["name"] == "other"
    assert mini.evidence["previous"] is None


def test_evidence_and_history_go_where_the_options_say(mini):
    run = mini.run(GREEN, "suites", "--drill-evidence", "elsewhere", "--drill-history", "elsewhere/h.jsonl")
    names = {path.name for path in (mini.path / "elsewhere" / "latest").resolve().iterdir()}
    assert names == {"evidence.json", "evidence.dsse.json"}
    assert json.loads((mini.path / "elsewhere" / "h.jsonl").read_bytes())["verdict"] == "pass"
    assert bundles(mini) == []
    run.stdout.fnmatch_lines(["evidence    elsewhere/*/evidence.json"])


def test_what_workers_found_out_comes_together(mini):
    mini.run(
        """
@good
@pytest.mark.parametrize("n", range(4))
def test_it(evidence, n):
    evidence.record("backup", {"label": "b.sql"})
    evidence.record("measurements", {"phases": {"fetch": 1.0}} if n else {"data_loss_seconds": 60.0})
    evidence.not_proven(f"the thing {n}")
    evidence.not_proven("the weather")
    evidence.alert(f"the sky {n}")
""",
        "suites",
        "-n2",
    )
    written = mini.evidence
    assert written["backup"]["label"] == "b.sql"
    assert written["measurements"]["data_loss_seconds"] == 60.0
    assert written["measurements"]["phases"] == {"fetch": 1.0}
    assert sorted(written["not_proven"]) == [*(f"the thing {n}" for n in range(4)), "the weather"]
    assert sorted(written["alerts"]) == [f"the sky {n}" for n in range(4)]
    assert len(written["checks"]) == 4
    assert written["scope"] == "full"


def test_only_collecting_writes_nothing(mini):
    run = mini.run(GREEN, "suites", "--collect-only")
    assert run.ret == 0
    run.stdout.fnmatch_lines(["*test_it*"])
    assert [path.name for path in (mini.path / "reports").iterdir()] == ["controls.toml"]
    assert list(mini.temp.glob("*drill*")) == []


def test_a_run_that_collected_nothing_is_no_evidence(mini):
    run = mini.run("def broken(:\n")
    assert run.ret == 2
    assert bundles(mini) == []
    assert list(mini.temp.glob("*drill*")) == []


@pytest.mark.parametrize(
    "option", ["--fixtures", "--fixtures-per-test", "--markers", "--setup-plan", "--setup-only"]
)
def test_a_run_that_checks_no_claim_is_no_evidence(mini, option):
    """With some of them pytest reports each test as passed, without running it."""
    run = mini.run("@bad\ndef test_it(): assert 0\n", "suites", option)
    assert "PASS" not in run.stdout.str()
    assert bundles(mini) == []
    assert not (mini.path / "reports" / "history.jsonl").exists()
    assert list(mini.temp.glob("*drill*")) == []


def test_what_a_fixture_finds_out_at_its_end_is_written(mini):
    """Also where -x stops the run before the last claim: then pytest closes the fixtures later."""
    claims = """
@pytest.fixture(scope="session")
def late(evidence):
    yield
    evidence.not_proven("what was found late")
@bad
def test_a(late): assert 0
@good
def test_b(late): pass
"""
    mini.run(claims)
    assert "what was found late" in mini.evidence["not_proven"]
    mini.run(claims, "suites", "-x")
    assert "what was found late" in mini.evidence["not_proven"]


def test_what_is_called_latest_and_is_no_link_stays(mini):
    own = mini.path / "reports" / "out" / "latest"
    own.mkdir(parents=True)
    (own / "mine.txt").write_text("mine")
    mini.run("@good\ndef test_a(): pass\n")
    assert (own / "mine.txt").read_text() == "mine"
    assert len(list(own.parent.glob("2*/evidence.json"))) == 1
    assert list(own.parent.glob(".latest*")) == []
