"""What this machine has to give."""

from __future__ import annotations

import os
from pathlib import Path


def free_memory() -> int:
    """Memory that is free on this machine, in bytes, within the limit of our own control group."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        free = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            free = min(free, int(Path(path).read_text(encoding="ascii")))
        except (OSError, ValueError):  # no such version of control groups, or "max"
            continue
    return free
