"""Progress: which phase runs, how far it is, how long it took.

On a terminal a live line; elsewhere a plain line at the end of a phase and every ten seconds within.
"""

from __future__ import annotations

import contextlib
import os
import time
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Any

import pytest

from plugins.drill import DRILL, shows_only
from plugins.words import duration, size

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERY = 10.0  # seconds between plain lines
TITLES = {
    "take": "take a backup of production",
    "fetch": "fetch the backup",
    "stage": "open and index the backup",
    "start": "start the server",
    "schema": "restore the schema",
    "data": "restore the rows",
    "indexes": "build the indexes",
    "constraints": "check the constraints",
    "analyze": "gather the planner's statistics",
    "content": "read and compare every row",
    "self-check": "damage a small copy, and see whether it is noticed",
}


class Progress:
    """Tells people what a drill is doing. `stream` None: tells nobody, and still takes the time.

    steps: whether a phase is a step of the report.
    """

    def __init__(self, stream: IO[str] | None, config: pytest.Config, *, steps: bool = True) -> None:
        self.stream = stream
        self._steps = steps
        self._config = config
        self.phases: dict[str, float] = {}  # seconds
        self._live: Any = None
        self._task: Any = None
        self._phase = ""
        self._told = self._began = 0.0

    @contextlib.contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Take the time of a phase, and show it as a step of the report."""
        import allure

        title = TITLES.get(name, name)
        began = self._began = self._told = time.monotonic()
        self._phase = title
        step = allure.step(title) if self._steps else contextlib.nullcontext()
        with step, self._shown(title):
            try:
                yield
            finally:
                took = time.monotonic() - began
                self.phases[name] = self.phases.get(name, 0.0) + took
        self.line(f"{title}: {duration(timedelta(seconds=took))}")

    @property
    def _reporter(self) -> pytest.TerminalReporter | None:
        if hasattr(self._config, "workerinput"):
            return None
        return self._config.pluginmanager.get_plugin("terminalreporter")

    @contextlib.contextmanager
    def _uncaptured(self) -> Iterator[None]:
        capture = self._config.pluginmanager.get_plugin("capturemanager")
        with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
            yield

    @contextlib.contextmanager
    def _shown(self, title: str) -> Iterator[None]:
        if self.stream is None or not self.stream.isatty():
            yield
            return
        from rich.console import Console
        from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Live

        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
        )
        if self._reporter is not None:
            with self._uncaptured():
                self._reporter.ensure_newline()
        with Live(*columns, console=Console(file=self.stream), transient=True) as self._live:
            self._task = self._live.add_task(title, total=None, told="")
            yield
        self._live = None

    def advance(self, done: int, total: int | None, note: str = "") -> None:
        """Say how many bytes of the phase are done, of how many if that is known. note: what else is."""
        now = time.monotonic()
        live, plain = self._live is not None, self.stream is not None and now - self._told >= EVERY
        if not live and not plain:
            return
        told = [f"{size(done)} of {size(total)}" if total else size(done)]
        told += [note] if note else []
        if total and 0 < done < total and (left := (now - self._began) * (total - done) / done) >= 1:
            told.append(f"about {duration(timedelta(seconds=round(left)))} left")
        if live:
            self._live.update(self._task, completed=done, total=total, told=", ".join(told))
        else:
            self._told = now
            self.line(f"{self._phase}: {', '.join(told)}")

    def line(self, text: str) -> None:
        """Tell one line."""
        if self.stream is None:
            return
        if self._reporter is None:
            self.stream.write(f"{text}\n")
            self.stream.flush()
            return
        # Through pytest's reporter, which may be in the middle of a line of its own.
        with self._uncaptured():
            self._reporter.ensure_newline()
            self._reporter.write_line(f"  {text}")


PROGRESS = pytest.StashKey[Progress]()


def pytest_configure(config: pytest.Config) -> None:
    if DRILL not in config.stash:
        return
    # A duplicate of the descriptor, taken while nothing is captured: pytest redirects the original in a test.
    # A worker's standard output belongs to xdist.
    descriptor = 2 if hasattr(config, "workerinput") else 1
    quiet = shows_only(config) or config.option.verbose < 0
    stream = None if quiet else os.fdopen(os.dup(descriptor), "w", encoding="utf-8", errors="replace")
    config.stash[PROGRESS] = Progress(stream, config)


def pytest_unconfigure(config: pytest.Config) -> None:
    progress = config.stash.get(PROGRESS, None)
    if progress is not None and progress.stream is not None:
        progress.stream.close()


@pytest.fixture(scope="session")
def progress(pytestconfig: pytest.Config) -> Progress:
    """Tells people what the drill is doing."""
    return pytestconfig.stash[PROGRESS]
