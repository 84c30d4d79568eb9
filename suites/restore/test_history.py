"""The restored data against that of the last good drill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.reference.history import LastGood
    from fixtures.restore import Restored
    from fixtures.restore.content import Content
    from plugins.plan import Plan


@pytest.mark.control("rows-since-last-drill", part="number of rows")
@pytest.mark.needs("tables.max_drop")
def test_a_table_kept_its_rows(restored: Restored, earlier: LastGood, plan: Plan, shrinking_table: str):
    """A priority table has not lost more of its rows since the last good drill than the plan lets it lose."""
    rows, most = restored.count(shrinking_table), plan.tables[shrinking_table].max_drop
    lost = earlier.rows_lost(shrinking_table, rows)
    assert lost <= most, f"{shrinking_table} has lost {lost:.1%} of its rows, and may lose {most:.1%}"


@pytest.mark.control("rows-since-last-drill", part="size of the data")
@pytest.mark.needs("tables.max_drop")
def test_a_table_kept_its_data(content: Content, earlier: LastGood, plan: Plan, shrinking_table: str):
    """A priority table has not lost more of its bytes, either: as many rows may hold less than they did."""
    size, most = content.size_of(shrinking_table), plan.tables[shrinking_table].max_drop
    lost = earlier.size_lost(shrinking_table, size)
    assert lost <= most, f"{shrinking_table} has lost {lost:.1%} of its bytes, and may lose {most:.1%}"


@pytest.mark.control("tables-vanished")
def test_no_table_vanished(vanished: list[str]):
    """Every table that the last good drill restored is there again."""
    assert vanished == []
