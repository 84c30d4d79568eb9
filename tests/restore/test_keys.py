"""Foreign keys, unique keys, exclusions and CHECK constraints, looked at in rows that break them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fixtures.restore.integrity import exclusions
from fixtures.restore.integrity.checks import violations
from fixtures.restore.integrity.exclusions import conflicts
from fixtures.restore.integrity.foreign_keys import orphans
from fixtures.restore.integrity.unique_keys import duplicates
from fixtures.restore.integrity.validity import invalid_indexes
from plugins.errors import DrillError

UNCHECKED = "SET session_replication_role = replica;"
ALL = {
    "orphans": orphans,
    "duplicates": duplicates,
    "conflicts": conflicts,
    "violations": violations,
}


@pytest.fixture
def said(database, run):
    """Runs SQL, then says what one look finds, or all of them; what it cannot tell is an error."""

    def said(text: str, kind: str) -> list[str]:
        run(text)
        made = ALL[kind](database, jobs=2)
        assert made.findings.undecided == ()
        return [str(one) for one in made.findings.found]

    return said


def test_orphans_that_a_load_without_checks_left(said):
    text = f"""
        CREATE TABLE a (id int PRIMARY KEY);
        CREATE TABLE b (id int, a bigint REFERENCES a, boss int);
        CREATE UNIQUE INDEX ON b (id);
        ALTER TABLE b ADD CONSTRAINT "its Boss" FOREIGN KEY (boss) REFERENCES b (id);
        {UNCHECKED}
        INSERT INTO a VALUES (1);
        INSERT INTO b VALUES (1, 1, NULL), (2, 1, 1), (3, 7, 1), (4, 8, 9), (5, NULL, 2);
    """
    assert said(text, "orphans") == [
        '"its Boss" ON public.b has 1 orphan, whose row in public.b is missing',
        "b_a_fkey ON public.b has 2 orphans, whose row in public.a is missing",
    ]


@pytest.mark.parametrize(("match", "orphaned"), [("SIMPLE", 1), ("FULL", 3)])
def test_keys_of_two_columns(said, match, orphaned):
    text = f"""
        CREATE TABLE a (x int, y text, PRIMARY KEY (x, y));
        CREATE TABLE b (x int, y varchar(9), FOREIGN KEY (x, y) REFERENCES a MATCH {match});
        {UNCHECKED}
        INSERT INTO a VALUES (1, 'a'), (2, 'b');
        INSERT INTO b VALUES (1, 'a'), (1, 'b'), (NULL, NULL), (7, NULL), (NULL, 'a');
    """
    count = "1 orphan" if orphaned == 1 else f"{orphaned} orphans"
    assert said(text, "orphans") == [f"b_x_y_fkey ON public.b has {count}, whose row in public.a is missing"]


def test_a_constraint_that_was_never_checked_is_followed_all_the_same(said):
    text = """
        CREATE TABLE a (id int PRIMARY KEY);
        CREATE TABLE b (a int);
        INSERT INTO b VALUES (1);
        ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a DEFERRABLE INITIALLY DEFERRED NOT VALID;
    """
    assert said(text, "orphans") == [
        "b_a_fkey ON public.b has 1 orphan, whose row in public.a is missing, "
        "and the constraint is NOT VALID: the server never checked it"
    ]


def test_partitioned_tables_are_followed_once_and_what_inherits_is_not(said):
    text = f"""
        CREATE SCHEMA other;
        CREATE TABLE other.a (id int PRIMARY KEY) PARTITION BY LIST (id);
        CREATE TABLE other.a1 PARTITION OF other.a FOR VALUES IN (1);
        CREATE TABLE other.a2 PARTITION OF other.a FOR VALUES IN (2);
        CREATE TABLE b (id int, a int REFERENCES other.a) PARTITION BY LIST (id);
        CREATE TABLE b1 PARTITION OF b FOR VALUES IN (1);
        CREATE TABLE b2 PARTITION OF b FOR VALUES IN (2);
        CREATE TABLE c (id int PRIMARY KEY, a int REFERENCES other.a);
        CREATE TABLE d () INHERITS (c);
        CREATE TABLE e (c int REFERENCES c);
        {UNCHECKED}
        INSERT INTO other.a VALUES (1), (2);
        INSERT INTO b VALUES (1, 1), (1, 2), (2, 2), (2, 7);
        INSERT INTO d VALUES (5, 9);
        INSERT INTO e VALUES (5);
    """
    assert said(text, "orphans") == [
        "b_a_fkey ON public.b has 1 orphan, whose row in other.a is missing",
        "e_c_fkey ON public.e has 1 orphan, whose row in public.c is missing",
    ]


def test_types_that_the_operators_take_by_a_cast(said):
    text = f"""
        CREATE DOMAIN number AS int;
        CREATE TYPE mood AS ENUM ('well', 'ill');
        CREATE TYPE pair AS (x int, y int);
        CREATE TABLE a (n numeric PRIMARY KEY, t text COLLATE "C" UNIQUE, m mood UNIQUE, l int[] UNIQUE,
            p pair UNIQUE, c char(3) UNIQUE);
        CREATE TABLE b (n number REFERENCES a (n), t text COLLATE "POSIX" REFERENCES a (t),
            m mood REFERENCES a (m), l int[] REFERENCES a (l), p pair REFERENCES a (p),
            c char(5) REFERENCES a (c));
        {UNCHECKED}
        INSERT INTO a VALUES (1, 'a', 'well', '{{1}}', (1, NULL), 'abc');
        INSERT INTO b VALUES (1, 'a', 'well', '{{1}}', (1, NULL), 'abc'),
            (2, 'b', 'ill', '{{2}}', (2, NULL), 'abcde'), (NULL, NULL, NULL, NULL, NULL, NULL);
    """
    assert said(text, "orphans") == [
        f"b_{name}_fkey ON public.b has 1 orphan, whose row in public.a is missing" for name in "clmnpt"
    ]


# Whatever is asked of int by these names says yes, or nothing.
HOSTILE = """
    CREATE FUNCTION public.yes(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';
    CREATE FUNCTION public.no(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT false';
    CREATE OPERATOR public.= (LEFTARG = int, RIGHTARG = int, FUNCTION = public.yes);
    CREATE OPERATOR public.> (LEFTARG = int, RIGHTARG = int, FUNCTION = public.no);
    CREATE FUNCTION public.no("char", "char") RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT false';
    CREATE OPERATOR public.= (LEFTARG = "char", RIGHTARG = "char", FUNCTION = public.no);
    CREATE FUNCTION public.count(bigint) RETURNS int LANGUAGE sql AS 'SELECT 0';
    DO $$ BEGIN EXECUTE format(
        'ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$;
"""


def test_operators_and_settings_of_a_hostile_dump_hide_nothing(said):
    text = f"""
        {HOSTILE}
        SET search_path = pg_catalog, public;
        CREATE TABLE public.a (id int PRIMARY KEY, CHECK (id > 0));
        CREATE TABLE public.b (a int REFERENCES a);
        ALTER TABLE a ENABLE ROW LEVEL SECURITY;
        ALTER TABLE b ENABLE ROW LEVEL SECURITY;
        ALTER TABLE b FORCE ROW LEVEL SECURITY;
        {UNCHECKED}
        INSERT INTO a VALUES (1);
        INSERT INTO b VALUES (1), (2);
    """
    assert said(text, "orphans") == ["b_a_fkey ON public.b has 1 orphan, whose row in public.a is missing"]


def test_periods_that_no_rows_cover_together(said):
    text = f"""
        CREATE TABLE a (id int4range, at daterange, PRIMARY KEY (id, at WITHOUT OVERLAPS));
        CREATE TABLE b (a int4range, at daterange, FOREIGN KEY (a, PERIOD at) REFERENCES a);
        {UNCHECKED}
        INSERT INTO a VALUES ('[1,2)', '[2026-01-01,2026-02-01)'), ('[1,2)', '[2026-02-01,2026-03-01)');
        INSERT INTO b VALUES ('[1,2)', '[2026-01-15,2026-02-15)'), ('[1,2)', '[2026-02-15,2026-03-15)'),
            ('[7,8)', '[2026-01-15,2026-01-16)'), (NULL, '[2026-01-15,2026-01-16)');
    """
    assert said(text, "orphans") == [
        "b_a_at_fkey ON public.b has 2 orphans, whose row in public.a is missing"
    ]


TWICE = """
    CREATE TABLE "T" (n int, t text);
    INSERT INTO "T" VALUES (1, 'a'), (1, 'A'), (2, 'b'), (2, 'b'), (3, 'B'), (NULL, 'c'), (NULL, 'c');
    CREATE INDEX i ON "T" {};
    UPDATE pg_catalog.pg_index SET indisunique = true, indnullsnotdistinct = {}
    WHERE indexrelid = 'i'::regclass;
"""


@pytest.mark.parametrize(
    ("index", "nulls_too", "repeats"),
    [
        ("(n)", False, 2),
        ("(n)", True, 3),
        ("(n) WHERE n > 1", False, 1),
        ("(lower(t))", False, 4),
        ("(n, t)", False, 1),
        ("(n) INCLUDE (t)", False, 2),
        ("(t text_pattern_ops)", False, 2),
        ("(t text_pattern_ops, n)", False, 1),
        ("(n, t text_pattern_ops)", True, 2),
    ],
)
def test_values_that_are_there_twice(said, index, nulls_too, repeats):
    rows = "1 row" if repeats == 1 else f"{repeats} rows"
    assert said(TWICE.format(index, nulls_too), "duplicates") == [
        f"public.i has {rows} with a key that another row has already"
    ]


BY_SIZE = """
    CREATE FUNCTION by_size(int, int) RETURNS int IMMUTABLE RETURN btint4cmp(abs($1), abs($2));
    CREATE OPERATOR CLASS by_size FOR TYPE int USING btree AS
        {} FUNCTION 1 by_size(int, int);
    CREATE TABLE a (n int);
    INSERT INTO a VALUES (1), (2), (-1), (3), (-3), (NULL), (NULL);
    CREATE INDEX i ON a (n by_size);
    UPDATE pg_catalog.pg_index SET indisunique = true WHERE indexrelid = 'i'::regclass;
"""


def test_values_that_are_equal_by_operators_of_the_dumps_own(said):
    operators = ""
    for number, operator in enumerate(("<", "<=", "=", ">=", ">"), start=1):
        run = f"CREATE FUNCTION size{number}(int, int) RETURNS bool IMMUTABLE "
        run += f"RETURN abs($1) {operator} abs($2);"
        run += f"CREATE OPERATOR @{operator} (LEFTARG = int, RIGHTARG = int, FUNCTION = size{number});"
        operators += f"OPERATOR {number} @{operator}, "
        said(run, "duplicates")
    assert said(BY_SIZE.format(operators), "duplicates") == [
        "public.i has 2 rows with a key that another row has already"
    ]


def test_a_constraint_is_called_by_its_own_name_and_a_partition_by_its(said):
    text = """
        CREATE TABLE a (id int PRIMARY KEY) PARTITION BY LIST (id);
        CREATE TABLE a1 PARTITION OF a FOR VALUES IN (1, 2);
        UPDATE pg_catalog.pg_index SET indisready = false WHERE indexrelid = 'a1_pkey'::regclass;
        INSERT INTO a VALUES (1), (1), (2);
        UPDATE pg_catalog.pg_index SET indisready = true WHERE indexrelid = 'a1_pkey'::regclass;
    """
    assert said(text, "duplicates") == [
        "a1_pkey ON public.a1 has 1 row with a key that another row has already"
    ]


EXCLUDED = """
    CREATE TABLE a (id int, room text, at int4range, box box, EXCLUDE USING {} WITH (fillfactor = 90) {});
    UPDATE pg_catalog.pg_index SET indisready = false WHERE indrelid = 'a'::regclass;
    INSERT INTO a VALUES (1, 'x', '[1,5)', '((0,0),(2,2))'), (2, 'x', '[4,6)', '((1,1),(3,3))'),
        (3, 'y', '[4,6)', '((9,9),(10,10))'), (4, 'x', 'empty', NULL), (5, NULL, '[1,9)', NULL);
    UPDATE pg_catalog.pg_index SET indisready = true WHERE indrelid = 'a'::regclass;
"""


@pytest.mark.parametrize(
    ("method", "conflicting"),
    [
        ("gist (at WITH &&)", 3),
        ("gist (at WITH &&) WHERE (id < 3)", 1),
        ("gist (box WITH &&)", 1),
        ("gist (box WITH &&, at WITH &&)", 1),
        ("btree (room WITH =)", 3),
    ],
)
def test_rows_that_exclude_each_other(said, method, conflicting):
    using, _, predicate = method.partition(" WHERE ")
    text = EXCLUDED.format(using, f"WHERE {predicate}" if predicate else "")
    [found] = said(text, "conflicts")
    name = found.split()[0]
    rows = "1 row" if conflicting == 1 else f"{conflicting} rows"
    assert found == f"{name} ON public.a has {rows} in conflict with another row"


def test_keys_without_overlaps(said):
    text = """
        CREATE TABLE a (id int4range, at daterange, PRIMARY KEY (id, at WITHOUT OVERLAPS));
        UPDATE pg_catalog.pg_index SET indisready = false WHERE indrelid = 'a'::regclass;
        INSERT INTO a VALUES ('[1,2)', '[2026-01-01,2026-02-01)'), ('[1,2)', '[2026-01-31,2026-03-01)'),
            ('[2,3)', '[2026-01-31,2026-03-01)');
        UPDATE pg_catalog.pg_index SET indisready = true WHERE indrelid = 'a'::regclass;
    """
    assert said(text, "conflicts") == ["a_pkey ON public.a has 1 row in conflict with another row"]
    assert said("SELECT", "duplicates") == []


def test_what_takes_too_long_is_not_told(database, run, monkeypatch):
    monkeypatch.setattr(exclusions, "LONGEST", timedelta(milliseconds=200))
    run("""
        CREATE TABLE a (box box, EXCLUDE USING gist (box WITH &&));
        INSERT INTO a SELECT box(point(n, n), point(n + 0.5, n + 0.5)) FROM generate_series(1, 20000) n;
    """)
    made = conflicts(database, jobs=1)
    assert made.findings.found == ()
    with pytest.raises(DrillError, match=r"a_box_excl ON public\.a was not checked to its end"):
        made.findings.all()


def test_rows_that_break_a_check(said):
    text = """
        CREATE TABLE a (n int, m int);
        INSERT INTO a VALUES (1, NULL), (-1, 1), (-2, NULL), (NULL, NULL);
        ALTER TABLE a ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;
        ALTER TABLE a ADD CONSTRAINT whole CHECK (a.* IS DISTINCT FROM ROW(NULL, 7)::a);
        CREATE TABLE p (n int) PARTITION BY RANGE (n);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (-9) TO (9);
        INSERT INTO p VALUES (-1), (1);
        ALTER TABLE p ADD CONSTRAINT above CHECK (n > 0) NOT VALID;
        ALTER TABLE p1 ADD CONSTRAINT own CHECK (n > 0) NOT VALID;
        CREATE TABLE b (n int);
        CREATE TABLE c () INHERITS (b);
        INSERT INTO b VALUES (-1);
        INSERT INTO c VALUES (-1), (-2);
        ALTER TABLE b ADD CONSTRAINT both_of_them CHECK (n > 0) NOT VALID;
    """
    never = ", and it is NOT VALID or NOT ENFORCED: the server never checked it"
    assert said(text, "violations") == [
        f"above ON public.p is broken by 1 row{never}",
        f"both_of_them ON public.b is broken by 1 row{never}",
        f"both_of_them ON public.c is broken by 2 rows{never}",
        f"own ON public.p1 is broken by 1 row{never}",
        f"positive ON public.a is broken by 2 rows{never}",
    ]


def test_an_index_that_lacks_rows_hides_none_of_them(said):
    text = """
        CREATE TABLE a (n int);
        CREATE INDEX i ON a (n);
        INSERT INTO a SELECT 5 FROM generate_series(1, 20000);
        UPDATE pg_catalog.pg_index SET indisready = false WHERE indexrelid = 'i'::regclass;
        INSERT INTO a VALUES (1), (1);
        ALTER TABLE a ADD CONSTRAINT c CHECK (n > 1) NOT VALID;
        UPDATE pg_catalog.pg_index SET indisready = true WHERE indexrelid = 'i'::regclass;
        ANALYZE a;
    """
    [found] = said(text, "violations")
    assert found.startswith("c ON public.a is broken by 2 rows")


@pytest.mark.parametrize("key", ["tsvector", 'text COLLATE "C"'])
def test_an_index_that_lacks_rows_hides_no_key_that_is_there_twice(said, key):
    # A tsvector cannot be hashed, nor text by the operators of a pattern.
    text = f"""
        CREATE TABLE a (n {key});
        CREATE UNIQUE INDEX i ON a (n {"text_pattern_ops" if "text" in key else ""});
        INSERT INTO a SELECT n::text::{key.split()[0]} FROM generate_series(1, 20000) n;
        UPDATE pg_catalog.pg_index SET indisready = false WHERE indexrelid = 'i'::regclass;
        INSERT INTO a VALUES ('1');
        UPDATE pg_catalog.pg_index SET indisready = true WHERE indexrelid = 'i'::regclass;
        ANALYZE a;
    """
    assert said(text, "duplicates") == ["public.i has 1 row with a key that another row has already"]


def test_values_that_their_domain_refuses(said):
    text = """
        CREATE DOMAIN small AS int;
        CREATE DOMAIN smaller AS small;
        CREATE DOMAIN short AS varchar(3);
        CREATE TABLE a (s small, t smaller, l small[], fine small, v short);
        INSERT INTO a VALUES (11, 11, '{1,11}', 1, 'abc'), (NULL, NULL, NULL, NULL, NULL);
        ALTER DOMAIN small ADD CONSTRAINT ten CHECK (VALUE < 10) NOT VALID;
        ALTER DOMAIN short ADD CONSTRAINT any_of_it CHECK (VALUE <> 'canary') NOT VALID;
    """
    assert said(text, "violations") == [
        "public.a.l holds a value that its domain public.small refuses",
        "public.a.s holds a value that its domain public.small refuses",
        "public.a.t holds a value that its domain public.smaller refuses",
    ]


@pytest.mark.parametrize("exclusion", ["partition", "on"])
def test_the_planner_does_not_take_a_check_for_kept(said, run, database, exclusion):
    run(f'ALTER DATABASE "{database.name}" SET constraint_exclusion = {exclusion}')
    text = """
        CREATE FUNCTION fine(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END';
        CREATE TABLE a (n int, CONSTRAINT c CHECK (fine(n)));
        CREATE TABLE p (n int, CONSTRAINT c CHECK (fine(n))) PARTITION BY RANGE (n);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
        INSERT INTO a VALUES (1);
        INSERT INTO p VALUES (1), (2);
        CREATE OR REPLACE FUNCTION fine(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS
            'BEGIN RETURN false; END';
    """
    assert said(text, "violations") == [
        "c ON public.a is broken by 1 row",
        "c ON public.p is broken by 2 rows",
    ]


def test_a_table_with_a_partition_elsewhere_is_not_asked(database, run):
    run("""
        CREATE FOREIGN DATA WRAPPER far;
        CREATE SERVER far FOREIGN DATA WRAPPER far;
        CREATE DOMAIN small AS int CHECK (VALUE < 10);
        CREATE TABLE p (n int CONSTRAINT c CHECK (n > 0), s small) PARTITION BY RANGE (n);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
        CREATE FOREIGN TABLE p2 PARTITION OF p FOR VALUES FROM (9) TO (99) SERVER far;
    """)
    made = violations(database, jobs=1)
    assert [str(one).split(" could ")[0] for one in made.findings.undecided] == [
        "c ON public.p",
        "public.p.s",
    ]
    assert all("elsewhere" in str(one) for one in made.findings.undecided)


def test_values_that_a_domain_within_their_type_refuses(said):
    text = """
        CREATE FUNCTION fine(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END';
        CREATE DOMAIN small AS int CHECK (fine(VALUE));
        CREATE DOMAIN smalls AS small[] CHECK (array_length(VALUE, 1) < 5);
        CREATE DOMAIN plain AS small[];
        CREATE TYPE pair AS (x small, y text);
        CREATE TYPE span AS RANGE (subtype = small);
        CREATE TABLE a (p pair, q pair[], s smalls, t plain, r span, fine pair, nothing pair);
        INSERT INTO a VALUES ((11, 'it''s, "x"'), ARRAY[(1, 'b'), (11, NULL)]::pair[], '{1,11}', '{11}',
            '[1,11]', (1, ''), NULL);
        CREATE OR REPLACE FUNCTION fine(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS
            'BEGIN RETURN $1 < 10; END';
    """
    assert said(text, "violations") == [
        f"public.a.{column} holds a value that a domain within its type refuses" for column in "pqrst"
    ]


RAISING = """
    CREATE FUNCTION public.raising(int) RETURNS bool LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'canary %', $1 USING ERRCODE = '{}'; END $$;
    CREATE TABLE a (n int);
    INSERT INTO a VALUES (41);
    ALTER TABLE a ADD CONSTRAINT c CHECK (public.raising(n)) NOT VALID;
"""


def test_a_check_that_raises_is_not_told_and_tells_no_value(database, run):
    run(RAISING.format("P0001"))
    made = violations(database, jobs=1)
    assert made.findings.found == ()
    assert [str(one) for one in made.findings.undecided] == [
        "c ON public.a could not be checked (SQLSTATE P0001)"
    ]


def test_a_check_whose_function_relies_on_the_search_path_of_production(database, run):
    run(f"""
        SET check_function_bodies = off;
        CREATE SCHEMA app;
        CREATE TABLE app.allowed (n int);
        CREATE FUNCTION app.is_allowed(int) RETURNS bool LANGUAGE sql AS
        $$ SELECT EXISTS (SELECT FROM allowed WHERE n = $1) $$;
        CREATE TABLE a (n int);
        INSERT INTO a VALUES (1), (2);
        INSERT INTO app.allowed VALUES (1);
        ALTER TABLE a ADD CONSTRAINT c CHECK (app.is_allowed(n)) NOT VALID;
        ALTER DATABASE {database.name} SET search_path = app;
    """)
    made = violations(database, jobs=1)
    assert [str(one).partition(",")[0] for one in made.findings.found] == ["c ON public.a is broken by 1 row"]


def test_a_check_cannot_write(database, run):
    run("""
        CREATE TABLE log (n int);
        CREATE FUNCTION public.writes(int) RETURNS bool LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO public.log VALUES ($1); RETURN true; END $$;
        CREATE TABLE a (n int CHECK (public.writes(n)));
        INSERT INTO a VALUES (1);
    """)
    made = violations(database, jobs=1)
    assert [str(one) for one in made.findings.undecided] == [
        "a_n_check ON public.a could not be checked (SQLSTATE 25006)"
    ]
    assert run("SELECT count(*) FROM log") == [(1,)]


def test_indexes_that_the_server_does_not_use(database, run):
    run("""
        CREATE TABLE a (n int);
        CREATE INDEX i ON a (n);
        CREATE INDEX j ON a (n);
        CREATE INDEX k ON a (n);
        UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid = 'i'::regclass;
        UPDATE pg_catalog.pg_index SET indisready = false WHERE indexrelid = 'j'::regclass;
        CREATE TABLE p (n int) PARTITION BY LIST (n);
        CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
        CREATE INDEX above ON ONLY p (n);
    """)
    made = invalid_indexes(database)
    assert [str(one) for one in made.findings.found] == [
        "public.i is not valid",
        "public.j is not kept up to date",
        "public.above is not valid",
    ]


def test_rows_that_this_role_may_not_see_are_not_told(database, run):
    run("""
        CREATE TABLE a (id int PRIMARY KEY, n int CHECK (n > 0));
        CREATE TABLE b (a int REFERENCES a);
        DO $$ BEGIN CREATE ROLE nobody LOGIN PASSWORD 'nobody'; EXCEPTION WHEN OTHERS THEN NULL; END $$;
        GRANT SELECT ON a, b TO nobody;
        ALTER TABLE b ENABLE ROW LEVEL SECURITY;
    """)
    theirs = type(database)({**database.conninfo, "user": "nobody", "password": "nobody"}, database.name)
    hidden = "could not be checked: rows of it are hidden from this role"
    assert [str(one) for one in orphans(theirs, jobs=1).findings.undecided] == [
        f"b_a_fkey ON public.b {hidden}"
    ]
    # What it may see it may judge: no more than the right to read is needed.
    assert duplicates(theirs, jobs=1).findings.all() == []
    assert violations(theirs, jobs=1).findings.all() == []
