"""What a run covers: claims that the plan does not ask for are out of scope, and said to be not proven."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from plugins.controls import control_of, in_suites
from plugins.drill import DRILL
from plugins.plan import PLAN
from plugins.target import KINDS, TARGET

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(slots=True)
class Scope:
    """What was collected and what of it was left out, in this process.

    out_of_scope: a sentence for each control left out. narrowed: why the run covers less than the suites.
    selected: the claims to be checked. nothing: of those for which there was nothing in the restored
    database, their control and what there is none of.
    """

    out_of_scope: list[str] = field(default_factory=list)
    narrowed: list[str] = field(default_factory=list)
    selected: list[str] = field(default_factory=list)
    deselected: set[str] = field(default_factory=set)
    nothing: dict[str, tuple[str, str]] = field(default_factory=dict)

    def unchecked(self, checked: Iterable[str]) -> set[str]:
        """The claims of which nothing was heard: a run that ended early does not pass."""
        return set(self.selected).difference(checked, self.nothing)

    def has_nothing(self, claim: str, control: str, why: str) -> None:
        """Of a claim there is nothing to check."""
        self.nothing[claim] = control, why

    def nothing_of(self, checked: Iterable[str]) -> dict[str, list[str]]:
        """The controls of which there was nothing to check at all, by why. checked: the other controls."""
        others = set(checked)
        found: dict[str, list[str]] = {}
        for control, why in dict(self.nothing.values()).items():
            if control not in others:
                found.setdefault(why, []).append(control)
        return found


SCOPE = pytest.StashKey[Scope]()

# Needs that are no section of the plan: how the drill is done decides.
CONDITIONS = {
    "archive": "the database was restored by somebody else (--drill-restored)",
    "a catalogue": "the backup is taken by the drill itself, and says nothing of any that others take",
    "a backup": "the database was restored by somebody else (--drill-restored), and no backup was taken",
    "a server of ours": "the server is lent (--drill-server), and nothing but what is restored is put there",
    "durable": "the profile is not durable: only stock settings prove the objective",
    "a schema reference": "the plan has no schema.reference",
    "agent exports": "the plan has no elevenlabs.exports",
    "services": "the plan names none of Twilio, ElevenLabs and Qdrant",
    "recency by now": "every table with a recency column may be quiet, and is judged by that",
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(section): the section of the plan that asks for the claim")
    if DRILL in config.stash:
        config.stash[SCOPE] = Scope()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if DRILL not in config.stash:
        return
    scope = config.stash[SCOPE]
    scope.narrowed += _not_collected(config, items)
    out = {item.nodeid: reason for item in items if in_suites(item) and (reason := _out_of_scope(item))}
    # A control that another claim still proves is not listed for one that the plan does not ask for.
    proven = {control_of(item).id for item in items if in_suites(item) and item.nodeid not in out}
    reasons: dict[str, list[str]] = {}
    for item in items:
        if item.nodeid in out and control_of(item).id not in proven:
            given = reasons.setdefault(control_of(item).title, [])
            if out[item.nodeid] not in given:
                given.append(out[item.nodeid])
    scope.out_of_scope += sorted(f"{title}: {', '.join(given)}" for title, given in reasons.items())
    scope.deselected = set(out)
    left = [item for item in items if item.nodeid in out]
    items[:] = [item for item in items if item.nodeid not in out]
    if left:
        config.hook.pytest_deselected(items=left)


def pytest_collection_finish(session: pytest.Session) -> None:
    if SCOPE in session.config.stash:
        session.config.stash[SCOPE].selected = [item.nodeid for item in session.items if in_suites(item)]


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    for item in items:
        scope = item.config.stash.get(SCOPE, None)
        if scope is not None and in_suites(item) and item.nodeid not in scope.deselected:
            reason = "some of the claims were deselected on the command line"
            if reason not in scope.narrowed:
                scope.narrowed.append(reason)


def _out_of_scope(item: pytest.Item) -> str:
    plan, target = item.config.stash[PLAN], item.config.stash[TARGET]
    ours = target.restored is None
    met = {
        "archive": ours,
        "a backup": ours or not plan.backup.taken_by_the_drill,
        # To list is not to judge.
        "a catalogue": not plan.backup.taken_by_the_drill or item.config.getoption("--drill-list", False),
        "a server of ours": target.server in KINDS,
        "durable": ours and target.profile == "durable",
        "a schema reference": plan.section("schema.reference")
        or item.config.getoption("--drill-write-schema", None) is not None,
        "agent exports": plan.section("elevenlabs.exports")
        or item.config.getoption("--drill-export-agents", None) is not None,
        "services": any(plan.section(name) for name in ("twilio", "elevenlabs", "qdrant")),
        "recency by now": any(table.recency and not table.max_quiet for table in plan.tables.values()),
    }
    needs = [marker.args[0] for marker in item.iter_markers("needs")]
    for section in needs:
        if section not in CONDITIONS and not plan.section(section):
            return f"the plan has no {section}"
    for condition in needs:
        if condition in CONDITIONS and not met[condition]:
            return CONDITIONS["archive" if condition == "durable" and not ours else condition]
    return ""


def _not_collected(config: pytest.Config, items: list[pytest.Item]) -> list[str]:
    suites = config.rootpath / "suites"
    files = {path.relative_to(config.rootpath) for path in suites.rglob("test_*.py")}
    missing = files - {item.path.relative_to(config.rootpath) for item in items if in_suites(item)}
    if missing:
        whole = sorted({path.parts[1] for path in missing} - {path.parts[1] for path in files - missing})
        left_out = ", ".join(f"suites/{name}" for name in whole) or "some files of suites"
        return [f"{left_out} did not run"]
    if any("::" in str(arg) for arg in config.args):
        return ["single tests were named on the command line"]
    return []


def as_output(scope: Scope) -> dict[str, Any]:
    """The scope as plain data: an xdist worker sends it to its controller."""
    return {
        "out_of_scope": scope.out_of_scope,
        "narrowed": scope.narrowed,
        "selected": scope.selected,
    }


def merge(scope: Scope, output: dict[str, Any]) -> None:
    """Take over what a worker collected; all workers collect the same."""
    scope.out_of_scope = output["out_of_scope"]
    scope.narrowed = output["narrowed"]
    scope.selected = output["selected"]
