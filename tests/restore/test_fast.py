"""The fast profile loses and reports what the durable one does, whatever goes wrong side by side."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest

from fixtures.restore import schedule
from fixtures.restore.stretches import Stretch, stretches
from fixtures.restore.tasks import Task
from plugins.errors import DrillError

HEAD = """--
-- PostgreSQL database dump
--

SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
"""
TAIL = "\n--\n-- PostgreSQL database dump complete\n--\n\n"


def dump(*parts: str) -> str:
    return HEAD + "\n".join(parts) + TAIL


def rows(table: str, *lines: object) -> str:
    return "\n".join([f"COPY public.{table} FROM stdin;", *map(str, lines), "\\."])


DAMAGES = {
    "a row in the last piece": (
        "CREATE TABLE public.a (i int);",
        rows("a", *range(2000), "not a number"),
        "CREATE INDEX a_i ON public.a USING btree (i);",
    ),
    "a key twice": (
        "CREATE TABLE public.a (i int NOT NULL, j int);",
        rows("a", "1\t1", "1\t2"),
        "ALTER TABLE ONLY public.a\n    ADD CONSTRAINT a_pkey PRIMARY KEY (i);",
        "ALTER TABLE ONLY public.a\n    ADD CONSTRAINT a_j UNIQUE (j);",
        "COMMENT ON CONSTRAINT a_pkey ON public.a IS 'gone';",
    ),
    "an orphan": (
        "CREATE TABLE public.a (i int);",
        "CREATE TABLE public.b (i int);",
        rows("a", 1),
        rows("b", 1, 2),
        "ALTER TABLE ONLY public.a\n    ADD CONSTRAINT a_pkey PRIMARY KEY (i);",
        "ALTER TABLE ONLY public.b\n    ADD CONSTRAINT b_a FOREIGN KEY (i) REFERENCES public.a(i);",
    ),
    "no such type, and all that follows": (
        "CREATE TABLE public.a (i absent);",
        rows("a", 1),
        "CREATE INDEX a_i ON public.a USING btree (i);",
        "ALTER TABLE ONLY public.a\n    ADD CONSTRAINT a_pkey PRIMARY KEY (i);",
    ),
    "an unknown parameter": (
        "SET no_such_parameter = 1;",
        "CREATE TABLE public.a (i int);",
        rows("a", 1),
        "SET no_such_parameter_either = 1;",
        rows("a", 2),
    ),
    "one of many inserts": (
        "CREATE TABLE public.a (i int CHECK (i < 500));",
        *(f"INSERT INTO public.a VALUES ({i});" for i in range(1000)),
        "SELECT pg_catalog.setval('public.absent', 1, true);",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_lost_is_the_same(damage, server, database, restore, monkeypatch):
    monkeypatch.setattr(schedule, "PIECE_BYTES", 1)
    seen = {}
    for profile in ("durable", "fast"):
        with server.connect(database.name) as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        result = restore(dump(*DAMAGES[damage]), profile=profile, jobs=3)
        with server.connect(database.name) as connection:
            there = connection.execute("SELECT oid::regclass::text FROM pg_class WHERE relnamespace ="
                                       " 'public'::regnamespace ORDER BY 1").fetchall()  # fmt: skip
        seen[profile] = (result.failures, there, database.count_all())
    assert seen["fast"] == seen["durable"]
    assert seen["fast"][0]


def test_what_each_connection_did_is_told(restore):
    text = dump(
        "CREATE TABLE public.a (i int);",
        "CREATE TABLE public.b (i int);",
        rows("a", *range(20_000)),
        rows("b", *range(20_000)),
        "CREATE INDEX a_i ON public.a USING btree (i);",
        "CREATE INDEX b_i ON public.b USING btree (i);",
    )
    assert restore(text, profile="durable").stretches == ()
    loaded = restore(text.replace("public.", "public.other_"), profile="fast", jobs=2)
    # Whether one of the two was idle is for the machine to say.
    assert {done.connection for done in loaded.stretches} <= {1, 2}
    assert {"in order", "rows"} <= {done.work for done in loaded.stretches}
    assert all(done.start >= 0 and done.seconds >= 0 for done in loaded.stretches)
    for connection in (1, 2):
        spans = [(done.start, done.seconds) for done in loaded.stretches if done.connection == connection]
        # One after the other.
        assert all(a + b <= c + 1e-9 for (a, b), (c, _) in pairwise(spans))


def test_neighbours_of_one_kind_and_what_cannot_be_seen_are_joined():
    tasks = [
        Task(kind, [], {}, session=session, began=began, ended=ended)
        for kind, session, began, ended in (
            ("rows", 0, 10.0, 11.0),
            ("piece", 0, 11.0, 12.0),
            ("index", 0, 12.0, 12.001),
            ("rows", 0, 12.001, 20.0),
            ("key", 1, 15.0, 20.0),
            ("analyze", 1, 0.0, 0.0),  # it never ran
        )
    ]
    assert stretches(tasks, [(9.0, 10.0)], 9.0) == [
        Stretch(1, "in order", 0.0, 1.0),
        Stretch(1, "rows", 1.0, 10.0),
        Stretch(2, "constraints", 6.0, 5.0),
    ]


LOOKUP = (
    "CREATE FUNCTION public.rate(c text) RETURNS int IMMUTABLE LANGUAGE plpgsql"
    " AS 'BEGIN RETURN (SELECT rate FROM public.rates WHERE code = c); END';",
    "CREATE TABLE public.rates (\n    code text,\n    rate int\n);",
)
# Of two loaders one is busy with the filler, and the other begins with what is most.
FILLER = "CREATE TABLE public.filler (t text);"
RATES = rows("rates", "chf\t7")
SALES = rows("filler", *["x" * 1000] * 20_000) + "\n" + rows("sales", *["chf"] * 5000)
# What code of the dump's own makes of the rows, and the question that tells. The lookups are said to be
# immutable, as people say to get their index.
LOOKS_ELSEWHERE = {
    "a generated column": (
        (
            *LOOKUP,
            "CREATE TABLE public.sales (\n    code text,\n"
            "    r int GENERATED ALWAYS AS (public.rate(code)) STORED\n);",
            RATES, SALES.replace("sales FROM", "sales (code) FROM"),
        ),
        "SELECT count(*), count(r) FROM public.sales",
    ),
    "a generated column, its table first": (
        (
            *LOOKUP,
            "CREATE TABLE public.sales (\n    code text,\n"
            "    r int GENERATED ALWAYS AS (public.rate(code)) STORED\n);",
            SALES.replace("sales FROM", "sales (code) FROM"), RATES,
        ),
        "SELECT count(*), count(r) FROM public.sales",
    ),
    "a check": (
        (
            *LOOKUP,
            "CREATE TABLE public.sales (\n    code text,\n"
            "    CONSTRAINT known CHECK ((public.rate(code) IS NOT NULL))\n);",
            RATES, SALES,
        ),
        "SELECT count(*) FROM public.sales",
    ),
    "an inherited check": (
        (
            *LOOKUP,
            "CREATE TABLE public.parent (\n    code text,\n"
            "    CONSTRAINT known CHECK ((public.rate(code) IS NOT NULL))\n);",
            "CREATE TABLE public.sales (\n)\nINHERITS (public.parent);",
            RATES, SALES,
        ),
        "SELECT count(*) FROM public.sales",
    ),
    "a domain": (
        (
            *LOOKUP,
            "CREATE DOMAIN public.code AS text\n"
            "    CONSTRAINT known CHECK ((public.rate(VALUE) IS NOT NULL));",
            "CREATE TABLE public.sales (\n    code public.code\n);",
            RATES, SALES,
        ),
        "SELECT count(*) FROM public.sales",
    ),
    "an index": (
        (
            *LOOKUP,
            "CREATE TABLE public.sales (\n    code text\n);",
            RATES, SALES,
            "CREATE INDEX by_rate ON public.sales USING btree (public.rate(code));",
        ),
        "SET enable_seqscan = off; SELECT count(*) FROM public.sales WHERE public.rate(code) = 7",
    ),
    "an index on a function that comes late": (
        (
            "CREATE TABLE public.sales (\n    code text\n);",
            SALES,
            "CREATE FUNCTION public.rate(c text) RETURNS int IMMUTABLE LANGUAGE sql RETURN 7;",
            "CREATE INDEX by_rate ON public.sales USING btree (public.rate(code));",
        ),
        "SELECT count(*) FROM pg_indexes WHERE indexname = 'by_rate'",
    ),
    "a trigger that always fires": (
        (
            "CREATE TABLE public.sales (\n    code text\n);",
            "CREATE TABLE public.audit (\n    id int GENERATED ALWAYS AS IDENTITY,\n    code text\n);",
            "CREATE FUNCTION public.noted() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN INSERT INTO public.audit (code) VALUES (NEW.code); RETURN NEW; END';",
            "CREATE TRIGGER noted BEFORE INSERT ON public.sales"
            " FOR EACH ROW EXECUTE FUNCTION public.noted();",
            "ALTER TABLE public.sales ENABLE ALWAYS TRIGGER noted;",
            "SET session_replication_role = replica;",
            rows("sales", *["chf"] * 50_000), rows("audit", "9001\told"),
            "RESET ALL;",
        ),
        "SELECT count(*) FROM public.audit",
    ),
    "a foreign key that nothing silences": (
        (
            "CREATE TABLE public.rates (\n    code text PRIMARY KEY\n);",
            "CREATE TABLE public.sales (\n    code text REFERENCES public.rates (code)\n);",
            rows("rates", *(f"c{n}" for n in range(50_000)), "chf"), SALES,
        ),
        "SELECT count(*) FROM public.sales",
    ),
    "what the database is set to": (
        (
            "CREATE DATABASE app WITH TEMPLATE = template0 ENCODING = 'UTF8';",
            "ALTER DATABASE app SET app.tenant TO 'acme';",
            "\\connect app",
            *(
                f"CREATE TABLE public.{name} (\n    code text,\n"
                "    CONSTRAINT ours CHECK ((code = current_setting('app.tenant'::text)))\n);"
                for name in "abc"
            ),
            *(rows(name, *["acme"] * 5000) for name in "abc"),
        ),
        "SELECT (SELECT count(*) FROM public.a), (SELECT count(*) FROM public.b),"
        " (SELECT count(*) FROM public.c)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LOOKS_ELSEWHERE)
def test_code_of_the_dumps_own_sees_what_it_sees_in_the_dumps_order(case, server, database, restore, run):
    parts, question = LOOKS_ELSEWHERE[case]
    seen = {}
    for profile in ("durable", "fast"):
        with server.connect(database.name) as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; RESET ALL")
            connection.execute(f'ALTER DATABASE "{database.name}" RESET ALL')
        failures = restore(dump(FILLER, *parts), profile=profile, jobs=2).failures
        seen[profile] = ([(failure.tag, failure.sqlstate) for failure in failures], run(question))
    assert seen["fast"] == seen["durable"]


def test_foreign_keys_between_the_same_tables_do_not_lock_each_other_out(restore, run):
    names = [f"t{number}" for number in range(8)]
    alter = "ALTER TABLE ONLY public.{}\n    ADD CONSTRAINT {}"
    keys = [
        alter.format(one, f"{one}_{other} FOREIGN KEY (i) REFERENCES public.{other}(i);")
        for one in names
        for other in names
    ]
    result = restore(
        dump(
            *(f"CREATE TABLE public.{name} (i int NOT NULL);" for name in names),
            *(rows(name, *range(3000)) for name in names),
            *(
                f"ALTER TABLE ONLY public.{name}\n    ADD CONSTRAINT {name}_pkey PRIMARY KEY (i);"
                for name in names
            ),
            *keys,
        ),
        profile="fast",
        jobs=4,
    )
    assert result.failures == ()
    assert run("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated") == [(64,)]


def test_keys_and_triggers_that_come_before_the_rows(restore, run):
    """As the Supabase CLI's three files have it."""
    result = restore(
        dump(
            "CREATE TABLE public.a (i int PRIMARY KEY);",
            "CREATE TABLE public.b (i int REFERENCES public.a (i));",
            "CREATE FUNCTION public.no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';",
            "CREATE TRIGGER no BEFORE INSERT ON public.b FOR EACH ROW EXECUTE FUNCTION public.no();",
            "ALTER TABLE ONLY public.b\n    ADD CONSTRAINT again FOREIGN KEY (i) REFERENCES public.a(i);",
            "SET session_replication_role = replica;",
            rows("b", *range(100)),
            rows("a", *range(50)),
            "RESET ALL;",
        ),
        profile="fast",
        jobs=2,
    )
    assert result.failures == ()
    assert run("SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)") == [(50, 100)]


