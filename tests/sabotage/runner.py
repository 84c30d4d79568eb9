"""Drills of healthy and of damaged worlds, and which verdicts a damage changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tests.sabotage.cases import ALONE, COMPARED, RESTORED
from tests.sabotage.kept import Kept
from tests.worlds import World, write_world

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Drills
    from tests.runs import Run

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
HISTORY = "history.jsonl"
# When the drill ended that drills of the world "compared" find in their history.
EARLIER = "2026-11-22T03:00:00Z"
# Enough for each hard text to be among them, and few enough for a drill to be quick.
CALLS = 200
# What is judged where nothing is restored: the services, and what the vendors keep.
AROUND = ("suites/smoke", "suites/backup/test_platform.py", "suites/backup/test_agent_exports.py")


@dataclass(frozen=True)
class Restored:
    """A database that a drill restored and left up, and the URL of it for a role that may only read."""

    kept: Kept
    url: str


class Worlds:
    """Healthy worlds, each made and drilled when it is first asked for.

    alone: a plan and its backups, and nothing to compare with. compared: with a manifest, a schema
    reference and an earlier drill. restored: alone, restored by somebody else.
    """

    def __init__(self, drills: Drills, folder: Path) -> None:
        self.drills, self.folder = drills, folder
        self._healthy: dict[str, dict[str, str]] = {}
        self._first_drills = 0

    @cached_property
    def alone(self) -> World:
        return write_world(self.folder / "alone", now=NOW, calls=CALLS)

    @cached_property
    def compared(self) -> World:
        world = self.alone.copied(self.folder / "compared")
        reference = world.folder / "schema.txt"
        with world.plan.open("a", encoding="utf-8") as plan:
            plan.write(f'\n[schema]\nreference = "{reference.name}"\n')
        wrote = self.drill(world, "--drill-write-manifest", "--drill-write-schema", reference)
        assert wrote.code == 0, wrote.output
        # It ended by the clock of this machine: a drill of another instant knows nothing of what came later.
        lines = (world.folder / HISTORY).read_text(encoding="utf-8")
        (world.folder / HISTORY).write_text(
            re.sub(r'("finished_at": ?)"[^"]*"', rf'\1"{EARLIER}"', lines), encoding="utf-8"
        )
        return world

    @cached_property
    def restored(self) -> Restored:
        kept = Kept.of(self.drill(self.alone, "--drill-keep"))
        return Restored(kept, kept.judge())

    def of(self, name: str) -> World:
        """A healthy world by its name."""
        return {ALONE: self.alone, COMPARED: self.compared}[name]

    def drill(self, world: World, *args: object, **options: Any) -> Run:
        """Drill a world as of its instant, on the embedded server unless the arguments say otherwise."""
        given = ["--drill-sample", "--drill-plan", world.plan, "--drill-now", NOW.isoformat(), *args]
        if not any(str(arg).startswith(("--drill-server", "--drill-restored")) for arg in args):
            given += ["--drill-server", "embedded"]
        if not any(str(arg).startswith("suites") for arg in args):
            given.insert(0, "suites")
        if "\n[schema]\n" in world.plan.read_text(encoding="utf-8"):
            history = world.folder / HISTORY
        else:
            # Of a world that has nothing to compare with, each drill is the first one.
            self._first_drills += 1
            history = self.folder / f"history{self._first_drills}.jsonl"
        return self.drills(*given, history=history, **options)

    def judge(self, **options: Any) -> Run:
        """Drill the database that was restored once, and the services around it; nothing is restored."""
        return self.drill(self.alone, *AROUND, "--drill-restored", self.restored.url, **options)

    def end(self) -> None:
        """Remove what is still up."""
        if "restored" in self.__dict__:
            self.restored.kept.remove()

    def healthy(self, name: str) -> dict[str, str]:
        """The verdicts of a healthy world, by control."""
        if name not in self._healthy:
            run = (
                self.judge()
                if name == RESTORED
                else self.drill(self.of(name).copied(self.folder / f"{name}-healthy"))
            )
            self.note(name, run)
        return self._healthy[name]

    def note(self, name: str, run: Run) -> None:
        """Keep the verdicts of a drill of a healthy world; it must be green."""
        assert (run.code, run.not_green()) == (0, {}), run.output
        self._healthy[name] = run.verdicts()

    def changes(self, name: str, run: Run) -> dict[str, str]:
        """The controls with another verdict than in a healthy world; one that has none is "absent"."""
        assert run.evidence is not None, run.output
        healthy, found = self.healthy(name), run.verdicts()
        return {
            control: found.get(control, "absent")
            for control in sorted(healthy.keys() | found.keys())
            if found.get(control, "absent") != healthy.get(control, "absent")
        }
