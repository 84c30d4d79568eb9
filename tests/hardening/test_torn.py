"""What is written of a drill is whole or not there, wherever its process is killed while it writes.

Each test kills a process at every single one of its operations on files, in turn, and at bytes of a line.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.places.local import LocalPlace
from plugins import unfinished
from plugins.evidence import bundle, verifying
from plugins.history import append, drills, last_of, taken, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ON_FILES = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.truncate")
FILES = {"a.txt": b"a" * 100, "b.txt": b"b" * 100}


def killed_at(operation: int, work: Callable[[], None]) -> bool:
    """Do it in a process that is killed before its nth operation on a file; whether it came so far."""
    child = os.fork()
    if child == 0:
        count = 0

        def look(event: str, args: tuple[Any, ...]) -> None:
            nonlocal count
            # Modules that are imported late are opened, too.
            if event in ON_FILES and not str(args[0]).endswith((".py", ".pyc", "__pycache__")):
                count += 1
                if count == operation:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(look)
        try:
            work()
        except BaseException:  # noqa: BLE001 - a child of pytest must not go on as one
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def drill(number: int) -> dict[str, Any]:
    return {
        "schema": "restore-drill/evidence/1", "drill_id": f"20261122T12000{number}Z-abcdef", "sample": False,
        "scope": "full", "started_at": "2026-11-22T12:00:00Z", "finished_at": f"2026-11-22T12:00:0{number}Z",
        "plan": {"name": "small", "sha256": ""}, "verdict": "pass", "checks": [], "previous": None,
        "files": {}, "signed_by": None,
        **dict.fromkeys(("backup", "catalogue", "server", "objectives", "measurements", "tables")),
    }  # fmt: skip


def write(folder: Path, number: int) -> None:
    """Write a drill as a drill does."""
    history, out = folder / "history.jsonl", folder / "out"
    with taken(history):
        bundle.adopt(out, history, "small", sample=False)
        written = drill(number)
        written["previous"] = last_of(history, "small", sample=False)
        sealed = bundle.write(out / written["drill_id"], written, dict(FILES), key=None)
        append(history, written, sha256=sealed.sha256)
    bundle.point(out / "latest", written["drill_id"])


def test_evidence_is_whole_or_not_there_wherever_its_drill_is_killed(tmp_path):
    for operation in range(1, 200):
        folder = tmp_path / str(operation)
        write(folder, 1)
        killed = killed_at(operation, partial(write, folder, 2))
        for path in (folder / "out").glob(f".*{unfinished.SUFFIX}"):
            os.utime(path, (0, 0), follow_symlinks=False)  # it was long ago
        write(folder, 3)
        assert list((folder / "out").glob(".*")) == []
        bundles = [verifying.look(path, ()) for path in (folder / "out").glob("[0-9]*")]
        (chain,) = verifying.chains(bundles)
        told = [one.drill_id for one in chain.drills]
        assert {fault for one in bundles for fault in one.faults} == set(), operation
        assert chain.faults == [], operation
        assert told in ([drill(n)["drill_id"] for n in ids] for ids in ((1, 3), (1, 2, 3))), operation
        # The history tells of the same drills.
        assert [one["drill_id"] for one in drills(folder / "history.jsonl")] == told, operation
        assert (folder / "out" / "latest").resolve().name == told[-1]
        if not killed:
            break
    else:
        pytest.fail("it never came to its end")
    assert operation > 10


def test_what_is_kept_is_whole_or_not_there_wherever_its_drill_is_killed(tmp_path):
    """Nor is anything else among the files of a bundle, where an auditor's check would count it as added."""
    for operation in range(1, 200):
        archive = tmp_path / str(operation)

        def keep(place=LocalPlace(archive, shown="archive")) -> None:  # noqa: B008 - of this round
            for name in FILES:
                place.write(f"small/one/{name}", FILES[name])

        killed = killed_at(operation, keep)
        found = {path.name: path.read_bytes() for path in archive.glob("small/one/*")}
        assert found.items() <= FILES.items(), operation
        for path in archive.glob(f".*{unfinished.SUFFIX}"):
            os.utime(path, (0, 0), follow_symlinks=False)  # it was long ago
        keep()
        assert [path.name for path in archive.iterdir()] == ["small"], operation
        assert {path.name: path.read_bytes() for path in archive.glob("small/one/*")} == FILES
        if not killed:
            break
    else:
        pytest.fail("it never came to its end")
    assert operation > 10


def test_a_drill_that_began_first_and_ended_last_is_followed(tmp_path):
    for number in (1, 3, 2, 4):
        write(tmp_path, number)
    told = [one["drill_id"] for one in drills(tmp_path / "history.jsonl")]
    assert told == [drill(number)["drill_id"] for number in (1, 3, 2, 4)]
    last = json.loads((tmp_path / "out" / told[3] / "evidence.json").read_bytes())
    assert last["previous"]["drill_id"] == told[2]


@pytest.mark.parametrize("share", [0.0, 0.01, 0.4, 0.7])
def test_a_torn_line_of_the_history_hides_no_other_drill(tmp_path, share):
    """The line is torn by the kernel, which ends a process whose file grows beyond its limit."""
    write(tmp_path, 1)
    history = tmp_path / "history.jsonl"
    before = history.stat().st_size

    def grow_no_more() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        most = before + round(before * share)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        append(history, drill(2), sha256="")

    child = os.fork()
    if child == 0:
        grow_no_more()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGXFSZ
    assert (history.stat().st_size > before) == (share > 0)
    write(tmp_path, 3)
    assert [one["drill_id"][14] for one in drills(history)] == ["1", "3"]
    assert unreadable(history) == ([2] if share else [])
    latest = json.loads((tmp_path / "out" / "latest" / "evidence.json").read_bytes())
    assert latest["previous"]["drill_id"] == drill(1)["drill_id"]
