"""Tells people of a full drill, and a dead-man's switch that it began and how it ended.

After the evidence is written, in the controller; so nothing of it is in the evidence, and nothing that goes
wrong here changes a verdict or an exit code: the terminal says it. Who narrows a run (-k, -x, a path, a mark)
tells nobody, nor does who stops it: that a drill began and never ended is for the switch to tell.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from plugins.controls import CONTROLS
from plugins.delivery import Delivery, Order
from plugins.drill import DRILL, shows_only
from plugins.evidence import WRITTEN
from plugins.history import drills, path_of
from plugins.message import compose, run_url
from plugins.plan import PLAN
from plugins.redaction import unforeseen
from plugins.scope import SCOPE
from plugins.selection import listing
from plugins.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path

    from plugins.plan import Notify

KINDS = {Verdict.PASS: "success", Verdict.FAIL: "failure", Verdict.UNVERIFIED: "warning"}
# How plugins.scope narrows a run of suites/backup, the weekly checklist.
CHECKLIST = ["suites/restore, suites/smoke did not run"]

STARTED = pytest.StashKey[Delivery]()
TOLD = pytest.StashKey[list[str]]()


def _asks(config: pytest.Config) -> Notify | None:
    """What the plan says of notifications, if this run may tell anybody."""
    if DRILL not in config.stash or shows_only(config) or listing(config) or config.getoption("maxfail"):
        return None
    return config.stash[PLAN].notify


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    config = session.config
    notify = _asks(config)
    # With xdist the controller collects nothing: the first worker speaks for it.
    first = getattr(config, "workerinput", {"workerid": "gw0"})["workerid"] == "gw0"
    if notify is None or not first or config.stash[SCOPE].narrowed or not config.stash[SCOPE].selected:
        return
    url = os.environ.get(notify.ping_env or "", "").strip()
    with contextlib.suppress(OSError):  # its end will have the same trouble, and say it
        if url:
            config.stash[STARTED] = Delivery(Order(ping=url, suffix="/start"))


# Around the one of plugins.evidence, which conftest.py names later: what that wrote is told.
@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    yield
    config = session.config
    notify = _asks(config)
    finished = session.exitstatus not in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR)
    if notify is None or WRITTEN not in config.stash or not finished:
        return
    narrowed = config.stash[SCOPE].narrowed
    if not narrowed or (notify.checklist and narrowed == CHECKLIST):
        passed = session.exitstatus == pytest.ExitCode.OK
        try:
            config.stash[TOLD] = list(_tell(config, notify, full=not narrowed, passed=passed))
        except Exception as error:  # noqa: BLE001 - whatever it is, the drill has its verdict
            config.stash[TOLD] = [f"NOT NOTIFIED: {unforeseen(error).message}"]


def _tell(config: pytest.Config, notify: Notify, *, full: bool, passed: bool) -> Iterator[str]:
    """Tell whom the plan names; yields the terminal's lines. passed: by the exit code, for the switch."""
    written, path = config.stash[WRITTEN]
    urls, ping = (os.environ.get(name or "", "").strip() for name in (notify.urls_env, notify.ping_env))
    found = occasions(written, verdict_before(path_of(config), written) if full else None)
    wanted = [occasion for occasion in found if occasion in (*notify.on, "alert")]
    if STARTED in config.stash:
        # First: what comes to the switch out of order is a drill that never ended.
        yield from _of_ping(config.stash[STARTED].troubles(), notify, "its start")
    order = Order(ping=ping if full else "", suffix="" if passed else "/fail")
    if urls:
        titles = {control.id: control.title for control in config.stash[CONTROLS].values()}
        where = tuple(filter(None, (_named(config, path), run_url(os.environ))))
        message = compose(written, titles, where=where, recovered="recovery" in found)
        order = replace(
            order,
            addresses=tuple(urls.split()),
            title=message.title if wanted else "",
            body=message.text,
            kind=KINDS[Verdict(written["verdict"])],
        )
    troubles = Delivery(order).troubles() if order.addresses or order.ping else {}
    yield from _of_addresses(troubles, notify, order, wanted)
    if full:
        yield from _of_ping(troubles, notify, "its end" if ping else "")


def occasions(written: Mapping[str, Any], before: str | None) -> list[str]:
    """What there is to tell of a drill. before: the verdict of the last one."""
    found = [str(written["verdict"])]
    if written["verdict"] == Verdict.PASS and before not in (None, Verdict.PASS):
        found.append("recovery")
    if written["alerts"]:
        found.append("alert")
    return found


def verdict_before(history: Path, written: Mapping[str, Any]) -> str | None:
    """The verdict of the last full drill of this plan before this one; None of the first."""
    before = None
    for drill in drills(history):
        same = (
            drill["plan"].get("name") == written["plan"]["name"] and drill.get("sample") == written["sample"]
        )
        if same and drill.get("scope") == "full" and drill["drill_id"] != written["drill_id"]:
            before = drill.get("verdict")
    return before


def _named(config: pytest.Config, path: Path) -> str:
    """The evidence, without the names of this machine's folders."""
    if config.rootpath in path.parents:
        return str(path.relative_to(config.rootpath))
    return f"{path.parent.name}/{path.name}"


def _of_addresses(
    troubles: Mapping[str, str], notify: Notify, order: Order, wanted: list[str]
) -> Iterator[str]:
    if notify.urls_env is None:
        return
    if not order.addresses:
        yield f"NOT NOTIFIED: {notify.urls_env} is not set"
        return
    failed = {place: trouble for place, trouble in troubles.items() if place != "ping"}
    told = len(order.addresses) - len(failed)
    if wanted and told:
        some = "1 address" if told == 1 else f"{told} addresses"
        yield f"notified    {some} of {notify.urls_env} ({', '.join(wanted)})"
    for place, trouble in failed.items():
        yield f"NOT NOTIFIED: address {place} of {notify.urls_env} {trouble}"


def _of_ping(troubles: Mapping[str, str], notify: Notify, what: str) -> Iterator[str]:
    if notify.ping_env is not None and not what:
        yield f"NOT PINGED: {notify.ping_env} is not set"
    elif "ping" in troubles:
        yield f"NOT PINGED ({what}): the URL in {notify.ping_env} {troubles['ping']}"


# After the summary.
@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines = config.stash.get(TOLD, [])
    for line in lines:
        terminalreporter.write_line(line, yellow=line.startswith("NOT "))
    if any(line.startswith("NOT ") for line in lines):
        terminalreporter.write_line("  HINT: Who counts on being told was not. The verdict stays as it is.")
