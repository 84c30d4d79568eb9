"""The end of a drill in the terminal: what was drilled, measured and found, and the verdict."""

from __future__ import annotations

import shutil
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from plugins import outline, reconfiguration, recovery
from plugins.controls import CONTROLS
from plugins.drill import DRILL, shows_only
from plugins.evidence import NOT_KEPT, WRITTEN
from plugins.lifetime import Folder
from plugins.page import NAME as PAGE
from plugins.plan import PLAN
from plugins.scope import SCOPE
from plugins.selection import listing
from plugins.verdicts import CHECKS, Check, Verdict
from plugins.words import counted, duration, instant, size, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

RECOVERY = "recovery time"
# So many claims that the plan does not ask for are told one by one.
MOST_LEFT_OUT = 2
COLOURS = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.UNVERIFIED: "yellow"}


def pytest_report_header(config: pytest.Config) -> list[str]:
    if DRILL not in config.stash or shows_only(config):
        return []
    drill, plan = config.stash[DRILL], config.stash[PLAN]
    lines = [f"drill: {drill.drill_id}, plan {plan.name}"]
    if drill.now_overridden:
        lines.append(f"now: ages are judged as of {instant(drill.now)}")
    if drill.sample:
        lines.append("SAMPLE: a made-up company, nothing real is drilled")
    return lines


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if DRILL not in config.stash or shows_only(config) or hasattr(config, "workerinput"):
        return
    checks = config.stash[CHECKS]
    tell = terminalreporter
    if listing(config):
        for check in _causes(list(checks.values()), Verdict.FAIL, Verdict.UNVERIFIED):
            _tell_cause(tell, config, *check)
        return
    if WRITTEN not in config.stash:
        return
    written, path = config.stash[WRITTEN]
    verdict = Verdict(written["verdict"])
    under = [word for word, is_so in _standing(written) if is_so]
    tell.section(f"Restore Drill: {', '.join([verdict.upper(), *under])}", sep="-", bold=True)
    left = outline.unproven(written)
    for name, text in _lines(written, left):
        _tell(tell, f"{name:<11} {text}".rstrip(), hanging=12)
    for nth, text in enumerate(reconfiguration.told(config, written)):
        _tell(tell, f"{'' if nth else 'reconfigure':<11} {text}", hanging=12)
    if written["not_proven"]:
        tell.write_line("not proven:")
        for text in _in_short(
            left, config.stash[SCOPE].nothing_of(check.control for check in checks.values())
        ):
            _tell(tell, f"  - {text}", hanging=4)
    for text in config.stash.get(outline.NOT_MADE, []):
        _tell(tell, f"ALERT: {text}", hanging=2, yellow=True)
    for text in written["alerts"]:
        _tell(tell, f"ALERT: {text}", hanging=2, yellow=True)
    # What is bad is told last: it is read first.
    for cause in _causes(list(checks.values()), Verdict.UNVERIFIED, Verdict.FAIL):
        _tell_cause(tell, config, *cause)
    partial = f" (partial: {outline.PARTIAL})" if written["scope"] == "partial" else ""
    allowed = sorted(checks.unverified & set(written["allowed_unverified"]))
    excused = f" (allowed: {', '.join(allowed)})" if allowed and verdict is Verdict.UNVERIFIED else ""
    tell.write_line(f"verdict     {verdict.upper()}{partial}{excused}", bold=True, **{COLOURS[verdict]: True})
    tell.write_line(f"evidence    {_relative(path, config)}")
    if not written["signed_by"]:
        tell.write_line("            unsigned: no key in DRILL_EVIDENCE_KEY")
    if NOT_KEPT in config.stash:
        error = config.stash[NOT_KEPT]
        _tell(
            tell, f"NOT KEPT    {error.message}: the evidence is on this machine alone", hanging=12, red=True
        )
        if error.hint:
            _tell(tell, f"            HINT: {error.hint}", hanging=12)
    if (page := path.with_name(PAGE)).exists():
        tell.write_line(f"page        {_relative(page, config)}")
    if config.stash[DRILL].keep:
        _tell_kept(tell, config)


