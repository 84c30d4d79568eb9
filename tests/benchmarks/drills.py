"""Whole drills, to see how much memory their pytest process takes at its peak, and how long they last."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.errors import DrillError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.dumps import Dumps
    from tests.benchmarks.load import Big

ROOT = Path(__file__).resolve().parents[2]
EVERY = 0.02  # seconds between two looks at the process
JOBS = 2
NOW = "2026-12-01T12:00:00Z"
BACKUP = "backup-20261201T020000Z"
PLAN = """\
name = "benchmark"
[backup]
source = "{source}"
[tables.users]
min_rows = 1
[tables.call_logs]
min_rows = 1
[tables.rag_documents]
min_rows = 1
"""


def measure(dumps: Sequence[Dumps], *, kind: str, image: str | None, times: int) -> list[dict[str, Any]]:
    """Drill the plain and the gzipped form of each size, and the INSERT form of the smallest."""
    smallest = min(dumps, key=lambda made: made.text_bytes)
    found = []
    for made in dumps:
        for form in ("plain.sql", "plain.sql.gz", *(["inserts.sql"] if made is smallest else [])):
            largest = _largest_statement(made[form]) if form == "inserts.sql" else 0
            for time_number in range(times):
                took = drill(made[form], made, kind=kind, image=image)
                del took["checks"]
                found.append({"form": form, "megabytes": made.megabytes, "largest": largest, **took})
                told = f"peak {took['peak'] / 1e6:.0f} MB, {took['wall']:.1f} s"
                print(f"  {time_number + 1}/{times} {made.megabytes} MB {form}: {told}", flush=True)
    return found


def drill(
    dump: Path,
    made: Dumps | Big,
    *,
    kind: str,
    image: str | None,
    profile: str = "fast",
    suites: Sequence[str] = ("suites",),
    plan: str = PLAN,
) -> dict[str, Any]:
    """Run the suites over one dump; return its peak memory in bytes, its times in seconds, and its checks.

    Beside them the report: bytes and number of its files, lines in the terminal.

    Raises DrillError where the drill is not green, or did not restore every row.
    """
    # A short path, for a server's socket lies below it; and one that the server's user may pass through.
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    folder.chmod(0o711)
    try:
        backup = folder / f"{BACKUP}{''.join(dump.suffixes)}"
        backup.symlink_to(dump)
        (folder / "plan.toml").write_text(plan.format(source=backup.name), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", *suites, "-p", "no:cacheprovider"]
        command += [f"--drill-plan={folder / 'plan.toml'}", f"--drill-now={NOW}"]
        command += [f"--drill-server={kind}", f"--drill-profile={profile}", f"--drill-jobs={JOBS}"]
        command += [f"--drill-evidence={folder / 'out'}", f"--drill-history={folder / 'history.jsonl'}"]
        command += [f"--alluredir={folder / 'allure'}", f"--junitxml={folder / 'junit.xml'}"]
        command += [f"--drill-image={image}"] if image else []
        began = time.monotonic()
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "TMPDIR": str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            peak, family = _watch(process)
        wall = time.monotonic() - began
        written = folder / "out" / "latest" / "evidence.json"
        evidence = json.loads(written.read_bytes()) if written.exists() else {"checks": []}
        if process.returncode != 0:
            red = [check["message"] for check in evidence["checks"] if check["verdict"] != "pass"]
            said = (folder / "output").read_text(encoding="utf-8", errors="replace").splitlines()
            raise DrillError(
                f"the drill of {dump.name} is not green: {(red or said or ['it said nothing'])[0]}"
            )
        rows = {
            table["name"]: table["rows_restored"] for table in evidence["tables"] if not table["partitioned"]
        }
        if any(made.contents[name] != count for name, count in rows.items()):
            raise DrillError(f"the drill of {dump.name} did not restore all rows: {rows}")
        measured = evidence["measurements"]
        return {
            "peak": peak,
            "family": family,
            "wall": wall,
            "restore": measured["restore_time_seconds"],
            "phases": measured["phases"],
            "checks": evidence["checks"],
            "report": {
                "evidence_bytes": written.stat().st_size,
                "page_bytes": (written.parent / "summary.html").stat().st_size,
                "history_bytes": (folder / "history.jsonl").stat().st_size,
                "junit_bytes": (folder / "junit.xml").stat().st_size,
                "allure_files": len(list((folder / "allure").iterdir())),
                "allure_bytes": sum(path.stat().st_size for path in (folder / "allure").iterdir()),
                "terminal_lines": (folder / "output").read_bytes().count(b"\n"),
                "terminal_bytes": (folder / "output").stat().st_size,
            },
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _watch(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    """Wait for its end; return the peak of the process, and of it and its children together, in bytes.

    The first is the kernel's own high-water mark, which misses nothing; the second a sum of what is resident
    at one look, which counts shared pages twice.
    """
    peak = family = 0
    while process.poll() is None:
        peak = max(peak, _memory(process.pid, "VmHWM"))
        family = max(family, sum(_memory(pid, "VmRSS") for pid in _with_children(process.pid)))
        time.sleep(EVERY)
    return peak, family


def _memory(pid: int, line: str) -> int:
    with contextlib.suppress(OSError):
        for text in Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines():
            if text.startswith(f"{line}:"):
                return int(text.split()[1]) * 1024
    return 0


def _with_children(pid: int) -> list[int]:
    found = [pid]
    with contextlib.suppress(OSError, ValueError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                found += _with_children(int(child))
    return found


def _largest_statement(dump: Path) -> int:
    """In bytes. Nothing in these texts begins a line as pg_dump begins an INSERT, or ends it as one ends."""
    largest = size = 0
    with dump.open("rb") as file:
        for line in file:
            size = len(line) if line.startswith(b"INSERT INTO ") else size and size + len(line)
            largest = max(largest, size)
            if line.endswith(b");\n"):
                size = 0
    return largest
