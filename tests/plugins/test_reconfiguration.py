"""A drill writes what to reconfigure into a private file, and into nothing else."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta

import pytest

from plugins.reconfiguration import KEPT, remove_old

CONFTEST = """
pytest_plugins = (
    "plugins", "fixtures",
    "fixtures.services.pseudonyms", "fixtures.services.agreement", "fixtures.services.reconfiguration",
    "plugins.summary", "plugins.allure_results", "plugins.evidence", "plugins.history", "plugins.progress",
    "plugins.credentials", "plugins.redaction", "plugins.assertions", "plugins.verdicts", "plugins.scope",
    "plugins.selection", "plugins.controls", "plugins.objectives", "plugins.reconfiguration",
    "plugins.target", "plugins.plan", "plugins.drill",
)
"""
PLAN = """
name = "mini"
[objectives]
rto = "4h"
manual_allowance = "30m"
[backup]
source = "backups"
[twilio]
numbers = "SELECT"
[elevenlabs]
agents = "SELECT"
[qdrant]
url = "https://q.example.com"
locations = "SELECT"
collection = "location_{id}"
"""
# A number whose URL is wrong, a service that stays away, one that agrees; a claim that fails.
WORLD = """
from types import SimpleNamespace
from fixtures.services.changes import Change

@pytest.fixture(scope="session")
def restored(): return SimpleNamespace(restore_time=timedelta(seconds=3))

@pytest.fixture(scope="session")
def twilio(pseudonyms):
    number, right = pseudonyms.of("number", "+12025550143"), "https://right.example.com/"
    url = "https://api.twilio.com/2010-04-01/Accounts/AC1/IncomingPhoneNumbers/PN1.json"
    wrong = Change(
        "Twilio", number, "voice_url", "https://wrong.example.com/", right, "POST", url, {"VoiceUrl": right}
    )
    return SimpleNamespace(changes=CHANGES, elapsed=timedelta(seconds=1), wrong=[number])

@pytest.fixture(scope="session")
def twilio_accounts(): return SimpleNamespace(changes=[], elapsed=timedelta())

@pytest.fixture(scope="session")
def elevenlabs():
    AWAY

@pytest.fixture(scope="session")
def qdrant(): return SimpleNamespace(changes=[], elapsed=timedelta(seconds=1))

