"""The export of the agents in a drill: written where it is asked for, and nowhere else."""

from __future__ import annotations

import json


def test_an_export_is_written_and_judged(drill_run, tmp_path):
    folder = tmp_path / "agents"
    run = drill_run("suites/backup/test_agent_exports.py", "--drill-sample", "--drill-export-agents", folder)
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert f"exported 55 agents, 5 tools, 1 document to {folder}" in run.output
    assert "this drill wrote the exports of the agents, so their age says nothing" in run.output
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    index = json.loads((folder / "index.json").read_bytes())
    assert len(index["files"]) == len(files) - 1
    # The ids of the agents are values of rows: they stand in the export alone.
    agent_id = next((folder / "agents").iterdir()).stem
    written = [run.output, *(path.read_text() for path in run.folder.rglob("*") if path.is_file())]
    assert agent_id not in "".join(written)


def test_a_folder_of_something_else_is_refused_before_anything_runs(drill_run, tmp_path):
    (tmp_path / "mine").write_text("kept")
    run = drill_run("suites/backup", "--drill-sample", "--drill-export-agents", tmp_path)
    assert run.code == 4
    assert "--drill-export-agents names a folder that holds something else" in run.output
    assert run.evidence is None
