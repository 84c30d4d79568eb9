"""What was measured on: the machine, the server and its settings, the state of the code."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.testbed import Testbed

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (
    "fsync",
    "full_page_writes",
    "synchronous_commit",
    "wal_level",
    "autovacuum",
    "shared_buffers",
    "maintenance_work_mem",
    "max_wal_size",
    "checkpoint_timeout",
    "max_parallel_maintenance_workers",
)


def machine() -> dict[str, str]:
    """Facts about this machine, by what they are called."""
    return {
        "processor": f"{_after('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
        "memory": f"{int(_after('/proc/meminfo', 'MemTotal').split()[0]) / 1e6:.1f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "load average at the start": ", ".join(f"{load:.1f}" for load in os.getloadavg()),
        "commit": _commit(),
    }


def about(bed: Testbed) -> dict[str, str]:
    """Facts about a server, by what they are called."""
    server = bed.server
    with server.connect("postgres") as connection:
        rows = connection.execute(
            "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY (%s)", [list(SETTINGS)]
        )
        shown = [f"{name}={value}" for name, value in rows]
    image = f", {server.image} ({server.image_digest})" if server.image else ""
    return {
        "server": f"PostgreSQL {server.version}{image}",
        "chosen": server.why,
        "settings": ", ".join(shown),
    }


def _after(path: str, name: str) -> str:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "unknown")


def _commit() -> str:
    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    return (
        f"{git('rev-parse', '--short', 'HEAD') or 'unknown'}{' with changes' if git('status', '-s') else ''}"
    )
