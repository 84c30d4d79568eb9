"""What a drill leaves on the machine, wherever that could be: files, processes, containers, mounts."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 180.0  # seconds, on a machine that does much else


def wait_until(what: Callable[[], object], *, patience: float = PATIENCE) -> bool:
    """Look again and again until something is so; whether it came to be."""
    deadline = time.monotonic() + patience
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def processes(folder: Path) -> list[str]:
    """The processes that have a folder in their command line, environment or working directory."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("no /proc: which processes were left cannot be told here")
    word, found = os.fsencode(folder), []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            told += os.fsencode((entry / "cwd").readlink())
        except OSError:
            continue
        if word in told:
            found.append(f"{entry.name}: {told[:100]!r}")
    return found


def pids(folder: Path, word: str) -> list[int]:
    """The processes of `processes` that have a word in their command line."""
    found = []
    for line in processes(folder):
        pid = int(line.split(":")[0])
        with contextlib.suppress(OSError):
            if word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def containers(folder: Path) -> list[str]:
    """The containers of drills that have something of a folder mounted, running or not; with their networks.

    Such a container is found before its drill has told its id, too.
    """
    if not shutil.which("docker"):
        return []
    return [one["Name"] for one in _inspected() if _mounts(one, folder)]


def networks(folder: Path) -> list[Path]:
    """Where the engine keeps the network namespaces that it made for those containers."""
    keys = [one["NetworkSettings"].get("SandboxKey") for one in _inspected() if _mounts(one, folder)]
    return [Path(key).resolve() for key in keys if key]


def lives(network: Path) -> bool:
    """Whether a network namespace is still there. The engine removes the empty file later on."""
    return network.is_mount()


def _inspected() -> list[dict]:
    if not shutil.which("docker"):
        return []
    listing = ["docker", "ps", "-aq", "--filter", "label=restore-drill.id"]
    ids = subprocess.run(listing, capture_output=True, text=True, check=False).stdout.split()
    if not ids:
        return []
    # One that goes meanwhile is left out of what is printed.
    done = subprocess.run(["docker", "inspect", *ids], capture_output=True, text=True, check=False)
    return json.loads(done.stdout or "[]")


def _mounts(container: dict, folder: Path) -> bool:
    return any(Path(mount.get("Source", "/")).is_relative_to(folder) for mount in container["Mounts"])


def mounts(folder: Path) -> list[str]:
    """The mounts below a folder, in this mount namespace."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [line for line in lines if f" {folder}/" in line]


def segments() -> set[str]:
    """System V shared memory that no process has attached any more, and whose maker is gone."""
    found = set()
    with contextlib.suppress(OSError):
        for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]:
            _, segment, _, _, maker, _, attached = line.split()[:7]
            if attached == "0" and not Path("/proc", maker).exists():
                found.add(segment)
    return found


def left(folder: Path) -> list[str]:
    """All of it."""
    return list(_left(folder))


def _left(folder: Path) -> Iterator[str]:
    yield from (f"file {path.name}" for path in folder.iterdir())
    yield from (f"process {told}" for told in processes(folder))
    yield from (f"container {name}" for name in containers(folder))
    yield from (f"mount {line}" for line in mounts(folder))


def is_whole(run) -> None:
    """Whatever a drill wrote of its evidence can be read, and says the same as the history."""
    history = run.folder.parent / "history.jsonl"
    lines = history.read_bytes().splitlines() if history.exists() else []
    kept = {drill["drill_id"]: drill for drill in map(json.loads, lines)}
    for bundle in (run.folder / "out").glob("[0-9]*"):
        evidence = json.loads((bundle / "evidence.json").read_bytes())
        assert evidence["drill_id"] == bundle.name
        assert bundle.name not in kept or kept[bundle.name]["verdict"] == evidence["verdict"]
