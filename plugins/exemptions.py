"""Exemptions: the plan's written exceptions, each for one object, with a reason, an owner and a last day."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import pytest

from plugins.controls import CONTROLS
from plugins.drill import DRILL
from plugins.evidence import FACTS, Facts
from plugins.plan import PLAN
from plugins.verdicts import CHECKS, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from plugins.plan import Exemption

# Where the evidence's facts hold what an exemption matched: one fact for each, by its number in the plan.
MATCHED = "exemptions.{}"
# The control whose diagnoses the rules are.
OF_RULES = "restored-without-loss"
# So many objects that an exemption excused are named, and the others counted.
NAMED = 5


class Exemptions:
    """What the plan exempts as of one day. What acts, ended or fits nothing is said under "not proven"."""

    def __init__(self, exemptions: Sequence[Exemption], *, today: date, facts: Facts) -> None:
        self._exemptions, self._today, self._facts = exemptions, today, facts

    def until(self, names: Iterable[str], *, control: str, rule: str = "") -> date | None:
        """The last day of the exemption from this control or rule for an object; None without one.

        names: what the object may be called, its own name first. A table of schema public may be named
        without it. An exemption that has ended exempts nothing.
        """
        names = list(names)
        called = {*names, *map(_short, names)}
        found = None
        for number, exemption in enumerate(self._exemptions):
            same = exemption.control == control if exemption.control is not None else exemption.rule == rule
            if same and exemption.object in called:
                self._facts.record(MATCHED.format(number), {names[0]: True})
                if self._today <= exemption.until:
                    found = max(found or exemption.until, exemption.until)
        return found


@pytest.fixture(scope="session")
def exemptions(pytestconfig: pytest.Config) -> Exemptions:
    """The plan's exemptions, as of the instant that ages are judged by."""
    today = pytestconfig.stash[DRILL].now.astimezone(UTC).date()
    return Exemptions(pytestconfig.stash[PLAN].exemptions, today=today, facts=pytestconfig.stash[FACTS])


def pytest_configure(config: pytest.Config) -> None:
    if PLAN not in config.stash:
        return
    controls = config.stash[CONTROLS]
    for number, exemption in enumerate(config.stash[PLAN].exemptions):
        if exemption.control is not None and exemption.control not in controls:
            raise pytest.UsageError(
                f"exemptions[{number}].control is no control: {exemption.control!r}\n"
                f"HINT: The controls are {', '.join(sorted(controls))}."
            )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Say what became of each exemption, before the evidence is written, where all workers' facts are."""
    config = session.config
    if DRILL not in config.stash or hasattr(config, "workerinput"):
        return
    facts, today = config.stash[FACTS], config.stash[DRILL].now.astimezone(UTC).date()
    looked = {
        check.control for check in config.stash[CHECKS].values() if check.verdict is not Verdict.UNVERIFIED
    }
    # Rules are those of the restore: without it, that nothing fits one means nothing.
    looked = (looked | {OF_RULES}) if "diagnoses" in facts.known else (looked - {OF_RULES})
    listed = []
    for number, exemption in enumerate(config.stash[PLAN].exemptions):
        words = f"{exemption.control or exemption.rule} of {exemption.object}"
        matched = list(facts.known.get(MATCHED.format(number), {}))
        listed.append(_as_evidence(exemption, matched, ended=today > exemption.until))
        if today > exemption.until:
            facts.not_proven(f"{words}: its exemption ended on {exemption.until} and does not act")
        elif matched:
            facts.not_proven(
                f"{words}: exempt until {exemption.until} by {exemption.owner}"
                f"{_excused(matched, exemption.object)}, because: {exemption.reason}"
            )
        elif (exemption.control or OF_RULES) in looked:
            facts.not_proven(f"{words}: its exemption fits nothing that was found, and can go")
    facts.record("exemptions", listed)


def _as_evidence(exemption: Exemption, matched: list[str], *, ended: bool) -> dict[str, object]:
    return {
        "control": exemption.control,
        "rule": exemption.rule,
        "object": exemption.object,
        "reason": exemption.reason,
        "owner": exemption.owner,
        "until": exemption.until.isoformat(),
        "ended": ended,
        "excused": [] if ended else matched,
    }


def _excused(objects: Sequence[str], exempt: str) -> str:
    """What an exemption excused, where that is more than the object that it names."""
    if {_short(name) for name in objects} == {_short(exempt)}:
        return ""
    more = f" and {len(objects) - NAMED} more" if len(objects) > NAMED else ""
    return f", which excused {', '.join(objects[:NAMED])}{more}"


def _short(name: str) -> str:
    return name.removeprefix("public.")
