"""Allure: results are written without asking, one folder a plan, and that of the plan's newest drill only.

They are written beside that folder and take its place when the drill ends: two drills at once do not mix, and
a drill that was killed leaves the earlier results as they are. With --alluredir they are where that says.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from plugins.allure_results.around import write
from plugins.allure_results.claims import Claims, mark
from plugins.controls import control_of, in_suites
from plugins.drill import DRILL, is_drill, shows_only
from plugins.evidence import WRITTEN
from plugins.files import locked
from plugins.plan import PLAN

if TYPE_CHECKING:
    from collections.abc import Generator

# Below reports/: a folder for each plan.
RESULTS = "allure-results"
UNFINISHED = ".allure-results-"
STALE = 7 * 86_400.0  # seconds: no drill takes a week
OWN = pytest.StashKey[Path]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if not is_drill(config) or shows_only(config):
        return
    # What a library prints or logs may hold anything, also a value of a row.
    config.option.attach_capture = False
    # Before allure-pytest reads its option. A worker gets options that were typed, and not what was set here.
    if hasattr(config, "workerinput"):
        config.option.allure_report_dir = config.workerinput["allure_report_dir"]
        return
    if not config.getoption("allure_report_dir", None):
        reports = config.rootpath / "reports"
        _remove_stale(reports)
        own = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=reports))
        config.add_cleanup(lambda: shutil.rmtree(own, ignore_errors=True))
        config.stash[OWN] = own
        config.option.allure_report_dir = str(own)


def _remove_stale(reports: Path) -> None:
    """Remove what drills that were killed have left."""
    for path in reports.glob(f"{UNFINISHED}*"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < time.time() - STALE:
                shutil.rmtree(path)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Xdist, in the controller: tell a worker where the results go."""
    if DRILL in node.config.stash:
        node.workerinput["allure_report_dir"] = node.config.getoption("allure_report_dir", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if DRILL not in config.stash:
        return
    claims = [item for item in items if in_suites(item)]
    several = Counter(control_of(item).id for item in claims)
    for item in claims:
        mark(item, alone=several[control_of(item).id] == 1)


def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    if DRILL in config.stash and config.pluginmanager.has_plugin("allure_listener"):
        import allure_commons

        claims = Claims(config.stash[PLAN].name)
        config.pluginmanager.register(claims, "drill_claims")
        allure_commons.plugin_manager.register(claims, "drill_claims")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    told: dict[str, str] | None = getattr(report, "drill", None)
    if told is not None and told["message"]:
        import allure

        # plugins.redaction sets Allure's status from it, whichever phase spoke.
        allure.dynamic.label("verdict", told["verdict"])
    return report


# Outside of plugins.evidence, which has written when this goes on.
@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    yield
    config = session.config
    folder = config.getoption("allure_report_dir", None)
    if WRITTEN not in config.stash or not folder:
        return
    written, path = config.stash[WRITTEN]
    write(config, Path(folder), written, bundle=path.parent)
    if OWN in config.stash:
        _publish(config.stash[OWN], config.rootpath / "reports" / RESULTS / config.stash[PLAN].name)


def _publish(own: Path, place: Path) -> None:
    """Put the results in the place of those of the plan's earlier drill."""
    place.parent.mkdir(parents=True, exist_ok=True)
    own.chmod(0o755)  # meant to be read by others
    with locked(place.parent.with_suffix(".lock")):
        shutil.rmtree(place, ignore_errors=True)
        own.rename(place)
