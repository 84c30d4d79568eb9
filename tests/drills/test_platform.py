"""The platform's own backups in a drill: a real server lists them, and the report says what that proves."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer

REF = "abcdefghijklmnopqrst"
PATH = f"/v1/projects/{REF}/database/backups"
NOW = "2026-11-22T12:00:00Z"
TOKEN = "sbp_" + "canary" * 5


@pytest.fixture
def server():
    with HTTPServer(host="127.0.0.1") as running:
        yield running


def listing(*days: int, status: str = "COMPLETED") -> list[dict[str, object]]:
    return [
        {
            "id": day,
            "is_physical_backup": True,
            "status": status,
            "inserted_at": f"2026-11-{day:02}T03:14:15.926Z",
        }
        for day in days
    ]


def test_physical_backups_are_judged_by_their_list_and_said_to_be_not_restored(server, tmp_path, drill_run):
    server.expect_request(PATH, headers={"Authorization": f"Bearer {TOKEN}"}).respond_with_json(
        {
            "region": "eu-central-1", "walg_enabled": True, "pitr_enabled": False, "physical_backup_data": {},
            "backups": [*listing(22, 21, 20, 19, 17, 16), *listing(18, status="FAILED")],
        }
    )  # fmt: skip
    plan = tmp_path / "plan.toml"
    plan.write_text(
        'name = "physical"\n[objectives]\nrpo = "24h"\n'
        '[backup]\nsource = "postgres:"\nurl_env = "PRODUCTION"\n'
        f'[supabase]\nproject_ref = "{REF}"\nbase_url = "{server.url_for("").rstrip("/")}"\n'
    )
    run = drill_run(
        "suites/backup/test_platform.py", "--drill-plan", plan, "--drill-now", NOW,
        env={"SUPABASE_ACCESS_TOKEN": TOKEN, "PRODUCTION": None},
    )  # fmt: skip
    assert (run.code, run.not_green()) == (
        1,
        {"platform-backup-days": "fail", "platform-backup-failures": "fail"},
    ), run.output
    assert run.evidence["platform"] == {
        "newest": "2026-11-22T03:14:15Z",
        "backups": {"COMPLETED": 6, "FAILED": 1},
        "physical_only": True,
        "point_in_time": False,
        "window": None,
    }
    assert (
        "platform    6 completed backups, which cannot be downloaded; newest 2026-11-22 03:14" in run.output
    )
    assert "no backup at Supabase of 2026-11-18" in run.output
    assert "the backups of 2026-11-18 03:14 UTC" in run.output
    (unproven,) = [text for text in run.evidence["not_proven"] if "own backup was not restored" in text]
    assert "physical, and these cannot be downloaded" in unproven
    assert {request.method for request, _ in server.log} == {"GET"}
    written = [run.output, *(path.read_text() for path in run.folder.rglob("*") if path.is_file())]
    assert "canary" not in "".join(written)


def test_without_its_token_the_list_is_unverified(drill_run, tmp_path):
    run = drill_run("suites/backup/test_platform.py", "--drill-sample", env={"SUPABASE_ACCESS_TOKEN": ""})
    assert run.code == 6
    assert set(run.verdicts().values()) == {"unverified"}
    assert run.output.count("SUPABASE_ACCESS_TOKEN is not set") == 1
