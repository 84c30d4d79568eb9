"""Plans of a fleet that are drilled at the same time do not get into each other's way."""

from __future__ import annotations

import json
import subprocess
import sys

CLAIMS = """
import pytest, time
from pathlib import Path

@pytest.mark.control("good")
def test_all_are_here_at_once(plan):
    Path(f"here-{plan.name}").touch()
    until = time.monotonic() + 60
    while len(list(Path().glob("here-*"))) < 3:
        assert time.monotonic() < until, "the others did not come"

@pytest.mark.control("bad")
def test_other(plan):
    assert plan.name != "b", "it is b"
"""


def test_three_plans_at_once_end_in_three_evidences_and_one_history(mini):
    (mini.path / "suites" / "backup" / "test_claims.py").write_text(CLAIMS)
    processes = {}
    for name in "abc":
        (mini.path / f"{name}.toml").write_text(f'name = "{name}"\n[backup]\nsource = "backups"\n')
        args = (
            "suites",
            f"--drill-plan={name}.toml",
            f"--alluredir=results/{name}",
            "-p",
            "no:cacheprovider",
        )
        command = [sys.executable, "-m", "pytest", *args]
        processes[name] = subprocess.Popen(command, cwd=mini.path, stdout=subprocess.DEVNULL)
    codes = {name: process.wait(timeout=120) for name, process in processes.items()}
    assert codes == {"a": 0, "b": 1, "c": 0}
    bundles = [path for path in (mini.path / "reports" / "out").iterdir() if not path.is_symlink()]
    written = [json.loads((bundle / "evidence.json").read_bytes()) for bundle in bundles]
    verdicts = {one["plan"]["name"]: one["verdict"] for one in written}
    assert verdicts == {"a": "pass", "b": "fail", "c": "pass"}
    # One history, in which each plan has its own past.
    lines = (mini.path / "reports" / "history.jsonl").read_text().splitlines()
    history = {drill["drill_id"]: drill["plan"]["name"] for drill in map(json.loads, lines)}
    assert history == {one["drill_id"]: one["plan"]["name"] for one in written}
    assert len(lines) == len(written) == 3
    assert [one["previous"] for one in written] == [None, None, None]
    assert [len(list((mini.path / "results" / name).glob("*-result.json"))) for name in "abc"] == [2, 2, 2]
    assert list(mini.temp.glob("*drill*")) == []
