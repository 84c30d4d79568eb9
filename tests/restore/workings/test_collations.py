"""Text that sorts by the rules it was sorted by, and by others."""

from __future__ import annotations

from contextlib import suppress

import pytest

from fixtures.restore.database import Database
from fixtures.restore.workings.collations import look_at_collations
from plugins.errors import NothingToCheckError

from .looking import told


def test_of_a_database_built_from_text_there_is_nothing_to_compare(database, restore):
    archive = restore("CREATE TABLE public.t (a text);").archive
    with pytest.raises(NothingToCheckError, match="this very server built all indexes"):
        look_at_collations(database, archive).all()


@pytest.fixture
def collation(server):
    """A definition of a collation that has a version: of ICU's, or of the server's own where it has some."""
    return "provider = builtin, locale = 'C.UTF-8'" if server.major >= 17 else "provider = icu, locale = 'de'"


@pytest.fixture
def collated(run, collation):
    """Makes a table that sorts by a collation of this version."""
    return lambda version: run(
        f"CREATE COLLATION c ({collation}, version = '{version}'); CREATE TABLE t (a text COLLATE c)"
    )


def test_a_collation_of_another_version(database, collated, run):
    collated("1.2.canary")
    (found,) = told(look_at_collations(database, None))
    assert found == "collation public.c sorts text by other rules than those that its indexes were built by"
    run("ALTER COLLATION c REFRESH VERSION")
    assert told(look_at_collations(database, None)) == []


def test_a_collation_that_nothing_uses_is_no_matter(database, collated, run):
    collated("1.2.canary")
    run("ALTER TABLE t DROP a")
    with suppress(NothingToCheckError):  # where the database itself has no version
        assert told(look_at_collations(database, None)) == []


def test_a_version_that_the_text_says_is_compared(database, restore, collation):
    text = f"CREATE COLLATION public.c ({collation}, version = '1.2');"
    archive = restore(f"{text}\nCREATE TABLE public.t (a text COLLATE public.c);").archive
    assert len(look_at_collations(database, archive).all()) == 1


def test_the_databases_own_collation(server):
    if server.major < 17:
        pytest.skip("the server has no locale of its own with a version: this test did not run")
    server.create_database("sorted", provider="builtin", locale="C.UTF-8", encoding="UTF8")
    try:
        database = Database(server.conninfo, "sorted")
        assert told(look_at_collations(database, None)) == []
        with server.connect("sorted") as connection:
            connection.execute("UPDATE pg_database SET datcollversion = '0' WHERE datname = 'sorted'")
        (found,) = told(look_at_collations(database, None))
    finally:
        server.drop_database("sorted")
    assert found == "database sorted sorts text by other rules than those that its indexes were built by"
