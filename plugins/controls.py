"""Controls: the stable id of what a claim proves, with the title and severity it has in every report."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from plugins.drill import is_drill

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Control:
    """One row of reports/controls.toml. severity: blocker, critical, normal, minor or trivial (Allure's).

    frameworks: by the id of a framework, the criteria that the claim gives evidence for. runbook: the ids of
    the items that it covers. Both are explained in plugins.coverage.
    """

    id: str
    title: str
    severity: str
    suite: str
    frameworks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    runbook: tuple[str, ...] = ()


CONTROLS = pytest.StashKey[dict[str, Control]]()


def read(path: Path) -> dict[str, Control]:
    """Read the controls. Raises KeyError or TOMLDecodeError when our own file is broken."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: Control(
            id=name,
            title=row["title"],
            severity=row["severity"],
            suite=row["suite"],
            frameworks={of: tuple(criteria) for of, criteria in row.get("frameworks", {}).items()},
            runbook=tuple(row.get("runbook", ())),
        )
        for name, row in table.items()
    }


def in_suites(item: pytest.Item) -> bool:
    """Whether an item is a claim: only those are judged."""
    return item.config.rootpath / "suites" in item.path.parents


def control_of(item: pytest.Item) -> Control:
    """The control of a claim."""
    marker = item.get_closest_marker("control")
    if marker is None or not marker.args or marker.args[0] not in item.config.stash[CONTROLS]:
        raise pytest.UsageError(
            f"{item.nodeid} names no control of reports/controls.toml\n"
            "HINT: Mark it with @pytest.mark.control(id), and give the id a row in that file."
        )
    return item.config.stash[CONTROLS][marker.args[0]]


def part_of(item: pytest.Item) -> str:
    """What of its control a claim is about, where several share it; empty for one that has it alone."""
    marker = item.get_closest_marker("control")
    return str(marker.kwargs.get("part", "")) if marker else ""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "control(id, part=words): what the claim proves, an id of reports/controls.toml; and of a control "
        "with several claims, which part of it",
    )
    if is_drill(config):
        config.stash[CONTROLS] = read(config.rootpath / "reports" / "controls.toml")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if in_suites(item):
            control_of(item)
