"""The restored database has the structure of the one that was backed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.reference import SchemaReference
    from fixtures.restore.findings import Findings


@pytest.mark.control("schema-complete")
@pytest.mark.needs("archive")
def test_everything_that_the_backup_makes_is_there(schema_losses: Findings):
    """Every table, index, function, rule of access and so on that the backup makes is in what was restored.

    Each under its own name, as the kind of thing that it is, and on the table that it belongs to. What the
    backup itself takes away again is not looked for.
    """
    assert schema_losses.all() == []


@pytest.mark.control("schema-reference")
@pytest.mark.needs("a schema reference")
def test_the_structure_is_that_of_the_reference(schema_reference: SchemaReference):
    """The structure of the restored database is the one that people reviewed and keep beside the plan.

    Tables, columns, checks, indexes, views, functions, rules of access and rights: nothing is missing,
    nothing came in beside it, nothing was changed.
    """
    assert schema_reference.differences == []
