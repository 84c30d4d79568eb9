"""Which backup of the catalogue: the option, and the list to choose from."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.drill import DRILL, is_drill
from plugins.words import duration, instant, size, visible

LISTING = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("drill")
    group.addoption("--drill-backup", metavar="LABEL", help="which backup; the latest by default")
    group.addoption("--drill-list", action="store_true", help="print the catalogue's labels, and stop")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--drill-list") or not is_drill(config):
        return
    if hasattr(config, "workerinput") or config.getoption("numprocesses", None):
        raise pytest.UsageError("--drill-list runs in one process\nHINT: Leave -n out.")
    # One claim needs the catalogue and nothing else. It is collected, and asked instead of judged.
    config.args[:] = [str(config.rootpath / "suites" / "backup")]
    config.stash[LISTING] = []


def listing(config: pytest.Config) -> bool:
    """Whether this run lists backups and judges nothing."""
    return LISTING in config.stash


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if listing(config):
        items[:] = [item for item in items if item.name == "test_a_backup_exists"]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    config = pyfuncitem.config
    if not listing(config):
        return None
    catalogue: Any = pyfuncitem.funcargs["catalogue"]
    now = config.stash[DRILL].now
    listed = [(visible(backup.label), backup) for backup in reversed(catalogue.backups)]
    width = max((len(label) for label, _ in listed), default=0)
    config.stash[LISTING] += [
        f"{label:{width}}  {instant(backup.taken_at)}  {duration(now - backup.taken_at):>12} old"
        f"  {size(backup.size_bytes):>8}"
        for label, backup in listed
    ]
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if listing(config):
        for line in config.stash[LISTING]:
            terminalreporter.write_line(line)
