"""A drill that dies in the middle: its data dies with it, and nothing says that it passed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

PATIENCE = 60.0  # seconds


@pytest.fixture
def endless(small):
    """A backup whose restore does not end by itself."""
    small.write(more="SELECT pg_catalog.pg_sleep(600);\n")
    return small


def wait_until(what) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def processes(folder: Path) -> list[str]:
    """The processes that have a folder in their command line, environment or working directory."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("no /proc: which processes were left cannot be told here")
    word, found = os.fsencode(folder), []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            told += os.fsencode((entry / "cwd").readlink())
        except OSError:
            continue
        if word in told:
            found.append(f"{entry.name}: {told[:100]!r}")
    return found


def die(drills, small, number: signal.Signals, *args: object, when: str = "server.pickle"):
    """Drill, send a signal to pytest itself once the file is there, and wait until all is gone."""
    process, folder = drills.start(*small.args(*args))
    temp = drills.temp / folder.name
    try:
        there = wait_until(lambda: list(temp.glob(f"restore-drill-*/{when}")) or process.poll() is not None)
        assert there, (folder / "output").read_text()
        assert process.poll() is None, (folder / "output").read_text()
        process.send_signal(number)
        process.wait(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
    run = drills.ended(process, folder)
    # The process that watches over the drill is among them, and ends when it has removed all.
    wait_until(lambda: not processes(temp))
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
