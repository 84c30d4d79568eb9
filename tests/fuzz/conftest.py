"""Runs a property over many inputs: a few that are always the same, or as many as --fuzz-examples says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from .watch import MEGABYTES, SECONDS, bounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

_RUN = pytest.StashKey[dict[str, int]]()


@pytest.fixture
def fuzz(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> Callable[..., None]:
    """Runs a property over what a strategy makes; each example is bounded in time and memory.

    few: how many examples there are without --fuzz-examples. Those are the same in each run.
    """
    wanted: int | None = pytestconfig.getoption("--fuzz-examples")
    ran = pytestconfig.stash.setdefault(_RUN, {})

    def fuzz(
        strategy: SearchStrategy[Any],
        holds: Callable[[Any], object],
        *,
        few: int,
        share: float = 1.0,
        seconds: int = SECONDS,
        megabytes: int = MEGABYTES,
        shrink: bool = True,
    ) -> None:
        @settings(
            max_examples=few if wanted is None else max(1, int(wanted * share)),
            derandomize=wanted is None,
            database=None,
            deadline=None,
            print_blob=wanted is not None,
            # Nothing is looked for twice: a run that is always the same has no use of what it learned.
            phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if shrink else [])],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def go(example: Any) -> None:
            ran[request.node.nodeid] = ran.get(request.node.nodeid, 0) + 1
            with bounded(seconds=seconds, megabytes=megabytes):
                holds(example)

        go()

    return fuzz


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    ran = config.stash.get(_RUN, {})
    if config.getoption("--fuzz-examples") is not None:
        for test, examples in ran.items():
            terminalreporter.write_line(f"{examples:>9,} examples of {test}")
    if ran:
        terminalreporter.write_line(f"{sum(ran.values()):>9,} fuzz examples")


@pytest.fixture(scope="session")
def examples_of_size(pytestconfig: pytest.Config) -> list[int]:
    """Bytes of text that is made to be hard."""
    return [100_000] if pytestconfig.getoption("--fuzz-examples") is None else [100_000, 2_000_000]


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of dumps that tests/archive/data/README.md lists."""
    return Path(__file__).parent.parent / "archive" / "data"
