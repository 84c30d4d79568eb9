"""The same looks on the other versions that are at hand: an installed server, and one in a container."""

from __future__ import annotations

import secrets
import warnings
from contextlib import closing

import pytest

from fixtures.restore.database import Database
from fixtures.restore.integrity.amcheck import amcheck_of, damage
from fixtures.restore.integrity.checks import violations
from fixtures.restore.integrity.exclusions import conflicts
from fixtures.restore.integrity.foreign_keys import orphans
from fixtures.restore.integrity.unique_keys import duplicates
from fixtures.restore.integrity.validity import invalid_indexes
from fixtures.server import Needs, start
from fixtures.server.software import installed, this_user
from plugins.lifetime import Folder

BROKEN = """
    CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE DOMAIN small AS int;
    CREATE TABLE parent (id bigint PRIMARY KEY, name text COLLATE nocase);
    CREATE INDEX by_name ON parent (name);
    CREATE TABLE child (id int, parent int REFERENCES parent, at int4range, n small,
        EXCLUDE USING gist (at WITH &&));
    CREATE INDEX by_id ON child (id);
    CREATE INDEX unused ON child (parent);
    UPDATE pg_index SET indisready = false WHERE indrelid = 'child'::regclass;
    SET session_replication_role = replica;
    INSERT INTO parent VALUES (1, 'a'), (2, 'A'), (3, 'b');
    INSERT INTO child VALUES (1, 1, '[1,5)', 1), (2, 7, '[4,6)', 11);
    ALTER DOMAIN small ADD CONSTRAINT ten CHECK (VALUE < 10) NOT VALID;
    ALTER TABLE child ADD CONSTRAINT positive CHECK (id > 1) NOT VALID;
    UPDATE pg_index SET indisready = true WHERE indrelid = 'child'::regclass;
    UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'unused'::regclass;
    UPDATE pg_index SET indisunique = true WHERE indexrelid = 'by_name'::regclass;
"""


@pytest.fixture(params=["local", "container"])
def elsewhere(request):
    """A database with something wrong of each kind."""
    if request.param == "container":
        request.getfixturevalue("engine")
    elif not installed(this_user()):
        pytest.skip("no Postgres is installed here: its version was not tested")
    folder, handle = Folder.make(f"test-{secrets.token_hex(3)}")
    with handle:
        try:
            with warnings.catch_warnings():
                # The watcher outlives the object that started it, on purpose.
                warnings.simplefilter("ignore", ResourceWarning)
                server = start(
                    request.param, needs=Needs(major=None), folder=folder.path, drill_id=folder.path.name,
                    owe=folder.owe, profile="fast", image=None, sample=False,
                )  # fmt: skip
            server.create_database("broken")
            with closing(server.connect("broken")) as connection:
                connection.execute(BROKEN)
            yield Database(server.conninfo, "broken")
        finally:
            assert folder.remove() == []


def test_each_look_finds_what_is_wrong(elsewhere):
    made = damage(amcheck_of(elsewhere, ours=True), of_a_copy=True, jobs=2)
    looks = [
        made,
        *(look(elsewhere, jobs=2) for look in (orphans, duplicates, conflicts, violations)),
        invalid_indexes(elsewhere),
    ]
    assert [one for look in looks for one in look.findings.undecided] == []
    assert [one.object for look in looks for one in look.findings.found] == [
        "public.by_id",
        "child_parent_fkey ON public.child",
        "public.by_name",
        "child_at_excl ON public.child",
        "positive ON public.child",
        "public.child.n",
        "public.unused",
    ]
    # Two tables, their TOAST tables with an index each, and the three B-trees that are valid.
    assert made.tables == {"public.parent", "public.child"}
