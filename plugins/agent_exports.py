"""Exports of the ElevenLabs agents: the option that has a drill write one, and what makes a folder one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from plugins.drill import DRILL, is_drill
from plugins.evidence import FACTS
from plugins.words import counted

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "restore-drill/elevenlabs-exports/1"
INDEX = "index.json"
# Where the evidence's facts hold how many agents, tools and documents were written.
WRITTEN = "agents_exported"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("drill").addoption(
        "--drill-export-agents",
        metavar="DIR",
        help="write an export of the ElevenLabs agents: an empty folder, or an earlier export",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Find a folder that no export can be written to before anything runs."""
    folder = write_to(config) if is_drill(config) else None
    if folder is None or hasattr(config, "workerinput"):
        return
    given = config.getoption("--drill-export-agents")
    if not folder.parent.is_dir() or (folder.exists() and not folder.is_dir()):
        raise pytest.UsageError(
            f"--drill-export-agents names no folder that can be made: {given}\n"
            "HINT: Name a folder in one that is there."
        )
    if not may_be_written(folder):
        raise pytest.UsageError(
            f"--drill-export-agents names a folder that holds something else: {given}\n"
            "HINT: Name an empty folder, or one that an earlier export wrote."
        )


def write_to(config: pytest.Config) -> Path | None:
    """Where an export is to be written, if it is."""
    given: str | None = config.getoption("--drill-export-agents", None)
    return None if given is None else config.invocation_params.dir / given


def may_be_written(folder: Path) -> bool:
    """Whether a folder is not there, empty (but for what begins with a dot, as .git does), or an export."""
    try:
        if not any(not child.name.startswith(".") for child in folder.iterdir()):
            return True
        found = json.loads((folder / INDEX).read_bytes())
    except FileNotFoundError:
        return not folder.exists()
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("format") == FORMAT


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if DRILL not in config.stash or hasattr(config, "workerinput"):
        return
    facts = config.stash[FACTS]
    if write_to(config) is not None and WRITTEN not in facts.known:
        facts.not_proven("the export that --drill-export-agents asks for was not written")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if DRILL not in config.stash:
        return
    written = config.stash[FACTS].known.get(WRITTEN)
    if written:
        counts = ", ".join(counted(number, noun) for noun, number in written.items())
        terminalreporter.write_line(f"exported {counts} to {config.getoption('--drill-export-agents')}")
