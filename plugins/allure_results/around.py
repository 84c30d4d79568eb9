"""What the report shows around the claims: the drill in short, its measurements, who ran it.

All of it comes from the evidence, after that was written.
"""

from __future__ import annotations

import json
import os
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import GlobalAttachment, Globals

from plugins import coverage
from plugins.allure_results.afterwards import complete, exempted
from plugins.progress import TITLES
from plugins.words import counted, duration, instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import pytest

# What of the bundle is attached: pages and pictures.
TYPES = {".html": "text/html", ".md": "text/markdown", ".svg": "image/svg+xml", ".png": "image/png"}
# Measurement, its objective, what people call it, its unit and how many seconds that has.
OBJECTIVES = (
    ("recovery_time_seconds", "rto_seconds", "Recovery time", "RTO", "min", 60),
    ("restore_time_seconds", "rto_seconds", "Restore time", "RTO", "s", 1),
    ("data_loss_seconds", "rpo_seconds", "Data loss", "RPO", "h", 3600),
    ("data_recency_seconds", "rpo_seconds", "Age of the newest row", "RPO", "h", 3600),
)


def write(config: pytest.Config, folder: Path, written: Mapping[str, Any], *, bundle: Path) -> None:
    """Write into a folder of results what the report shows around them. bundle: the evidence's folder."""
    found = exempted(config)
    complete(folder, written, found)
    rows = dict(environment(written, exempt=len(found)))
    _write(folder / "environment.properties", properties(rows))
    _write(folder / "executor.json", json.dumps(executor(os.environ)))
    _write(folder / f"{uuid.uuid4()}-perf.json", json.dumps(list(metrics(written))))
    logger, attachments = AllureFileLogger(folder), []
    attached = {
        "What this drill does not prove": ("read-me.md", _not_proven(written, found).encode()),
        "What it says of the runbook and the frameworks": ("coverage.md", _coverage(written).encode()),
    }
    # Not the evidence: it says where the backup lies, and that may be a path of this machine.
    shown = [name for name in written["files"] if name.endswith(tuple(TYPES))]
    attached |= {name: (name, (bundle / name).read_bytes()) for name in shown}
    for title, (name, content) in attached.items():
        suffix = "." + name.rpartition(".")[2]
        source = f"{uuid.uuid4()}-attachment{suffix}"
        logger.report_attached_data(content, source)
        kind = TYPES[suffix]
        attachments.append(GlobalAttachment(name=title, source=source, type=kind, timestamp=_now()))
    logger.report_globals(Globals(attachments=attachments))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _now() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


def environment(written: Mapping[str, Any], *, exempt: int) -> Iterator[tuple[str, str]]:
    """The drill in short, as rows of a name and a text; what is not known is left out."""
    server, backup = written["server"] or {}, written["backup"] or {}
    measured, promised = written["measurements"], written["objectives"]
    if written["sample"]:
        yield "SAMPLE", "a made-up company, nothing real was drilled"
    partial = " (partial: it covers only what ran)" if written["scope"] == "partial" else ""
    yield "Verdict", f"{written['verdict'].upper()}{partial}"
    # The page shows the first seven, and the others when asked.
    if written["alerts"]:
        yield "Alerts", "; ".join(written["alerts"])
    if exempt:
        yield "Exempted", f"{counted(exempt, 'exemption')} in force, see Global Attachments"
    yield "Not proven", f"{counted(len(written['not_proven']), 'point')}, see Global Attachments"
    yield "Plan", written["plan"]["name"]
    if backup.get("label"):
        yield "Backup", backup["label"]
    # As the summary has it: what the dump says of itself, before the time of a file that was copied.
    if taken := backup.get("recovery_point") or backup.get("taken_at"):
        yield "Backup taken", instant(datetime.fromisoformat(taken))
    for key, of, name, word, _, _ in OBJECTIVES:
        if (seconds := measured[key]) is not None:
            allowed = f" of {duration(timedelta(seconds=promised[of]))} ({word})" if promised[of] else ""
            yield name, f"{duration(timedelta(seconds=seconds))}{allowed}"
    if tables := [table for table in written["tables"] if not table.get("partitioned")]:
        rows = sum(table["rows_restored"] or 0 for table in tables)
        yield "Restored", f"{counted(rows, 'row')} in {counted(len(tables), 'table')}"
    yield "Drill", written["drill_id"]
    if backup.get("dumped_from"):
        yield "PostgreSQL of the backup", backup["dumped_from"]
    if server.get("kind"):
        sealed = "sealed off" if server["sealed"] else "not sealed off"
        yield "Server", f"{server['kind']}, PostgreSQL {server['version']}, {server['profile']}, {sealed}"


