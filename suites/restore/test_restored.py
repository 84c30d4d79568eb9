"""The restored database holds what the backup holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.restore import Restored
    from plugins.plan import Plan


@pytest.mark.control("restored-without-loss")
@pytest.mark.needs("archive")
def test_the_backup_restores_without_loss(restored: Restored):
    """The new server refused nothing of the data or of what it needs, unless an exemption excuses it."""
    lost = restored.lost
    assert not lost, f"{len(lost)} kinds of loss, such as {', '.join(map(str, lost[:3]))}"


@pytest.mark.control("login-works")
@pytest.mark.needs("archive")
def test_the_restored_database_lets_somebody_in(logged_in: bool):
    """What runs in the database whenever somebody logs in does not keep everybody out."""
    assert logged_in, "whoever logs in is kept out"


@pytest.mark.control("row-counts")
@pytest.mark.needs("archive")
@pytest.mark.needs("tables")
def test_every_row_came_back(restored: Restored, planned_table: str):
    """A priority table holds as many rows as the backup holds for it."""
    assert restored.count(planned_table) == restored.expected_in(planned_table)


@pytest.mark.control("row-counts", part="all other tables")
@pytest.mark.needs("archive")
def test_every_row_of_the_other_tables_came_back(restored: Restored, plan: Plan):
    """Every other table of the backup was restored, with as many rows as the backup holds for it."""
    others = restored.expected_but_in(plan.tables)
    assert {name: restored.found(name) for name in others} == others


@pytest.mark.control("minimum-rows")
@pytest.mark.needs("tables.min_rows")
def test_a_table_holds_the_minimum_of_rows(restored: Restored, plan: Plan, planned_table: str):
    """A priority table holds at least as many rows as the plan says that it must (min_rows)."""
    rows, least = restored.count(planned_table), plan.tables[planned_table].min_rows or 0
    assert rows >= least, f"{planned_table} holds {rows} rows, and must hold {least}"
