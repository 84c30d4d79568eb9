"""MATRIX.md: which damage changed the verdicts of which controls, as the last whole run recorded it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .cases import ALONE, COMPARED, PLACES, everywhere, main_cases
from .damages import ALL, FAMILIES, of
from .healthy import INPUTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .damages import Damage

PATH = Path(__file__).with_name("MATRIX.md")
COMMAND = "./drill tests/sabotage --sabotage all -n 2 --dumps ../shared/dumps"
# More controls than this are told by their number and by what they have in common.
FEW = 9
UNTRIED = "## Not run\n"
HEAD = f"""\
# What the drill notices

Written by `{COMMAND}`; do not edit. Each damage is done to a
healthy world, and the whole drill is run by its real plugins. "Red" are the controls whose verdict is another
one than in the healthy world: *exactly these*, or the damage counts as missed or as a false alarm. Unless
something else is said they fail; "unverified" are those that could not tell, "gone" those that have nothing
left to look at.

*Alone* is a drill that has nothing but the backup and the plan. *Compared* is one with a manifest beside the
backup, a reviewed schema reference and an earlier good drill. A damage that alone turns nothing red leaves a
backup that contradicts nothing: no tool can tell it from a good one by the backup alone, *not without a
manifest* or a reference.
"""


@dataclass(frozen=True)
class Row:
    """What one run recorded.

    found: of each control with another verdict, that verdict; complaint: what else was wrong.
    """

    expected: Mapping[str, str]
    found: Mapping[str, str]
    complaint: str = ""

    @property
    def missed(self) -> list[str]:
        return sorted(name for name, verdict in self.expected.items() if self.found.get(name) != verdict)

    @property
    def false_alarms(self) -> list[str]:
        return sorted(self.found.keys() - self.expected.keys())

    @property
    def is_right(self) -> bool:
        return not (self.missed or self.false_alarms or self.complaint)

    @property
    def told(self) -> str:
        """What is wrong, in words."""
        told = [
            f"{name} is not {self.expected[name]} but {self.found.get(name, 'as ever')}"
            for name in self.missed
        ]
        told += [f"{name} is {self.found[name]}" for name in self.false_alarms]
        return "; ".join([*told, *filter(None, [self.complaint])])


def every_id() -> set[str]:
    """The ids of all that a whole run tries."""
    places = {place_id(damage, *place) for damage in everywhere() for place in PLACES}
    return {case.id for case in main_cases()} | places | {f"healthy/{name}" for name in INPUTS}


def expectations() -> dict[str, Mapping[str, str] | None]:
    """Of every case the verdicts that must change; None: what is judged there decides."""
    told: dict[str, Mapping[str, str] | None] = dict.fromkeys(every_id())
    return {**told, **{case.id: case.expected for case in main_cases()}}


def as_declared() -> dict[str, Row]:
    """What a whole run records if all is as declared."""
    rows = {case.id: Row(case.expected, case.expected) for case in main_cases()}
    return {**{name: Row({}, {}) for name in every_id()}, **rows}


def rendered(results: Mapping[str, Row]) -> str:
    """The whole file. results: by the ids of the cases; one that is missing was not run."""
    parts = [HEAD, "\n".join(_summary(results))]
    for family in FAMILIES:
        parts.append("\n".join(_family(family, results)))
    parts.append("\n".join(_everywhere(results)))
    parts.append("\n".join(_healthy(results)))
    untried = sorted(every_id() - results.keys())
    if untried:
        parts.append("\n".join([UNTRIED, *(f"- {case}" for case in untried), ""]))
    return "\n".join(parts)


def untried_of(text: str) -> set[str]:
    """The cases that the file says were not run."""
    return set(re.findall(r"^- (.*)$", text.partition(UNTRIED)[2], re.MULTILINE))


def _summary(results: Mapping[str, Row]) -> Iterator[str]:
    damages = list(ALL.values())
    cases = [results.get(case.id) for case in main_cases()]
    alone = [damage for damage in damages if damage.changes]
    elsewhere = [results.get(place_id(damage, *place)) for place in PLACES for damage in everywhere()]
    healthy = [results.get(f"healthy/{name}") for name in INPUTS]
    quiet = [damage for damage in damages if not damage.changes]
    told = [damage for damage in quiet if damage.compared]
    yield "## Summary\n"
    yield f"- {len(damages)} damages in {len(FAMILIES)} families, {len(cases)} cases: {_count(cases)}."
    yield f"- {len(alone)} of the {len(damages)} turn a control red in a drill that has the backup alone."
    yield f"- {len(quiet)} contradict nothing in the backup; {len(told)} of these turn a control red once there is something to compare with."  # noqa: E501
    yield f"- {len(everywhere())} damages on {len(PLACES)} pairs of format and server: {_count(elsewhere)}."
    yield f"- {len(healthy)} healthy inputs: {_count(healthy)}."
    families = Counter(damage.family for damage in damages)
    yield f"- By family: {', '.join(f'{name} {families[name]}' for name in FAMILIES)}.\n"


def _count(rows: Iterable[Row | None]) -> str:
    rows = list(rows)
    known = [row for row in rows if row is not None]
    right = sum(row.is_right for row in known)
    missed, false = sum(bool(row.missed) for row in known), sum(bool(row.false_alarms) for row in known)
    told = f"{right} as declared, {missed} with something missed, {false} with a false alarm"
    return told if len(known) == len(rows) else f"{told}, {len(rows) - len(known)} not run"


def _family(family: str, results: Mapping[str, Row]) -> Iterator[str]:
    yield f"## {family.capitalize()}\n"
    yield "| damage | what happened | red alone | red compared | caught | false alarms |"
    yield "|---|---|---|---|---|---|"
    for damage in of(family):
        name = damage.name.partition("/")[2]
        cases = [f"{damage.name} [{ALONE}]"]
        cases += [] if damage.compared is None else [f"{damage.name} [{COMPARED}]"]
        rows = [results.get(case) for case in cases]
        compared = "" if damage.compared is None else _controls(damage.compared, beside=damage.changes)
        cells = (name, damage.what, _controls(damage.changes), compared, _caught(damage, rows), _false(rows))
        yield f"| {' | '.join(cells)} |"
    yield ""


def _controls(changes: Mapping[str, str], *, beside: Mapping[str, str] | None = None) -> str:
    """In words; beside: what is red alone, which is not told again."""
    more = {name: verdict for name, verdict in changes.items() if not beside or beside.get(name) != verdict}
    less = sorted(beside.keys() - changes.keys()) if beside else []
    if not more and not less:
        return "nothing" if not beside else "the same"
    told = []
    for verdict, word in (
        ("fail", ""),
        ("unverified", "unverified: "),
        ("absent", "gone: "),
        ("pass", "and, for once looked at, green: "),
    ):
        names = sorted(name for name, found in more.items() if found == verdict)
        if len(names) > FEW:
            told.append(f"{word}{len(names)} controls, such as {', '.join(_told_first(names))}")
        elif names:
            told.append(word + ", ".join(names))
    told += [f"without {', '.join(less)}"] if less else []
    return ("and " if beside else "") + "; ".join(told)


def _told_first(names: list[str]) -> list[str]:
    telling = ("backup-exists", "backup-not-empty", "backup-complete", "backup-sums", "restored-without-loss")
    return [name for name in telling if name in names] or names[:2]


def _caught(damage: Damage, rows: list[Row | None]) -> str:
    known = [row for row in rows if row is not None]
    if any(row.missed or row.complaint for row in known):
        missed = sorted({name for row in known for name in row.missed})
        return "**MISSED** " + ", ".join(missed + [row.complaint for row in known if row.complaint])
    if len(known) < len(rows):
        return "not run" if not known else "not run to the end"
    if damage.changes:
        return "yes"
    return "not without a manifest" if damage.compared else "no alarm, as it should be"


def _false(rows: Iterable[Row | None]) -> str:
    known = [row for row in rows if row is not None]
    told = ", ".join(sorted({name for row in known for name in row.false_alarms}))
    return told or ("none" if known else "")


def place_id(damage: Damage, form: str, major: int) -> str:
    return f"{damage.name} [{form} on {major}]"


def _everywhere(results: Mapping[str, Row]) -> Iterator[str]:
    yield "## On every format and server\n"
    yield "The same damages to backups that `pg_dump` and `pg_dumpall` wrote of a live database, each by"
    yield "the version of the server: 18 is the embedded one, 17 a container, 15 the system's own. What is"
    yield "damaged in the rows or the structure was so in the database. Red must be what is red above, as far"
    yield "as it is judged.\n"
    yield "| damage | " + " | ".join(f"{form}, {major}" for form, major in PLACES) + " |"
    yield "|---" * (len(PLACES) + 1) + "|"
    for damage in everywhere():
        cells = [_cell(results.get(place_id(damage, *place))) for place in PLACES]
        yield f"| {damage.name} | {' | '.join(cells)} |"
    yield ""


def _cell(row: Row | None) -> str:
    if row is None:
        return "not run"
    if row.is_right:
        return "yes"
    said = [f"missed {', '.join(row.missed)}"] if row.missed else []
    said += [f"false {', '.join(row.false_alarms)}"] if row.false_alarms else []
    return "; ".join([*said, row.complaint]).strip("; ")


def _healthy(results: Mapping[str, Row]) -> Iterator[str]:
    yield "## Healthy inputs\n"
    yield "| input | alarms |"
    yield "|---|---|"
    for name, what in INPUTS.items():
        row = results.get(f"healthy/{name}")
        told = "not run" if row is None else ", ".join(sorted(row.found)) or row.complaint or "none"
        yield f"| {what} | {told} |"
    yield ""