def test_a_dump_from_before_2018_finds_its_tables_by_the_search_path(restore, run):
    result = restore(
        dump(
            "CREATE SCHEMA s;",
            "SET search_path = s, pg_catalog;",
            "CREATE TABLE t (i int);",
            "COPY t (i) FROM stdin;\n1\n2\n\\.",
            "SET search_path = public, pg_catalog;",
            "CREATE TABLE t (i int);",
            "COPY t (i) FROM stdin;\n3\n\\.",
            "SET search_path = s, pg_catalog;",
            "CREATE INDEX t_i ON t USING btree (i);",
            "ALTER TABLE ONLY t\n    ADD CONSTRAINT t_pkey PRIMARY KEY (i);",
        ),
        profile="fast",
        jobs=2,
    )
    assert result.failures == ()
    assert run("SELECT (SELECT array_agg(i) FROM s.t), (SELECT array_agg(i) FROM public.t)") == [
        ([1, 2], [3])
    ]
    assert run("SELECT count(*) FROM pg_indexes WHERE schemaname = 's'") == [(2,)]


def test_every_session_reads_the_dumps_encoding(restore, run):
    text = dump(
        "CREATE TABLE public.a (t text);\nCREATE TABLE public.b (t text);",
        rows("a", "Zürich"),
        rows("b", "Genève"),
    ).replace("'UTF8'", "'LATIN1'")  # fmt: skip
    assert restore(text.encode("latin-1"), profile="fast", jobs=2).failures == ()
    assert run("SELECT (SELECT t FROM a), (SELECT t FROM b)") == [("Zürich", "Genève")]


