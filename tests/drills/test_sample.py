"""The sample, from the backup to the verdict, on the embedded server and in a container."""

from __future__ import annotations

import hashlib
import json
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.worlds import write_world

if TYPE_CHECKING:
    from pathlib import Path

# As DESIGN.md lists the evidence.
EVIDENCE = {
    "": "schema drill_id sample scope started_at finished_at now_overridden suite_version suite_commit plan "
    "backup catalogue schedule retention server objectives measurements recovery reconfiguration tables "
    "diagnoses checks self_check alerts not_proven verdict previous",
    "plan": "name sha256",
    "backup": "label source format size_bytes sha256 taken_at recovery_point dumped_from dumped_by",
    "server": "kind version image image_digest profile sealed destroyed",
    "objectives": "rto_seconds rpo_seconds manual_allowance_seconds",
    "measurements": "restore_time_seconds recovery_time_seconds data_loss_seconds "
    "data_recency_seconds storage_bytes backup_growth_bytes_per_month phases services",
    "self_check": "applied noticed damages",
    "catalogue": "source backups oldest newest usual_size within_policy",
    "schedule": "schedule first last missing",
    "retention": "daily weekly monthly beyond",
}
# What may be unknown of this drill: there is no image without a container, and no drill before it.
NULLS = {"image", "image_digest", "previous"}
NEED_AN_EARLIER_DRILL = {"rows-since-last-drill", "tables-vanished", "backup-deleted", "drilled-often"}
PHASES = {"fetch", "stage", "start", "schema", "data", "indexes", "constraints"}
ROWS = {
    "public.users": 150,
    "public.organizations": 12,
    "public.locations": 40,
    "public.agent_configs": 55,
    "public.phone_numbers": 60,
    "public.google_calendar_integrations": 25,
    "public.call_logs": 12_000,
    "public.rag_documents": 300,
    "auth.users": 150,
    "auth.identities": 150,
    "auth.refresh_tokens": 0,
    "storage.buckets": 3,
    "storage.objects": 300,
    "supabase_migrations.schema_migrations": 3,
}
STEPS = (
    "open and index the backup",
    "start the server",
    "restore the schema",
    "restore the rows",
    "build the indexes",
    "check the constraints",
    "read and compare every row",
    "damage a small copy, and see whether it is noticed",
)


@pytest.fixture(scope="module", params=["embedded", "container"])
def drilled(request: pytest.FixtureRequest, module_drill_run):
    if request.param == "container":
        request.getfixturevalue("engine")
    return module_drill_run("--drill-sample", "--drill-server", request.param, shown=True)


def allure(folder: Path) -> list[dict]:
    return [json.loads(path.read_bytes()) for path in (folder / "allure").glob("*.json")]


def steps(folder: Path) -> list[str]:
    """The names of all steps, wherever they stand."""

    def below(value: object):
        if isinstance(value, dict):
            yield from (step["name"] for step in value.get("steps", ()))
            yield from (name for inner in value.values() for name in below(inner))
        elif isinstance(value, list):
            yield from (name for inner in value for name in below(inner))

    return [name for result in allure(folder) for name in below(result)]


def test_it_passes_in_full(drilled):
    assert (drilled.code, drilled.not_green()) == (0, {}), drilled.output
    assert (drilled.evidence["verdict"], drilled.evidence["scope"]) == ("pass", "full")


def test_the_evidence_is_complete(drilled):
    for section, names in EVIDENCE.items():
        found = drilled.evidence[section] if section else drilled.evidence
        absent = [name for name in names.split() if name not in found]
        empty = [name for name in names.split() if found.get(name, 0) is None and name not in NULLS]
        assert (section, absent, empty) == (section, [], [])
    assert set(drilled.evidence["measurements"]["phases"]) >= PHASES
    assert {frozenset(check) for check in drilled.evidence["checks"]} == {
        frozenset({"control", "test", "verdict", "message", "seconds"})
    }
    assert {frozenset(table) for table in drilled.evidence["tables"]} == {
        frozenset(
            {
                "name",
                "rows_in_backup",
                "rows_restored",
                "partitioned",
                "digest_in_backup",
                "digest_restored",
                "bytes_restored",
                "compared",
            }
        )
    }


def test_all_rows_came_back(drilled):
    tables = drilled.evidence["tables"]
    assert {table["name"]: table["rows_restored"] for table in tables} == ROWS
    assert {table["name"]: table["rows_in_backup"] for table in tables} == ROWS
    for table in tables:
        assert table["digest_restored"] == table["digest_in_backup"]
        # Digests of few rows could be guessed.
        assert (table["digest_restored"] is None) is (table["rows_restored"] < 10)
    assert f"{sum(ROWS.values()):,} rows in 14 tables" in drilled.output


