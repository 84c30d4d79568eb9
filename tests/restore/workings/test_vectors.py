"""Vectors of one column, of one length and of several."""

from __future__ import annotations

import pytest

from fixtures.restore.workings.vectors import look_at_vectors
from plugins.errors import DrillError, NothingToCheckError

from .looking import told


@pytest.fixture
def vectors(run):
    if not run("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'"):
        pytest.skip("the server has no pgvector: these tests did not run")
    run('CREATE SCHEMA "Ext"; CREATE EXTENSION vector SCHEMA "Ext"')


@pytest.mark.parametrize(
    ("kind", "short", "long"),
    [("vector", "[1,2]", "[1,2,3]"), ("halfvec", "[1,2]", "[1,2,3]"), ("sparsevec", "{1:1}/2", "{1:1}/3")],
)
def test_vectors_of_different_lengths(database, run, vectors, kind, short, long):
    run(f"""CREATE TABLE t (e "Ext".{kind}); INSERT INTO t VALUES ('{short}'), ('{short}'), (NULL)""")
    assert look_at_vectors(database).of("public.t") == []
    run(f"INSERT INTO t VALUES ('{long}')")
    assert told(look_at_vectors(database)) == ["public.t.e holds vectors of different numbers of dimensions"]


def test_a_declared_length_needs_no_check(database, run, vectors):
    run('CREATE TABLE t (e "Ext".vector(3)); CREATE TABLE other (id int)')
    with pytest.raises(NothingToCheckError, match="leave their number of dimensions open"):
        look_at_vectors(database).all()


def test_vectors_of_a_partitioned_table_are_of_one_length(database, run, vectors):
    run(
        'CREATE TABLE p (k int, e "Ext".vector) PARTITION BY LIST (k); '
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); "
        "INSERT INTO p VALUES (1, '[1]'), (2, '[1,2]')"
    )
    look = look_at_vectors(database)
    assert [finding.table for finding in look.all()] == ["public.p"]
    assert look.tables == {"public.p"}


def test_vectors_that_may_not_be_read_are_undecided(run, vectors, lent):
    reader, role = lent
    run(f'CREATE TABLE t (e "Ext".vector); GRANT USAGE ON SCHEMA "Ext" TO {role}')
    with pytest.raises(DrillError, match=r"public\.t\.e is hidden from this role"):
        look_at_vectors(reader).all()