@good
def test_numbers(twilio): assert not twilio.wrong, f"{len(twilio.wrong)} numbers: {twilio.wrong}"
@good
def test_time(recovery_time): assert recovery_time
@bad
def test_known(reconfiguration): assert reconfiguration.services
"""
AWAY = 'raise DrillError("ElevenLabs at api.elevenlabs.io answered 503")'
THERE = "return SimpleNamespace(changes=[], elapsed=timedelta(seconds=1))"
VALUES = ("2025550143", "wrong.example.com", "right.example.com", "PN1")
SECRETS = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "canary-of-twilio",
    "ELEVENLABS_API_KEY": "canary-of-elevenlabs",
    "QDRANT_API_KEY": "canary-of-qdrant",
}


def world(changes="[wrong]", elevenlabs=AWAY):
    return WORLD.replace("CHANGES", changes).replace("AWAY", elevenlabs)


@pytest.fixture
def company(mini, monkeypatch):
    mini.pytester.makeconftest(CONFTEST)
    mini.pytester.makefile(".toml", drill=PLAN)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    return mini


def lists(mini):
    folder = mini.path / "reports" / "private"
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one", "workers"])
def test_it_is_written_though_a_claim_fails_and_a_service_stays_away(company, workers):
    run = company.run(world(), "suites", *workers)
    assert run.ret == 1
    assert company.verdicts == {"test_numbers": "fail", "test_time": "unverified", "test_known": "unverified"}
    (path,) = lists(company)
    assert path.name == f"{company.evidence['drill_id']}-reconfigure.md"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = path.read_text()
    assert "'+12025550143'" in written
    assert "  --data-urlencode VoiceUrl=https://right.example.com/" in written
    assert "- ElevenLabs: it could not be told (ElevenLabs at api.elevenlabs.io answered 503)" in written
    assert "- Qdrant: nothing to change" in written
    run.stdout.fnmatch_lines(
        [
            "reconfigure Twilio 1 change; could not be told of ElevenLabs; nothing was changed",
            f"            reports/private/{path.name} says how (only you may read it)",
        ]
    )
    # Counts and pseudonyms, the very ones that stand in the list and in the claim that fails.
    told = company.evidence["reconfiguration"]
    (of,) = told["Twilio"].pop("of")
    assert told == {
        "Twilio": {"told": True, "changes": 1},
        "ElevenLabs": {"told": False, "changes": 0, "of": []},
        "Qdrant": {"told": True, "changes": 0, "of": []},
    }
    assert of["setting"] == "voice_url"
    assert f"### 1. {of['subject']}: voice_url" in written
    messages = {check["test"].rpartition("::")[2]: check["message"] for check in company.evidence["checks"]}
    assert of["subject"] in messages["test_numbers"]
    # No value stands anywhere else, and no secret there.
    path.unlink()
    everything = company.written() + run.stdout.str() + run.stderr.str()
    assert not [value for value in VALUES if value in everything]
    assert "canary" not in written


def test_where_nothing_is_to_be_changed_there_is_no_file_and_an_older_one_is_not_named(company):
    folder = company.path / "reports" / "private"
    folder.mkdir()
    older = folder / f"{datetime.now(UTC) - timedelta(hours=1):%Y%m%dT%H%M%SZ}-abc123-reconfigure.md"
    older.write_text("of an earlier drill")
    run = company.run(world(changes="[]", elevenlabs=THERE).replace("wrong=[number]", "wrong=[]"))
    assert (run.ret, lists(company)) == (0, [older])
    run.stdout.fnmatch_lines(["reconfigure nothing to change at Twilio, ElevenLabs, Qdrant"])
    run.stdout.no_fnmatch_line("*-reconfigure.md*")
    # What the drill measured of each step of a recovery, and what stands for the others.
    steps = {step["step"]: step for step in company.evidence["recovery"]}
    assert steps["verify"] == {
        "step": "verify", "exercised": True, "measured_seconds": 3.0, "covered_by": "agreement",
    }  # fmt: skip
    assert steps["reconfigure"] == {
        "step": "reconfigure", "exercised": False, "measured_seconds": None, "covered_by": "manual_allowance",
    }  # fmt: skip
    measured = company.evidence["measurements"]
    assert measured["services"] == {"twilio_accounts": 0.0, "twilio": 1.0, "elevenlabs": 1.0, "qdrant": 1.0}
    # Restore, agreement, and the half hour of the plan.
    assert measured["recovery_time_seconds"] == 3 + 3 + 1800
    assert company.evidence["objectives"]["manual_allowance_seconds"] == 1800


def test_of_services_that_all_stay_away_nothing_is_told(company):
    away = world().replace("def twilio(pseudonyms):", "def twilio(pseudonyms):\n    " + AWAY)
    away = away.replace("def qdrant(): return", f"def qdrant():\n    {AWAY}\n    return")
    run = company.run(away, "suites", "-k", "test_known")
    assert (run.ret, lists(company)) == (6, [])
    run.stdout.fnmatch_lines(["reconfigure could not be told of Twilio, ElevenLabs, Qdrant"])


def test_a_missing_credential_takes_only_its_own_part_away(company, monkeypatch, tmp_path):
    """The claim on the list is not stopped before it begins, as one on that service is."""
    monkeypatch.delenv("ELEVENLABS_API_KEY")
    run = company.run(world(), "suites", f"--drill-private={tmp_path / 'mine'}")
    (path,) = (tmp_path / "mine").iterdir()
    assert lists(company) == []
    run.stdout.fnmatch_lines([f"*{path} says how (only you may read it)"])


@pytest.mark.parametrize(
    ("folder", "why"),
    [
        ("reports/out/private", "a folder in one that others read"),
        ("drill.toml", "no folder"),
    ],
)
def test_a_folder_that_others_read_is_refused(company, folder, why):
    run = company.run(world(), "suites", f"--drill-private={folder}")
    assert run.ret == 4
    run.stderr.fnmatch_lines([f"*--drill-private names *{why}*", "HINT: *"])


def test_old_lists_go_and_nothing_else_does(company):
    folder = company.path / "reports" / "private"
    folder.mkdir()
    now = datetime.now(UTC)

    def named(age, rest):
        return f"{now - age:%Y%m%dT%H%M%SZ}-{rest}"

    old, young = KEPT + timedelta(minutes=1), KEPT - timedelta(hours=1)
    goes = {named(old, "abc123-reconfigure.md"), "." + named(old, "abc123-reconfigure.md.77")}
    stays = {
        named(young, "abc123-reconfigure.md"), named(-old, "abc123-reconfigure.md"),
        named(old, "notes.md"), "mine-reconfigure.md", "notes", named(old, "abc123-reconfigure.md") + ".bak",
    }  # fmt: skip
    for name in goes | stays:
        (folder / name).write_text("")
    run = company.run("@good\ndef test_it(): pass\n@bad\ndef test_other(): pass\n")
    assert run.ret == 0
    assert {path.name for path in folder.iterdir()} == stays
    # And where no service was asked, nothing is said of any.
    assert company.evidence["reconfiguration"] is None
    run.stdout.no_fnmatch_line("reconfigure*")
    run.stdout.no_fnmatch_line("steps*")


def test_collecting_removes_none(company):
    folder = company.path / "reports" / "private"
    folder.mkdir()
    (folder / "20200101T000000Z-abc123-reconfigure.md").write_text("")
    company.run(world(), "suites", "--collect-only")
    assert len(lists(company)) == 1


def test_a_folder_that_is_not_there_holds_no_old_list(tmp_path):
    remove_old(tmp_path / "none", now=datetime.now(UTC))


def test_git_ignores_the_folder(pytester):
    from plugins.lifetime import ROOT

    assert "/reports/private/" in (ROOT / ".gitignore").read_text().splitlines()
