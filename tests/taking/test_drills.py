"""Whole drills of production: the backup is taken, kept, restored, and compared with what was counted."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import time
from typing import TYPE_CHECKING

import pytest

from fixtures.archive import open_archive
from fixtures.catalogue.listing import list_backups
from fixtures.places import place_of

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """
name = "acme-2024-01-02"
[objectives]
rto = "4h"
rpo = "24h"
[backup]
source = "postgres:"
url_env = "PRODUCTION_URL"
min_size = "1 B"
size_tolerance = 0.5
keep = "kept"
[tables."app.orders"]
min_rows = 500
recency = "at"
max_quiet = "3650d"
[tables."app.parts"]
min_rows = 30
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    (tmp_path / "kept").mkdir()
    return path


def test_what_was_taken_is_drilled_and_proves_no_regime(production, drill_run, plan, tmp_path):
    run = drill_run(
        "suites/backup", "suites/restore", "--drill-plan", plan, "--drill-server", "embedded",
        env={"PRODUCTION_URL": production.url()},
    )  # fmt: skip
    evidence = run.evidence
    assert run.not_green() == {}, run.output
    assert run.left() == []
    assert production.sessions() == []
    judged = set(run.verdicts())
    # Existence, age and size are of what others take.
    assert not judged & {"backup-exists", "backup-recent", "backup-not-empty", "backup-size", "data-loss"}
    assert judged >= {"backup-complete", "backup-holds-data", "backup-manifest", "restored-manifest"}
    told = "the backup is taken by the drill itself, and says nothing of any that others take"
    assert {f"a backup exists: {told}", f"the latest backup is recent: {told}"} <= set(evidence["not_proven"])
    assert any("none was, this drill took one itself" in text for text in evidence["not_proven"])
    assert evidence["measurements"]["data_loss_seconds"] is None
    assert evidence["backup"]["recovery_point_from"] == "snapshot"
    assert all(table["compared"] for table in evidence["tables"] if not table.get("partitioned"))
    # What is kept is a backup by the same name and instant, with a manifest of what production held.
    catalogue = list_backups(place_of("kept", folder=tmp_path, environ={}))
    assert [backup.label for backup in catalogue.backups] == [evidence["backup"]["label"]]
    kept = catalogue.latest
    assert kept.taken_at_from == "name"
    assert kept.taken_at.isoformat().replace("+00:00", "Z") == evidence["backup"]["recovery_point"]
    assert open_archive(kept, folder=tmp_path).sha256 == evidence["backup"]["sha256"]
    written = json.loads((tmp_path / "kept" / f"{kept.label}.manifest.json").read_bytes())
    assert written["counted_in_production"] is True
    assert {table["name"]: table["rows"] for table in written["tables"]} == {
        "app.orders": 500,
        "app.parts_eu": 30,
        'public."Odd name"': 2,
    }
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    # Neither the URL nor any part of it that is a secret.
    everything = run.output + "".join(
        path.read_text(errors="replace") for path in run.folder.rglob("*") if path.is_file()
    )
    for secret in (production.password, production.url(), str(production.port), "reader:"):
        assert secret not in everything


def test_killed_while_production_is_read(production, drill_run, plan, tmp_path):
    """The dump stands still half way: pg_dump waits for a sequence that somebody is about to drop."""
    with contextlib.closing(production.connect()) as blocker:
        blocker.execute("BEGIN")
        blocker.execute("DROP SEQUENCE app.lone")
        process, folder = drill_run.start(
            "suites/backup", "--drill-plan", plan, "--drill-server", "local",
            env={"PRODUCTION_URL": production.url()},
        )  # fmt: skip
        temp = drill_run.temp / folder.name
        deadline = time.monotonic() + 60
        while not production.waiting():
            assert process.poll() is None, (folder / "output").read_text()
            assert time.monotonic() < deadline
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        # Still locked: nothing ends by itself.
        while production.sessions() or list(temp.iterdir()):
            assert time.monotonic() < deadline, (production.sessions(), list(temp.iterdir()))
    assert list((tmp_path / "kept").iterdir()) == []
