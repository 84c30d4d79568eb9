"""How the report tells of one claim: its title, where it is found, which criteria and items it is for."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import allure_commons
import pytest
from allure_commons.model2 import Parameter
from allure_commons.utils import md5

from plugins import coverage
from plugins.controls import control_of, in_suites, part_of
from plugins.drill import DRILL
from plugins.plan import PLAN

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

SUITES = {
    "backup": "The backup itself",
    "restore": "The restored database",
    "smoke": "The services around it",
}
# What a claim is repeated for, as people say it.
PARAMETERS = {
    "planned_table": "table",
    "recency_table": "table",
    "shrinking_table": "table",
    "json_endpoint": "endpoint",
}
# The fixtures in which something happens that takes its time, or that show something.
FIXTURES = {
    "taken": "Take the backup",
    "archive": "Open the backup",
    "server": "Start a throwaway server",
    "restored": "Restore the backup",
    "content": "Compare what came back with the backup",
    "deleted": "Look which backups are kept",
    "schema_reference": "Compare the structure with the reviewed one",
}


def mark(item: pytest.Item, *, alone: bool) -> None:
    """Give a claim the labels and links by which the report groups, filters and points.

    alone: whether its control has no other claim in this drill, and would be a folder around a single one.
    """
    import allure

    config, control = item.config, control_of(item)
    plan = config.stash[PLAN]
    item.add_marker(allure.severity(control.severity))
    item.add_marker(allure.label("control", control.id))
    item.add_marker(allure.label("drill", config.stash[DRILL].drill_id))
    item.add_marker(allure.parent_suite(SUITES.get(control.suite, control.suite)))
    item.add_marker(allure.suite(_about(item)))
    if not alone:
        item.add_marker(allure.sub_suite(_sentence(control.title)))
    item.add_marker(allure.epic(plan.name))
    item.add_marker(allure.story(_sentence(control.title)))
    if config.stash[DRILL].sample:
        item.add_marker(allure.tag("SAMPLE"))
    for pair, criterion in coverage.criteria().items():
        if pair[1] in control.frameworks.get(pair[0], ()):
            item.add_marker(allure.feature(f"{criterion.name}: {criterion.says}"))
            item.add_marker(allure.tag(criterion.name))
    runbook = plan.evidence.runbook if plan.evidence else None
    for entry in _covered(item):
        item.add_marker(allure.label("runbook", _sentence(entry.title)))
        if runbook is not None:
            url = runbook.format(section=entry.section, item=entry.id)
            item.add_marker(allure.link(url, name=f"Runbook: {entry.title}"))


def _covered(item: pytest.Item) -> list[coverage.Item]:
    """The items of the runbook that a claim covers; of those about some tables, only if it is about one."""
    control, about = control_of(item), {value for _, value in _parameters(item)}
    return [
        entry
        for entry in coverage.items().values()
        if entry.id in control.runbook and (not entry.tables or about.intersection(entry.tables))
    ]


def _about(item: pytest.Item) -> str:
    """What the suite's file says that it is about, else its name."""
    module = item.getparent(pytest.Module)
    text = inspect.getdoc(module.obj) if module is not None else None
    return text.partition("\n")[0].rstrip(".") if text else item.path.stem


def title_of(item: pytest.Item) -> str:
    """The control's title, with what of it this claim is about: "Every row came back: public.users"."""
    about = ", ".join(filter(None, [*(value for _, value in _parameters(item)), part_of(item)]))
    return _sentence(control_of(item).title) + (f": {about}" if about else "")


def _description(item: pytest.Item, docstring: str) -> str:
    """What the claim says, then what it is evidence for; in Markdown."""
    covered = "; ".join(entry.title for entry in _covered(item))
    parts = [
        inspect.cleandoc(docstring),
        f"**Evidence for:** {criteria}" if (criteria := coverage.in_short(control_of(item))) else "",
        f"**In the runbook:** {covered}" if covered else "",
    ]
    return "\n\n".join(filter(None, parts))


def _parameters(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """What the claim is repeated for: the name of a table, a query or an endpoint."""
    callspec = getattr(item, "callspec", None)
    for name, value in callspec.params.items() if callspec else ():
        yield PARAMETERS.get(name, name), str(getattr(value, "name", value))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


class Claims:
    """Tells Allure of each claim in words, before its result is written."""

    def __init__(self, plan: str) -> None:
        self._plan = plan
        self._item: pytest.Item | None = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self._item = item  # kept: the result is written when this hook has ended
        return (yield)

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: Any) -> None:
        """Put words in the place of names of functions.

        The same claim of two plans is two claims: one that passes must not count as a repetition of another.
        """
        item = self._item
        if item is None or not in_suites(item):
            return
        result.name = title_of(item)
        result.parameters = [Parameter(name=name, value=value) for name, value in _parameters(item)]
        result.description = _description(item, result.description or "")
        result.titlePath = []
        result.labels = sorted(result.labels, key=lambda label: (label.name, label.value))
        result.testCaseId = md5(self._plan, result.fullName)
        result.historyId = md5(self._plan, result.fullName, *(value for _, value in _parameters(item)))

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: Any) -> None:
        """Leave out the fixtures in which nothing is seen to happen."""
        container.befores = [fixture for fixture in container.befores if fixture.steps or fixture.attachments]
        container.afters = []
        for fixture in container.befores:
            fixture.name = FIXTURES.get(fixture.name, fixture.name.replace("_", " "))