def test_a_server_that_gives_out_ends_all_sessions(restore):
    with pytest.raises(DrillError, match=r"the server gave out at CREATE INDEX of public\.b_f"):
        restore(
            dump(
                "CREATE FUNCTION public.f(int) RETURNS bool IMMUTABLE LANGUAGE sql"
                " AS 'SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())';",
                "CREATE TABLE public.a (i int);",
                "CREATE TABLE public.b (i int);",
                rows("a", *range(1000)),
                rows("b", 1),
                "CREATE INDEX a_i ON public.a USING btree (i);",
                "CREATE INDEX b_f ON public.b USING btree (public.f(i));",
            ),
            profile="fast",
            jobs=2,
        )
    assert [thread for thread in threading.enumerate() if thread.name.startswith("restore")] == []


def test_an_interrupt_ends_what_runs(restore, run):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(
            dump(
                "CREATE FUNCTION public.f(int) RETURNS int IMMUTABLE LANGUAGE plpgsql"
                " AS 'BEGIN PERFORM pg_catalog.pg_sleep(3600); RETURN 1; END';",
                "CREATE TABLE public.a (i int);",
                rows("a", 1),
                "CREATE INDEX a_f ON public.a USING btree (public.f(i));",
            ),
            profile="fast",
            jobs=2,
            advance=interrupt,
        )
    assert [thread for thread in threading.enumerate() if thread.name.startswith("restore")] == []
    assert run("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == [(0,)]
