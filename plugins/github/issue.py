"""One issue for each plan: opened by a drill that does not pass, kept up to date, closed by one that does.

The issue holds what a notification holds (plugins.message): counts, verdict, titles of controls, and links.
Whoever may read the repository reads it.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from plugins.github.commands import api, gh
from plugins.message import Message, compose, is_excused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Kind = Literal["drill", "checklist"]
# What GitHub allows a label.
LONGEST = 50
# What cannot be read as Markdown, as HTML, or as the mention of somebody.
_PLAIN = re.compile(r"(https://)?[A-Za-z0-9 ,.:;()/'%+=-]*")


def label_of(plan: str, kind: Kind) -> str:
    """The label by which the issue of a plan is found again, whatever people make of its title."""
    label = f"{kind}: {plan}"
    if len(label) <= LONGEST:
        return label
    return f"{label[: LONGEST - 7]}-{hashlib.sha256(plan.encode()).hexdigest()[:6]}"


def newest(folder: Path, plan: str) -> dict[str, Any] | None:
    """The evidence of a plan's newest drill below a folder; None where there is none that can be read."""
    found = []
    for path in folder.rglob("evidence.json"):
        try:
            written = json.loads(path.read_bytes())
            if written["plan"]["name"] == plan:
                found.append(written)
        except (OSError, ValueError, LookupError, TypeError):
            continue  # then it counts as none, and an issue says so
    return max(found, key=lambda written: str(written["drill_id"]), default=None)


def tell(
    plan: str, kind: Kind, written: Mapping[str, Any] | None, titles: Mapping[str, str], *, url: str | None
) -> str:
    """Open, update or close the issue of a plan; return what was done, in words. Raises DrillError.

    written: the evidence; None where the run wrote none. url: of the run.
    """
    label = label_of(plan, kind)
    listed = api(f"issues?state=open&per_page=100&labels={quote(label, safe='')}")
    numbers = sorted(int(issue["number"]) for issue in listed if "pull_request" not in issue)
    message = _message(plan, kind, written, titles, url)
    text = markdown(message)
    if written is not None and written["verdict"] == "pass" and (kind == "checklist" or is_full(written)):
        for number in numbers:
            _comment(number, f"{message.title}\n\n{text}")
            api(f"issues/{number}", method="PATCH", send={"state": "closed"})
        return f"{plan}: passed; {len(numbers)} issue{'' if len(numbers) == 1 else 's'} closed"
    if numbers:
        api(f"issues/{numbers[0]}", method="PATCH", send={"title": message.title, "body": text})
        _comment(numbers[0], f"{message.title}{f' ({url})' if url else ''}\n")
        return f"{plan}: issue {numbers[0]} updated"
    if written is not None and (is_excused(written) or written["verdict"] == "pass"):
        return f"{plan}: nothing to open"
    described = ("--description", f"The {kind} of a plan did not pass", "--color", "B60205", "--force")
    gh("label", "create", label, *described)
    api("issues", method="POST", send={"title": message.title, "body": text, "labels": [label]})
    return f"{plan}: issue opened"


def _comment(number: int, text: str) -> None:
    api(f"issues/{number}/comments", method="POST", send={"body": text})


def is_full(written: Mapping[str, Any]) -> bool:
    """Whether a drill covered all that its plan asks for."""
    return bool(written["scope"] == "full")


def _message(
    plan: str, kind: Kind, written: Mapping[str, Any] | None, titles: Mapping[str, str], url: str | None
) -> Message:
    where = (url,) if url else ("in the artifacts of the run",)
    if written is not None:
        return compose(written, titles, where=where)
    why = "the run wrote no evidence: it ended before there was any, or its plan is wrong"
    return Message(title=f"Restore Drill of {plan}: NO EVIDENCE", said=((kind, (why,)), ("the run", where)))


def markdown(message: Message) -> str:
    """A message as Markdown, in which nothing that came with a backup or a plan is anything but text."""
    lines = []
    for what, told in message.said:
        if len(told) == 1:
            lines.append(f"- **{what}**: {_plain(told[0])}")
        else:
            lines += [f"- **{what}**:", *(f"  - {_plain(line)}" for line in told)]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    text = " ".join(text.split())
    return text if _PLAIN.fullmatch(text) else f"`{text.replace('`', chr(39))}`"


def tell_all(
    plans: Sequence[str], kind: Kind, folder: Path, titles: Mapping[str, str], *, url: str | None
) -> list[str]:
    """`tell` of each plan, with the newest evidence below a folder."""
    return [tell(plan, kind, newest(folder, plan), titles, url=url) for plan in plans]
