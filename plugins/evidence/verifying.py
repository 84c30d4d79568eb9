"""Whether bundles are as they were written, by whom, and whether they follow each other without a gap.

Everything is read from the bundles given and from the keys given: nothing is asked of a network, a database
or the machine that drilled.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from plugins.evidence import bundle, dsse, reviewing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from plugins.signing import Key

SCHEMAS = ("restore-drill/evidence/1",)
MOST_BYTES = 256 << 20
_BLOCK = 1 << 20


@dataclass
class Bundle:
    """One drill's folder as it was found. faults: sentences; without any it is as it was written.

    sha256: of its evidence, in hex; "" if there is none to read. told: the evidence; empty if it cannot be
    read. signers: the ids of the keys whose signature on the statement holds.
    """

    folder: Path
    faults: list[str] = field(default_factory=list)
    sha256: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    files: int = 0
    signed: bool = False
    signers: list[str] = field(default_factory=list)
    reviews: list[tuple[reviewing.Review, list[str]]] = field(default_factory=list)

    @property
    def drill_id(self) -> str:
        """As the evidence has it, else the folder's name."""
        return str(self.told.get("drill_id") or self.folder.name)

    @property
    def plan(self) -> tuple[str, bool]:
        """Whose drill it is: the plan's name, and whether it is the sample."""
        return str(self.told["plan"]["name"]), bool(self.told["sample"])


@dataclass
class Chain:
    """The drills of one plan, the first one first. begins: what it follows, {drill_id, sha256}, that is not
    among the bundles; None if it is the first of its plan. ends: the digest of its last evidence, in hex.
    """

    plan: str
    sample: bool
    drills: list[Bundle]
    faults: list[str] = field(default_factory=list)

    @property
    def begins(self) -> Mapping[str, str] | None:
        previous: Mapping[str, str] | None = self.drills[0].told["previous"]
        return previous

    @property
    def ends(self) -> str:
        return self.drills[-1].sha256


def look(folder: Path, keys: Sequence[Key]) -> Bundle:
    """Look at one bundle. Raises nothing for what is wrong with it: that is in its faults."""
    found = Bundle(folder)
    try:
        _look(found, keys)
    except OSError as error:
        found.faults.append(f"{error.filename or folder} cannot be read ({error.strerror})")
    return found


def _look(found: Bundle, keys: Sequence[Key]) -> None:
    present = {path.name: path for path in sorted(found.folder.iterdir())}
    for name, path in list(present.items()):
        if not stat.S_ISREG(path.lstat().st_mode):
            found.faults.append(f"{name} is no file of its own (a link or a folder)")
            del present[name]
    if bundle.EVIDENCE not in present:
        found.faults.append(f"there is no {bundle.EVIDENCE}")
        return
    found.sha256 = _digest(present[bundle.EVIDENCE])
    told = _evidence(found, present[bundle.EVIDENCE])
    if told is None:
        return
    found.told = told
    listed: Mapping[str, str] = told["files"]
    found.files = len(listed)
    for name, digest in listed.items():
        if name not in present:
            found.faults.append(f"{name} is missing: the evidence names it")
        elif _digest(present[name]) != digest:
            found.faults.append(f"{name} was changed: its digest is not the one in the evidence")
    beside = {bundle.EVIDENCE, bundle.STATEMENT, *listed}
    for name in present:
        if name not in beside and not reviewing.NAME.fullmatch(name):
            found.faults.append(f"{name} was added: the evidence does not name it")
    _look_at_statement(found, present.get(bundle.STATEMENT), keys)
    for name, path in present.items():
        if reviewing.NAME.fullmatch(name):
            _look_at_review(found, path, keys)


def _evidence(found: Bundle, path: Path) -> dict[str, Any] | None:
    """The evidence, if it has the shape that everything here counts on."""
    if path.stat().st_size > MOST_BYTES:
        found.faults.append(f"{path.name} is larger than {MOST_BYTES >> 20} MiB")
        return None
    try:
        told = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        found.faults.append(f"{path.name} is no JSON")
        return None
    if not isinstance(told, dict) or told.get("schema") not in SCHEMAS:
        found.faults.append(f"{path.name} is no evidence of a drill, or of a later version of it")
        return None
    # Only a drill that says that it is the first may be it.
    previous, plan, files = told.get("previous", ""), told.get("plan"), told.get("files")
    whole = (
        isinstance(told.get("drill_id"), str)
        and isinstance(plan, dict)
        and isinstance(plan.get("name"), str)
        and isinstance(told.get("sample"), bool)
        and isinstance(files, dict)
        and all(isinstance(one, str) for one in files.values())
        and (previous is None or _is_named(previous))
        and _instant(told.get("finished_at")) is not None
    )
    if not whole:
        found.faults.append(f"{path.name} lacks what every evidence has")
        return None
    return told


