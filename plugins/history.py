"""The drills before this one: one line of JSON each, appended under a lock."""

from __future__ import annotations

import fcntl
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pytest

KEPT = (
    "drill_id",
    "sample",
    "scope",
    "finished_at",
    "plan",
    "backup",
    "catalogue",
    "verdict",
    "measurements",
    "tables",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("drill").addoption(
        "--drill-history", metavar="FILE", help="earlier drills; reports/history.jsonl by default"
    )


def path_of(config: pytest.Config) -> Path:
    """The history file of this run."""
    return config.rootpath / (config.getoption("--drill-history") or "reports/history.jsonl")


def append(
    path: Path, evidence: dict[str, Any], *, sha256: str, answers: Mapping[str, str] | None = None
) -> None:
    """Add a drill. sha256: of its evidence file, which the next drill's evidence names.

    answers: of the queries whose answer the next drill's is compared with. They stand in no evidence.
    """
    kept = {name: evidence[name] for name in KEPT} | {"answers": dict(answers or {}), "sha256": sha256}
    # Which controls were not green: a drill may be good in spite of one.
    kept["not_passed"] = sorted(
        {check["control"] for check in evidence.get("checks") or () if check["verdict"] != "pass"}
    )
    line = json.dumps(kept, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        torn = handle.tell() > 0 and _last_byte(handle.fileno()) != b"\n"
        handle.write((b"\n" if torn else b"") + line.encode() + b"\n")
        handle.flush()
        os.fsync(handle.fileno())


def _last_byte(descriptor: int) -> bytes:
    return os.pread(descriptor, 1, os.fstat(descriptor).st_size - 1)


def drills(path: Path) -> Iterator[dict[str, Any]]:
    """The drills of a history file, oldest first; a line that a crash tore is left out."""
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        try:
            drill = json.loads(line)
        except ValueError:
            continue
        if isinstance(drill, dict) and "drill_id" in drill and isinstance(drill.get("plan"), dict):
            yield drill


def passed(path: Path, plan: str, *, sample: bool) -> Iterator[dict[str, Any]]:
    """The full drills of a plan that passed, oldest first."""
    for drill in drills(path):
        same = drill["plan"].get("name") == plan and drill.get("sample") == sample
        if same and drill.get("verdict") == "pass" and drill.get("scope") == "full":
            yield drill


def last_of(path: Path, plan: str, *, sample: bool) -> dict[str, Any] | None:
    """The drill of the same plan before this one, as {drill_id, sha256}; None when this is the first."""
    last = None
    for drill in drills(path):
        if drill["plan"].get("name") == plan and drill.get("sample") == sample:
            last = {"drill_id": drill["drill_id"], "sha256": drill.get("sha256")}
    return last
