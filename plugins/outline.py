"""What every report says of a drill, from its evidence alone: the terminal, the page and the markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from plugins.recovery import BY_HAND
from plugins.words import counted, duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Reports that could not be made, a sentence each: the terminal tells them.
NOT_MADE = pytest.StashKey[list[str]]()
MEANING = {
    "pass": "every claim in scope was checked and holds",
    "fail": "a claim does not hold: the backup, the regime or a service is bad",
    "unverified": "nothing was found bad, but something could not be checked",
}
SAMPLE = "a made-up company, nothing real was drilled"
PARTIAL = "it covers only what ran"
# As plugins.scope and plugins.evidence say it.
_LEFT_OUT = re.compile(r"(.*): the plan has no ([\w.]+)", re.DOTALL)
_PARTIAL = "partial: "


def not_made(config: pytest.Config, what: str, error: Exception) -> None:
    """Keep for the terminal that a report could not be made: its evidence matters more than it does."""
    why = error.strerror if isinstance(error, OSError) else type(error).__name__
    config.stash.setdefault(NOT_MADE, []).append(f"{what} could not be made ({why})")


@dataclass(frozen=True, slots=True)
class Unproven:
    """What a drill did not prove. partial: why it covers less than the suites. others: sentences.

    left_out: what the plan does not ask for, the titles of the claims by the key that would.
    """

    partial: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)

    @property
    def left_out_claims(self) -> int:
        """How many claims the plan does not ask for."""
        return sum(len(titles) for titles in self.left_out.values())

    @property
    def lacking(self) -> list[str]:
        """What the plan would have to have: whole sections, and single keys of those that it has."""
        return sorted(
            key for key in self.left_out if "." not in key or key.partition(".")[0] not in self.left_out
        )


def unproven(written: Mapping[str, Any]) -> Unproven:
    """What the evidence lists as not proven, by its kind."""
    found = Unproven()
    for text in written["not_proven"]:
        if text.startswith(_PARTIAL):
            found.partial.append(text.removeprefix(_PARTIAL))
        elif left_out := _LEFT_OUT.fullmatch(text):
            found.left_out.setdefault(left_out[2], []).append(left_out[1])
        else:
            found.others.append(text)
    return found


@dataclass(frozen=True, slots=True)
class Cause:
    """Why claims failed or could not be checked, once. controls: their ids; claims: how many they are."""

    verdict: str
    message: str
    controls: list[str]
    claims: int


def causes(written: Mapping[str, Any]) -> list[Cause]:
    """Each cause with all the claims that it stopped: what failed first, then what is unverified."""
    found: dict[tuple[str, str], list[str]] = {}
    for verdict in ("fail", "unverified"):
        for check in written["checks"]:
            if check["verdict"] == verdict:
                found.setdefault((verdict, check["message"]), []).append(check["control"])
    return [
        Cause(verdict, message, list(dict.fromkeys(filter(None, controls))), len(controls))
        for (verdict, message), controls in found.items()
    ]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measurement beside what was promised. seconds; promised: of the objective, None without one.

    name: of the row, in words; objective: its abbreviation. verdict: of the claim on it; None where none ran.
    """

    name: str
    seconds: float
    objective: str
    promised: float | None
    verdict: str | None
    says: str


# It is held against the newest row of the tables that are never quiet; without such, nothing is.
_NEWEST = "::test_the_newest_row_is_recent"
# Name, measurement, objective, the control that judges it, and what is measured.
_MEASURES = (
    ("recovery time", "recovery_time_seconds", "rto", "recovery-time", ""),
    (
        "restore time",
        "restore_time_seconds",
        "rto",
        "restore-time",
        "from the first byte fetched to the first query answered",
    ),
    ("data loss", "data_loss_seconds", "rpo", "data-loss", "from the recovery point to now"),
    ("newest row", "data_recency_seconds", "rpo", "data-recency", "how old the newest restored row is"),
)


def measures(written: Mapping[str, Any]) -> Iterator[Measure]:
    """What was measured of the objectives, of what was."""
    measured, promised = written["measurements"], written["objectives"]
    for name, key, objective, control, says in _MEASURES:
        if measured[key] is not None:
            yield Measure(
                name,
                measured[key],
                objective.upper(),
                promised[f"{objective}_seconds"] if _is_judged(written, name) else None,
                verdict_of(written, control),
                says or _parts(written),
            )


def _is_judged(written: Mapping[str, Any], name: str) -> bool:
    return name != "newest row" or any(check["test"].endswith(_NEWEST) for check in written["checks"])


def _parts(written: Mapping[str, Any]) -> str:
    measured, allowed = written["measurements"], written["objectives"]["manual_allowance_seconds"]
    parts = ["the restore"]
    if measured["services"]:
        parts.append("the services' agreement")
    if allowed:
        parts.append(f"{duration(timedelta(seconds=allowed))} allowed for {', '.join(BY_HAND)}")
    return " + ".join(parts)


def self_check(written: Mapping[str, Any]) -> str:
    """What came of the damage to a small copy; empty where none was done, as in earlier evidence."""
    told = written.get("self_check")
    return f"{told['noticed']} of {counted(told['applied'], 'damage')} noticed" if told else ""


def verdict_of(written: Mapping[str, Any], control: str) -> str | None:
    """The worst verdict of a control's claims; None where none was checked."""
    found = {check["verdict"] for check in written["checks"] if check["control"] == control}
    return next((verdict for verdict in ("fail", "unverified", "pass") if verdict in found), None)