def _look_at_statement(found: Bundle, path: Path | None, keys: Sequence[Key]) -> None:
    if path is None:
        found.faults.append(f"there is no {bundle.STATEMENT}")
        return
    try:
        opened = _opened(path, bundle.KIND)
    except dsse.EnvelopeError as error:
        found.faults.append(f"{path.name} cannot be used: {error}")
        return
    found.signed = opened.signed
    if opened.subjects != {bundle.EVIDENCE: found.sha256, **found.told["files"]}:
        found.faults.append(f"{path.name} is a statement on other files than those that are here")
    if any(opened.predicate.get(name) != found.told.get(name) for name in bundle.REPEATED):
        found.faults.append(f"{path.name} says something else of the drill than the evidence")
    found.signers = opened.signers(keys)
    if keys and not opened.signed:
        found.faults.append("nobody signed it")
    elif keys and not found.signers:
        found.faults.append("none of the keys given has signed it")


def _look_at_review(found: Bundle, path: Path, keys: Sequence[Key]) -> None:
    try:
        opened = _opened(path, reviewing.KIND)
        review = reviewing.review_of(path.name, opened)
    except dsse.EnvelopeError as error:
        found.faults.append(f"{path.name} cannot be used: {error}")
        return
    signers = opened.signers(keys)
    found.reviews.append((review, signers))
    if review.of != found.sha256:
        found.faults.append(f"{path.name} is a review of other evidence")
    if keys and not opened.signed:
        found.faults.append(f"nobody signed {path.name}")
    elif keys and not signers:
        found.faults.append(f"none of the keys given has signed {path.name}")


def _opened(path: Path, kind: str) -> dsse.Opened:
    if path.stat().st_size > MOST_BYTES:
        raise dsse.EnvelopeError("it is too large for a statement")
    return dsse.Opened(path.read_bytes(), kind=kind)


def chains(bundles: Iterable[Bundle]) -> list[Chain]:
    """The readable bundles by plan, in the order in which they name each other, with the faults of that."""
    by_plan: dict[tuple[str, bool], list[Bundle]] = {}
    for one in bundles:
        if one.told:
            by_plan.setdefault(one.plan, []).append(one)
    return [_chain(plan, sample, drills) for (plan, sample), drills in sorted(by_plan.items())]


def _chain(plan: str, sample: bool, drills: list[Bundle]) -> Chain:
    by_id = {one.drill_id: one for one in drills}
    drills = sorted(
        drills, key=lambda one: (_instant(one.told["finished_at"]), _of_its_second(one, by_id), one.drill_id)
    )
    faults = [
        f"{drill_id} is there {count} times"
        for drill_id, count in Counter(one.drill_id for one in drills).items()
        if count > 1
    ]
    followers = Counter(_named(one) for one in drills)
    faults += [
        f"{count} drills say that they follow {before}"
        if before
        else f"{count} drills say that they are the first"
        for before, count in followers.items()
        if count > 1
    ]
    for nth, one in enumerate(drills):
        previous = one.told["previous"]
        before = by_id.get(_named(one))
        if previous is None:
            if nth:
                faults.append(f"{one.drill_id} says that it is the first, and there are earlier ones")
        elif before is None:
            if nth:
                faults.append(
                    f"{one.drill_id} follows {_named(one)}, which is not here: a drill was left out"
                )
        elif before.sha256 != previous["sha256"]:
            faults.append(f"{one.drill_id} follows another {before.drill_id} than the one that is here")
        elif drills.index(before) >= nth:
            faults.append(f"{one.drill_id} follows {before.drill_id}, which is not earlier")
    return Chain(plan, sample, drills, faults)


def _of_its_second(one: Bundle, by_id: Mapping[str, Bundle]) -> int:
    """How many drills that ended in the same second it follows: times of evidence are whole seconds."""
    ended, seen = _instant(one.told["finished_at"]), {one.drill_id}
    before = by_id.get(_named(one))
    while before and before.drill_id not in seen and _instant(before.told["finished_at"]) == ended:
        seen.add(before.drill_id)
        before = by_id.get(_named(before))
    return len(seen) - 1


def _named(one: Bundle) -> str:
    previous = one.told["previous"]
    return "" if previous is None else str(previous["drill_id"])


def _is_named(drill: object) -> bool:
    return isinstance(drill, dict) and all(isinstance(drill.get(key), str) for key in ("drill_id", "sha256"))


def _instant(text: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text) if isinstance(text, str) else None
        # In UTC it may be before the first year, or behind the last.
        return instant.astimezone(UTC) if instant is not None and instant.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
