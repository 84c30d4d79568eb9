"""Who looked at a drill afterwards, and what is to be done: addenda to evidence that stays as it is.

An addendum is a signed statement on evidence.json, numbered: review-1.dsse.json and so on.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from plugins.errors import DrillError
from plugins.evidence import bundle, dsse
from plugins.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from plugins.signing import Key

KIND = "urn:restore-drill:review:1"
NAME = re.compile(r"review-([1-9]\d{0,3})\.dsse\.json")


@dataclass(frozen=True, slots=True)
class Action:
    """What is to be done about a drill. owner: who does it. until: the last day for it."""

    text: str
    owner: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One addendum. file: its name. signed: whether anybody signed it; whether that holds, verify tells.

    of: SHA-256 of the evidence that was looked at, in hex.
    """

    file: str
    reviewed_by: str
    reviewed_at: datetime
    note: str
    actions: tuple[Action, ...]
    of: str
    signed: bool


def add(
    folder: Path, *, by: str, at: datetime, note: str = "", actions: Iterable[Action] = (), key: Key | None
) -> Path:
    """Write the next addendum to a bundle, and return its path.

    Raises DrillError for a folder that holds no evidence.
    """
    evidence = folder / bundle.EVIDENCE
    if evidence.is_symlink() or not evidence.is_file():
        raise DrillError(
            f"{folder.name} holds no {bundle.EVIDENCE}",
            hint="Name a drill's folder, such as reports/out/latest.",
        )
    told = {
        "reviewed_by": by,
        "reviewed_at": at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "note": note,
        "corrective_actions": [
            {"text": one.text, "owner": one.owner, "until": one.until.isoformat() if one.until else None}
            for one in actions
        ],
    }
    digest = hashlib.sha256(evidence.read_bytes()).hexdigest()
    path = folder / f"review-{max((number for number, _ in _files(folder)), default=0) + 1}.dsse.json"
    write_atomically(
        path, dsse.sealed({bundle.EVIDENCE: digest}, kind=KIND, predicate=told, key=key), mode=0o644
    )
    return path


def reviews(folder: Path) -> list[Review]:
    """The addenda of a bundle, in their order. Raises EnvelopeError for a file that is none."""
    return [review_of(path.name, dsse.Opened(path.read_bytes(), kind=KIND)) for _, path in _files(folder)]


def review_of(name: str, opened: dsse.Opened) -> Review:
    """An addendum out of its envelope. Raises EnvelopeError for one that says something else."""
    try:
        told: Mapping[str, Any] = opened.predicate
        return Review(
            file=name,
            reviewed_by=str(told["reviewed_by"]),
            # In UTC, as it is told; there it may be before the first year.
            reviewed_at=datetime.fromisoformat(told["reviewed_at"]).astimezone(UTC),
            note=str(told.get("note") or ""),
            actions=tuple(
                Action(
                    str(one["text"]),
                    str(one["owner"]) if one.get("owner") else None,
                    date.fromisoformat(one["until"]) if one.get("until") else None,
                )
                for one in told.get("corrective_actions") or ()
            ),
            of=str(opened.subjects[bundle.EVIDENCE]),
            signed=opened.signed,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise dsse.EnvelopeError("it does not say who looked at which evidence, and when") from None


def _files(folder: Path) -> Iterator[tuple[int, Path]]:
    found = ((NAME.fullmatch(path.name), path) for path in folder.iterdir())
    yield from sorted((int(match[1]), path) for match, path in found if match)
