"""What came of a drill: its exit code, what it said, and the evidence that it wrote."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Run:
    """A drill that ran in a process of its own. evidence is None when it wrote none.

    folder: what it wrote where it was told to. temp: its temporary folder, which it is to leave empty.
    """

    code: int
    output: str
    evidence: dict[str, Any] | None
    folder: Path
    temp: Path

    @classmethod
    def of(cls, code: int, folder: Path, temp: Path) -> Run:
        """What came of a drill that is over, and was told to write into `folder`."""
        path = folder / "out" / "latest" / "evidence.json"
        return cls(
            code=code,
            output=(folder / "output").read_text(encoding="utf-8", errors="replace"),
            evidence=json.loads(path.read_bytes()) if path.exists() else None,
            folder=folder,
            temp=temp,
        )

    def verdicts(self) -> dict[str, str]:
        """The worst verdict of each control."""
        order = ["pass", "unverified", "fail"]
        worst: dict[str, str] = {}
        for check in (self.evidence or {})["checks"]:
            before = worst.get(check["control"], "pass")
            worst[check["control"]] = max(before, check["verdict"], key=order.index)
        return worst

    def not_green(self) -> dict[str, str]:
        """The controls that did not pass, with their verdicts."""
        return {control: verdict for control, verdict in self.verdicts().items() if verdict != "pass"}

    def red(self) -> set[str]:
        """The controls that are not green."""
        return set(self.not_green())

    @property
    def drill_id(self) -> str:
        """As its header says; empty for one that ended before that."""
        match = re.search(r"^drill: (\S+),", self.output, re.MULTILINE)
        return match[1] if match else ""

    def left(self) -> list[str]:
        """What it left in its temporary folder, and the containers that carry its id."""
        return [path.name for path in self.temp.iterdir()] + containers(self.drill_id)


def containers(drill_id: str) -> list[str]:
    """The ids of a drill's containers; none where there is no engine."""
    if not drill_id or not shutil.which("docker"):
        return []
    label = f"label=restore-drill.id={drill_id}"
    done = subprocess.run(
        ["docker", "ps", "-aq", "--filter", label], capture_output=True, text=True, check=False
    )
    return done.stdout.split()


def arguments(folder: Path) -> Iterator[str]:
    """The options that have a drill write into `folder` what `Run.of` reads, and nothing elsewhere."""
    # With "=": pytest looks for its root at a path that stands alone.
    yield from ("-p", "no:cacheprovider")
    yield f"--drill-evidence={folder / 'out'}"
    yield f"--alluredir={folder / 'allure'}"
    yield f"--drill-private={folder / 'private'}"
