"""Sequences that give values that are taken, or will not, on a real server."""

from __future__ import annotations

import pytest

from fixtures.restore.workings.sequences import look_at_sequences
from plugins.errors import DrillError, NothingToCheckError

from .looking import told

BEHIND = "public.s will give a value that public.t.id already holds"
SERIAL = "CREATE TABLE t (id serial); ALTER SEQUENCE t_id_seq RENAME TO s; "
IDENTITY = "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s)); "
BY_DEFAULT = "CREATE SEQUENCE s; CREATE TABLE t (id {} DEFAULT nextval('{}')); "
TIED = {
    "serial": SERIAL,
    "identity": IDENTITY,
    "default": BY_DEFAULT.format("bigint", "s"),
    "text": "CREATE SEQUENCE s; CREATE TABLE t (id int DEFAULT nextval('s'::text)); ",
    "qualified text": "CREATE SEQUENCE s; CREATE TABLE t (id int DEFAULT nextval('public.s'::text)); ",
    "varchar": "CREATE SEQUENCE s; CREATE TABLE t (id int DEFAULT nextval('s'::varchar)); ",
    "smallint": BY_DEFAULT.format("smallint", "s"),
    "numeric": BY_DEFAULT.format("numeric(10,0)", "s"),
    "domain": "CREATE DOMAIN d AS int; CREATE DOMAIN e AS d; " + BY_DEFAULT.format("e", "s"),
    "owned alone": "CREATE TABLE t (id int); CREATE SEQUENCE s OWNED BY t.id; ",
}
ROWS = "INSERT INTO t (id) OVERRIDING SYSTEM VALUE SELECT generate_series(1, 5); "


@pytest.mark.parametrize("how", TIED)
@pytest.mark.parametrize(
    ("place", "behind"),
    [
        ("", True),  # never set: it begins at 1
        ("SELECT setval('s', 4)", True),
        ("SELECT setval('s', 5, false)", True),
        ("SELECT setval('s', 5)", False),
        ("SELECT setval('s', 6, false)", False),
    ],
)
def test_a_sequence_is_behind_or_ahead(database, run, how, place, behind):
    run(TIED[how] + ROWS + place)
    look = look_at_sequences(database, jobs=2)
    assert told(look) == ([BEHIND] if behind else [])
    assert [finding.object for finding in look.of("public.t")] == (["public.s"] if behind else [])
    assert look.notes == ()


@pytest.mark.parametrize(
    ("options", "rows", "place", "behind"),
    [
        ("INCREMENT -1 MAXVALUE 1", (-5, -1), "-4", True),
        ("INCREMENT -1 MAXVALUE 1", (-5, -1), "-5", False),
        ("MAXVALUE 10", (3, 3), "3", False),
        ("MAXVALUE 10", (3, 5000), "3", False),  # what lies beyond its bounds it never gives
        ("MAXVALUE 10", (3, 4), "3", True),
        ("INCREMENT 2", (8, 8), "3", False),  # two servers, one the even numbers, one the odd ones
        ("INCREMENT 2", (9, 9), "3", True),
        ("INCREMENT 10", (30, 30), "10", True),
        ("MAXVALUE 9 CYCLE", (9, 9), "4", False),  # those are of the last time round
        ("MAXVALUE 9 CYCLE", (5, 9), "4", True),
        ("MAXVALUE 9 CYCLE", (1, 1), "9", True),
        ("MAXVALUE 9 CYCLE", (2, 9), "9", False),
    ],
)
def test_a_sequence_with_options(database, run, options, rows, place, behind):
    run(
        f"CREATE SEQUENCE s {options} MINVALUE {1 if 'CYCLE' in options else -1000} START 1; "
        "CREATE TABLE t (id int UNIQUE DEFAULT nextval('s')); "
        f"INSERT INTO t SELECT generate_series({rows[0]}, {rows[1]}, {rows[1] - rows[0] or 1}); "
        f"SELECT setval('s', {place})"
    )
    assert told(look_at_sequences(database, jobs=1)) == ([BEHIND] if behind else [])


def test_a_sequence_that_begins_again_may_give_what_no_key_forbids(database, run):
    run(
        "CREATE SEQUENCE s MAXVALUE 3 CYCLE; CREATE TABLE t (turn int DEFAULT nextval('s')); "
        "INSERT INTO t VALUES (1), (2), (3), (1); SELECT setval('s', 1)"
    )
    assert told(look_at_sequences(database, jobs=1)) == []


