"""Staging of gzipped SQL on one core: the whole pass, and its parts alone.

    python -m tests.benchmarks.staging BACKUP TIMES

measures one file in a process of its own, bound to one processor, and prints JSON.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixtures.archive import open_archive
from fixtures.archive.codecs import unpack
from fixtures.archive.digests import RowDigest
from fixtures.archive.source import OnDisk, Source
from tests.benchmarks.dumps import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fixtures.archive import Archive

ROOT = Path(__file__).resolve().parents[2]
WIDTHS = (450, 64)
TIMES = 5
SEED = 20261201
BLOCK_ROWS = 20_000
READ_BYTES = 1 << 18
HEAD = b"""\
--
-- PostgreSQL database dump
--

-- Dumped from database version 17.6
-- Dumped by pg_dump version 17.6

CREATE TABLE public.rows (id bigint NOT NULL, at timestamp with time zone, kind text, words text);

COPY public.rows (id, at, kind, words) FROM stdin;
"""
FOOT = b"""\\.

--
-- PostgreSQL database dump complete
--

"""


def measure(folder: Path, *, megabytes: int) -> list[dict[str, Any]]:
    """Measure both widths, each in a process of its own; return one record for each."""
    found = []
    for width in WIDTHS:
        backup = folder / f"rows-{width}-{megabytes}.sql.gz"
        if not backup.exists():
            _write(backup, width=width, size=megabytes * 1_000_000)
        command = [sys.executable, "-m", "tests.benchmarks.staging", str(backup), str(TIMES)]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        found.append({"width": width, **json.loads(done.stdout)})
        best = found[-1]["bytes"] / min(found[-1]["seconds"]["whole pass"]) / 1e6
        print(f"  rows of {width} bytes: {best:.0f} MB/s at best", flush=True)
    return found


def _write(backup: Path, *, width: int, size: int) -> None:
    """A dump of one table. Its rows repeat, but far beyond what gzip looks back (32 kB)."""
    chance = random.Random(SEED)
    words = WORDS.read_text(encoding="utf-8").split()
    rows = []
    for number in range(BLOCK_ROWS):
        head = f"{1_000_000 + number}\t2026-0{1 + number % 9}-1{number % 10} 12:{number % 60:02}:07.5+00\t"
        row = head + chance.choice(("ringing", "answered", "hangup")) + "\t"
        while len(row.encode()) < width:
            row += chance.choice(words) + " "
        # Cut in bytes, at the width less the line's end; never inside a character.
        rows.append(row.encode()[: width - 1].decode(errors="ignore").encode().replace(b"\\", b"/") + b"\n")
    block = b"".join(rows)
    fresh = backup.with_suffix(".new")
    with gzip.GzipFile(fresh, "wb", compresslevel=6, mtime=0) as packed:
        packed.write(HEAD)
        for _ in range(max(1, size // len(block))):
            packed.write(block)
        packed.write(FOOT)
    fresh.rename(backup)


def _parts(backup: Path, archive: Archive, folder: Path) -> dict[str, Callable[[], object]]:
    """What is timed, by name. The whole pass also has the lexer, the index and the disk."""
    rows = b"".join(chunk for entry in archive.entries if entry.rows for chunk in archive.rows(entry))

    def read() -> Iterator[bytes]:
        with backup.open("rb", buffering=0) as file:
            while chunk := file.read(READ_BYTES):
                yield chunk

    return {
        "whole pass": lambda: open_archive(backup, folder=folder),
        "decompress alone": lambda: deque(unpack("gzip", read(), what="the rows"), maxlen=0),
        "row digests alone": lambda: RowDigest().update(rows),
        "SHA-256 of the file alone": lambda: deque(Source(OnDisk(backup)).chunks(), maxlen=0),
    }


def main(backup: Path, times: int) -> int:
    """Bind ourselves to one processor and measure."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        archive = open_archive(backup, folder=folder)
        for part, run in _parts(backup, archive, folder).items():
            for _ in range(times):
                began = time.perf_counter()
                run()
                seconds.setdefault(part, []).append(time.perf_counter() - began)
    json.dump({"bytes": archive.text_bytes, "seconds": seconds}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
