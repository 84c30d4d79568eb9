"""Dumps that others wrote, drilled with a plan of a few lines."""

from __future__ import annotations

import shutil
from datetime import datetime

import pytest

from plugins.words import instant

# name: the name that it is drilled under, when, its rows, the server that it was taken from. What pg_dump
# writes as text tells no time: its name does, by a date of our making. The counts are those of the COPY
# blocks that pg_restore writes.
DUMPS = {
    "pagila.sql": ("pagila-2023-05-10T02-00-00Z.sql", "2023-05-10T12:00:00Z", 46_273, "15.2"),
    "dvdrental.dump": ("dvdrental.dump", "2022-06-26T12:00:00Z", 44_845, "13.2"),
    "dvdrental.tar": ("dvdrental.tar", "2013-05-27T12:00:00Z", 44_820, "9.2.4"),
    "tiny.sql": ("tiny-2026-05-21T02-00-00Z.sql", "2026-05-21T12:00:00Z", 3, "16.13"),
    "tiny.dump": ("tiny.dump", "2026-05-21T12:00:00Z", 3, "16.13"),
    "tiny.tar": ("tiny.tar", "2026-05-22T12:00:00Z", 3, "16.13"),
}


@pytest.mark.parametrize("server", ["embedded", "container"])
@pytest.mark.parametrize("name", DUMPS)
def test_it_drills_green(name, server, dumps, tmp_path, drill_run, request):
    if server == "container":
        request.getfixturevalue("engine")
    label, now, rows, version = DUMPS[name]
    shutil.copy(dumps / name, tmp_path / label)
    plan = tmp_path / "plan.toml"
    plan.write_text(f'name = "field"\n[objectives]\nrto = "1h"\nrpo = "24h"\n[backup]\nsource = "{label}"\n')
    run = drill_run("suites", "--drill-plan", plan, "--drill-now", now, "--drill-server", server)
    assert (run.code, run.not_green()) == (0, {}), run.output
    tables = run.evidence["tables"]
    assert sum(table["rows_restored"] for table in tables) == rows
    assert [table["name"] for table in tables if table["rows_restored"] != table["rows_in_backup"]] == []
    assert run.evidence["backup"]["dumped_from"].split()[0].startswith(version)
    assert run.evidence["server"]["kind"] == server
    environment = (run.folder / "allure" / "environment.properties").read_text()
    taken = instant(datetime.fromisoformat(run.evidence["backup"]["recovery_point"]))
    assert f"Backup\\ taken={taken}\n" in environment
    assert run.left() == []