def _standing(written: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    yield "SAMPLE", written["sample"]
    yield "partial", written["scope"] == "partial"


def _tell(tell: pytest.TerminalReporter, text: str, *, hanging: int, **how: bool) -> None:
    """One line; on a terminal folded between words, and what follows set in by so many columns."""
    text = visible(text)
    if not tell.isatty:
        tell.write_line(text, **how)  # whatever reads it folds it, or looks for it
        return
    width = max(shutil.get_terminal_size().columns, 40)
    indent = " " * hanging
    for line in textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False) or [""]:
        tell.write_line(line, **how)


def _in_short(left: outline.Unproven, nothing: dict[str, list[str]]) -> Iterator[str]:
    """What is not proven: one line for what the plan does not ask for, and for what there is nothing of.

    nothing: why there was nothing to check, with the controls. The evidence has each.
    """
    if left.left_out_claims <= MOST_LEFT_OUT:
        for key, titles in left.left_out.items():
            yield from (f"{title}: the plan has no {key}" for title in titles)
    else:
        claims = counted(left.left_out_claims, "claim")
        yield f"{claims} that the plan does not ask for: it has no {', '.join(left.lacking)}"
    if nothing:
        controls = counted(sum(map(len, nothing.values())), "control")
        why = min(nothing, key=len)
        yield f"{controls} with nothing to check, {'such as' if len(nothing) > 1 else 'as'}: {why}"
    yield from (text for text in left.others if not text.endswith(tuple(f": {why}" for why in nothing)))


def _relative(path: Any, config: pytest.Config) -> str:
    return str(path.relative_to(config.rootpath)) if config.rootpath in path.parents else str(path)


def _lines(written: dict[str, Any], left: outline.Unproven) -> Iterator[tuple[str, str]]:
    backup, server = written["backup"], written["server"]
    if written["sample"]:
        yield "SAMPLE", outline.SAMPLE
    for text in left.partial:
        yield "partial", text
    if backup and backup["taken_at"]:
        told_by = backup["recovery_point_from"] or backup["taken_at_from"]
        taken = datetime.fromisoformat(backup["recovery_point"] or backup["taken_at"])
        now = datetime.fromisoformat(written["now_overridden"] or written["finished_at"])
        age = now.astimezone(UTC) - taken
        since = f"{duration(age)} ago"
        if age < timedelta(0):
            since = f"{duration(-age)} after {'--drill-now' if written['now_overridden'] else 'now'}"
        told = f"taken {instant(taken)}, {since} by its {told_by}"
        yield "backup", f"{backup['label']}, {told}, {size(backup['size_bytes'])}"
    if backup and backup["format"]:
        came = f" from PostgreSQL {backup['dumped_from']}" if backup["dumped_from"] else ""
        yield "", f"{backup['format']}{came}"
    yield from _regime(written)
    if written["platform"]:
        yield "platform", _of_platform(written["platform"])
    if server:
        sealed = "sealed off" if server["sealed"] else "not sealed"
        gone = "removed" if server["destroyed"] else "LEFT STANDING"
        why, _, how = server["why"].partition("; ")
        yield "server", why
        if how:
            yield "", how
        if server["version"]:
            yield "", f"PostgreSQL {server['version']}, {server['profile']}, {sealed}, {gone}"
    if written["tables"]:
        tables = [table for table in written["tables"] if not table.get("partitioned")]
        rows = sum(table["rows_restored"] or 0 for table in tables)
        yield (
            "restored",
            f"{counted(rows, 'row')} in {counted(len(tables), 'table')}{_compared(written, rows)}",
        )
    for one in outline.measures(written):
        took = duration(timedelta(seconds=one.seconds))
        if one.name == "newest row":
            yield one.name, f"{took} old"
            continue
        of = f" of {duration(timedelta(seconds=one.promised))} ({one.objective})" if one.promised else ""
        yield one.name.removesuffix(" time"), took + of + (f": {one.says}" if one.name == RECOVERY else "")
    if done := recovery.told(written):
        yield "steps", done
    if noticed := outline.self_check(written):
        yield "self-check", noticed


