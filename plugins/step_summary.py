"""The end of a drill as markdown, appended to the file that GitHub shows with a job: $GITHUB_STEP_SUMMARY.

GitHub drops the whole summary of a step over 1 MiB, so it is cut, and says so. Source: docs.github.com,
"Workflow commands for GitHub Actions", "Step isolation and limits".
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from plugins import outline
from plugins.controls import CONTROLS
from plugins.coverage import coverage
from plugins.drill import DRILL
from plugins.evidence import WRITTEN
from plugins.words import counted, duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE = "GITHUB_STEP_SUMMARY"
LIMIT = 1024 * 1024
CUT = "\n\n… cut here, at GitHub's limit of 1 MiB; the evidence has all of it.\n"
SIGNS = {"pass": "✅", "fail": "❌", "unverified": "❓"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~@:-])")


# The evidence is written then, and the terminal's own summary comes after.
@pytest.hookimpl(tryfirst=True)
def pytest_terminal_summary(config: pytest.Config) -> None:
    place = os.environ.get(VARIABLE)
    if not place or DRILL not in config.stash or WRITTEN not in config.stash:
        return
    titles = {name: control.title for name, control in config.stash[CONTROLS].items()}
    try:
        append(Path(place), "\n".join(lines(config.stash[WRITTEN][0], titles)))
    except OSError as error:
        outline.not_made(config, VARIABLE, error)


def append(path: Path, text: str) -> None:
    """Append markdown to the file, as much of it as GitHub shows. Raises OSError."""
    there = path.stat().st_size if path.exists() else 0
    room = LIMIT - there - 2
    data = text.encode()
    if len(data) > room:
        room -= len(CUT.encode())
        if room <= 0:
            return
        # A line that is not whole might leave a table, or a letter, open.
        data = data[:room].rpartition(b"\n")[0] + CUT.encode()
    with path.open("ab") as file:
        file.write(b"\n" + data + b"\n")


def lines(written: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[str]:
    """The lines of the markdown. titles: of the controls, by their ids."""
    verdict = written["verdict"]
    flags = ["SAMPLE"] * written["sample"] + ["partial"] * (written["scope"] == "partial")
    under = f" ({', '.join(flags)})" if flags else ""
    yield f"## {SIGNS[verdict]} Restore drill of {plain(written['plan']['name'])}: {verdict.upper()}{under}"
    yield ""
    left = outline.unproven(written)
    yield f"{outline.MEANING[verdict].capitalize()}."
    if written["sample"]:
        yield f"SAMPLE: {outline.SAMPLE}."
    if left.partial:
        yield f"Partial, {outline.PARTIAL}: {plain('; '.join(left.partial))}."
    yield ""
    yield from _measures(written)
    for cause in outline.causes(written):
        claims = "; ".join(titles.get(name, name) for name in cause.controls)
        many = counted(cause.claims, "claim") if len(cause.controls) > 3 or not claims else claims
        yield f"- {SIGNS[cause.verdict]} **{plain(many)}**: {plain(cause.message)}"
    for text in written["alerts"]:
        yield f"- ⚠️ {plain(text)}"
    yield ""
    yield from _folded("Frameworks", _criteria(written))
    yield from _folded("Not proven", _not_proven(left))
    backup = written["backup"]
    of = f", backup {plain(backup['label'])}" if backup else ""
    yield f"Drill {plain(written['drill_id'])}{of}. The bundle has the evidence, and summary.html to read it."


def _measures(written: Mapping[str, Any]) -> Iterator[str]:
    measures = list(outline.measures(written))
    if not measures:
        return
    yield "| measured | took | allowed | verdict |"
    yield "|---|---|---|---|"
    for one in measures:
        allowed = f"{_time(one.promised)} ({one.objective})" if one.promised is not None else ""
        judged = f"{SIGNS[one.verdict]} {one.verdict}" if one.verdict else "not checked"
        yield f"| {one.name} | {_time(one.seconds)} | {allowed} | {judged} |"
    yield ""


def _criteria(written: Mapping[str, Any]) -> Iterator[str]:
    yield "| criterion | asks that | verdict | controls checked |"
    yield "|---|---|---|---|"
    for one in coverage(written)["criteria"]:
        name = f"{one['framework']}{'' if one['criterion'].startswith('(') else ' '}{one['criterion']}"
        checked = f"{len(one['checked'])} of {len(one['controls'])}"
        sign = f"{SIGNS[one['verdict']]} " if one["verdict"] in SIGNS else ""
        yield f"| {plain(name)} | {plain(one['title'])} | {sign}{one['verdict']} | {checked} |"


def _not_proven(left: outline.Unproven) -> Iterator[str]:
    if left.left_out:
        claims = counted(left.left_out_claims, "claim")
        yield f"- {claims} that the plan does not ask for: it has no {plain(', '.join(left.lacking))}"
    for text in left.others:
        yield f"- {plain(text)}"


def _folded(title: str, inner: Iterator[str]) -> Iterator[str]:
    found = list(inner)
    if found:
        yield from (f"<details><summary>{title}</summary>", "", *found, "", "</details>", "")


def _time(seconds: float) -> str:
    return duration(timedelta(seconds=seconds))


def plain(text: str) -> str:
    """Text as markdown that shows it and nothing else: on one line, without tags, links or mentions."""
    for one, instead in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(one, instead)
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
