"""Three verdicts, never two: pass, fail (it is bad) and unverified (we could not tell).

The type of the exception decides, in whatever phase of a test it was raised: an AssertionError or a
BackupError is a fail; a DrillError, a skip and anything unexpected are unverified.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

import pytest

from plugins.controls import CONTROLS, control_of, in_suites
from plugins.drill import DRILL, shows_only
from plugins.errors import BackupError, DrillError, NothingToCheckError
from plugins.scope import SCOPE
from plugins.words import visible

if TYPE_CHECKING:
    from collections.abc import Generator


class Verdict(StrEnum):
    """Ordered from good to bad by `worst`."""

    PASS = "pass"  # noqa: S105 - a verdict
    UNVERIFIED = "unverified"
    FAIL = "fail"


# What a report carries in the place of a verdict where there is nothing of the kind that a claim is about.
NOTHING = "nothing to check"


class ExitCode(IntEnum):
    """What the process tells its caller. 2 is an interrupted run, 4 a wrong plan or option (pytest's own)."""

    PASS = 0
    FAIL = 1
    UNVERIFIED = 6


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict over several; over none it is unverified: what ran on nothing proves nothing."""
    if not verdicts:
        return Verdict.UNVERIFIED
    return max(verdicts, key=list(Verdict).index)


def verdict_of(exception: BaseException | None) -> Verdict:
    """The verdict that an exception stands for."""
    if exception is None:
        return Verdict.PASS
    # BackupError is a DrillError that says "bad" and not "could not tell": it is asked for first.
    if isinstance(exception, (AssertionError, BackupError)):
        return Verdict.FAIL
    return Verdict.UNVERIFIED


@dataclass(slots=True)
class Check:
    """What came of one claim. seconds: wall time of all its phases."""

    control: str
    test: str
    verdict: Verdict = Verdict.PASS
    message: str = ""
    hint: str = ""
    seconds: float = 0.0


class Checks(dict[str, Check]):
    """The checks of this run by node id, in the order in which they ended."""

    @property
    def overall(self) -> Verdict:
        """The verdict of the run."""
        return worst([check.verdict for check in self.values()])

    @property
    def unverified(self) -> set[str]:
        """The controls with a check that could not be made."""
        return {check.control for check in self.values() if check.verdict is Verdict.UNVERIFIED}


CHECKS = pytest.StashKey[Checks]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("drill").addoption(
        "--drill-allow-unverified",
        metavar="CONTROL",
        action="append",
        default=[],
        help="exit 0 although this control could not be verified (repeatable); the verdict stays unverified",
    )


def pytest_configure(config: pytest.Config) -> None:
    if DRILL not in config.stash:
        return
    controls = config.stash[CONTROLS]
    unknown = set(config.getoption("--drill-allow-unverified")) - set(controls)
    if unknown:
        raise pytest.UsageError(
            f"--drill-allow-unverified names no control: {', '.join(sorted(unknown))}\n"
            f"HINT: The controls are {', '.join(sorted(controls))}."
        )
    if not hasattr(config, "workerinput"):
        config.stash[CHECKS] = Checks()
        config.pluginmanager.register(Recorder(config), "drill_recorder")


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    # Innermost: what the reporters outside of it read is what is decided here.
    if not in_suites(item):
        return (yield)
    style = item.config.option.tbstyle
    # No traceback is shown of a claim: pytest need not read and parse the sources for one, in a second.
    item.config.option.tbstyle = "value"
    try:
        report = yield
    finally:
        item.config.option.tbstyle = style
    exception = call.excinfo.value if call.excinfo else None
    expected_to_fail = item.get_closest_marker("xfail") is not None
    if isinstance(exception, NothingToCheckError) and not expected_to_fail:
        report.outcome = "skipped"
        message, _ = _words(exception)
        report.longrepr = (str(item.path), item.location[1] or 0, message)
        told = {"control": control_of(item).id, "verdict": NOTHING, "message": message, "hint": ""}
        vars(report)["drill"] = told
        return report
    verdict = Verdict.UNVERIFIED if expected_to_fail else verdict_of(exception)
    check = {"control": control_of(item).id, "verdict": str(verdict), "message": "", "hint": ""}
    if expected_to_fail:
        check["message"] = "the claim is marked as expected to fail"
    elif exception is not None:
        check["message"], check["hint"] = _words(exception)
    if verdict is not Verdict.PASS:
        report.outcome = "failed"
        # One reading for terminal, JUnit and Allure: no traceback, no local variable, no chained exception.
        report.longrepr = "\nHINT: ".join(filter(None, (check["message"], check["hint"])))
    vars(report)["drill"] = check  # travels from an xdist worker with the report
    return report


def _words(exception: BaseException) -> tuple[str, str]:
    if isinstance(exception, DrillError):
        return visible(exception.message), visible(exception.hint)
    # pytest tells a comparison of large objects in several lines.
    said = str(exception).strip() or type(exception).__name__
    return "\n".join(map(visible, said.split("\n"))), ""


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    told: dict[str, str] | None = getattr(report, "drill", None)
    if told is None or told["verdict"] == Verdict.PASS:
        return None
    # Categories of our own: pytest prints no traceback for them, the summary says each cause once.
    if told["verdict"] == NOTHING:
        return "nothing to check", "-", "NOTHING TO CHECK"
    if told["verdict"] == Verdict.FAIL:
        return "fail", "F", "FAIL"
    return "unverified", "U", "UNVERIFIED"


class Recorder:
    """Collects the checks where the reports arrive (without xdist here, with it in the controller)."""

    def __init__(self, config: pytest.Config) -> None:
        self.checks = config.stash[CHECKS]
        self.scope = config.stash[SCOPE]
        self.allowed = frozenset(config.getoption("--drill-allow-unverified"))
        self.foreign_failure = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told: dict[str, str] | None = getattr(report, "drill", None)
        if told is None:
            self._without_verdict(report)
            return
        if told["verdict"] == NOTHING:
            self.checks.pop(report.nodeid, None)  # that its setup passed
            self.scope.has_nothing(report.nodeid, told["control"], told["message"])
            return
        if report.nodeid in self.scope.nothing and told["verdict"] == Verdict.PASS:
            return  # what came after it went well
        check = self.checks.setdefault(report.nodeid, Check(control=told["control"], test=report.nodeid))
        check.seconds += report.duration
        verdict = Verdict(told["verdict"])
        if worst([check.verdict, verdict]) is not check.verdict:
            check.verdict, check.message, check.hint = verdict, told["message"], told["hint"]

    def _without_verdict(self, report: pytest.TestReport) -> None:
        if not report.failed:
            return
        if report.nodeid.startswith("suites/"):
            # An xdist worker that died takes its claim with it: nothing is known of it.
            self.checks[report.nodeid] = Check(
                control="",
                test=report.nodeid,
                verdict=Verdict.UNVERIFIED,
                message="the process that made the check died",
            )
        else:
            self.foreign_failure = True

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus not in (
            pytest.ExitCode.OK,
            pytest.ExitCode.TESTS_FAILED,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            return
        if shows_only(session.config):
            return
        unchecked = session.config.stash[SCOPE].unchecked(self.checks)
        match self.checks.overall:
            case Verdict.FAIL:
                session.exitstatus = ExitCode.FAIL
            case _ if unchecked:
                session.exitstatus = ExitCode.UNVERIFIED
            case Verdict.UNVERIFIED if not self.checks or self.checks.unverified - self.allowed:
                session.exitstatus = ExitCode.UNVERIFIED
            case _:
                session.exitstatus = ExitCode.FAIL if self.foreign_failure else ExitCode.PASS
