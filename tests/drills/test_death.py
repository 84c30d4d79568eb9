"""A drill that dies in the middle: its data dies with it, and nothing says that it passed."""

from __future__ import annotations

import contextlib
import gzip
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hardening.traces import processes, wait_until

if TYPE_CHECKING:
    import subprocess

PATIENCE = 60.0  # seconds


@pytest.fixture
def endless(small):
    """A backup whose restore does not end by itself."""
    small.write(more="SELECT pg_catalog.pg_sleep(600);\n")
    return small


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The xdist workers of a drill: its children that are told what to do through a pipe."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            if parent == str(process.pid) and b"sys.stdin.readline" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    assert found
    return found


def die(
    drills, small, number: signal.Signals, *args: object, when: str = "server.pickle", said: str = "",
    whom=lambda process: [process.pid],
):  # fmt: skip
    """Drill, send a signal once it is where it is to die, and wait until all is gone.

    when: a file of its folder that is there by then. said: what it has put out by then. whom: who gets it.
    """
    process, folder = drills.start(*small.args(*args))
    temp = drills.temp / folder.name

    def reached() -> bool:
        return bool(list(temp.glob(f"restore-drill-*/{when}"))) and said in (folder / "output").read_text()

    try:
        there = wait_until(lambda: reached() or process.poll() is not None, patience=PATIENCE)
        assert there, (folder / "output").read_text()
        assert process.poll() is None, (folder / "output").read_text()
        for pid in whom(process):
            os.kill(pid, number)
        if not wait_until(lambda: process.poll() is not None, patience=PATIENCE):
            process.send_signal(signal.SIGABRT)  # pytest has it say where it stands
            process.wait()
            pytest.fail(f"it went on: {(folder / 'output').read_text()}")
    finally:
        process.kill()
        process.wait()
    run = drills.ended(process, folder)
    # The process that watches over the drill is among them, and ends when it has removed all.
    wait_until(lambda: not processes(temp), patience=PATIENCE)
    assert (run.left(), processes(temp)) == ([], [])
    assert run.evidence is None or run.evidence["verdict"] != "pass"
    assert run.code != 0
    return run


@pytest.mark.parametrize("when", ["server", "server.pickle"], ids=["at initdb", "at the restore"])
def test_killed(drill_run, endless, when):
    run = die(drill_run, endless, signal.SIGKILL, "--drill-server", "embedded", when=when)
    assert run.evidence is None


def test_killed_with_workers(drill_run, endless):
    run = die(drill_run, endless, signal.SIGKILL, "--drill-server", "embedded", "-n", "2")
    assert run.evidence is None


def test_killed_with_a_container(drill_run, endless, engine):
    run = die(drill_run, endless, signal.SIGKILL, "--drill-server", "container")
    assert run.evidence is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_interrupted(drill_run, endless, number):
    run = die(drill_run, endless, number, "--drill-server", "embedded")
    assert run.code == 2, run.output
    assert run.evidence is not None, run.output
    assert (run.evidence["verdict"], run.evidence["scope"]) == ("unverified", "partial"), run.output
    assert run.evidence["server"]["destroyed"] is True


def test_interrupted_with_workers(drill_run, endless):
    run = die(drill_run, endless, signal.SIGTERM, "--drill-server", "embedded", "-n", "2")
    assert run.code == 2, run.output


# In each phase


SLOW = """
CREATE FUNCTION public.slow(bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_catalog.pg_sleep(600); RETURN $1; END $$;
"""
SLOW_ROWS = """
CREATE DOMAIN public.slow_id AS bigint CHECK (public.slow(VALUE) = VALUE);
CREATE TABLE public.slow (id public.slow_id);
COPY public.slow (id) FROM stdin;
1
\\.
"""
# What is there, and what was put out, when the phase is on.
PHASES = {
    "stage": ("staged.sql", "collected"),
    "schema": ("server.pickle", "start the server"),
    "rows": ("server.pickle", "restore the schema"),
    "indexes": ("server.pickle", "restore the rows"),
}