def _regime(written: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is stored of backups, and what of the retention is there."""
    catalogue, kept, measured = written["catalogue"], written["retention"], written["measurements"]
    if catalogue and measured["storage_bytes"] is not None:
        told = f"{counted(catalogue['backups'], 'backup')}, {size(measured['storage_bytes'])}"
        growth = measured["backup_growth_bytes_per_month"]
        if growth:
            told += f"; a backup {'grows' if growth > 0 else 'shrinks'} by {size(abs(growth))} a month"
        yield "catalogue", told
    told_of = []
    for kind, unit in (("daily", "day"), ("weekly", "week"), ("monthly", "month")):
        slots = [slot for slot in (kept or {}).get(kind, {}).get("slots", ()) if slot["required"]]
        if slots:
            held = sum(slot["backup"] is not None for slot in slots)
            told_of.append(f"{held} of {counted(len(slots), unit)}")
    if told_of:
        beyond = (kept or {}).get("beyond", {}).get("backups")
        more = f"; {counted(beyond, 'backup')} beyond it" if beyond else ""
        yield "retention", f"{', '.join(told_of)}{more}"


def _of_platform(told: dict[str, Any]) -> str:
    """What the platform lists of its own backups."""
    if told["newest"] is None:
        return "lists no completed backup"
    kept = counted(told["backups"].get("COMPLETED", 0), "completed backup")
    window = ", point-in-time recovery" if told["point_in_time"] else ""
    physical = ", which cannot be downloaded" if told["physical_only"] else ""
    return f"{kept}{window}{physical}; newest {instant(datetime.fromisoformat(told['newest']))}"


def _compared(written: dict[str, Any], rows: int) -> str:
    """How many of the restored rows are proven to be the backup's, if nothing was found to differ."""
    verdicts = {check["verdict"] for check in written["checks"] if check["control"] == "row-content"}
    same = sum(
        table["rows_restored"] or 0
        for table in written["tables"]
        if table["compared"] and not table.get("partitioned")
    )
    if verdicts != {Verdict.PASS} or not same:
        return ""
    return ", each as in the backup" if same == rows else f", {same:,} of them compared with the backup's"


def _causes(checks: list[Check], *verdicts: Verdict) -> Iterator[tuple[Verdict, str, str, list[Check]]]:
    """Each cause once, with all the checks that it stopped."""
    for verdict in verdicts:
        causes: dict[tuple[str, str], list[Check]] = {}
        for check in checks:
            if check.verdict is verdict:
                causes.setdefault((check.message, check.hint), []).append(check)
        for (message, hint), stopped in causes.items():
            yield verdict, message, hint, stopped


def _tell_cause(
    tell: pytest.TerminalReporter,
    config: pytest.Config,
    verdict: Verdict,
    message: str,
    hint: str,
    stopped: list[Check],
) -> None:
    controls = config.stash[CONTROLS]
    names = list(dict.fromkeys(check.control for check in stopped if check.control))
    claims = f"{len(stopped)} claims" if len(names) > 3 else "; ".join(controls[name].title for name in names)
    _tell(tell, f"{verdict.upper()}: {claims or 'a claim'}", hanging=2, **{COLOURS[verdict]: True})
    for line in message.splitlines():
        _tell(tell, f"  {line}", hanging=2)
    if hint:
        _tell(tell, f"  HINT: {hint}", hanging=2)


def _tell_kept(tell: pytest.TerminalReporter, config: pytest.Config) -> None:
    folder = Folder(config.stash[DRILL].folder)
    if folder.kept:
        tell.write_line(f"kept        {(folder.path / 'kept').read_text(encoding='utf-8').strip()}")
        python = _relative(Path(sys.executable), config)
        tell.write_line(f"            remove it: {python} -m plugins.lifetime remove {folder.path}")
