"""What is known of single claims only at the end of a drill: exemptions, and what a time consists of."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from plugins.drill import DRILL
from plugins.evidence import FACTS
from plugins.exemptions import MATCHED, OF_RULES
from plugins.files import write_atomically
from plugins.plan import PLAN
from plugins.progress import TITLES
from plugins.words import duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pytest


def exempted(config: pytest.Config) -> dict[str, str]:
    """The exemptions that excused something, in words, with the control that they are from."""
    known, today = config.stash[FACTS].known, config.stash[DRILL].now.date()
    found = {}
    for number, exemption in enumerate(config.stash[PLAN].exemptions):
        if known.get(MATCHED.format(number)) and today <= exemption.until:
            words = f"{exemption.object}: exempt until {exemption.until} by {exemption.owner}"
            found[f"{words}, because: {exemption.reason}"] = exemption.control or OF_RULES
    return found


def complete(folder: Path, written: Mapping[str, Any], found: Mapping[str, str]) -> None:
    """Add to the results of the claims what is known now. found: as `exempted` has it."""
    tables = {"restore-time": _restore(written), "recovery-time": _recovery(written)}
    for path in folder.glob("*-result.json"):
        result: dict[str, Any] = json.loads(path.read_bytes())
        labels = result.get("labels", [])
        controls = {entry["value"] for entry in labels if entry["name"] == "control"}
        told = [words for words, control in found.items() if control in controls]
        # A label, too: the report groups by it.
        labels += [{"name": "exempted", "value": words} for words in told]
        parts = [f"**Exempted:** {words}" for words in told]
        parts += [table for control, table in tables.items() if control in controls and table]
        if parts:
            result["description"] = "\n\n".join((result.get("description", ""), *parts))
            write_atomically(path, json.dumps(result, ensure_ascii=False).encode(), mode=0o644)


def _restore(written: Mapping[str, Any]) -> str:
    measured = written["measurements"]
    rows = [(TITLES.get(phase, phase), seconds) for phase, seconds in measured["phases"].items()]
    return _table(rows, whole=measured["restore_time_seconds"], called="restore_time")


def _recovery(written: Mapping[str, Any]) -> str:
    measured = written["measurements"]
    verified = next(step["measured_seconds"] for step in written["recovery"] if step["step"] == "verify")
    rows = (
        ("the restore", measured["restore_time_seconds"]),
        ("until the services had answered", verified),
        ("allowed for what people do by hand", written["objectives"]["manual_allowance_seconds"]),
    )
    return _table(rows, whole=measured["recovery_time_seconds"], called="recovery_time")


def _table(rows: Iterable[tuple[str, float | None]], *, whole: float | None, called: str) -> str:
    if whole is None:
        return ""
    lines = [f"| {name} | {_told(seconds)} |" for name, seconds in (*rows, (f"**{called}**", whole))]
    return "\n".join(("| part | time |", "|---|---|", *lines))


def _told(seconds: float | None) -> str:
    return "not told" if seconds is None else duration(timedelta(seconds=seconds))