def stuck(small, phase: str) -> dict[str, str]:
    """Write a backup whose drill stays in a phase; return how to tell that it is there."""
    small.write(more=SLOW + {"schema": "SELECT public.slow(1);\n", "rows": SLOW_ROWS}.get(phase, ""))
    text = small.backup.read_text()
    if phase == "indexes":
        index = "CREATE INDEX slow ON public.users USING btree (public.slow(id));\n"
        small.backup.write_text(text.replace("\\.\n", f"\\.\n\n{index}"))
    if phase == "stage":
        # Some 20 GB of comments, in a file of some megabytes.
        comments = gzip.compress(f"-- {'x' * 1000}\n".encode() * 20_000)
        small.backup.write_bytes(gzip.compress(text.encode()) + comments * 1000)
    when, said = PHASES[phase]
    return {"when": when, "said": said}


@pytest.fixture(params=["embedded", "container"])
def server(request: pytest.FixtureRequest) -> str:
    if request.param == "container":
        request.getfixturevalue("engine")
    return request.param


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("phase", PHASES)
def test_dead_in_a_phase(drill_run, small, server, phase, number):
    run = die(drill_run, small, number, "--drill-server", server, **stuck(small, phase))
    if number == signal.SIGKILL:
        assert run.evidence is None
        return
    assert run.code == 2, run.output
    assert (run.evidence["verdict"], run.evidence["scope"]) == ("unverified", "partial"), run.output
    if phase != "stage":
        assert run.evidence["server"]["destroyed"] is True


def test_killed_on_a_server_that_somebody_lent(drill_run, small, lent):
    """Also where the dump gives the database away, and the lender's role inherits no rights."""
    with lent.server.connect("postgres") as connection:
        connection.execute("ALTER ROLE lent NOINHERIT")
    before = lent.databases(), lent.roles()
    away = "CREATE DATABASE app;\nALTER DATABASE app OWNER TO app_owner;\n\\connect app\n"
    small.write(more=away + SLOW + SLOW_ROWS)
    when, said = PHASES["rows"]
    die(drill_run, small, signal.SIGKILL, "--drill-server", lent.url, when=when, said=said)
    assert (lent.databases(), lent.roles()) == before


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_dead_while_rows_are_loaded_in_parallel(drill_run, small, number):
    where = stuck(small, "rows")
    die(drill_run, small, number, "--drill-server", "embedded", "--drill-profile", "fast", **where)


def test_a_killed_worker(drill_run, small, server):
    """Others take its place: what they find half restored cannot be told, and is left no more."""
    small.write(more="SELECT pg_catalog.pg_sleep(5);\n")  # an end, for who takes its place may begin anew
    run = die(drill_run, small, signal.SIGKILL, "--drill-server", server, "-n", "2", whom=workers_of)
    assert run.evidence["verdict"] in ("fail", "unverified"), run.output
    assert "INTERNALERROR" not in run.output


def test_what_a_killed_drill_and_its_killed_watcher_left_goes_with_the_next(drill_run, small, server):
    small.write(more=SLOW + "SELECT public.slow(1);\n")
    process, folder = drill_run.start(*small.args("--drill-server", server))
    temp = drill_run.temp / folder.name
    assert wait_until(lambda: list(temp.glob("restore-drill-*/server.pickle")), patience=PATIENCE), (
        folder / "output"
    ).read_text()
    watchers = [int(line.split(":")[0]) for line in processes(temp) if "plugins.lifetime" in line]
    assert len(watchers) == 1
    for pid in (*watchers, process.pid):
        os.kill(pid, signal.SIGKILL)
    process.wait()
    left = drill_run.ended(process, folder)
    assert left.left() != []
    small.write()
    run = drill_run(*small.args("--drill-server", server), env={"TMPDIR": str(temp)})
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert wait_until(lambda: not processes(temp), patience=PATIENCE)
    assert left.left() == []
