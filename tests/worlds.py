"""Worlds of the made-up company, to damage and to drill."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixtures.sample.company import CALLS

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
# Of worlds to damage: for an hour after a backup the tokens in it that expire have not all done so.
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """A folder that `python -m fixtures.sample` wrote: its plan and its backups, the oldest first."""

    folder: Path

    @property
    def plan(self) -> Path:
        return self.folder / "plan.toml"

    @property
    def now(self) -> datetime:
        """The instant that it leads up to."""
        return datetime.fromisoformat(self._told("now"))

    @property
    def calls(self) -> int:
        """How many the company has had."""
        return self._told("calls")

    def _told(self, name: str) -> Any:
        return json.loads((self.folder / "world.json").read_bytes())[name]

    def copied(self, folder: Path) -> World:
        """The same world in another folder, to damage."""
        return World(shutil.copytree(self.folder, folder))

    def replan(self, old: str, new: str) -> None:
        """Change the plan where it says something, and says it once."""
        plan = self.plan.read_text(encoding="utf-8")
        assert plan.count(old) == 1, f"{old!r} stands {plan.count(old)} times in the plan"
        self.plan.write_text(plan.replace(old, new), encoding="utf-8")

    @property
    def backups(self) -> list[Path]:
        return sorted((self.folder / "backups").glob("*.gz"), key=lambda path: path.stat().st_mtime)

    @property
    def newest(self) -> Path:
        return self.backups[-1]

    @property
    def text(self) -> str:
        """The newest backup's SQL."""
        return gzip.decompress(self.newest.read_bytes()).decode()

    def damage(self, change: Callable[[str], str]) -> None:
        """Write the newest backup anew, with its text changed; its file's time stays."""
        text = self.text
        changed = change(text)
        assert changed != text, "nothing was damaged"
        self.write(changed.encode())

    def write(self, text: bytes) -> None:
        """Write the newest backup anew, with this text; its file's time stays."""
        newest = self.newest
        kept = newest.stat().st_mtime
        newest.write_bytes(gzip.compress(text, 1, mtime=0))
        os.utime(newest, (kept, kept))


def write_world(folder: Path, *, now: datetime, calls: int = CALLS) -> World:
    """Have the sample's own command write a world. now: aware; calls: of the company, which are most rows."""
    command = [
        sys.executable,
        "-m",
        "fixtures.sample",
        str(folder),
        "--now",
        now.isoformat(),
        "--calls",
        str(calls),
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    world = World(folder)
    # A query asks the server's clock, which --drill-now does not set: two weeks later no call was recent.
    plan = world.plan.read_text(encoding="utf-8")
    assert " now() " in plan
    world.plan.write_text(plan.replace(" now() ", f" timestamptz '{now.isoformat()}' "), encoding="utf-8")
    return world


# What pg_dump writes, as little of it as there can be. {} is a place for more.
SMALL = """\
--
-- PostgreSQL database dump
--

-- Dumped from database version 17.4
-- Dumped by pg_dump version 17.6

CREATE TABLE public.users (
    id bigint
);

{}
COPY public.users (id) FROM stdin;
1
2
\\.

--
-- PostgreSQL database dump complete
--
"""


@dataclass(frozen=True)
class Small:
    """A folder with a plan of a few lines and a small backup of the plan's own day."""

    folder: Path
    now: str = "2026-11-22T12:00:00Z"

    @property
    def plan(self) -> Path:
        return self.folder / "plan.toml"

    @property
    def backup(self) -> Path:
        return self.folder / "backup-20261122T020000Z.sql"

    def write(self, *, more: str = "", plan: str = "", source: str | None = None) -> None:
        """Write both. more: SQL before the rows. plan: more lines of it."""
        self.backup.write_text(SMALL.format(more))
        source = self.backup.name if source is None else source
        self.plan.write_text(f'name = "small"\n[backup]\nsource = "{source}"\n{plan}')

    def args(self, *more: object) -> tuple[object, ...]:
        return "suites", "--drill-plan", self.plan, "--drill-now", self.now, *more
