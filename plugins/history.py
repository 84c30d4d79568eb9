"""The drills before this one: one line of JSON each, appended under a lock."""

from __future__ import annotations

import contextlib
import json
import os
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from plugins.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
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
    "server",
    "objectives",
    "verdict",
    "measurements",
    "tables",
)
OF_A_TABLE = ("name", "rows_restored", "bytes_restored", "partitioned")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("drill").addoption(
        "--drill-history", metavar="FILE", help="earlier drills; reports/history.jsonl by default"
    )


def path_of(config: pytest.Config) -> Path:
    """The history file of this run."""
    return config.rootpath / (config.getoption("--drill-history") or "reports/history.jsonl")


@contextlib.contextmanager
def taken(path: Path) -> Iterator[None]:
    """Have a history file to oneself, until the end: nobody else appends. It may be taken again inside."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f"{path.name}.lock"), is_singleton=True):
        yield


def append(
    path: Path, evidence: dict[str, Any], *, sha256: str, answers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Add a drill, and return its line. sha256: of its evidence file, which the next drill's evidence names.

    answers: of the queries whose answer the next drill's is compared with. They stand in no evidence.
    """
    kept = {name: evidence[name] for name in KEPT} | {"answers": dict(answers or {}), "sha256": sha256}
    # Of each table what later drills ask for: of thousands the rest would be most of a line.
    if isinstance(evidence["tables"], list):
        kept["tables"] = [
            {name: table[name] for name in OF_A_TABLE if name in table}
            for table in evidence["tables"]
            if isinstance(table, dict)
        ]
    # Which controls were not green: a drill may be good in spite of one.
    kept["not_passed"] = sorted(
        {check["control"] for check in evidence.get("checks") or () if check["verdict"] != "pass"}
    )
    with taken(path), path.open("ab+") as handle:
        torn = handle.tell() > 0 and _last_byte(handle.fileno()) != b"\n"
        handle.write((b"\n" if torn else b"") + _line(kept))
        handle.flush()
        os.fsync(handle.fileno())
    return kept


def fill(path: Path, kept: Iterable[dict[str, Any]]) -> int:
    """Add the drills that another copy of the history knows and this one does not; how many there were.

    A drill's id begins with its instant: they come to stand where they belong.
    """
    with taken(path):
        known = {drill["drill_id"] for drill in drills(path)}
        more = [drill for drill in kept if _is_drill(drill) and drill["drill_id"] not in known]
        if more:
            lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
            ours = [(_id_of(line), line if line.endswith(b"\n") else line + b"\n") for line in lines]
            theirs = [(drill["drill_id"], _line(drill)) for drill in more]
            # A line that cannot be read stays where it is found: before all that is told of later.
            write_atomically(path, b"".join(line for _, line in sorted([*ours, *theirs], key=itemgetter(0))))
    return len(more)


def _line(drill: Mapping[str, Any]) -> bytes:
    # Half of a pair, which JSON can name and UTF-8 cannot write, stays the escape that it was.
    return json.dumps(drill, ensure_ascii=False).encode(errors="backslashreplace") + b"\n"


def _id_of(line: bytes) -> str:
    drill = _read(line)
    return "" if drill is None else str(drill["drill_id"])


def _last_byte(descriptor: int) -> bytes:
    return os.pread(descriptor, 1, os.fstat(descriptor).st_size - 1)


def drills(path: Path) -> Iterator[dict[str, Any]]:
    """The drills of a history file, oldest first; for lines that tell of none see `unreadable`."""
    for line in path.read_bytes().splitlines() if path.exists() else ():
        drill = _read(line)
        if drill is not None:
            yield drill


def unreadable(path: Path) -> list[int]:
    """The numbers, from 1, of the lines that tell of no drill: torn by a crash, or edited by somebody."""
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [number for number, line in enumerate(lines, 1) if line.strip() and _read(line) is None]


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        drill = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return drill if _is_drill(drill) else None


def _is_drill(drill: object) -> bool:
    return (
        isinstance(drill, dict)
        and isinstance(drill.get("drill_id"), str)
        and isinstance(drill.get("plan"), dict)
    )


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
