"""Backups with one thing wrong in them that restores without an error, and the one control that falls."""

from __future__ import annotations

import psycopg
import pytest

HOLD = "UPDATE pg_catalog.pg_index SET indisready = {} WHERE indexrelid = 'public.{}'::pg_catalog.regclass;\n"


def unkept(table: str, index: str, *rows: str) -> str:
    """COPY into a table while one of its indexes is not kept."""
    copy = "\n".join([f"COPY {table} FROM stdin;", *rows, "\\.\n"])
    return HOLD.format("false", index) + copy + HOLD.format("true", index)


SOUND = """\
CREATE TABLE public.rooms (id bigint PRIMARY KEY);
CREATE TABLE public.bookings (
    id bigint PRIMARY KEY,
    room bigint,
    at int4range,
    seats integer,
    EXCLUDE USING gist (at WITH &&),
    CONSTRAINT some_seats CHECK (seats > 0)
);
CREATE INDEX bookings_room ON public.bookings (room);
COPY public.rooms FROM stdin;
1
\\.
COPY public.bookings FROM stdin;
1\t1\t[1,5)\t2
\\.
"""
KEY = "ALTER TABLE ONLY public.bookings ADD CONSTRAINT room FOREIGN KEY (room) REFERENCES public.rooms(id)"
DAMAGED = {
    "physical-integrity": unkept("public.bookings", "bookings_room", "2\t1\t[5,6)\t2"),
    "foreign-keys": f"{KEY};\nSET session_replication_role = replica;\n"
    "COPY public.bookings FROM stdin;\n2\t7\t[5,6)\t2\n\\.\nSET session_replication_role = origin;\n",
    "check-constraints": "ALTER TABLE public.bookings ADD CONSTRAINT many CHECK (seats > 2) NOT VALID;\n",
    "unique-keys": "COPY public.bookings FROM stdin;\n2\t1\t[5,6)\t2\n\\.\n"
    "UPDATE pg_catalog.pg_index SET indisunique = true\n"
    "WHERE indexrelid = 'public.bookings_room'::pg_catalog.regclass;\n",
    "exclusion-constraints": unkept("public.bookings", "bookings_at_excl", "2\t1\t[4,6)\t2"),
    "indexes-valid": "CREATE TABLE public.parts (id int) PARTITION BY LIST (id);\n"
    "CREATE TABLE public.parts_1 PARTITION OF public.parts FOR VALUES IN (1);\n"
    "CREATE INDEX parts_id ON ONLY public.parts USING btree (id);\n",
    "constraints-valid": "UPDATE pg_catalog.pg_constraint SET convalidated = false\n"
    "WHERE conname = 'some_seats';\n",
}
PLAN = "[tables.bookings]\n[tables.rooms]\n"


@pytest.mark.parametrize("control", DAMAGED)
def test_exactly_the_control_falls_that_is_belied(control, small, drill_run):
    small.write(more=SOUND + DAMAGED[control], plan=PLAN)
    run = drill_run(*small.args("--drill-server", "embedded"))
    assert run.not_green() == {control: "fail"}, run.output
    assert run.code == 1


def test_what_is_sound_is_green_and_what_there_is_nothing_of_is_said(small, drill_run):
    unchecked = f"{KEY} NOT VALID;\n"
    small.write(more=SOUND + unchecked, plan=PLAN)
    run = drill_run(*small.args("--drill-server", "embedded", "-n", "2"))
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert set(DAMAGED) <= set(run.verdicts())
    assert {
        "that production ever checked room ON public.bookings: the backup declares it NOT VALID; "
        "the restored rows were checked",
        "that the pages of these indexes are sound, which amcheck does not read: 1 of kind gist",
    } <= set(run.evidence["not_proven"])
    assert not any("no unique keys" in text for text in run.evidence["not_proven"])


def test_an_exemption_of_one_key_excuses_that_key(small, drill_run):
    exempt = (
        '[[exemptions]]\ncontrol = "foreign-keys"\nobject = "room ON public.bookings"\n'
        'reason = "known"\nowner = "us"\nuntil = 2027-01-01\n'
    )
    small.write(more=SOUND + DAMAGED["foreign-keys"], plan=PLAN + exempt)
    run = drill_run(*small.args("--drill-server", "embedded"))
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert any(
        "foreign-keys of room ON public.bookings: exempt" in text for text in run.evidence["not_proven"]
    )


def test_a_database_that_others_restored_is_looked_at_by_who_may_only_read(small, lent, drill_run):
    lent.server.create_database("theirs")
    conninfo = {**lent.server.conninfo, "dbname": "theirs"}
    with psycopg.connect(**conninfo, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE rooms (id bigint PRIMARY KEY); INSERT INTO rooms VALUES (1), (2);"
            "CREATE ROLE looks LOGIN PASSWORD 'looks' IN ROLE pg_read_all_data"
        )
    small.write(plan="[tables.rooms]\n")
    url = f"postgresql://{{}}@/theirs?host={conninfo['host']}"
    # A function of the database could reach its server's machine as a superuser.
    args = small.args("--drill-restored", url.format(conninfo["user"]))
    run = drill_run(*args, env={"PGPASSWORD": conninfo["password"]})
    assert set(run.not_green().values()) == {"unverified"}
    assert "is a superuser, or may run programs or open files there" in run.output
    run = drill_run(*small.args("--drill-restored", url.format("looks")), env={"PGPASSWORD": "looks"})
    assert run.not_green() == {"physical-integrity": "unverified"}, run.output
    assert "CREATE EXTENSION amcheck" in run.output
