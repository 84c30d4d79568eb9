"""The restored rows are compared with the backup's, whatever form they have there."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from fixtures.archive.listing import LARGE_OBJECTS
from fixtures.restore.content import digesting, examine, reading
from plugins.errors import BackupError, DrillError, NothingToCheckError
from tests.restore.test_profiles import FORMS, WORLD

# Types whose text depends on the session, and text that COPY and INSERT write in their own ways.
TYPES = r"""
CREATE TYPE visit AS (at timestamptz, who text);
CREATE DOMAIN moment AS timestamptz;
CREATE TABLE instants (
    id int PRIMARY KEY, at timestamptz, day tstzrange, days tstzmultirange, several timestamptz[],
    v visit, m moment, local timestamp, t timetz
);
INSERT INTO instants SELECT i, at, tstzrange(at, at + '1 day'), tstzmultirange(tstzrange(at, at + '1 h')),
    ARRAY[at, NULL], (at, 'me, "you"')::visit, at, at AT TIME ZONE 'UTC', '12:00:00+05:30'
    FROM generate_series(1, 400) i,
    LATERAL (SELECT timestamptz '1850-01-05 00:00:00+00' + i * '165 days 5 h'::interval) _(at);
CREATE TABLE kinds (
    b boolean, i8 bigint, n numeric, f4 real, f8 double precision, p point, c "char", ch char(4), by bytea,
    bits bit(5), vb varbit, j json, jb jsonb, u uuid, a text[], iv interval, d date, net inet, r int4range,
    x text, e text, empty text, g int GENERATED ALWAYS AS (length(x)) STORED
);
INSERT INTO kinds VALUES
    (true, -5, 1.50, 0.1, 1e-7, '(1.5,-2)', 'c', 'ab', '\x00ff27', '10101', '1', '{"a": "it''s"}', '[1]',
     '00000000-0000-0000-0000-000000000001', ARRAY['a,b', 'c"d', NULL, ''], '1 day 02:03:04.5', '2026-01-02',
     '10.0.0.0/8', '[1,5)', E'tab\t back\\slash nl\n cr\r b\b f\f v\v quote'' '' end', '''', ''),
    (false, NULL, 'NaN', 'Infinity', '-Infinity', NULL, NULL, '', '', NULL, '', 'null', 'null', NULL, '{}',
     NULL, 'infinity', NULL, 'empty', 'NULL', 'true, (DEFAULT), B''1'');', '\N'),
    (NULL, 9223372036854775807, 12345678901234567890.123456789, 1e20, 1.7976931348623157e308, NULL, 'x', NULL,
     decode(repeat('5c', 50), 'hex'), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     '),' || chr(10) || chr(9) || '(', 'INSERT INTO kinds VALUES (1);', NULL);
CREATE TABLE always (id int GENERATED ALWAYS AS IDENTITY, t text);
INSERT INTO always (t) VALUES ('a'), ('b''');
CREATE TABLE "naïve ""Table" ("Größe" text, "ß" int);
INSERT INTO "naïve ""Table" VALUES ('ä', 1), ('ö', 2);
CREATE TABLE nothing ();
INSERT INTO nothing DEFAULT VALUES;
CREATE TABLE no_rows (id int);
"""


@pytest.fixture
def compare(database):
    """Compares the test's database with an archive."""

    def compare(archive, *, zone: str | None = None, jobs: int = 2):
        return examine(
            database,
            archive,
            members=database.partitions(),
            zone=zone,
            jobs=jobs,
            look=lambda done, total: None,
        )

    return compare


@pytest.fixture(scope="module")
def world(server):
    """A database that these tests dump, and leave as it is."""
    server.create_database("world")
    with closing(server.connect("world")) as connection:
        connection.execute(WORLD)
        connection.execute(TYPES)
    yield "world"
    server.drop_database("world")


def said(findings) -> list[str]:
    return [str(finding) for finding in findings]


@pytest.mark.parametrize("form", FORMS)
def test_what_pg_dump_writes_and_comes_back_is_equal(form, world, pg_dump, restore, compare, monkeypatch):
    monkeypatch.setattr(reading, "PIECE_PAGES", 4)
    archive = restore(pg_dump(world, *FORMS[form])).archive
    content = compare(archive)
    assert (said(content.differences.found), said(content.differences.undecided)) == ([], [])
    assert said(content.unreadable.all()) == []
    assert content.sequences_elsewhere() == []
    unlike = {"public.event_1", "public.event_2"} if form == "through the root" else set()
    # A row without a column is written by no INSERT that names its values.
    if form in ("inserts", "one insert a row"):
        unlike |= {"public.nothing"}
    assert set(content.unlike) == unlike
    compared = content.digests.keys() - content.unlike.keys()
    assert {
        "public.person",
        "public.kinds",
        "public.instants",
        'public."naïve ""Table"',
        LARGE_OBJECTS,
    } <= compared
    for table, digest in archive.digests.items():
        if table in content.digests:
            assert content.digests[table].hexdigest == digest


