"""The plans of a fleet: those of the folder plans/, or without any the one plan drill.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plugins.errors import PlanError

if TYPE_CHECKING:
    from pathlib import Path

# As plugins.plan has it. It becomes the name of an artifact and of a label.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


@dataclass(frozen=True)
class Planned:
    """A plan to drill. plan: its file, relative to the project. archived: its history outlives the runner."""

    plan: str
    name: str
    archived: bool


def planned(root: Path, only: str = "") -> list[Planned]:
    """The plans below a project's folder; `only` names the file of one.

    A plan that is wrong is listed under its file's name: the drill says what is wrong with it. Raises
    PlanError where there is none, and where two have one name.
    """
    paths = [root / only] if only else sorted((root / "plans").glob("*.toml")) or [root / "drill.toml"]
    found: dict[str, Planned] = {}
    for path in paths:
        if not path.is_file() or root.resolve() not in path.resolve().parents:
            raise PlanError(
                f"there is no plan {only or path.name}",
                hint="Name a file of this repository: plans/acme.toml.",
            )
        relative = path.resolve().relative_to(root.resolve()).as_posix()
        name, archived = _read(path)
        if name in found:
            raise PlanError(
                f"{found[name].plan} and {relative} have one name: {name}",
                hint="Give each plan a name of its own: its history and its issue go by it.",
            )
        found[name] = Planned(relative, name, archived)
    return list(found.values())


def _read(path: Path) -> tuple[str, bool]:
    try:
        plan: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        plan = {}
    name, evidence = plan.get("name"), plan.get("evidence")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        name = re.sub(r"[^A-Za-z0-9]+", "-", path.stem).strip("-") or "plan"
    return name, isinstance(evidence, dict) and bool(evidence.get("archive"))
