"""Damage one thing in a healthy world: exactly the controls that were declared change their verdicts.

Of the damages some are tried in every run of the tests, and all with --sabotage all, which writes MATRIX.md
anew. A run that was ended goes on with --sabotage rest.
"""

from __future__ import annotations

import contextlib
import inspect
import re
import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from . import matrix, results
from .cases import ALONE, COMPARED, PLACES, RESTORED, Case, everywhere, main_cases
from .damages.services import install
from .healthy import DUMPS, WORLDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.runs import Run

    from .damages import Damage
    from .runner import Worlds

# Tried in every run of the tests: one that was torn, and one where the format decides what is red.
SOME_PLACED = ("file/tail of zeros [CLI set on 18]", "content/orphans [CLI set on 18]")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    which = metafunc.config.getoption("--sabotage")
    done = results.right(metafunc.config) if which == "rest" else set()
    if "case" in metafunc.fixturenames:
        cases = [case for case in main_cases() if which != "some" or case.is_bounded]
        metafunc.parametrize(
            "case", [case for case in cases if case.id not in done], ids=lambda case: case.id
        )
    if "placed" in metafunc.fixturenames:
        placed = [
            pytest.param((form, major, damage), id=case)
            for form, major in PLACES
            for damage in everywhere()
            if (case := matrix.place_id(damage, form, major)) not in done
            and (which != "some" or case in SOME_PLACED)
        ]
        metafunc.parametrize("placed", placed)
    # Healthy formats, servers and other inputs have tests of their own in every run: in tests/drills.
    if "healthy" in metafunc.fixturenames:
        names = [name for name in (*WORLDS, *DUMPS) if which != "some" and f"healthy/{name}" not in done]
        metafunc.parametrize("healthy", names or [_none(1)])
    if "form" in metafunc.fixturenames:
        pairs = [
            (form, major)
            for form, major in PLACES
            if which != "some" and f"healthy/{form} on {major}" not in done
        ]
        metafunc.parametrize(("form", "major"), pairs or [_none(2)])


def _none(values: int) -> Any:
    """In the place of cases that this run does not try."""
    why = "these are tried with --sabotage all, and with rest where no run has shown them to be right"
    return pytest.param(*[None] * values, marks=pytest.mark.skip(why), id="none")


@contextlib.contextmanager
def options(damage: Damage, thing: object) -> Iterator[dict[str, Any]]:
    """Do the damage; what it wants of the drill. What it made of the machine ends with it."""
    if not inspect.isgeneratorfunction(damage.does):
        yield damage.does(thing) or {}
        return
    with contextlib.contextmanager(damage.does)(thing) as wanted:
        yield wanted


def drilled(case: Case, worlds: Worlds, folder: Path) -> Run:
    """Drill the case's world with its damage."""
    damage = case.damage
    if damage.family == "services":
        return worlds.judge(prepare=partial(install, damage.name))
    if damage.of_restored:
        with options(damage, worlds.restored.kept) as wanted:
            return worlds.judge(**wanted)
    world = worlds.of(case.world).copied(folder / "world")
    if damage.family in ("content", "structure"):
        world.damage(damage.does)
        return worlds.drill(world, *damage.args)
    with options(damage, world) as wanted:
        return worlds.drill(world, *damage.args, **wanted)


def complaint(run: Run) -> str:
    """What is wrong with a drill whatever was damaged: a traceback, a wrong exit code, a leftover."""
    if "Traceback (most recent call last)" in run.output or "INTERNALERROR" in run.output:
        return "a traceback"
    if run.evidence is None:
        return "no evidence"
    if run.code != {"pass": 0, "fail": 1, "unverified": 6}[run.evidence["verdict"]]:
        return f"exit code {run.code} for {run.evidence['verdict']}"
    return f"left {', '.join(run.left())}" if run.left() else ""


def test_exactly_these_verdicts_change(case, worlds, tmp_path, record, request):
    if case.damage.engine:
        request.getfixturevalue("engine")
    worlds.healthy(case.healthy)
    run = drilled(case, worlds, tmp_path)
    row = matrix.Row(case.expected, worlds.changes(case.healthy, run), complaint(run))
    record(case.id, row)
    assert row.is_right, f"{row.told}\n{run.output}"


