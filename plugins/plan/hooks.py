"""The plan in pytest: its option, its fixture, and the claims made once per table, query or endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plugins.drill import is_drill
from plugins.errors import PlanError
from plugins.plan.models import Plan
from plugins.plan.reading import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PLAN = pytest.StashKey[Plan]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("drill", "restore drill")
    group.addoption("--drill-plan", metavar="PATH", help="the plan; drill.toml by default")


# First: other plugins read the plan when they configure themselves.
@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if not is_drill(config):
        return
    try:
        config.stash[PLAN] = load(_path(config))
    except PlanError as error:
        raise pytest.UsageError(str(error)) from None


def _path(config: pytest.Config) -> Path:
    given: str | None = config.getoption("--drill-plan")
    if given is not None:
        return config.invocation_params.dir / given
    if config.getoption("--drill-sample"):
        # Data, not an import: a plugin imports no fixture.
        return config.rootpath / "fixtures" / "sample" / "plan.toml"
    return config.rootpath / "drill.toml"


@pytest.fixture(scope="session")
def plan(pytestconfig: pytest.Config) -> Plan:
    """The plan of this drill."""
    plan = pytestconfig.stash.get(PLAN, None)
    if plan is None:
        raise PlanError("this run is no drill, and has no plan", hint="Run pytest on suites/.")
    return plan


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a claim once for each thing of the plan that it is about.

    Where the plan has none, one item gets None: pytest would *skip* it, but the claim is out of scope, and
    plugins.scope deselects it by its `needs` marker.
    """
    config = metafunc.config
    if PLAN not in config.stash or config.rootpath / "suites" not in metafunc.definition.path.parents:
        return
    plan = config.stash[PLAN]
    things: dict[str, Sequence[tuple[str, object]]] = {
        "planned_table": [(name, name) for name in plan.tables],
        "recency_table": [(name, name) for name, table in plan.tables.items() if table.recency],
        "shrinking_table": [
            (name, name) for name, table in plan.tables.items() if table.max_drop is not None
        ],
        "query": [(query.name, query) for query in plan.queries],
        "endpoint": [(endpoint.name, endpoint) for endpoint in plan.endpoints],
        "json_endpoint": [(endpoint.name, endpoint) for endpoint in plan.endpoints if endpoint.holds],
    }
    for fixture, found in things.items():
        if fixture in metafunc.fixturenames:
            named: Sequence[tuple[str, object]] = found or [("none", None)]
            metafunc.parametrize(fixture, [value for _, value in named], ids=[name for name, _ in named])
