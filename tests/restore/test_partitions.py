"""The rows of partitioned tables are compared where the backup tells them."""

from __future__ import annotations

import pytest

from fixtures.restore.partitions import comparable

TREE = {"public.root": ("public.leaf1", "public.leaf2", "public.sub"), "public.sub": ("public.leaf2",)}


def test_rows_that_come_partition_by_partition():
    tables = {"public.leaf1": 3, "public.leaf2": 4, "public.other": 1}
    expected, untold = comparable(tables, frozenset(), TREE)
    assert expected == {**tables, "public.root": 7, "public.sub": 4}
    assert untold == frozenset()


def test_rows_that_come_through_the_root():
    # As pg_dump names them: the partitions are made, and get no rows by their own names.
    tables = {"public.leaf1": 0, "public.leaf2": 0, "public.root": 7, "public.other": 1}
    expected, untold = comparable(tables, frozenset(), TREE)
    assert expected == {"public.root": 7, "public.other": 1}
    assert untold == {"public.leaf1", "public.leaf2", "public.sub"}


def test_a_tree_with_a_table_of_which_nothing_is_told():
    expected, untold = comparable({"public.leaf1": 3}, frozenset({"public.leaf2"}), TREE)
    assert expected == {"public.leaf1": 3}
    assert untold == {"public.leaf2", "public.sub", "public.root"}


def test_a_lost_row_of_a_tree_is_seen():
    expected, _ = comparable({"public.leaf1": 3, "public.leaf2": 4}, frozenset(), TREE)
    assert expected["public.root"] != 6


@pytest.mark.parametrize("partitions", [{}, {"public.root": ()}])
def test_what_has_no_partitions(partitions):
    expected, untold = comparable({"public.a": 2}, frozenset(), partitions)
    assert expected == {"public.a": 2, **dict.fromkeys(partitions, 0)}
    assert untold == frozenset()
