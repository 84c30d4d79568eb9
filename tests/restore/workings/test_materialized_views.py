"""Materialized views with their rows, and without."""

from __future__ import annotations

import pytest

from fixtures.restore.workings.materialized_views import look_at_materialized_views
from plugins.errors import DrillError, NothingToCheckError

from .looking import told

FILLED = "CREATE TABLE t (id int); CREATE MATERIALIZED VIEW m AS SELECT id FROM t WITH NO DATA;\n"


@pytest.mark.parametrize(
    ("text", "found", "said"),
    [
        (FILLED + "REFRESH MATERIALIZED VIEW m;", [], 0),
        (FILLED, None, 1),
        (FILLED + "REFRESH MATERIALIZED VIEW m WITH NO DATA;", None, 1),
        (
            "CREATE MATERIALIZED VIEW m AS SELECT 1/0 AS x WITH NO DATA;\nREFRESH MATERIALIZED VIEW m;",
            ["public.m is unpopulated, and the backup fills it"],
            0,
        ),
        ("CREATE TABLE t (id int);", None, 0),
    ],
    ids=["filled", "never filled", "emptied", "not refreshed", "none"],
)
def test_a_materialized_view(database, restore, text, found, said):
    archive = restore("SET search_path = public;\n" + text).archive
    look = look_at_materialized_views(database, archive)
    if found is None:
        with pytest.raises(NothingToCheckError):
            look.all()
    else:
        assert told(look) == found
    assert len(look.notes) == said


def test_a_materialized_view_that_others_restored(database, run):
    run(FILLED)
    with pytest.raises(DrillError, match="in production cannot be told"):
        look_at_materialized_views(database, None).all()
    run("REFRESH MATERIALIZED VIEW m")
    assert told(look_at_materialized_views(database, None)) == []
