"""What people are told of one drill: the text of a notification, and of an issue.

It is made from the evidence alone, which holds no secret and no value of a row, and of that from less: the
verdict, the titles of the controls that are not green, alerts, measurements, and where the evidence is.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from plugins.words import counted, duration, instant, size, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

# So many titles are named, and the others counted.
NAMED = 15


@dataclass(frozen=True)
class Message:
    """A title, and under it what is said: (what, lines) each, in order. text: all of it as plain text."""

    title: str
    said: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def text(self) -> str:
        lines = []
        for what, told in self.said:
            if len(told) == 1:
                lines.append(f"{what}: {told[0]}")
            else:
                lines += [f"{what}:", *(f"- {line}" for line in told)]
        return "\n".join(lines) + "\n"


def titles_of(path: Path) -> dict[str, str]:
    """The title of each control of reports/controls.toml. Without pytest: a workflow reads them, too."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: row["title"] for name, row in table.items()}


def is_excused(written: Mapping[str, Any]) -> bool:
    """Whether a drill is unverified, and all that could not be checked was allowed to be."""
    unverified = {check["control"] for check in written["checks"] if check["verdict"] == "unverified"}
    return (
        written["verdict"] == "unverified"
        and bool(unverified)
        and unverified <= set(written["allowed_unverified"])
        and written["scope"] == "full"
    )


def run_url(environ: Mapping[str, str]) -> str | None:
    """The page of this run at GitHub, GitLab or Jenkins, if it is one of theirs."""
    server, repository, run = map(environ.get, ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"))
    if server and repository and run:
        attempt = environ.get("GITHUB_RUN_ATTEMPT") or "1"
        return f"{server}/{repository}/actions/runs/{run}/attempts/{attempt}"
    return environ.get("CI_JOB_URL") or environ.get("BUILD_URL") or None


def compose(
    written: Mapping[str, Any], titles: Mapping[str, str], *, where: Sequence[str], recovered: bool = False
) -> Message:
    """What is told of a drill. titles: of the controls. where: the evidence is.

    recovered: whether it passed, and the one before it had not.
    """
    verdict = str(written["verdict"]).upper()
    if recovered:
        verdict += " again"
    elif written["alerts"] and written["verdict"] == "pass":
        verdict += f", with {counted(len(written['alerts']), 'alert')}"
    what = "Restore Drill" if written["scope"] == "full" else "Restore Drill (partial)"
    sample = "SAMPLE: " if written["sample"] else ""
    said = [(name, lines) for name, lines in _said(written, titles) if lines]
    return Message(
        title=f"{sample}{what} of {written['plan']['name']}: {verdict}",
        said=(*said, ("evidence", tuple(where))),
    )


def _said(written: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    checks = written["checks"]
    counts = [
        f"{number} {verdict}"
        for verdict in ("fail", "unverified", "pass")
        if (number := sum(check["verdict"] == verdict for check in checks))
    ]
    yield "verdict", (f"{written['verdict']} ({', '.join(counts) or 'no claim was checked'})",)
    for verdict in ("fail", "unverified"):
        controls = dict.fromkeys(check["control"] for check in checks if check["verdict"] == verdict)
        named = list(dict.fromkeys(titles.get(control, control or "a claim") for control in controls))
        more = [f"and {len(named) - NAMED} more"] if len(named) > NAMED else []
        yield verdict, (*named[:NAMED], *more)
    yield "alert", tuple(written["alerts"])
    yield "backup", tuple(_backup(written["backup"]))
    measured, objectives = written["measurements"], written["objectives"]
    for what, key, objective, word in (
        ("recovery", "recovery_time_seconds", "rto_seconds", "RTO"),
        ("restore", "restore_time_seconds", "rto_seconds", "RTO"),
        ("data loss", "data_loss_seconds", "rpo_seconds", "RPO"),
    ):
        if measured[key] is not None:
            promised = objectives[objective]
            of = f" of {duration(timedelta(seconds=promised))} ({word})" if promised is not None else ""
            yield what, (f"{duration(timedelta(seconds=measured[key]))}{of}",)
    if written["not_proven"]:
        yield "not proven", (f"{counted(len(written['not_proven']), 'item')}, listed in the evidence",)
    yield "drill", (written["drill_id"],)


def _backup(backup: Mapping[str, Any] | None) -> Iterator[str]:
    if backup and backup["label"]:
        told = [visible(backup["label"])]
        if backup["size_bytes"] is not None:
            told.append(size(backup["size_bytes"]))
        if at := backup["recovery_point"] or backup["taken_at"]:
            told.append(f"holds data up to {instant(datetime.fromisoformat(at))}")
        yield ", ".join(told)
