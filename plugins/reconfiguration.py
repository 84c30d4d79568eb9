"""Where the list of what to reconfigure is written: a private file, as it holds values of rows.

It is outside of report and bundle, for its owner's eyes (0600), named after its drill, and not for ever: each
drill removes those that are older than KEPT.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from plugins.drill import DRILL, is_drill, shows_only
from plugins.evidence import FACTS
from plugins.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

KEPT = timedelta(days=14)
# Where the evidence's facts hold the path of this drill's list. The evidence itself names no folder.
LIST_AT = "reconfiguration_list"
# A drill's id, and what an interrupted writing left beside it.
_NAME = re.compile(r"\.?(\d{8}T\d{6}Z)-[0-9a-f]+-reconfigure\.md(\.\d+)?")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("drill").addoption(
        "--drill-private",
        metavar="DIR",
        help="where the list of what to reconfigure goes, with values of rows; reports/private by default",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Find a folder that the list must not be in before anything runs."""
    if not is_drill(config) or hasattr(config, "workerinput"):
        return
    folder, given = folder_of(config).resolve(), config.getoption("--drill-private")
    if folder.exists() and not folder.is_dir():
        raise pytest.UsageError(f"--drill-private names no folder: {given}\nHINT: Name a folder.")
    published = [config.rootpath / (config.getoption("--drill-evidence", None) or "reports/out")]
    published += [config.rootpath / name for name in ("reports/allure-results", "reports/allure-report")]
    if report := config.getoption("allure_report_dir", None):
        published.append(config.invocation_params.dir / report)
    if any(folder.is_relative_to(path.resolve()) for path in published):
        raise pytest.UsageError(
            f"--drill-private names a folder in one that others read: {given}\n"
            "HINT: Name one outside of the evidence and of the report."
        )


def folder_of(config: pytest.Config) -> Path:
    """The folder of the lists."""
    return config.rootpath / (config.getoption("--drill-private") or "reports/private")


def path_of(config: pytest.Config) -> Path:
    """The file of this drill's list."""
    return folder_of(config) / f"{config.stash[DRILL].drill_id}-reconfigure.md"


def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    if DRILL in config.stash and not hasattr(config, "workerinput") and not shows_only(config):
        remove_old(folder_of(config), now=datetime.now(UTC))


def remove_old(folder: Path, *, now: datetime) -> None:
    """Remove the lists of drills that began longer than KEPT ago. Nothing else in the folder is touched."""
    for path in folder.glob("*-reconfigure.md*") if folder.is_dir() else ():
        found = _NAME.fullmatch(path.name)
        if found is None or path.is_symlink() or not path.is_file():
            continue
        began_at = datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if now - began_at > KEPT:
            path.unlink(missing_ok=True)


def told(config: pytest.Config, written: Mapping[str, Any]) -> Iterator[str]:
    """The lines of the terminal: how much there is to change at each service, and where it stands."""
    counts: Mapping[str, Mapping[str, Any]] = written["reconfiguration"] or {}
    if not counts:
        return
    changes = [
        f"{service} {counted(told['changes'], 'change')}"
        for service, told in counts.items()
        if told["changes"]
    ]
    untold = [service for service, told in counts.items() if not told["told"]]
    unknown = f"; could not be told of {', '.join(untold)}" if untold else ""
    if not changes and len(untold) == len(counts):
        yield f"could not be told of {', '.join(untold)}"
    elif not changes:
        agreeing = ", ".join(service for service in counts if service not in untold)
        yield f"nothing to change at {agreeing}{unknown}"
    else:
        yield f"{', '.join(changes)}{unknown}; nothing was changed"
    path = config.stash[FACTS].known.get(LIST_AT)
    if path is not None:
        yield f"{path} says how (only you may read it)"
