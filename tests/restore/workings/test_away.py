"""A server that goes away while somebody looks."""

from __future__ import annotations

from functools import partial

import pytest

from fixtures.restore.database import Database
from fixtures.restore.workings.functions import look_at_functions
from fixtures.restore.workings.sequences import look_at_sequences
from fixtures.restore.workings.vectors import look_at_vectors
from fixtures.restore.workings.views import look_at_views
from plugins.errors import DrillError


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(partial(look_at_sequences, jobs=1), id="sequences"),
        pytest.param(partial(look_at_views, ours=True), id="views"),
        look_at_functions,
        look_at_vectors,
    ],
)
def test_a_server_that_is_away(look, database):
    away = Database({**database.conninfo, "host": "/nowhere"}, database.name)
    with pytest.raises(DrillError):
        look(away)
