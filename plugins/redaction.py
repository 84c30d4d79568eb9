"""What a drill writes holds no secret and no value of a row.

The messages of drivers and servers quote values, and a traceback shows local variables. So an exception that
nobody foresaw is replaced, at the innermost place, by a sentence that names its type and where it was raised;
what reporters keep of hosts, processes and absolute paths is taken out of the Allure results.
"""

from __future__ import annotations

import ast
import errno
import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import allure_commons
import pytest
from _pytest.outcomes import OutcomeException

from plugins.assertions import fact
from plugins.controls import in_suites
from plugins.drill import DRILL
from plugins.errors import DrillError
from plugins.interrupts import stop_if_interrupted
from plugins.verdicts import NOTHING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

ROOT = Path(__file__).resolve().parent.parent
JUDGED = pytest.StashKey[bool]()


def _reason(message: str) -> str:
    """Why a claim was skipped. Allure is told of a path, a line and the reason, as the text of a tuple."""
    try:
        _path, _line, reason = ast.literal_eval(message)
    except (ValueError, SyntaxError, TypeError):
        return message
    return str(reason)


def unforeseen(error: BaseException) -> DrillError:
    """A DrillError in the place of an exception whose own words may hold anything."""
    where = ""
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if ROOT in path.parents and ".venv" not in path.parts and path != Path(__file__).resolve():
            where = f" at {path.relative_to(ROOT)}:{frame.lineno}"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DrillError(
            f"no space is left on the disk{where}", hint="Free disk space, or set TMPDIR to a larger disk."
        )
    sqlstate = getattr(error, "sqlstate", None)
    state = f" (SQLSTATE {sqlstate})" if isinstance(sqlstate, str) else ""
    return DrillError(
        f"unexpected {type(error).__name__}{state}{where}",
        hint="This is a defect of the drill, or a case it does not know yet: please report it.",
    )


def foreseen(error: BaseException) -> BaseException:
    """The exception as it may be shown."""
    if isinstance(error, pytest.skip.Exception):
        return DrillError(f"the check was skipped: {error.msg}")
    if isinstance(error, AssertionError):
        return AssertionError(fact(error))
    if isinstance(error, (DrillError, OutcomeException)) or not isinstance(error, Exception):
        return error
    return unforeseen(error)


def pytest_configure(config: pytest.Config) -> None:
    if DRILL not in config.stash:
        return
    config.stash[JUDGED] = False
    # httpx logs each request's URL with its query string, botocore its headers.
    for name in ("httpx", "httpcore", "docker", "urllib3", "testcontainers", "boto3", "botocore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    if DRILL in config.stash and config.pluginmanager.has_plugin("allure_listener"):
        allure_commons.plugin_manager.register(AllureRedaction(), "drill_redaction")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    stop_if_interrupted()
    if DRILL in item.config.stash:
        item.config.stash[JUDGED] = in_suites(item)
    return (yield)


def _shown(config: pytest.Config) -> Generator[None, Any, Any]:
    try:
        return (yield)
    except BaseException as error:
        stop_if_interrupted()
        if not config.stash.get(JUDGED, False):
            raise
        shown = foreseen(error)
        if shown is error:
            raise
        raise shown from None


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> Generator[None, Any, Any]:
    return (yield from _shown(request.config))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, Any, Any]:
    return (yield from _shown(pyfuncitem.config))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from _shown(item.config))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from _shown(item.config))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from _shown(item.config))


class AllureRedaction:
    """Takes what identifies the machine out of each Allure result before it is written."""

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: Any) -> None:
        result.labels = [label for label in result.labels if label.name not in ("host", "thread")]
        verdicts = {label.value for label in result.labels if label.name == "verdict"}
        if "fail" in verdicts:
            result.status = "failed"
        elif "unverified" in verdicts:
            result.status = "broken"
        elif NOTHING in verdicts:
            result.status = "skipped"
        if result.statusDetails is not None and result.statusDetails.trace:
            result.statusDetails.message = result.statusDetails.trace  # without the exception's class
            result.statusDetails.trace = None
        if result.status == "skipped" and result.statusDetails is not None:
            result.statusDetails.message = f"nothing to check: {_reason(result.statusDetails.message)}"
        _silence(result.steps)

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: Any) -> None:
        _silence((*container.befores, *container.afters))


def _silence(steps: Iterable[Any]) -> None:
    """Take the words of exceptions out of steps: a driver's own, not replaced yet."""
    for step in steps:
        step.statusDetails = None
        _silence(step.steps)
