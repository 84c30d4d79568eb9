"""Too little disk or memory: one sentence that names it, nothing judged, nothing left."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

MB = 1 << 20


@pytest.fixture
def disk():
    """Makes a disk of some megabytes, to be the drill's TMPDIR."""
    made: list[Path] = []

    def make(megabytes: int) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="disk-"))
        made.append(folder)
        options = f"size={megabytes}m,mode=0711"
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip("no disk can be mounted here: what a full one does was not tried")
        return folder

    yield make
    for folder in made:
        subprocess.run(["umount", str(folder)], capture_output=True, check=False)
        folder.rmdir()


def is_short(run, disk: Path | None, *facts: str) -> None:
    """One clear error, once; unverified; nothing left."""
    assert run.code == 6, run.output
    assert "Traceback" not in run.output
    assert "INTERNALERROR" not in run.output
    assert run.evidence["verdict"] == "unverified"
    told = {check["message"] for check in run.evidence["checks"] if check["verdict"] != "pass"}
    assert len(told) == 1, told
    assert all(fact in next(iter(told)) for fact in facts), told
    assert run.left() == []
    assert disk is None or list(disk.iterdir()) == []


# Kept from growing with the text: a row that is long in the table and short in the dump.
FILLS = """
CREATE TABLE public.filler (id bigint, fills text);
ALTER TABLE public.filler ALTER fills SET STORAGE EXTERNAL;
INSERT INTO public.filler
    SELECT g, pg_catalog.repeat('x', 1000000) FROM pg_catalog.generate_series(1, {}) AS g;
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one", "workers"])
@pytest.mark.parametrize("megabytes", [1, 8])
def test_the_disk_is_full_while_the_backup_is_staged(drill_run, small, disk, megabytes, workers):
    small.write(more="".join(f"-- {'x' * 1000}\n" for _ in range(12_000)))
    folder = disk(megabytes)
    run = drill_run(*small.args("--drill-server", "embedded", *workers), env={"TMPDIR": str(folder)})
    is_short(run, folder, "no space is left to stage the backup's text")


def test_the_need_is_known_before_the_server_starts(drill_run, small, disk):
    small.write(more="".join(f"-- {'x' * 1000}\n" for _ in range(12_000)))
    folder = disk(600)
    run = drill_run(*small.args("--drill-server", "embedded"), env={"TMPDIR": str(folder)})
    is_short(run, folder, "the restored data needs about 1.0 GB of disk", str(folder))
    assert run.evidence["server"] is None


@pytest.mark.parametrize("server", ["embedded", "container"])
def test_the_disk_is_full_while_rows_are_restored(drill_run, small, disk, server, request):
    if server == "container":
        request.getfixturevalue("engine")
    small.write(more=FILLS.format(1300))
    folder = disk(1150)
    run = drill_run(*small.args("--drill-server", server), env={"TMPDIR": str(folder)})
    is_short(run, folder, "its disk is full")


def test_a_folder_that_only_root_may_enter(drill_run, small):
    if os.getuid() != 0:
        pytest.skip("not root: the server runs as the same user, and what root alone may enter was not tried")
    folder = drill_run.temp / "closed"
    folder.mkdir(mode=0o700)
    run = drill_run(*small.args("--drill-server", "embedded"), env={"TMPDIR": str(folder)})
    is_short(run, folder, f"another user may not enter {folder}")
    assert "HINT: Set TMPDIR to" in run.output


LITTLE_MEMORY = """
from plugins import machine

machine.free_memory = lambda: 400 << 20
"""
HUNGRY = """
SELECT pg_catalog.array_length(pg_catalog.array_agg(pg_catalog.repeat('x', 1000000)), 1)
FROM pg_catalog.generate_series(1, 2000);
"""


def test_the_container_is_out_of_memory(drill_run, small, tmp_path, engine):
    (tmp_path / "little_memory.py").write_text(LITTLE_MEMORY)
    small.write(more=HUNGRY)
    run = drill_run(
        *small.args("-p", "little_memory", "--drill-server", "container"), env={"PYTHONPATH": str(tmp_path)}
    )
    is_short(run, None, "memory runs out (its limit is 0.3 GB)")
