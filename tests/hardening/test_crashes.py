"""Drills that are killed at random moments, in turn on each kind of server: `--crashes N` of them.

They share a machine, a folder of evidence, a history and an archive. The moment is one of a drill's own
processor time, of which one that nobody disturbs takes so much: a machine that is busy, or fast, changes
nothing. `test_crash.py` has moments that are known.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from plugins import unfinished
from tests.hardening.traces import left, pids, wait_until
from tests.worlds import ROOT

KINDS = ("container", "local", "embedded")
TICKS = os.sysconf("SC_CLK_TCK")
SWEEP = "from plugins.lifetime import sweep; print(sweep())"
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")


class Machine:
    """A small company's plan and backup, and a temporary folder of the system's for its drills alone."""

    def __init__(self, company, temp: Path) -> None:
        (company.folder / "archive").mkdir()
        company.write(plan='[evidence]\narchive = "archive"\n')
        self.company, self.temp = company, temp
        self.out, self.history = company.folder / "out", company.folder / "history.jsonl"
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        self.env["TMPDIR"] = str(temp)

    def start(self, kind: str) -> subprocess.Popen[bytes]:
        args = self.company.args("--drill-server", kind, "--drill-evidence", self.out)
        args += ("--drill-history", self.history, "-p", "no:plugins.page", "-p", "no:plugins.pictures")
        with (self.company.folder / "output").open("wb") as output:
            return subprocess.Popen(
                [*PYTEST, *map(str, args)],
                cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            )  # fmt: skip

    def run(self, *command: object) -> str:
        """What another program says that is run here; it must end well."""
        done = subprocess.run(
            [sys.executable, *map(str, command)], cwd=ROOT, env=self.env, capture_output=True, check=False
        )
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == 0, said
        return said

    @property
    def output(self) -> str:
        return (self.company.folder / "output").read_text(errors="replace")

    def told(self) -> list[str]:
        """The drills of the history, each line of which can be read."""
        if not self.history.exists():
            return []
        return [json.loads(line)["drill_id"] for line in self.history.read_bytes().splitlines()]

    def bundles(self) -> list[str]:
        """The drills whose bundle is there, each of them whole."""
        found = sorted(self.out.glob("[0-9]*"))
        for bundle in found:
            assert json.loads((bundle / "evidence.json").read_bytes())["drill_id"] == bundle.name
        return [bundle.name for bundle in found]


@pytest.fixture
def machine(company):
    # A path that is short enough for a server's socket, and that the server's user may pass through.
    with tempfile.TemporaryDirectory(prefix="drills-") as folder:
        Path(folder).chmod(0o711)
        yield Machine(company, Path(folder))


def processor_seconds(process: subprocess.Popen[bytes]) -> float:
    """Of the process itself. proc(5), fields 14 and 15."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def spend(process: subprocess.Popen[bytes], seconds: float = math.inf) -> float:
    """Let a process go on until it has taken that much of the processor, or ends; return how much it took."""
    spent = 0.0
    while process.poll() is None and (spent := processor_seconds(process)) < seconds:
        time.sleep(0.01)
    return spent


def test_drills_that_are_killed_at_random_moments(machine, engine, pytestconfig):
    kinds = list(zip(range(pytestconfig.getoption("--crashes")), itertools.cycle(KINDS), strict=False))
    whole, killed = {}, 0
    for kind in {kind: None for _, kind in kinds}:
        process = machine.start(kind)
        whole[kind] = spend(process)
        assert process.wait() == 0, machine.output
    for number, kind in kinds:
        chosen = random.Random(number)
        sent = chosen.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT))
        alone = sent == signal.SIGKILL and chosen.random() < 0.5
        share = chosen.uniform(0.05, 1.0)
        process = machine.start(kind)
        spent = spend(process, share * whole[kind])
        if alone:
            # Nor does the process live that watches over the drill: what is left is the next start's.
            for watcher in pids(machine.temp, "plugins.lifetime"):
                os.kill(watcher, signal.SIGKILL)
        process.send_signal(sent)
        code = process.wait(timeout=60)
        said = f"{number}: {kind}, {sent.name} after {spent:.2f} of {whole[kind]:.2f} s, exit {code}\n"
        print(said, end="")
        said += machine.output
        killed += code != 0
        if alone:
            for path in machine.temp.glob(".new-drill-*"):
                os.utime(path, (0, 0))  # one without a lock may be another's, for a minute
            assert machine.run("-c", SWEEP).strip() == "[]", said
        elif sent == signal.SIGKILL:
            wait_until(lambda: not left(machine.temp))
        assert left(machine.temp) == [], said
        assert set(machine.told()) <= set(machine.bundles()), said
    for path in machine.company.folder.rglob(f".*{unfinished.SUFFIX}"):
        os.utime(path, (0, 0), follow_symlinks=False)  # it was long ago
    process = machine.start("embedded")
    assert process.wait(timeout=300) == 0, machine.output
    assert left(machine.temp) == []
    assert killed
    # All that was written tells one story, also where it is kept.
    assert machine.told() == machine.bundles()
    kept = machine.company.folder / "archive" / "small"
    for folder in (machine.out, kept):
        assert "VERIFIED" in machine.run("-m", "plugins.evidence", "verify", "--unsigned", folder)
    assert sorted(path.name for path in kept.glob("[0-9]*")) == machine.bundles()
    assert [path.stem for path in sorted((kept / "history").iterdir())] == machine.bundles()
    strays = [path for path in machine.company.folder.rglob(".*") if path.name != ".restore-drill"]
    assert strays == []
