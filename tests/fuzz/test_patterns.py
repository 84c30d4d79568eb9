"""Every expression of the project, on text that was made for it: none reads it again and again."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

import fixtures
import plugins

from .watch import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
# Reads the whole text, wherever the expression matches.
EVERYWHERE = {"findall", "finditer", "sub", "subn", "split"}
USED = re.compile(r"\b(\w+)(?:\[[^]\n]*\])?\.(search|match|fullmatch|findall|finditer|sub|subn|split)\b")
# What is read in this way is never longer.
SHORT = {"fixtures.restore.content.sequences._SET": 1_000}
# What these read the project, or its own library, has written.
OUR_OWN = {"plugins.page._STYLE", "plugins.pictures.canvas._HEAD"}
REPEATED = (
    *(" ", "\n", "a", "1", "'", '"', "''", '""', "(", ")", ",", ".", "-", "/", "\\", "$", "*", "_", ":", "="),
    *("a.", "a ", "a, ", "\n    ", "    a\n", "\\a", "'a", '"a', "\xe4", "),", "), ("),
)
LONG = 30_000
END = "\x01!"


def _patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    for package in (fixtures, plugins):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                for name, value in vars(importlib.import_module(found.name)).items():
                    yield from _within(f"{found.name}.{name}", value)


def _within(name: str, value: object) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _within(f"{name}[{key!r}]", one)
    elif isinstance(value, tuple | list):
        for at, one in enumerate(value):
            yield from _within(f"{name}[{at}]", one)


def _uses() -> dict[tuple[str, str], set[str]]:
    """How expressions are used, by the module and the name of the variable."""
    found: dict[tuple[str, str], set[str]] = {}
    for package in (fixtures, plugins):
        for path in Path(package.__path__[0]).rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            for name, method in USED.findall(path.read_text(encoding="utf-8")):
                found.setdefault((module, name), set()).add(method)
    return found


# By all of their names: a module may have one of another's.
PATTERNS: dict[re.Pattern[Any], list[str]] = {}
for _name, _pattern in _patterns():
    PATTERNS.setdefault(_pattern, []).append(_name)
TRIED = {names[0]: pattern for pattern, names in PATTERNS.items() if not OUR_OWN & {*names}}
USES = _uses()


def _used(name: str) -> set[str]:
    module, _, variable = name.partition("[")[0].rpartition(".")
    return USES.get((module, variable), set())


def _matching(pattern: re.Pattern[Any]) -> st.SearchStrategy[Any]:
    # Hypothesis makes no bytes beyond ASCII of either case.
    plain = re.compile(pattern.pattern, pattern.flags & ~re.IGNORECASE)
    # Nothing is the whole match of what looks ahead.
    whole, part = st.from_regex(plain, fullmatch=True), st.from_regex(plain)
    return st.one_of(whole, part).filter(lambda text: len(text) < 300)


@pytest.mark.parametrize("name", TRIED)
def test_an_expression_takes_twice_as_long_for_twice_the_text(name, fuzz):
    """What it matches, with a piece that comes again and again within it or behind it."""
    pattern = TRIED[name]
    # One that is handed on is used by another name: in either way, perhaps.
    methods = {method for each in PATTERNS[pattern] for method in _used(each)} or {"match", "search"}
    times = SHORT.get(name, LONG)

    def holds(made: tuple[Any, float]) -> None:
        text, share = made
        for repeated in REPEATED:
            again, end = (
                (repeated, END) if isinstance(text, str) else (repeated.encode("latin-1"), END.encode())
            )
            for place in {round(len(text) * share), len(text)}:
                begin, rest = text[:place], text[place:]
                read(begin + again * (times // len(again)) + rest + end)
                read((begin + again) * (times // len(begin + again)) + end)

    def read(hard: Any) -> None:
        for method in methods:
            if method in EVERYWHERE:
                deque(pattern.finditer(hard), maxlen=0)
            else:
                getattr(pattern, method)(hard)

    fuzz(st.tuples(_matching(pattern), st.floats(0, 1)), holds, few=4, share=0.005, seconds=2, shrink=False)


def test_the_expressions_are_found_and_one_that_goes_back_and_forth_is_told():
    assert {"fixtures.archive.tokens._TOKEN", "fixtures.restore.shapes._INDEX"} <= TRIED.keys()
    again = re.compile(r"a\s*;?\s*\Z")
    with pytest.raises(AssertionError, match="did not end"), bounded(seconds=1):
        again.search("a" + " " * LONG + END)
