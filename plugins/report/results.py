"""Folders of Allure results that drills left: found, told apart by their plans, merged for one report."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from plugins.allure_results.around import properties
from plugins.errors import PlanError
from plugins.verdicts import Verdict, worst
from plugins.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

ENVIRONMENT = "environment.properties"
_LINE = re.compile(r"((?:\\.|[^=\\])+)=(.*)")


@dataclass(frozen=True)
class Results:
    """The results of one drill. path: their folder."""

    path: Path

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """What the drill wrote of itself. Raises PlanError for a drill that did not end."""
        return environment(self.path)

    @property
    def plan(self) -> str:
        """The name of its plan."""
        return self.environment["Plan"]

    @property
    def drill_id(self) -> str:
        """Its id; ids sort by time."""
        return self.environment["Drill"]

    @property
    def verdict(self) -> Verdict:
        """Its verdict."""
        return Verdict(self.environment["Verdict"].partition(" ")[0].lower())

    @property
    def is_sample(self) -> bool:
        """Whether it drilled the made-up company."""
        return "SAMPLE" in self.environment

    def drills(self) -> set[str]:
        """The ids of all drills whose results lie here; there is to be one."""
        found = set()
        for path in self.path.glob("*-result.json"):
            labels = json.loads(path.read_bytes()).get("labels", [])
            found |= {entry["value"] for entry in labels if entry["name"] == "drill"}
        return found


def environment(folder: Path) -> dict[str, str]:
    """The rows that a drill wrote when it ended. Raises PlanError where there are none."""
    try:
        lines = (folder / ENVIRONMENT).read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    rows = {}
    for line in lines:
        if found := _LINE.fullmatch(line):
            name, value = (re.sub(r"\\(.)", r"\1", part) for part in found.groups())
            rows[name] = value
    if not {"Plan", "Drill", "Verdict"} <= set(rows):
        raise PlanError(
            f"{folder} holds Allure results of no drill that ended",
            hint="Drill again, or leave that folder out.",
        )
    return rows


def newest(folder: Path) -> Results:
    """Of the plans' folders below `folder`, the one that was drilled last. Raises PlanError without any."""
    return max(_below(folder), key=lambda results: results.drill_id)


def find(folders: Iterable[Path]) -> list[Results]:
    """All results in or below these folders, one drill a plan, by the plans' names. Raises PlanError."""
    found = sorted({results for folder in folders for results in _below(folder)}, key=lambda each: each.plan)
    for results in found:
        mixed = results.drills() - {results.drill_id}
        if mixed:
            raise PlanError(
                f"{results.path} holds the results of {counted(len(mixed) + 1, 'drill')}, mixed up",
                hint="Empty a folder of --alluredir before a drill, or add --clean-alluredir.",
            )
    for results, other in pairwise(found):
        if results.plan == other.plan:
            raise PlanError(
                f"{results.path} and {other.path} both hold a drill of the plan {results.plan}",
                hint="A report shows one drill of each plan; the earlier ones are in its trends.",
            )
    return found


def _below(folder: Path) -> list[Results]:
    paths = {path.parent for path in folder.rglob("*-result.json") if not _hidden(path, folder)}
    if not paths:
        raise PlanError(
            f"there are no Allure results in {folder}",
            hint="A drill writes them: ./drill, or ./drill --drill-sample; then ./drill report.",
        )
    return [Results(path) for path in sorted(paths)]


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def title(drills: Sequence[Results]) -> str:
    """What the report is called: of which plan, and how it went."""
    sample = "SAMPLE: " if all(drill.is_sample for drill in drills) else ""
    if len(drills) == 1:
        return f"{sample}Restore drill of {drills[0].plan}: {drills[0].environment['Verdict']}"
    verdict = worst([drill.verdict for drill in drills]).upper()
    return f"{sample}Restore drills of {len(drills)} plans: {verdict}"


def merge(drills: Sequence[Results], into: Path) -> Path:
    """Copy the results of drills into a folder that is made, and say there what is whose."""
    if len(drills) == 1:
        return shutil.copytree(drills[0].path, into)
    into.mkdir()
    rows = {"SAMPLE": "some of it: a made-up company"} if any(drill.is_sample for drill in drills) else {}
    for drill in drills:
        for path in sorted(drill.path.iterdir()):
            if path.name.endswith("-globals.json"):
                _name_attachments(path, into / path.name, plan=drill.plan)
            elif path.is_file() and path.name not in (ENVIRONMENT, "executor.json"):
                shutil.copyfile(path, into / path.name)
        told = drill.environment
        rows[drill.plan] = "; ".join(
            told[name] for name in ("Verdict", "Recovery time", "Data loss", "Drill") if name in told
        )
    (into / ENVIRONMENT).write_text(properties(rows), encoding="utf-8")
    return into


def _name_attachments(path: Path, into: Path, *, plan: str) -> None:
    content = json.loads(path.read_bytes())
    for attachment in content.get("attachments", []):
        attachment["name"] = f"{plan}: {attachment['name']}"
    into.write_text(json.dumps(content), encoding="utf-8")