def properties(rows: Mapping[str, str]) -> str:
    """Rows as Java has them in a properties file: a blank, a colon or an equals sign would end a name."""
    return "".join(_property(name, value) for name, value in rows.items())


def _property(name: str, value: str) -> str:
    escaped = "".join(f"\\{char}" if char in " :=#!\\" else char for char in name)
    return f"{escaped}={value.replace(chr(92), chr(92) * 2).replace(chr(10), ' ')}\n"


def executor(environ: Mapping[str, str]) -> dict[str, Any]:
    """Who ran the drill, as Allure has it: a job of GitHub or GitLab, or somebody by hand."""
    if environ.get("GITHUB_ACTIONS") == "true" and "GITHUB_RUN_ID" in environ:
        project = f"{environ.get('GITHUB_SERVER_URL', '')}/{environ.get('GITHUB_REPOSITORY', '')}"
        number = environ.get("GITHUB_RUN_NUMBER", "")
        return {
            "name": "GitHub Actions",
            "type": "github",
            "url": project,
            "buildOrder": int(number) if number.isdecimal() else None,
            "buildName": f"{environ.get('GITHUB_WORKFLOW', 'workflow')} #{number}",
            "buildUrl": f"{project}/actions/runs/{environ['GITHUB_RUN_ID']}",
        }
    if environ.get("GITLAB_CI") == "true" and "CI_JOB_URL" in environ:
        number = environ.get("CI_PIPELINE_IID", "")
        return {
            "name": "GitLab CI",
            "type": "gitlab",
            "url": environ.get("CI_PROJECT_URL", ""),
            "buildOrder": int(number) if number.isdecimal() else None,
            "buildName": f"{environ.get('CI_JOB_NAME', 'job')} #{number}",
            "buildUrl": environ["CI_JOB_URL"],
        }
    return {"name": "by hand, or by a timer", "type": "local"}


def metrics(written: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The measurements, each with a key that other plans and later drills do not mix with another."""
    plan, measured, promised = written["plan"]["name"], written["measurements"], written["objectives"]
    for key, of, name, word, unit, length in OBJECTIVES:
        if measured[key] is not None:
            allowed = f" ({word} {duration(timedelta(seconds=promised[of]))})" if promised[of] else ""
            yield _metric(written, key, measured[key] / length, f"{name}{allowed}", unit, plan)
    for phase, seconds in measured["phases"].items():
        title = TITLES.get(phase, phase)
        yield _metric(written, f"phase.{phase}", seconds, title, "s", f"{plan}: phases of the restore")


def _metric(
    written: Mapping[str, Any], key: str, value: float, title: str, unit: str, group: str
) -> dict[str, Any]:
    at = int(datetime.fromisoformat(written["finished_at"]).timestamp() * 1000)
    return {
        "id": f"{written['drill_id']}.{key}",
        "key": f"{written['plan']['name']}.{key}",
        "value": round(value, 3),
        "start": at,
        "stop": at,
        "title": title[:1].upper() + title[1:],
        "unit": unit,
        "group": group,
        "groupTitle": group,
        "better": "lower",
    }


def _not_proven(written: Mapping[str, Any], found: Iterable[str]) -> str:
    parts = [f"# {written['plan']['name']}: {written['verdict'].upper()}\n"]
    for heading, texts in (
        ("Worth a look, though it fails nothing", written["alerts"]),
        ("Exempted in writing", found),
        ("Not proven by this drill", written["not_proven"]),
    ):
        lines = [f"- {text}" for text in texts] or ["- nothing"]
        parts.append("\n".join((f"## {heading}\n", *lines)) + "\n")
    return "\n".join(parts)


def _coverage(written: Mapping[str, Any]) -> str:
    covered = coverage.coverage(written)
    lines = ["## The runbook\n", "| item | verdict | claims | not covered |", "|---|---|---|---|"]
    lines += [f"| {row['title']} | {_verdict(row)} | {row['note']} |" for row in covered["items"]]
    lines += ["\n## The frameworks\n", "| criterion | verdict | claims | not covered |", "|---|---|---|---|"]
    lines += [
        f"| {row['framework']} {row['criterion']}: {row['title']} | {_verdict(row)} | {row['note']} |"
        for row in covered["criteria"]
    ]
    return "\n".join(lines) + "\n"


def _verdict(row: Mapping[str, Any]) -> str:
    checked = f"{len(row['checked'])} of {counted(len(row['controls']), 'control')} checked"
    return f"{row['verdict']} | {checked if row['controls'] else ''}"
