"""The restored rows are the backup's rows, to the last byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.reference.manifest import Manifest
    from fixtures.restore.content import Content
    from plugins.plan import Plan


@pytest.mark.control("row-content")
@pytest.mark.needs("archive")
@pytest.mark.needs("tables")
def test_every_row_is_as_in_the_backup(content: Content, planned_table: str):
    """Each row of a priority table is the same, to the last byte, as in the backup; none is missing or extra.

    The rows' text is compared by a digest that does not depend on their order.
    """
    assert content.differences_of(planned_table) == []


@pytest.mark.control("row-content", part="all other tables")
@pytest.mark.needs("archive")
def test_every_row_of_the_other_tables_is_as_in_the_backup(content: Content, plan: Plan):
    """Each row of every table beside the priority tables is the same, to the last byte, as in the backup."""
    assert content.differences_but_of(plan.tables) == []


@pytest.mark.control("restored-manifest")
@pytest.mark.needs("archive")
@pytest.mark.needs("tables")
def test_every_row_is_as_the_manifest_says(content: Content, manifest: Manifest, planned_table: str):
    """The restored rows of a priority table are those that were written down when the backup was taken."""
    assert manifest.differences_of(planned_table, content) == []


@pytest.mark.control("restored-manifest", part="all other tables")
@pytest.mark.needs("archive")
def test_every_row_of_the_other_tables_is_as_the_manifest_says(
    content: Content, manifest: Manifest, plan: Plan
):
    """The restored rows of all other tables are those that were written down when the backup was taken."""
    assert manifest.differences_but_of(plan.tables, content) == []


@pytest.mark.control("rows-readable")
def test_every_row_can_be_read(content: Content):
    """Every row of every table can be read to its end, and its text is valid in the database's encoding."""
    assert content.unreadable.all() == []


@pytest.mark.control("sequence-values")
@pytest.mark.needs("archive")
def test_every_sequence_stands_where_the_backup_leaves_it(content: Content):
    """Every sequence goes on where it was when the backup was taken."""
    assert content.sequences_elsewhere() == []