def test_exactly_these_change_on_this_format_and_server(placed, place, worlds, record, request):
    form, major, damage = placed
    if major == 17:
        request.getfixturevalue("engine")
    there = place(form, major)
    run = there.drill(damage)
    row = matrix.Row(there.expected(damage), worlds.changes(there.name, run), complaint(run))
    record(matrix.place_id(damage, form, major), row)
    assert row.is_right, f"{row.told}\n{run.output}"


# Healthy inputs


def is_quiet(run: Run, name: str, record: Any) -> None:
    row = matrix.Row({}, run.not_green(), complaint(run))
    record(f"healthy/{name}", row)
    assert row.is_right, f"{row.told}\n{run.output}"


def test_a_healthy_backup_of_this_format_and_server_has_no_alarm(form, major, place, record, request):
    if major == 17:
        request.getfixturevalue("engine")
    there = place(form, major)
    is_quiet(there.drill(), there.name, record)


def test_a_healthy_world_has_no_alarm(healthy, worlds, tmp_path, record, request):
    is_quiet(_healthy(healthy, worlds, tmp_path, request), healthy, record)


def _healthy(name: str, worlds: Worlds, folder: Path, request: pytest.FixtureRequest) -> Run:
    if name in DUMPS:
        label, now = DUMPS[name]
        shutil.copy(request.getfixturevalue("dumps") / name, folder / label)
        plan = folder / "plan.toml"
        plan.write_text(
            f'name = "{name}"\n[objectives]\nrto = "1h"\nrpo = "24h"\n[backup]\nsource = "{label}"\n'
        )
        return worlds.drills("suites", "--drill-plan", plan, "--drill-now", now, "--drill-server", "embedded")
    if name == RESTORED:
        return worlds.judge()
    world = worlds.of(COMPARED if name == COMPARED else ALONE).copied(folder / "world")
    newest = world.newest
    if name == "misnamed":
        newest.rename(newest.with_suffix(".sql"))
    if name == "plain":
        newest.with_suffix("").write_text(world.text)
        newest.unlink()
        # Four times as many bytes as those before it, which are compressed.
        world.replan("size_tolerance = 0.5", "size_tolerance = 9.0")
    return worlds.drill(world)


# What is written down


def test_the_matrix_is_as_the_damages_are_declared(pytestconfig):
    """All cases are in it as declared, and each that was run was right."""
    if pytestconfig.getoption("--sabotage") != "some":
        pytest.skip("this run writes the matrix anew")
    text = matrix.PATH.read_text(encoding="utf-8")
    untried = matrix.untried_of(text)
    rows = {case: row for case, row in matrix.as_declared().items() if case not in untried}
    told = f"MATRIX.md is not what the damages declare: write it anew with {matrix.COMMAND}"
    assert text == matrix.rendered(rows), told


def test_there_are_damages_of_every_family():
    cases = main_cases()
    assert len({case.damage.name for case in cases}) >= 80
    assert len(everywhere()) == 10


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"a": "fail"}, ""),
        ({}, "a is not fail but as ever"),
        ({"a": "unverified"}, "a is not fail but unverified"),
        ({"a": "fail", "b": "unverified"}, "b is unverified"),
        ({"a": "fail", "b": "absent"}, "b is absent"),
    ],
)
def test_one_control_more_or_less_is_wrong(found, told):
    row = matrix.Row({"a": "fail"}, found)
    assert (row.is_right, row.told) == (not told, told)


def test_what_was_missed_or_not_run_stands_in_the_file():
    rows = matrix.as_declared()
    name = next(case.id for case in main_cases() if case.damage.changes and case.damage.compared is None)
    assert "MISSED" not in matrix.rendered(rows)
    rows[name] = matrix.Row(rows[name].expected, {"a-control": "fail"})
    assert re.search(r"\*\*MISSED\*\* .* a-control \|$", matrix.rendered(rows), re.MULTILINE)
    del rows[name]
    assert matrix.untried_of(matrix.rendered(rows)) == {name}
