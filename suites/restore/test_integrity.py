"""The restored rows keep the rules that the database has for them, and its files are sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.restore.integrity import Integrity
    from plugins.plan import Plan


@pytest.mark.control("physical-integrity")
@pytest.mark.needs("tables")
def test_a_table_and_its_indexes_are_sound(integrity: Integrity, planned_table: str):
    """The stored pages of a priority table and of its indexes are undamaged, and each index finds every row.

    Of a database that the drill built from the backup's text this proves the restored copy; of one that was
    restored as files (--drill-restored) it proves the backup.
    """
    assert integrity.damage.of(planned_table) == []


@pytest.mark.control("physical-integrity", part="all other tables")
def test_the_other_tables_and_their_indexes_are_sound(integrity: Integrity, plan: Plan):
    """The stored pages of every other table and of its indexes are undamaged, too."""
    assert integrity.damage.but_of(plan.tables) == []


@pytest.mark.control("foreign-keys")
@pytest.mark.needs("tables")
def test_no_row_of_a_table_is_an_orphan(integrity: Integrity, planned_table: str):
    """Every row of a priority table that refers to another row finds it: no call without its location.

    Each reference is followed anew, for a restore may load rows without following them.
    """
    assert integrity.orphans.of(planned_table) == []


@pytest.mark.control("foreign-keys", part="all other tables")
def test_no_row_of_the_other_tables_is_an_orphan(integrity: Integrity, plan: Plan):
    """Every row of the other tables that refers to another row finds it, too."""
    assert integrity.orphans.but_of(plan.tables) == []


@pytest.mark.control("check-constraints")
@pytest.mark.needs("tables")
def test_every_row_of_a_table_keeps_its_checks(integrity: Integrity, planned_table: str):
    """Every row of a priority table meets the conditions that the database sets for its values."""
    assert integrity.violations.of(planned_table) == []


@pytest.mark.control("check-constraints", part="all other tables")
def test_every_row_of_the_other_tables_keeps_its_checks(integrity: Integrity, plan: Plan):
    """Every row of the other tables meets the conditions that the database sets for its values, too."""
    assert integrity.violations.but_of(plan.tables) == []


@pytest.mark.control("unique-keys")
@pytest.mark.needs("tables")
def test_no_key_of_a_table_is_there_twice(integrity: Integrity, planned_table: str):
    """What must be unique in a priority table is: looked for in the rows themselves, not in the index."""
    assert integrity.duplicates.of(planned_table) == []


@pytest.mark.control("unique-keys", part="all other tables")
def test_no_key_of_the_other_tables_is_there_twice(integrity: Integrity, plan: Plan):
    """What must be unique in the other tables is: looked for in the rows themselves, not in the index."""
    assert integrity.duplicates.but_of(plan.tables) == []


@pytest.mark.control("exclusion-constraints")
def test_no_two_rows_exclude_each_other(integrity: Integrity):
    """No two rows are in conflict where the database forbids it, such as two bookings of one room."""
    assert integrity.conflicts.all() == []


@pytest.mark.control("indexes-valid")
def test_every_index_is_valid(integrity: Integrity):
    """The server can use every index to find rows, and keeps it up to date: none was left half built."""
    assert integrity.invalid_indexes.all() == []


@pytest.mark.control("constraints-valid")
@pytest.mark.needs("archive")
def test_every_constraint_is_in_force(integrity: Integrity):
    """Every rule for the data is in force for all rows, unless the backup says it was never checked."""
    assert integrity.unchecked_constraints.all() == []