def test_the_measurements_agree(drilled):
    measured = drilled.evidence["measurements"]
    assert measured["restore_time_seconds"] == pytest.approx(sum(measured["phases"].values()), abs=0.01)
    # The plan allows half an hour for what people do by hand.
    assert measured["recovery_time_seconds"] > measured["restore_time_seconds"] + 1800
    assert measured["data_recency_seconds"] > measured["data_loss_seconds"] > 0


def test_it_shows_that_it_can_fail(drilled):
    told = drilled.evidence["self_check"]
    assert (told["applied"], told["noticed"]) == (6, 6)
    assert "\nself-check  6 of 6 damages noticed\n" in drilled.output


def test_nothing_is_left(drilled):
    assert drilled.evidence["server"]["destroyed"] is True
    assert drilled.left() == []


def test_only_a_container_is_sealed(drilled):
    server = drilled.evidence["server"]
    assert server["sealed"] is (server["kind"] == "container")
    assert (server["image_digest"] is not None) is server["sealed"]


def test_sample_is_written_on_everything(drilled):
    assert drilled.evidence["sample"] is True
    header, _, summary = drilled.output.partition("collected ")
    assert "SAMPLE" in header
    assert "Restore Drill: PASS, SAMPLE" in summary
    results = [result for result in allure(drilled.folder) if "labels" in result]
    tags = [[label["value"] for label in result["labels"] if label["name"] == "tag"] for result in results]
    judged = [result for result in results if result["status"] != "skipped"]
    assert len(judged) == len(drilled.evidence["checks"])
    assert all("SAMPLE" in tag for tag in tags)
    environment = (drilled.folder / "allure" / "environment.properties").read_text()
    assert environment.startswith("SAMPLE=")


def test_allure_shows_the_phases_and_the_controls(drilled):
    found = steps(drilled.folder)
    assert [name for name in STEPS if found.count(name) != 1] == []
    results = [result for result in allure(drilled.folder) if "labels" in result]
    for result in results:
        labels = {label["name"] for label in result["labels"]}
        assert {"severity", "control", "parentSuite", "suite", "story", "feature", "tag"} <= labels
        # Of the tables that no item of the runbook names, none is told.
        assert "runbook" in labels or "all other" in result["name"]
    # No two claims are told by the same words.
    names = [result["name"] for result in results]
    assert sorted(names) == sorted(set(names))


def test_the_bundle_has_a_page_and_pictures_by_their_digests(drilled):
    files = drilled.evidence["files"]
    assert set(files) >= {"summary.html", "timeline.svg", "retention.svg"}
    bundle = drilled.folder / "out" / drilled.drill_id
    for name, digest in files.items():
        assert hashlib.sha256((bundle / name).read_bytes()).hexdigest() == digest
    page = (bundle / "summary.html").read_text()
    assert "<title>PASS, SAMPLE, " in page
    assert page.count("<figure") == len(files) - 1
    for ours in (str(drilled.folder), str(drilled.temp), socket.gethostname()):
        assert ours not in page
    assert f"page        {bundle / 'summary.html'}\n" in drilled.output


def test_four_workers_restore_once(drilled, drill_run):
    run = drill_run("--drill-sample", "--drill-server", drilled.evidence["server"]["kind"], "-n", "4")
    assert run.code == 0, run.output
    assert run.evidence["scope"] == "full"
    found = steps(run.folder)
    assert [name for name in STEPS if found.count(name) != 1] == []
    assert run.output.count("start the server: ") == 1
    # Workers end in any order: the claims and their verdicts are the same. This drill has none before it.
    assert sorted((check["test"], check["verdict"]) for check in run.evidence["checks"]) == sorted(
        (check["test"], check["verdict"])
        for check in drilled.evidence["checks"]
        if check["control"] not in NEED_AN_EARLIER_DRILL
    )
    assert run.evidence["server"]["destroyed"] is True
    assert run.left() == []


def test_without_docker_the_sample_takes_the_embedded_server(drill_run, dead_docker):
    run = drill_run("suites/restore", "--drill-sample", env=dead_docker)
    assert (run.code, run.evidence["server"]["kind"]) == (0, "embedded"), run.output
    assert "no container engine answers" in run.evidence["server"]["why"]
    assert "no container engine answers" in run.output
    assert run.left() == []


# A year's first and last minute, a second after a backup is taken, a leap day.
INSTANTS = ["2026-01-01T00:00:30", "2026-12-31T23:59:30", "2026-10-25T02:00:01", "2028-02-29T03:10:00"]


@pytest.mark.parametrize("instant", INSTANTS)
def test_it_passes_at_any_time(instant, tmp_path, drill_run):
    now = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    world = write_world(tmp_path / "world", now=now, calls=200)
    args = ("--drill-sample", "--drill-plan", world.plan, "--drill-now", now.isoformat())
    run = drill_run("suites", *args, "--drill-server", "embedded")
    assert (run.code, run.not_green()) == (0, {}), run.output