def test_every_table_of_another_encoding_is_equal(world, pg_dump, restore, compare):
    content = compare(restore(pg_dump(world, "-E", "LATIN1")).archive)
    assert (said(content.differences.found), said(content.differences.undecided)) == ([], [])
    assert content.settings["client_encoding"] == "LATIN1"
    assert content.unlike == {}


@pytest.mark.parametrize("zone", ["Europe/Zurich", "America/St_Johns", "Asia/Kolkata", "Etc/GMT+7", "UTC"])
@pytest.mark.parametrize("form", ["plain", "inserts"])
def test_the_zone_of_the_dump_is_told_by_its_rows(zone, form, world, pg_dump, restore, compare):
    content = compare(restore(pg_dump(world, *FORMS[form], PGTZ=zone)).archive)
    assert (said(content.differences.found), said(content.differences.undecided)) == ([], [])


def test_a_zone_that_shows_only_in_later_rows(server, other, pg_dump, restore, compare):
    """London's winter looks like UTC, and its summer is behind what is looked at first."""
    with closing(server.connect(other)) as connection:
        connection.execute(
            "CREATE TABLE calls (id int PRIMARY KEY, at timestamptz); INSERT INTO calls SELECT i, "
            "CASE WHEN i < 9000 THEN timestamptz '2026-01-05 00:00+00' ELSE '2026-07-05 00:00+00' END "
            "FROM generate_series(1, 9500) i"
        )
    content = compare(restore(pg_dump(other, PGTZ="Europe/London")).archive)
    assert said(content.differences.all()) == []
    assert content.settings["TimeZone"] == "UTC"


def test_a_changed_instant_is_told_whatever_the_zone(server, database, world, pg_dump, restore, compare):
    archive = restore(pg_dump(world, PGTZ="Europe/Zurich")).archive
    with closing(server.connect(database.name)) as connection:
        connection.execute("UPDATE public.instants SET at = at + interval '1 microsecond' WHERE id = 7")
    content = compare(archive)
    assert said(content.differences.all()) == [
        "public.instants differs in the content of its 400 rows: 1 changed"
    ]


def test_times_that_no_zone_gives_are_undecided(world, pg_dump, restore, compare):
    text = pg_dump(world, PGTZ="Asia/Kolkata").replace(b"+05:30\t", b"+05:31\t", 1)
    content = compare(restore(text).archive)
    with pytest.raises(DrillError, match="no time zone gives its times"):
        content.differences_of("public.instants")


def test_the_zone_of_the_plan_comes_first(world, pg_dump, restore, compare):
    content = compare(restore(pg_dump(world, PGTZ="Africa/Abidjan")).archive, zone="Africa/Abidjan")
    assert said(content.differences.all()) == []
    assert content.settings["TimeZone"] == "Africa/Abidjan"


def test_bytes_in_the_escaped_form(world, pg_dump, restore, compare):
    archive = restore(pg_dump(world, PGOPTIONS="-c bytea_output=escape")).archive
    assert said(compare(archive).differences.all()) == []


