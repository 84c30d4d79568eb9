"""The application's critical queries work on the restored database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.reference.history import LastAnswers
    from fixtures.restore import Restored
    from plugins.plan import Query


@pytest.mark.control("critical-queries")
@pytest.mark.needs("queries")
def test_a_critical_query_answers(restored: Restored, last_answers: LastAnswers, query: Query):
    """A query that the application lives by gives what is expected of it, within its time."""
    answer = restored.ask(query.sql, within=query.within, called=f"the query {query.name}")
    assert answer.number is not None, f"{query.name}: the answer is NULL, and not {query.expect}"
    last = last_answers.before(query, answer.number)
    assert query.expect.holds(answer.number, last), f"{query.name}: the answer is not {query.expect}"
    assert query.within is None or answer.elapsed <= query.within, f"{query.name}: took {answer.elapsed}"
