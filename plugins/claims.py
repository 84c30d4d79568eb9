"""The claims of this drill, to be judged once more on other facts: by themselves, not by a copy of them."""

from __future__ import annotations

import inspect
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from plugins.controls import control_of, in_suites
from plugins.drill import DRILL
from plugins.errors import NothingToCheckError
from plugins.interrupts import stop_if_interrupted
from plugins.plan import PLAN
from plugins.verdicts import Verdict, verdict_of, worst

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# The control whose claim judges others: it comes after them.
SELF_CHECK = "self-check"
TABLE = "planned_table"


class Claims:
    """The claims that this drill makes, by control. planned: the priority tables of its plan."""

    def __init__(self, items: Iterable[pytest.Item], *, planned: Iterable[str]) -> None:
        self._planned = tuple(planned)
        self._of: defaultdict[str, dict[Callable[..., None], None]] = defaultdict(dict)
        for item in items:
            if in_suites(item) and isinstance(item, pytest.Function):
                self._of[control_of(item).id][item.function] = None

    def __contains__(self, control: str) -> bool:
        return control in self._of

    def verdict(
        self, control: str, fact: Callable[[str], Any], *, tables: Iterable[str] | None = None
    ) -> Verdict | None:
        """The verdict of a control's claims on other facts; None where there is nothing of the kind.

        fact: gives a fact by the name that claims ask for it. tables: those that there are of the plan's,
        if not all.
        """
        there = self._planned if tables is None else [name for name in self._planned if name in set(tables)]
        found = [
            _verdict(claim, given, fact)
            for claim in self._of[control]
            for given in ([{TABLE: table} for table in there] if TABLE in _names(claim) else [{}])
        ]
        verdicts = [one for one in found if one is not None]
        return worst(verdicts) if verdicts else None


def _names(claim: Callable[..., None]) -> Iterable[str]:
    return inspect.signature(claim).parameters


def _verdict(
    claim: Callable[..., None], given: Mapping[str, str], fact: Callable[[str], Any]
) -> Verdict | None:
    try:
        claim(**{name: given[name] if name in given else fact(name) for name in _names(claim)})
    except NothingToCheckError:
        return None
    except Exception as error:  # noqa: BLE001 - as plugins.verdicts has it: whatever it is, it is a verdict
        stop_if_interrupted()
        return verdict_of(error)
    return Verdict.PASS


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The self-check comes after all other claims of its folder."""
    if DRILL not in config.stash:
        return
    for item in [item for item in items if in_suites(item) and control_of(item).id == SELF_CHECK]:
        last = max(at for at, other in enumerate(items) if other.path.parent == item.path.parent)
        items.insert(last, items.pop(items.index(item)))


@pytest.fixture(scope="session")
def claims(request: pytest.FixtureRequest) -> Claims:
    """The claims that are made in this drill."""
    return Claims(request.session.items, planned=request.config.stash[PLAN].tables)
