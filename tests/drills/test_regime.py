"""The weekly drill of a catalogue, as a user runs it: what it opens, how long it takes, what it remembers."""

from __future__ import annotations

import resource
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

PLAN = """
name = "many"
[objectives]
rpo = "25h"
backup_age = "1ms"
drill_every = "35d"
[backup]
source = "backups"
size_tolerance = 0.5
schedule = "daily at {newest:%H:%M} UTC"
[retention]
daily = 7
weekly = 4
monthly = 12
"""
# A plugin that writes down which files of the catalogue are opened.
WATCH = """
import sys
def heard(event, args):
    if event == "open" and "/backups/" in str(args[0]):
        opened.append(str(args[0]))
opened = []
sys.addaudithook(heard)
def pytest_unconfigure():
    with open({told!r}, "w") as file:
        file.write("\\n".join(opened))
"""


@pytest.fixture
def backups(tmp_path, small) -> list[Path]:
    """Those of 400 days with a plan, the newest first; none is due while the test runs."""
    newest = (datetime.now(UTC) - timedelta(hours=2)).replace(minute=0)
    (tmp_path / "plan.toml").write_text(PLAN.format(newest=newest))
    folder = tmp_path / "backups"
    folder.mkdir()
    paths = [folder / f"backup-{newest - timedelta(days=days):%Y%m%dT%H%M}00Z.sql" for days in range(400)]
    for path in paths:
        path.write_text(small.backup.read_text())
    return paths


def test_four_hundred_backups_are_judged_in_seconds_by_opening_one(backups, tmp_path, drill_run):
    (tmp_path / "watch.py").write_text(WATCH.format(told=str(tmp_path / "opened")))
    args = ("suites/backup", "--drill-plan", tmp_path / "plan.toml")
    newest, _, third, *_ = backups
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = drill_run(*args, "-p", "watch", env={"PYTHONPATH": str(tmp_path)})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (run.code, run.not_green()) == (0, {}), run.output
    opened = set((tmp_path / "opened").read_text().splitlines())
    # Digests beside it are looked for.
    assert {path for path in opened if Path(path).exists()} == {str(newest)}
    # Processor time: what others do on this machine meanwhile is not counted.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 5
    assert len(run.evidence["alerts"]) == run.output.count("ALERT: the backup is ") == 1
    assert "retention   7 of 7 days, 4 of 4 weeks, 12 of 12 months; " in run.output

    # What that drill saw, the next one looks for.
    third.unlink()
    later = drill_run(*args)
    assert later.not_green() == {"retention-daily": "fail", "backup-deleted": "fail"}
    assert f"{third.name}, taken " in later.output
    # It was taken: the schedule was kept.
    assert later.verdicts()["backup-schedule"] == "pass"
