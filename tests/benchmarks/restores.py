"""Restores side by side: psql, pg_restore and this loader, in turn, on the same servers.

Timed is the load into a fresh database: a rival's from its program's start to its end, ours from the staged
text to the end of `load`, its ANALYZE included. What staging takes beforehand is given beside it.
"""

from __future__ import annotations

import shutil
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from fixtures.archive import open_archive
from fixtures.restore.diagnosis import Severity, diagnose
from fixtures.restore.loader import load
from fixtures.restore.platform import Platform
from plugins.errors import DrillError
from tests.benchmarks.testbed import contents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fixtures.archive import Archive
    from tests.benchmarks.dumps import Dumps
    from tests.benchmarks.testbed import Testbed

JOBS = 2
DATABASE = "restored"


class Unwatched:
    """The progress of a restore that nobody watches."""

    def __init__(self) -> None:
        self.phases: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Take the time of a phase, in seconds."""
        began = time.monotonic()
        yield
        self.phases[name] = self.phases.get(name, 0.0) + time.monotonic() - began

    def advance(self, done: int, total: int | None, note: str = "") -> None:
        """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Took:
    """What one restore took, in seconds. stage: to open the archive; 0 for a program that needs no stage."""

    way: str
    pair: int
    load: float
    stage: float = 0.0
    phases: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to restore a dump. program: psql or pg_restore with its arguments; none for our own loader."""

    name: str
    bed: Testbed
    form: str
    program: tuple[str, ...] = ()

    def restore(self, dumps: Dumps, pair: int) -> Took:
        """Restore into a fresh database, and see that nothing is missing. Raises DrillError when it is."""
        dump = dumps[self.form]
        if self.program:
            with self.bed.database(DATABASE, encoding="UTF8") as database:
                lent = self.bed.lend(dump)
                seconds = self.bed.run(*self.program, lent, database=DATABASE)
                _same(self.name, contents(database), dumps)
            return Took(self.name, pair, seconds)
        with _staged(dump, self.bed.folder) as (archive, staging):
            with self.bed.database(DATABASE, encoding=archive.encoding) as database:
                seconds, phases = _load(archive, self.bed)
                _same(self.name, contents(database), dumps)
            return Took(self.name, pair, seconds, staging, phases)


def ways(throwaway: Testbed, stock: Testbed) -> list[Way]:
    """The ways that are compared. throwaway: with the settings of `fast`; stock: with those of `durable`."""
    psql = ("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f")
    pg_restore = ("pg_restore", "--exit-on-error", "-j", str(JOBS), "-d", DATABASE)
    return [
        Way("psql, throwaway settings", throwaway, "plain.sql", psql),
        Way("fast, plain", throwaway, "plain.sql"),
        Way(f"pg_restore -j {JOBS}, throwaway settings", throwaway, "custom.dump", pg_restore),
        Way("fast, custom", throwaway, "custom.dump"),
        Way("psql, stock settings", stock, "plain.sql", psql),
        Way("durable, plain", stock, "plain.sql"),
    ]


def measure(dumps: Dumps, throwaway: Testbed, stock: Testbed, *, pairs: int) -> list[dict[str, Any]]:
    """Run all ways `pairs` times, every other time in reverse order; return one record for each restore."""
    compared = ways(throwaway, stock)
    for way in compared:  # in the page cache for everybody, from the first restore on
        way.bed.lend(dumps[way.form])
        with dumps[way.form].open("rb") as file:
            while file.read(1 << 20):
                pass
    took = []
    for pair in range(pairs):
        for way in compared if pair % 2 == 0 else reversed(compared):
            took.append(way.restore(dumps, pair))
            print(
                f"  {pair + 1}/{pairs} {way.name}: stage {took[-1].stage:.2f} s, load {took[-1].load:.2f} s",
                flush=True,
            )
        with _staged(dumps["plain.sql.gz"], throwaway.folder) as (_, staging):
            took.append(Took("stage plain.gz", pair, 0.0, staging))
    return [
        {"way": one.way, "pair": one.pair, "load": one.load, "stage": one.stage, "phases": one.phases}
        for one in took
    ]


@contextmanager
def _staged(dump: Path, folder: Path) -> Iterator[tuple[Archive, float]]:
    """The archive of a dump, and what opening it took; its staged text is removed afterwards."""
    place = folder / "staging"
    place.mkdir()
    try:
        began = time.perf_counter()
        archive = open_archive(dump, folder=place)
        yield archive, time.perf_counter() - began
    finally:
        shutil.rmtree(place)


def _load(archive: Archive, bed: Testbed) -> tuple[float, dict[str, float]]:
    """Load as a drill does; return the seconds of it and of its phases."""
    connect = partial(bed.server.connect, DATABASE)
    platform = Platform(superuser=bed.server.superuser, ours=True, drill_id=bed.name)
    with closing(connect()) as connection:
        platform.prepare(connection, archive)
    began = time.perf_counter()
    loaded = load(
        archive, connect, platform=platform, progress=Unwatched(), profile=bed.server.profile, jobs=JOBS
    )
    seconds = time.perf_counter() - began
    # An archive's CREATE DATABASE, for one, is left out and nothing lost by it.
    said = [diagnose(failure) for failure in loaded.failures]
    harmful = [diagnosis for diagnosis in said if diagnosis.severity is not Severity.BENIGN]
    if harmful:
        raise DrillError(f"the loader reports {len(harmful)} failures, such as {harmful[0]}")
    return seconds, dict(loaded.phases)


def _same(way: str, restored: dict[str, int], dumps: Dumps) -> None:
    wrong = {
        name: (restored.get(name), count)
        for name, count in dumps.contents.items()
        if restored.get(name) != count
    }
    if wrong:
        raise DrillError(f"{way} did not restore all: {wrong}")
