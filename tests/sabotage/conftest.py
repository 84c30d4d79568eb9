"""Healthy worlds to damage, live databases to back up, and what becomes of the matrix."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from . import matrix, results
from .everywhere import Place, Source
from .runner import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Drills

RECORDED = "sabotage"


@pytest.fixture(scope="session")
def worlds(session_drill_run: Drills, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """The healthy worlds. A test copies one before it damages it."""
    made = Worlds(session_drill_run, tmp_path_factory.mktemp("worlds"))
    yield made
    made.end()


@pytest.fixture(scope="session")
def place(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, int], Place]]:
    """Formats with their servers, each with a live database that is made when it is first asked for."""
    sources: dict[int, Source] = {}
    places: dict[tuple[str, int], Place] = {}

    def place(form: str, major: int) -> Place:
        if major not in sources:
            sources[major] = Source(major, worlds, tmp_path_factory.mktemp("source"))
        if (form, major) not in places:
            made = Place(form, sources[major], tmp_path_factory.mktemp("place"))
            worlds.note(made.name, made.drill())
            places[form, major] = made
        return places[form, major]

    yield place
    for source in sources.values():
        source.kept.remove()


@pytest.fixture
def record(record_property: Callable[[str, object], None]) -> Callable[[str, matrix.Row], None]:
    """Note for the matrix what came of a case."""

    def record(case: str, row: matrix.Row) -> None:
        record_property(RECORDED, json.dumps([case, dict(row.expected), dict(row.found), row.complaint]))

    return record


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        if config.getoption("--sabotage", "some") == "all":
            results.forget(config)
        config.pluginmanager.register(Recorder(config), "sabotage_recorder")


class Recorder:
    """Keeps what each case recorded, for the next run too, and writes MATRIX.md of all that is known."""

    def __init__(self, config: pytest.Config) -> None:
        self.config, self.rows = config, results.kept(config)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            for name, value in report.user_properties:
                if name == RECORDED:
                    case, expected, found, complaint = json.loads(value)
                    self.rows[case] = matrix.Row(expected, found, complaint)
                    results.keep(self.config, self.rows)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.config.getoption("--sabotage", "some") == "some":
            return
        matrix.PATH.write_text(matrix.rendered(self.rows), encoding="utf-8")
        left = len(matrix.every_id() - self.rows.keys())
        told = f"; {left} were not run: go on with --sabotage rest" if left else ""
        terminalreporter.write_line(f"wrote MATRIX.md: {len(self.rows)} cases{told}")
