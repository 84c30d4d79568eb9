"""The small backup of the self-check: what of a backup can be had by itself, and how little it is."""

from __future__ import annotations

import pytest

from fixtures.archive import open_archive
from fixtures.restore.self_check.small_backup import small_backup

HEADER = "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 17.4\n\n"
FOOTER = "\n--\n-- PostgreSQL database dump complete\n--\n"


def rows(table: str, *lines: str) -> str:
    return "\n".join([f"COPY {table} FROM stdin;", *lines, "\\.\n"])


@pytest.fixture
def small(tmp_path):
    """The small backup of a dump of this text, opened; None where there is none."""

    def make(text: str, *, first=(), but=lambda _name: False, header=HEADER, footer=FOOTER):
        path = tmp_path / "backup.sql"
        path.write_text(header + text + footer)
        (tmp_path / "whole").mkdir(exist_ok=True)
        archive = open_archive(path, folder=tmp_path / "whole")
        made = small_backup(archive, first=first, but=but)
        if made is None:
            return None
        (tmp_path / "small.sql").write_bytes(made)
        (tmp_path / "small").mkdir(exist_ok=True)
        opened = open_archive(tmp_path / "small.sql", folder=tmp_path / "small")
        assert opened.incomplete_because is None
        return opened

    return make


def names(archive) -> list[str]:
    return [f"{entry.tag} {entry.object}" for entry in archive.entries]


T = "CREATE TABLE public.t (\n    id integer\n);\n" + rows("public.t", "1", "2")


def test_one_table_comes_whole(small):
    found = small(T)
    assert found.tables == {"public.t": 2}
    assert (found.format, found.dumped_from) == ("plain", "17.4")


def test_a_table_that_refers_to_another_comes_with_it(small):
    parts = (
        "CREATE TABLE public.a (\n    id integer NOT NULL\n);\n"
        "CREATE TABLE public.b (\n    id integer,\n    a integer\n);\n"
        "{}ALTER TABLE ONLY public.a\n    ADD CONSTRAINT a_pkey PRIMARY KEY (id);\n"
        "ALTER TABLE ONLY public.b\n    ADD CONSTRAINT b_fk FOREIGN KEY (a) REFERENCES public.a(id);\n"
    )
    few = rows("public.a", "1") + rows("public.b", "1\t1")
    found = small(parts.format(few))
    assert found.tables == {"public.a": 1, "public.b": 1}
    assert "ALTER TABLE b_fk ON public.b" in names(found)
    # Of a table that does not come whole the rows that others refer to may be missing.
    many = rows("public.a", *map(str, range(60_000))) + rows("public.b", "1\t1")
    assert "ALTER TABLE b_fk ON public.b" not in names(small(parts.format(many)))


def test_what_a_table_needs_comes_with_it_or_the_table_does_not(small):
    text = (
        "CREATE SCHEMA app;\nCREATE TYPE app.mood AS ENUM ('good');\n"
        "CREATE DOMAIN app.code AS text CONSTRAINT c CHECK (extensions.is_code(VALUE));\n"
        "CREATE TABLE app.t (\n    m app.mood DEFAULT 'good'::app.mood NOT NULL,\n"
        "    id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL\n);\n"
        "CREATE TABLE app.u (\n    c app.code\n);\n" + rows("app.t", "good\tx") + rows("app.u", "y")
    )
    found = small(text)
    assert names(found) == ["CREATE SCHEMA app", "CREATE TYPE app.mood", "CREATE TABLE app.t", "COPY app.t"]
    # What it cannot have is a default, which no row asks for.
    assert b"    m app.mood NOT NULL,\n    id uuid NOT NULL\n" in found.text(found.entries[2])


def test_code_and_what_asks_for_other_software_are_left_out(small):
    text = T + (
        "ALTER TABLE ONLY public.t\n    ADD CONSTRAINT x EXCLUDE USING gist (id WITH =);\n"
        "ALTER TABLE public.t\n    ADD CONSTRAINT y CHECK (public.f(id));\n"
        "CREATE TRIGGER z BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.f();\n"
        "CREATE POLICY p ON public.t USING (public.f(id));\nCREATE POLICY q ON public.t USING (true);\n"
        "ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;\nALTER TABLE public.t OWNER TO somebody;\n"
    )
    assert names(small(text))[2:] == ["CREATE POLICY q ON public.t", "ALTER TABLE public.t"]


def test_a_sequence_comes_with_its_place(small):
    text = (
        "CREATE SEQUENCE public.s;\nALTER SEQUENCE public.s OWNER TO somebody;\n"
        "ALTER SEQUENCE public.s OWNED BY public.t.id;\n"
        + T
        + "SELECT pg_catalog.setval('public.s', 2, true);\n"
        "ALTER TABLE ONLY public.t ALTER COLUMN id SET DEFAULT nextval('public.s'::regclass);\n"
    )
    assert names(small(text)) == [
        "CREATE SEQUENCE public.s", "ALTER SEQUENCE public.s", "CREATE TABLE public.t", "COPY public.t",
        "SELECT public.s", "ALTER TABLE public.t",
    ]  # fmt: skip


def test_a_partition_comes_as_a_table_of_its_own(small):
    text = (
        "CREATE TABLE public.p (\n    id integer\n)\nPARTITION BY LIST (id);\n"
        "CREATE TABLE public.p_1 (\n    id integer\n);\n"
        "ALTER TABLE ONLY public.p ATTACH PARTITION public.p_1 FOR VALUES IN (1);\n"
    )
    assert names(small(text + rows("public.p_1", "1"))) == ["CREATE TABLE public.p_1", "COPY public.p_1"]
    assert small(text + rows("public.p", "1")) is None


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE public.t (\n    id integer\n);\n" + rows("public.t"),
        "CREATE TABLE public.t (\n    at public.geometry\n);\n" + rows("public.t", "x"),
        # As pg_dump wrote before 2018.
        "SET search_path = public, pg_catalog;\nCREATE TABLE t (\n    id integer\n);\n" + rows("t", "1"),
    ],
    ids=["empty", "a type of an extension", "names without a schema"],
)
def test_no_table_can_be_had_by_itself(small, text):
    assert small(text) is None


def test_of_a_script_nothing_is_taken(small):
    assert small(T, header="", footer="") is None


def test_priority_tables_come_first_and_exempt_ones_not_at_all(small):
    other = "CREATE TABLE public.s (\n    id integer\n);\n" + rows("public.s", "1")
    assert small(T + other).tables == {"public.s": 1}
    assert small(T + other, first=("public.t",)).tables == {"public.t": 2}
    assert small(T + other, but=lambda name: name == "public.s").tables == {"public.t": 2}


def test_it_is_small_whatever_the_backup_is(small):
    """So much by table, and four tables at most: the time that the self-check takes does not grow."""
    line = "x" * 1000
    tables = [
        f"CREATE TABLE public.t{n} (\n    id text\n);\nALTER TABLE public.t{n} ENABLE ROW LEVEL SECURITY;\n"
        + rows(f"public.t{n}", *[line] * 1500)
        for n in range(20)
    ]
    found = small("".join(tables))
    assert found.tables == {"public.t0": 8}
    assert found.text_bytes < 10_000
    # One row may be more than that: it is not taken.
    assert small("CREATE TABLE public.t (\n    id text\n);\n" + rows("public.t", "x" * 300_000)) is None
