"""Coverage: which claims cover each item of the runbook and each criterion of the frameworks.

`coverage` says what came of them in one drill; `python -m plugins.coverage` prints the whole matrix, kept as
reports/COVERAGE.md. It is made of controls.toml, runbook.toml and frameworks.toml, which lie beside that.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins import controls
from plugins.verdicts import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from plugins.controls import Control

REPORTS = Path(__file__).resolve().parent.parent / "reports"

# What stands in the place of a verdict: where no claim ran in this drill, where people must look themselves,
# and where no claim of the suite gives evidence.
NOT_CHECKED, MANUAL, NOT_COVERED = "not checked", "manual", "not covered"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the runbook. section: the end of a link to its heading. tables: those that it is about.

    limits: what of it no claim covers. manual: why none can cover it at all; empty where claims do.
    """

    id: str
    title: str
    section: str
    tables: tuple[str, ...] = ()
    limits: str = ""
    manual: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a framework, whose id and name come first. limits: what a drill is no evidence for."""

    framework: str
    framework_name: str
    id: str
    says: str
    limits: str

    @property
    def name(self) -> str:
        """As people write it: "SOC 2 A1.2", "HIPAA 164.308(a)(7)(ii)(A)"."""
        return f"{self.framework_name}{'' if self.id.startswith('(') else ' '}{self.id}"


@cache
def items(folder: Path = REPORTS) -> dict[str, Item]:
    """The runbook's items by id, in its order. Raises KeyError or TOMLDecodeError when our file is broken."""
    return {
        name: Item(
            id=name,
            title=row["title"],
            section=row["section"],
            tables=tuple(row.get("tables", ())),
            limits=row.get("limits", ""),
            manual=row.get("manual", ""),
        )
        for name, row in tomllib.loads((folder / "runbook.toml").read_text(encoding="utf-8")).items()
    }


@cache
def criteria(folder: Path = REPORTS) -> dict[tuple[str, str], Criterion]:
    """The frameworks' criteria by the framework's id and their own. Raises as `items` does."""
    table = tomllib.loads((folder / "frameworks.toml").read_text(encoding="utf-8"))
    return {
        (of, name): Criterion(of, framework["name"], name, row["says"], row["limits"])
        for of, framework in table.items()
        for name, row in framework["criteria"].items()
    }


def coverage(written: Mapping[str, Any], folder: Path = REPORTS) -> dict[str, list[dict[str, Any]]]:
    """What a drill's evidence says of each item and each criterion, in the order of our files.

    {"items": [{item, title, section, controls, checked, verdict, note}],
    "criteria": [{framework, criterion, title, controls, checked, verdict, note}]}. controls: the ids of all
    that cover it; checked: those of them of which a claim was checked in this drill. verdict: the worst of
    those, "not checked" where there is none; "manual" for an item that no claim can cover, "not covered" for
    a criterion that no control gives evidence for. note: what no claim covers of it, a sentence or nothing.
    """
    known = controls.read(folder / "controls.toml")
    checks = written["checks"]
    of_items = [
        {"item": item.id, "title": item.title, "section": item.section}
        | _judged(_covering(known.values(), item.id), checks, tables=item.tables, none=MANUAL)
        | {"note": item.manual or item.limits}
        for item in items(folder).values()
    ]
    of_criteria = [
        {"framework": criterion.framework_name, "criterion": criterion.id, "title": criterion.says}
        | _judged(_giving_evidence(known.values(), criterion), checks, none=NOT_COVERED)
        | {"note": criterion.limits}
        for criterion in criteria(folder).values()
    ]
    return {"items": of_items, "criteria": of_criteria}


def _covering(known: Iterable[Control], item: str) -> list[str]:
    return [control.id for control in known if item in control.runbook]


def _giving_evidence(known: Iterable[Control], criterion: Criterion) -> list[str]:
    return [
        control.id for control in known if criterion.id in control.frameworks.get(criterion.framework, ())
    ]


def _judged(
    ids: list[str], checks: Iterable[Mapping[str, Any]], *, tables: Collection[str] = (), none: str
) -> dict[str, Any]:
    """tables: only the claims about one of these count, which is how pytest ends their names."""
    ends = tuple(f"[{table}]" for table in tables)
    ran = [
        check for check in checks if check["control"] in ids and (not ends or check["test"].endswith(ends))
    ]
    checked = {check["control"] for check in ran}
    verdict = worst([Verdict(check["verdict"]) for check in ran]) if ran else NOT_CHECKED
    return {
        "controls": ids,
        "checked": [name for name in ids if name in checked],
        "verdict": str(verdict) if ids else none,
    }


HEAD = """# Coverage

Made by `.venv/bin/python -m plugins.coverage > reports/COVERAGE.md` from `controls.toml`, `runbook.toml` and
`frameworks.toml`, and not written by hand. What came of it in one drill stands in that drill's report.

## The runbook

| section | item | controls that cover it | criteria they give evidence for | what no claim covers |
|---|---|---|---|---|
"""
MIDDLE = """
## The frameworks

What a criterion asks for is told in our words; its own text is what counts. A drill alone proves none.

| criterion | asks that | controls that give evidence | what a drill is no evidence for |
|---|---|---|---|
"""


def markdown(folder: Path = REPORTS) -> str:
    """The whole matrix: item, its claims, their criteria; then criterion and its claims."""
    known = controls.read(folder / "controls.toml")
    named = criteria(folder)
    section, of_items, of_criteria = "", [], []
    for item in items(folder).values():
        ids = _covering(known.values(), item.id)
        told = f"**manual**: {item.manual}" if item.manual else item.limits
        heading = "" if item.section == section else item.section.replace("-", " ")
        section = item.section
        given = in_short(*(known[name] for name in ids))
        of_items.append(f"| {heading} | {item.title} | {_code(ids)} | {given} | {told} |\n")
    for criterion in named.values():
        told = _code(_giving_evidence(known.values(), criterion)) or "**none**"
        of_criteria.append(f"| {criterion.name} | {criterion.says} | {told} | {criterion.limits} |\n")
    return "".join((HEAD, *of_items, MIDDLE, *of_criteria))


def in_short(*of: Control) -> str:
    """The criteria of some controls, each framework named once: "SOC 2 A1.2, A1.3; NIST SP 800-53 CP-9"."""
    by_framework: dict[str, list[str]] = {}
    for criterion in criteria().values():
        if any(criterion.id in control.frameworks.get(criterion.framework, ()) for control in of):
            told = by_framework.setdefault(criterion.framework, [])
            told.append(criterion.id if told else criterion.name)
    return "; ".join(", ".join(told) for told in by_framework.values())


def _code(ids: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in ids)


if __name__ == "__main__":
    sys.stdout.write(markdown())
