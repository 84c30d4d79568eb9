"""A good backup in which one thing does not work: exactly the claim about it falls, or is exempt."""

from __future__ import annotations

import re

import pytest

SCHEMA, ROWS = "\nCREATE VIEW public.reachable_numbers ", "\nCOPY public.users "


def before(mark: str, added: str):
    def change(text: str) -> str:
        assert text.count(mark) == 1
        return text.replace(mark, f"\n{added}\n{mark}")

    return change


def at_the_end(added: str):
    return before("\n-- PostgreSQL database cluster dump complete\n", added)


def in_turn(*changes):
    def change(text: str) -> str:
        for one in changes:
            text = one(text)
        return text

    return change


VERSIONED = "CREATE COLLATION public.c (provider = builtin, locale = 'C.UTF-8', version = '0');\n"
VECTORS = (
    "CREATE EXTENSION vector WITH SCHEMA extensions;\nCREATE TABLE public.notes (e extensions.vector);\n"
    "ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;\n"
)
SORTED = (
    "CREATE TABLE public.sorted (a text COLLATE public.c);\n"
    "ALTER TABLE public.sorted ENABLE ROW LEVEL SECURITY;\n"
)
THEIR_ROWS = "COPY public.notes (e) FROM stdin;\n[1,2]\n[1,2,3]\n\\.\n"
# Of each control: what damages the backup, what is said of it, and the object that an exemption names.
DAMAGE = {
    "sequences-ahead": (
        lambda text: re.sub(r"(setval\('public\.call_logs_id_seq'), \d+, true", r"\1, 1, true", text),
        "public.call_logs_id_seq will give a value that public.call_logs.id already holds",
        "call_logs_id_seq",
    ),
    "materialized-views": (
        at_the_end("DO $$ BEGIN REFRESH MATERIALIZED VIEW public.daily_calls WITH NO DATA; END $$;"),
        "public.daily_calls is unpopulated, and the backup fills it",
        "daily_calls",
    ),
    "views-run": (
        before(SCHEMA, "CREATE VIEW public.broken AS SELECT 1/0 AS x;"),
        "public.broken cannot be selected from (SQLSTATE 22012)",
        "public.broken",
    ),
    "functions-compile": (
        before(SCHEMA, "CREATE FUNCTION public.f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1 FROM gone';"),
        "public.f(integer) does not compile (SQLSTATE 42P01)",
        "public.f",
    ),
    "triggers-enabled": (
        at_the_end("ALTER TABLE auth.users DISABLE TRIGGER ALL;"),
        "is disabled: the backup disables all triggers of the table, and does not enable them again",
        None,
    ),
    "collation-versions": (
        before(SCHEMA, VERSIONED + SORTED),
        "collation public.c sorts text by other rules than those that its indexes were built by",
        "collation public.c",
    ),
    "vector-dimensions": (
        in_turn(before(SCHEMA, VECTORS), before(ROWS, THEIR_ROWS)),
        "public.notes.e holds vectors of different numbers of dimensions",
        "notes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("control", DAMAGE)
def test_one_thing_does_not_work(world, drill_world, control):
    damage, said, _ = DAMAGE[control]
    world.damage(damage)
    run = drill_world()
    assert run.not_green() == {control: "fail"}, run.output
    assert run.code == 1
    assert any(said in check["message"] for check in run.evidence["checks"])


def test_exemptions_excuse_what_does_not_work(world, drill_world):
    excused = {control: name for control, (_, _, name) in DAMAGE.items() if name}
    world.damage(in_turn(*(DAMAGE[control][0] for control in excused)))
    with world.plan.open("a") as plan:
        for control, name in excused.items():
            plan.write(
                f'[[exemptions]]\ncontrol = "{control}"\nobject = "{name}"\nreason = "known"\nowner = "app"\n'
                "until = 2099-12-31\n"
            )
    run = drill_world()
    assert (run.code, run.not_green()) == (0, {}), run.output
    for control, name in excused.items():
        assert any(text.startswith(f"{control} of {name}: exempt") for text in run.evidence["not_proven"])