@pytest.mark.parametrize(
    ("kind", "options", "place"),
    [("int", "MAXVALUE 5", "5"), ("smallint", "", "32767"), ("int", "INCREMENT -1 MINVALUE -5", "-5")],
)
def test_a_sequence_at_its_end_is_said(database, run, kind, options, place):
    run(
        f"CREATE SEQUENCE s {options}; CREATE TABLE t (id {kind} DEFAULT nextval('s')); "
        f"INSERT INTO t VALUES ({place}); SELECT setval('s', {place})"
    )
    look = look_at_sequences(database, jobs=1)
    assert told(look) == []
    assert look.notes == ("that rows can be added to public.t: public.s is at its end in the backup too",)


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE t (id text DEFAULT 'X' || nextval('s'))",
        "CREATE TABLE t (id text DEFAULT nextval('s'))",
        "CREATE TABLE t (id bigint DEFAULT nextval('s') * 10); ALTER SEQUENCE s OWNED BY t.id",
        "CREATE TABLE t (id int); INSERT INTO t VALUES (5)",
        "CREATE SCHEMA a; CREATE SCHEMA b; CREATE SEQUENCE a.q; CREATE SEQUENCE b.q; "
        "CREATE TABLE t (id int DEFAULT nextval('q'::text)); DROP SEQUENCE a.q, b.q",
    ],
)
def test_a_sequence_that_is_tied_to_no_column_of_numbers_is_said(database, run, text):
    run(f"CREATE SEQUENCE s; {text}")
    look = look_at_sequences(database, jobs=1)
    with pytest.raises(NothingToCheckError, match="no columns that a sequence fills"):
        look.all()
    (said,) = look.notes
    assert said.endswith("takes its values as they are from public.s")
    assert look_at_sequences(database, jobs=1, stand_ins=["sequence public.s"]).notes == ()


def test_a_column_that_owns_one_sequence_and_takes_another(database, run):
    run(
        "CREATE TABLE t (id serial); CREATE SEQUENCE s; ALTER TABLE t ALTER id SET DEFAULT nextval('s');"
        "INSERT INTO t VALUES (7); SELECT setval('s', 7)"
    )
    look = look_at_sequences(database, jobs=1)
    assert told(look) == []
    assert "public.t_id_seq" in look.notes[0]


def test_a_sequence_of_a_partitioned_table_and_of_an_inherited_one(database, run):
    run(
        "CREATE TABLE p (id bigserial, k int) PARTITION BY LIST (k); "
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); INSERT INTO p VALUES (4, 1); "
        "CREATE TABLE up (id serial); CREATE TABLE down () INHERITS (up); INSERT INTO down VALUES (3)"
    )
    look = look_at_sequences(database, jobs=2)
    assert [finding.object for finding in look.of("public.p")] == ["public.p_id_seq"]
    assert [finding.object for finding in look.of("public.up")] == ["public.up_id_seq"]
    others = look.but_of(["public.p", "public.up"])
    assert [finding.table for finding in others] == ["public.down", "public.p1"]
    run("SELECT setval('p_id_seq', 4), setval('up_id_seq', 3)")
    assert told(look_at_sequences(database, jobs=2)) == []


def test_of_a_table_without_a_sequence_there_is_nothing_to_check(database, run):
    run(SERIAL + "CREATE TABLE other (id int)")
    look = look_at_sequences(database, jobs=1)
    with pytest.raises(NothingToCheckError):
        look.of("public.other")
    with pytest.raises(NothingToCheckError):
        look.but_of(["public.t"])
    assert look.of("public.t") == []


def test_many_sequences_side_by_side(database, run):
    run("".join(f"CREATE TABLE t{n} (id serial); INSERT INTO t{n} VALUES ({n % 2 + 1}); "
                f"SELECT nextval('t{n}_id_seq');" for n in range(30)))  # fmt: skip
    look = look_at_sequences(database, jobs=3)
    assert {finding.table for finding in look.all()} == {f"public.t{n}" for n in range(1, 30, 2)}


def test_names_that_must_be_quoted(database, run):
    run(
        'CREATE SCHEMA "Odd S"; CREATE SEQUENCE "Odd S"."it\'s a ""q"""; '
        '''CREATE TABLE "Odd S"."T" ("I d" int DEFAULT nextval('"Odd S"."it''s a ""q"""')); '''
        'INSERT INTO "Odd S"."T" VALUES (1)'
    )
    (finding,) = look_at_sequences(database, jobs=1).all()
    assert (finding.object, finding.table) == ('"Odd S"."it\'s a ""q"""', '"Odd S"."T"')


@pytest.mark.parametrize("grant", ["", "GRANT SELECT ON SEQUENCE s TO {0}", "GRANT SELECT ON t TO {0}"])
def test_a_sequence_that_may_not_be_read_is_undecided(database, run, lent, grant):
    reader, role = lent
    run(SERIAL + ROWS + grant.format(role))
    with pytest.raises(DrillError, match="hidden from this role") as caught:
        look_at_sequences(reader, jobs=1).of("public.t")
    assert not isinstance(caught.value, NothingToCheckError)


def test_functions_and_operators_of_the_dump_are_not_asked(database, run):
    """They have the names of the server's, and stand before them in the search path."""
    run(
        SERIAL + ROWS + "CREATE SCHEMA evil; "
        "CREATE FUNCTION evil.max(int) RETURNS int LANGUAGE sql AS 'SELECT 0'; "
        "CREATE FUNCTION evil.ge(int, int) RETURNS bool LANGUAGE sql AS 'SELECT false'; "
        "CREATE OPERATOR evil.>= (LEFTARG = int, RIGHTARG = int, FUNCTION = evil.ge); "
        "CREATE TABLE evil.pg_sequence (seqrelid oid); "
        f'ALTER DATABASE "{database.name}" SET search_path = evil, pg_catalog, public'
    )
    assert told(look_at_sequences(database, jobs=1)) == [BEHIND]
