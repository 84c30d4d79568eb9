"""Triggers that act as the text of the backup says, and otherwise."""

from __future__ import annotations

import pytest

from fixtures.restore.workings.triggers import look_at_triggers
from plugins.errors import DrillError, NothingToCheckError

from .looking import told

TRIGGER = """SET search_path = public;
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE child (id int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE TRIGGER tg BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE RULE r AS ON INSERT TO child DO ALSO NOTHING;
ALTER TABLE child ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES t;
CREATE EVENT TRIGGER ev ON sql_drop EXECUTE FUNCTION e();
"""
QUIETLY = "DO $$ BEGIN EXECUTE '{}'; END $$;\n"
ALL_OF_IT = "disabled: the backup disables all triggers of the table, and does not enable them again"


AS_SAID = [
    ("", 0),
    ("ALTER TABLE t DISABLE TRIGGER tg;", 1),
    ("ALTER TABLE ONLY public.t DISABLE TRIGGER tg;", 1),
    ("ALTER TABLE t ENABLE REPLICA TRIGGER tg;", 0),
    ("ALTER TABLE t ENABLE ALWAYS TRIGGER tg;", 0),
    ("ALTER TABLE t DISABLE TRIGGER tg;\nALTER TABLE t ENABLE TRIGGER tg;", 0),
    ("ALTER TABLE t DISABLE TRIGGER ALL;\nALTER TABLE t ENABLE TRIGGER ALL;", 0),
    ("ALTER TABLE child DISABLE RULE r;", 1),
    ("ALTER EVENT TRIGGER ev DISABLE;", 1),
    ("ALTER EVENT TRIGGER ev ENABLE ALWAYS;", 0),
]


@pytest.mark.parametrize(("text", "said"), AS_SAID)
def test_a_trigger_acts_as_the_text_says(database, restore, text, said):
    look = look_at_triggers(database, restore(TRIGGER + text).archive)
    assert told(look) == []
    assert len(look.notes) == said


ON_T, ON_CHILD = "tg ON public.t is", "fk ON public.child is"
OTHERWISE = [
    ("ALTER TABLE t DISABLE TRIGGER ALL;", [f"{ON_CHILD} {ALL_OF_IT}", f"{ON_T} {ALL_OF_IT}"]),
    ("ALTER TABLE child DISABLE TRIGGER ALL;", [f"{ON_CHILD} {ALL_OF_IT}"]),
    ("ALTER TABLE t DISABLE TRIGGER USER;", [f"{ON_T} {ALL_OF_IT}"]),
    (
        QUIETLY.format("ALTER TABLE t DISABLE TRIGGER tg"),
        [f"{ON_T} disabled, and in the backup it is enabled"],
    ),
    (
        "ALTER TABLE t DISABLE TRIGGER tg;\n" + QUIETLY.format("ALTER TABLE t ENABLE TRIGGER tg"),
        [f"{ON_T} enabled, and in the backup it is disabled"],
    ),
    (
        QUIETLY.format("ALTER TABLE t ENABLE REPLICA TRIGGER tg"),
        [f"{ON_T} enabled on replicas only, and in the backup it is enabled"],
    ),
    (
        QUIETLY.format("ALTER TABLE child DISABLE RULE r"),
        ["r ON public.child is disabled, and in the backup it is enabled"],
    ),
    (
        QUIETLY.format("ALTER EVENT TRIGGER ev DISABLE"),
        ["event trigger ev is disabled, and in the backup it is enabled"],
    ),
]


@pytest.mark.parametrize(("text", "found"), OTHERWISE)
def test_a_trigger_acts_otherwise_than_the_text_says(database, restore, text, found):
    look = look_at_triggers(database, restore(TRIGGER + text).archive)
    assert sorted(told(look)) == found
    assert look.notes == ()


PARTED = """SET search_path = public;
CREATE TABLE p (id int) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tg AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
"""


def test_what_is_said_of_a_partitioned_table_reaches_its_partitions(database, restore, run):
    archive = restore(PARTED + "ALTER TABLE p DISABLE TRIGGER tg;\n").archive
    assert told(look_at_triggers(database, archive)) == []
    run("ALTER TABLE p1 ENABLE TRIGGER tg")
    assert told(look_at_triggers(database, archive)) == [
        "tg ON public.p1 is enabled, and in the backup it is disabled"
    ]


def test_triggers_that_others_restored(database, run):
    run(TRIGGER)
    assert told(look_at_triggers(database, None)) == []
    run("ALTER TABLE t DISABLE TRIGGER tg")
    with pytest.raises(DrillError, match=r"tg ON public\.t is disabled, and whether it is so in production"):
        look_at_triggers(database, None).all()


def test_without_a_trigger_there_is_nothing_to_check(database, restore):
    archive = restore("CREATE TABLE public.t (id int);").archive
    with pytest.raises(NothingToCheckError, match="no triggers and rules"):
        look_at_triggers(database, archive).all()
