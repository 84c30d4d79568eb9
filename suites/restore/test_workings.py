"""What the application needs besides its rows works in the restored database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.restore.workings import Workings
    from plugins.plan import Plan


@pytest.mark.control("sequences-ahead")
@pytest.mark.needs("tables")
def test_the_next_number_of_a_table_is_free(workings: Workings, planned_table: str):
    """The number that a priority table's next row gets is not taken: else the first new row would be refused.

    Numbers come from a sequence, whose place must be ahead of all the numbers that its column holds.
    """
    assert workings.sequences.of(planned_table) == []


@pytest.mark.control("sequences-ahead", part="all other tables")
def test_the_next_number_of_every_other_table_is_free(workings: Workings, plan: Plan):
    """The number that the next row of any other table gets is not taken, where a sequence gives it."""
    assert workings.sequences.but_of(plan.tables) == []


@pytest.mark.control("materialized-views")
def test_every_materialized_view_is_filled(workings: Workings):
    """A materialized view, a query's stored result, holds it wherever the backup says that it is filled."""
    assert workings.materialized_views.all() == []


@pytest.mark.control("views-run")
def test_every_view_can_be_selected_from(workings: Workings):
    """The server can begin to run the query of every view: all that it needs is there and may be used.

    No row is fetched, so an error that only a row brings about is not seen.
    """
    assert workings.views.all() == []


@pytest.mark.control("functions-compile")
def test_every_function_compiles(workings: Workings):
    """The server can read the body of every function in SQL or PL/pgSQL. No function is run.

    One that was broken in production before the backup is found too: mend it there, or exempt it.
    """
    assert workings.functions.all() == []


@pytest.mark.control("triggers-enabled")
def test_every_trigger_acts_as_the_backup_says(workings: Workings):
    """No trigger, rule or event trigger was left disabled by the restore: each is as the backup has it.

    Those by which the server keeps foreign keys are among them.
    """
    assert workings.triggers.all() == []


@pytest.mark.control("collation-versions")
def test_text_sorts_as_when_its_indexes_were_built(workings: Workings):
    """The server sorts text by the rules that its indexes were built by: else they would miss rows."""
    assert workings.collations.all() == []


@pytest.mark.control("vector-dimensions")
@pytest.mark.needs("tables")
def test_the_vectors_of_a_table_have_one_length(workings: Workings, planned_table: str):
    """The vectors in a column of a priority table have the same number of dimensions, or no search works.

    Only of a column that does not declare the number: the server holds every row to a declared one.
    """
    assert workings.vectors.of(planned_table) == []


@pytest.mark.control("vector-dimensions", part="all other tables")
def test_the_vectors_of_every_other_table_have_one_length(workings: Workings, plan: Plan):
    """The vectors in a column of any other table have the same number of dimensions, or no search works."""
    assert workings.vectors.but_of(plan.tables) == []
