"""Allure: results are written without asking, labelled for people who do not read code."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from plugins.controls import control_of, in_suites
from plugins.drill import DRILL, is_drill, shows_only
from plugins.plan import PLAN
from plugins.target import TARGET

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if not is_drill(config) or shows_only(config):
        return
    # Before allure-pytest reads its option. A worker gets options that were typed, and not what was set here.
    if hasattr(config, "workerinput"):
        config.option.allure_report_dir = config.workerinput["allure_report_dir"]
        return
    if not config.getoption("allure_report_dir", None):
        config.option.allure_report_dir = str(config.rootpath / "reports" / "allure-results")
        # Here and not by --clean-alluredir, which each worker would do once more.
        shutil.rmtree(config.option.allure_report_dir, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Xdist, in the controller: tell a worker where the results go."""
    if DRILL in node.config.stash:
        node.workerinput["allure_report_dir"] = node.config.getoption("allure_report_dir", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if DRILL not in config.stash:
        return
    import allure

    for item in items:
        if not in_suites(item):
            continue
        control = control_of(item)
        item.add_marker(allure.severity(control.severity))
        item.add_marker(allure.label("control", control.id))
        item.add_marker(allure.epic(config.stash[PLAN].name))
        item.add_marker(allure.feature(control.title))
        if config.stash[DRILL].sample:
            item.add_marker(allure.tag("SAMPLE"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    told: dict[str, str] | None = getattr(report, "drill", None)
    if told is not None and told["message"]:
        import allure

        # plugins.redaction sets Allure's status from it, whichever phase spoke.
        allure.dynamic.label("verdict", told["verdict"])
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if DRILL not in config.stash or hasattr(config, "workerinput") or shows_only(config):
        return
    folder = config.getoption("allure_report_dir", None)
    if folder:
        _write_environment(config, folder)


def _write_environment(config: pytest.Config, folder: str) -> None:
    from pathlib import Path

    from plugins.evidence import FACTS

    drill, known = config.stash[DRILL], config.stash[FACTS].known
    server: dict[str, Any] = known.get("server", {})
    backup: dict[str, Any] = known.get("backup", {})
    rows = {
        "SAMPLE": "a made-up company, nothing real was drilled" if drill.sample else None,
        "drill": drill.drill_id,
        "plan": config.stash[PLAN].name,
        "backup": backup.get("label"),
        # As the summary has it: what the dump says of itself, before the time of a file that was copied.
        "backup.taken": backup.get("recovery_point") or backup.get("taken_at"),
        "backup.PostgreSQL": backup.get("dumped_from"),
        "server": server.get("kind"),
        "server.PostgreSQL": server.get("version"),
        "server.sealed": server.get("sealed"),
        "profile": config.stash[TARGET].profile,
    }
    lines = [f"{name}={value}" for name, value in rows.items() if value is not None]
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    (path / "environment.properties").write_text("\n".join(lines) + "\n", encoding="utf-8")