DAMAGES = {
    "UPDATE org SET name = 'canary' WHERE id IN (3, 4)": (
        "public.org", "differs in the content of its 50 rows: 2 changed"),
    "DELETE FROM event_2 WHERE id % 10 = 0": (
        "public.event_2", "holds 180 rows, and the backup 190: 10 missing"),
    "INSERT INTO parent VALUES (1, 'p'), (7, 'canary')": (
        "public.parent", "holds 3 rows, and the backup 1: 2 extra"),
    "UPDATE ONLY parent SET t = 'canary'": (
        "public.parent", "differs in the content of its 1 row: 1 missing, 1 extra"),
    "DELETE FROM org WHERE id = 3; INSERT INTO org VALUES (99, 'canary')": (
        "public.org", "differs in the content of its 50 rows: 1 missing, 1 extra"),
    "UPDATE kinds SET x = x || ' ' WHERE i8 = -5": (
        "public.kinds", "differs in the content of its 3 rows: 1 missing, 1 extra"),
    "UPDATE kinds SET n = 1.5 WHERE i8 = -5": (
        "public.kinds", "differs in the content of its 3 rows: 1 missing, 1 extra"),
    "SELECT lo_put(4712, 9000, 'canary')": ("large objects", "are not as in the backup: differ in content"),
    "SELECT lo_unlink(4711)": ("large objects", "are not as in the backup: 1 of 2"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("form", ["plain", "inserts"])
def test_what_differs_is_told_in_numbers_and_never_by_a_value(
    damage, form, server, database, world, pg_dump, restore, compare
):
    archive = restore(pg_dump(world, *FORMS[form])).archive
    with closing(server.connect(database.name)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(f"SET search_path = public; {damage}")
    table, words = DAMAGES[damage]
    content = compare(archive)
    # Counts of a table without a primary key cannot tell a changed row from one missing and one extra.
    assert said(content.differences.all()) == [f"{table} {words}"]


def test_where_more_rows_differ_than_are_held_the_numbers_are_about_right(
    server, database, other, pg_dump, restore, compare, monkeypatch
):
    from fixtures.restore.content import differences

    with closing(server.connect(other)) as connection:
        connection.execute("CREATE TABLE t (id int PRIMARY KEY, v text)")
        connection.execute("INSERT INTO t SELECT i, 'v' FROM generate_series(1, 20000) i")
    archive = restore(pg_dump(other)).archive
    with closing(server.connect(database.name)) as connection:
        connection.execute("DELETE FROM public.t WHERE id % 2 = 0")
    monkeypatch.setattr(differences, "_MOST", 2000)
    (found,) = compare(archive).differences.all()
    about = int(found.said.rpartition("about ")[2].split()[0].replace(",", ""))
    assert found.said.startswith("holds 10,000 rows, and the backup 20,000: about ")
    assert 8_500 < about < 11_500


def test_a_sequence_that_went_on(server, database, world, pg_dump, restore, compare):
    archive = restore(pg_dump(world)).archive
    with closing(server.connect(database.name)) as connection:
        connection.execute("""SELECT nextval('public."Odd.Table_id_seq"')""")
    content = compare(archive)
    assert said(content.sequences_elsewhere()) == [
        'public."Odd.Table_id_seq" does not stand where the backup leaves it'
    ]
    assert said(content.differences.all()) == []


def test_a_sequence_that_is_gone(server, database, restore, compare):
    text = "CREATE SEQUENCE public.s;\nSELECT pg_catalog.setval('public.s', 5, true);\n"
    archive = restore(text).archive
    with closing(server.connect(database.name)) as connection:
        connection.execute("DROP SEQUENCE public.s")
    assert said(compare(archive).sequences_elsewhere()) == [
        "public.s is not there, and the backup says where it stands"
    ]


def test_a_backup_that_sets_no_sequence_is_not_asked_about_them(restore, compare):
    content = compare(restore("CREATE TABLE public.t (id int);\n").archive)
    with pytest.raises(NothingToCheckError, match="sets no sequence"):
        content.sequences_elsewhere()


HEAD = """\
--
-- PostgreSQL database dump
--

-- Dumped from database version {}
-- Dumped by pg_dump version 17.6

"""
FOOT = "\n--\n-- PostgreSQL database dump complete\n--\n"


def dump(body: str, version: str = "17.4") -> str:
    return HEAD.format(version) + body + FOOT


@pytest.mark.parametrize(
    ("version", "kind", "value", "because"),
    [
        ("9.6.24", "double precision", "0.10000000000000001", "floating-point"),
        ("11.22", "point", "(0.10000000000000001,0)", "floating-point"),
        ("15.3", '"char"', "ab", '"char"'),
        ("17.4", "money", "EUR 1.00", "lc_monetary"),
    ],
)
def test_text_that_another_server_writes_in_another_way_is_undecided(
    version, kind, value, because, restore, compare, run
):
    body = f"CREATE TABLE public.t (v {kind});\nCOPY public.t (v) FROM stdin;\n{value}\n\\.\n"
    restored = restore(dump(body, version))
    if restored.failures:  # the text itself may be of a kind that this server does not take
        run("INSERT INTO public.t VALUES (NULL)")
    content = compare(restored.archive)
    with pytest.raises(DrillError, match=because):
        content.differences_of("public.t")


def test_the_same_floats_of_an_old_server_are_equal(restore, compare):
    body = "CREATE TABLE public.t (v real);\nCOPY public.t (v) FROM stdin;\n0.5\n\\.\n"
    assert compare(restore(dump(body, "9.6.24")).archive).differences_of("public.t") == []


def test_a_value_that_the_server_rounds_is_told(restore, compare):
    body = "CREATE TABLE public.t (v numeric(4,1));\nCOPY public.t (v) FROM stdin;\n1.25\n\\.\n"
    content = compare(restore(dump(body)).archive)
    assert said(content.differences_of("public.t")) == [
        "public.t differs in the content of its 1 row: 1 missing, 1 extra"
    ]


def test_a_script_that_writes_values_in_its_own_way_is_not_compared(restore, compare):
    content = compare(
        restore("CREATE TABLE public.t (d date);\nINSERT INTO public.t VALUES ('1 May 2026');\n").archive
    )
    with pytest.raises(NothingToCheckError, match="the backup is a script"):
        content.differences_of("public.t")
    assert any(note.startswith("the content of public.t: the backup is a script") for note in content.notes)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO public.t VALUES (1 + 1);",
        "INSERT INTO public.t SELECT 2;",
        "INSERT INTO public.t VALUES (2);\nUPDATE public.t SET id = 3;",
        "INSERT INTO public.t (id) VALUES (2);\nCOPY public.t (id) FROM stdin;\n3\n\\.",
        "INSERT INTO public.t VALUES (E'2');",
        "INSERT INTO public.t VALUES (2) RETURNING id;",
        "INSERT INTO public.t VALUES ('2'::int);",
    ],
)
def test_rows_that_come_in_other_words_are_not_compared_and_it_is_said(text, restore, compare):
    content = compare(restore(dump(f"CREATE TABLE public.t (id int);\n{text}\n")).archive)
    with pytest.raises(NothingToCheckError, match=r"public\.t"):
        content.differences_of("public.t")
    assert any("public.t" in note for note in content.notes)


def test_a_table_of_which_the_backup_leaves_out_the_rows(world, pg_dump, restore, compare):
    content = compare(restore(pg_dump(world, "--exclude-table-data=org")).archive)
    assert "the rows of public.org: the backup leaves them out" in content.notes
    assert content.differences_of("public.org") == []
    assert not any("no_rows" in note for note in content.notes)


def test_of_many_tables_that_are_not_compared_for_one_reason_one_sentence_tells(restore, compare):
    tables = "".join(
        f"CREATE TABLE public.t{n} (id int);\nINSERT INTO public.t{n} SELECT {n};\n" for n in range(5)
    )
    content = compare(restore(dump(tables)).archive)
    (note,) = (note for note in content.notes if note.startswith("the content of"))
    assert "public.t0, public.t1, public.t2 and 2 more: " in note


@pytest.mark.parametrize("form", ["plain", "through the root"])
def test_partitions_are_compared_where_their_rows_come(form, world, pg_dump, restore, compare, run):
    archive = restore(pg_dump(world, *FORMS[form])).archive
    assert compare(archive).differences_of("public.event") == []
    run("UPDATE public.event_1 SET note = 'canary' WHERE id = 50")
    table = "public.event" if form == "through the root" else "public.event_1"
    content = compare(archive)
    assert [finding.object for finding in content.differences_of("public.event")] == [table]
    assert content.differences_but_of({"public.event"}) == []


def test_a_table_of_which_the_backup_says_nothing_is_not_called_equal(restore, compare, run):
    archive = restore(
        dump("CREATE TABLE public.t (id int);\nCOPY public.t (id) FROM stdin;\n1\n\\.\n")
    ).archive
    run("CREATE TABLE public.another (id int); INSERT INTO public.another VALUES (1)")
    content = compare(archive)
    with pytest.raises(NothingToCheckError, match="says nothing of its rows"):
        content.differences_of("public.another")
    with pytest.raises(NothingToCheckError, match="no other table"):
        content.differences_but_of({"public.t"})


def test_what_comes_through_the_partitioned_table_is_not_said_to_be_left_out(
    world, pg_dump, restore, compare
):
    content = compare(restore(pg_dump(world, *FORMS["through the root"])).archive)
    assert any("public.event_1" in note and "the rows come through" in note for note in content.notes)
    assert not any("leaves them out" in note for note in content.notes)


def test_a_table_that_is_not_there(restore, compare):
    content = compare(restore("CREATE TABLE public.t (id int);\n").archive)
    with pytest.raises(BackupError, match=r"no table public\.gone"):
        content.differences_of("public.gone")


def test_a_table_that_is_lost_is_found_among_the_others(world, pg_dump, restore, compare, run):
    archive = restore(pg_dump(world)).archive
    run("DROP TABLE public.kinds; DROP TABLE public.no_rows")
    content = compare(archive)
    assert said(content.differences_but_of({"public.org"})) == [
        "public.kinds is not there, nor are its 3 rows"
    ]


def test_text_that_is_not_valid(server, database, compare, run):
    run(
        "CREATE TABLE t (x text); CREATE CAST (bytea AS text) WITHOUT FUNCTION; "
        "INSERT INTO t VALUES ('fine'), ('\\xff61'::bytea::text)"
    )
    content = compare(None)
    assert said(content.unreadable.all()) == ["public.t has 1 row with text that is not valid"]


def test_a_database_without_an_archive_is_read_and_nothing_compared(compare, run):
    run("CREATE TABLE t (x text); INSERT INTO t VALUES ('fine')")
    content = compare(None)
    assert content.digests["public.t"].rows == 1
    assert content.differences.all() == []


def test_tables_that_this_role_may_not_read_are_not_told(server, database, compare, run):
    run("""
        CREATE TABLE theirs AS SELECT 1;
        CREATE TABLE extensions_own AS SELECT 1;
        CREATE EXTENSION hstore;
        ALTER EXTENSION hstore ADD TABLE extensions_own;
        CREATE ROLE reading LOGIN PASSWORD 'reading';
    """)
    given = {**database.conninfo, "user": "reading", "password": "reading"}
    lent = replace(database, conninfo=given, shared=None)
    try:
        content = examine(lent, None, members={}, zone=None, jobs=1, look=lambda done, total: None)
    finally:
        run("DROP ROLE reading")
    assert said(content.unreadable.undecided) == ["public.theirs is hidden from this role"]
    assert content.unreadable.found == ()


def test_a_digest_of_few_rows_is_not_told(compare, run):
    run("CREATE TABLE few AS SELECT 1 FROM generate_series(1, 9)")
    run("CREATE TABLE more AS SELECT 1 FROM generate_series(1, 10)")
    digests = compare(None).digests
    assert set(digests["public.few"].told().values()) == {None}
    assert digests["public.more"].told()["digest_restored"] == digests["public.more"].hexdigest


def test_hostile_names_and_operators_change_nothing(compare, run):
    run(
        """
        CREATE FUNCTION public.ge(tid, tid) RETURNS boolean LANGUAGE sql AS 'SELECT false';
        CREATE OPERATOR public.>= (FUNCTION = public.ge, LEFTARG = tid, RIGHTARG = tid);
        CREATE TABLE public."x"" TO PROGRAM 'id'; --" (i int);
        INSERT INTO public."x"" TO PROGRAM 'id'; --" VALUES (1);
        """
    )
    assert [digest.rows for digest in compare(None).digests.values()] == [1]


@pytest.mark.parametrize("piped", [True, False])
def test_the_condition_of_an_extensions_table_runs_no_second_statement(piped, database, run):
    run("""
        CREATE TABLE own AS SELECT 1 AS n; CREATE SEQUENCE touched;
        CREATE EXTENSION hstore;
        ALTER EXTENSION hstore ADD TABLE own;
        UPDATE pg_catalog.pg_extension SET extconfig = ARRAY['own'::regclass::oid], extcondition = ARRAY[
            ') TO STDOUT; COMMIT; BEGIN READ WRITE; '
            || 'SELECT nextval(''public.touched''); COMMIT; COPY (SELECT 1']
        WHERE extname = 'hstore';
    """)
    asked = database if piped else replace(database, shared=None)
    content = examine(asked, None, members={}, zone=None, jobs=1, look=lambda done, total: None)
    assert said(content.unreadable.found) == ["public.own cannot be read to its end (SQLSTATE 42601)"]
    run("""
        UPDATE pg_catalog.pg_extension SET extcondition = ARRAY[
            '; COMMIT; BEGIN READ WRITE; SELECT nextval(''public.touched''); COMMIT; SELECT 1']
        WHERE extname = 'hstore';
    """)
    with pytest.raises(DrillError, match="could not be counted"):
        asked.count_all()
    assert run("SELECT is_called FROM touched") == [(False,)]


def test_a_large_table_is_read_in_pieces(compare, run, monkeypatch):
    run("CREATE TABLE t AS SELECT i, repeat('x', 500) FROM generate_series(1, 5000) i")
    whole = compare(None).digests["public.t"]
    asked = []
    monkeypatch.setattr(reading, "PIECE_PAGES", 50)
    monkeypatch.setattr(
        digesting,
        "copy_text",
        lambda table, columns, pages: asked.append(pages) or reading.copy_text(table, columns, pages),
    )
    assert compare(None).digests["public.t"] == whole
    assert len(asked) > 3
