"""Drills of worlds whose structure was damaged: exactly the claim that is about it falls."""

from __future__ import annotations

from contextlib import closing

import pytest

from plugins.schema_reference import read


def with_more(sql: str, *, before: str):
    """The text with some SQL before the first line that begins so."""
    return lambda text: text.replace(f"\n{before}", f"\n{sql}\n{before}", 1)


# After the first index is built, code of the dump's own takes away what the text has made before.
SABOTAGE = """\
CREATE VIEW public.doomed AS SELECT 1 AS a;
CREATE FUNCTION public.sabotage() RETURNS event_trigger LANGUAGE plpgsql AS $$BEGIN
    DROP VIEW IF EXISTS public.doomed;
END$$;
CREATE EVENT TRIGGER sabotage ON ddl_command_end WHEN TAG IN ('CREATE INDEX')
    EXECUTE FUNCTION public.sabotage();
"""


def messages(run, control: str) -> str:
    return "; ".join(
        check["message"]
        for check in run.evidence["checks"]
        if check["control"] == control and check["message"]
    )


def test_a_view_that_the_text_makes_and_something_takes_away(world, drill_world):
    world.damage(with_more(SABOTAGE, before="CREATE INDEX"))
    run = drill_world()
    assert run.not_green() == {"schema-complete": "fail"}
    assert run.code == 1
    assert "public.doomed is not in the restored database, where line " in messages(run, "schema-complete")


def test_a_table_without_row_level_security(world, drill_world):
    world.damage(lambda text: text.replace("ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;", ""))
    run = drill_world()
    found = run.not_green()
    assert found.pop("row-level-security") == "fail"
    # Whoever has the right to a table then reads it.
    assert found in ({}, {"anonymous-access": "fail"})
    assert "public.users has row level security off" in messages(run, "row-level-security")


def test_only_row_level_security(world, drill_world):
    world.damage(
        with_more(
            "CREATE TABLE public.bare (id integer);\nREVOKE ALL ON TABLE public.bare FROM anon;",
            before="CREATE INDEX",
        )
    )
    run = drill_world()
    assert run.not_green() == {"row-level-security": "fail"}
    assert messages(run, "row-level-security") == "public.bare has row level security off"


def test_a_view_that_strangers_may_read(world, drill_world):
    more = (
        "CREATE VIEW public.leak AS SELECT id FROM public.users;\nGRANT SELECT ON TABLE public.leak TO anon;"
    )
    world.damage(with_more(more, before="CREATE INDEX"))
    run = drill_world()
    assert run.not_green() == {"anonymous-access": "fail"}
    assert messages(run, "anonymous-access") == (
        "public.leak can be read by anon: the view reads with its owner's rights"
    )


def test_a_policy_for_everybody_is_judged_by_what_it_shows(world, drill_world):
    """Most projects write their policies without TO, and ask who has signed in."""
    policy = 'CREATE POLICY "own" ON public.users USING ({});\nGRANT SELECT ON TABLE public.users TO anon;'
    whole = world.newest.read_bytes()
    world.damage(with_more(policy.format("auth.uid() IS NOT NULL"), before="CREATE INDEX"))
    run = drill_world()
    assert (run.code, run.not_green()) == (0, {}), run.output
    world.newest.write_bytes(whole)
    world.damage(with_more(policy.format("true"), before="CREATE INDEX"))
    run = drill_world()
    assert run.not_green() == {"anonymous-access": "fail"}
    assert messages(run, "anonymous-access") == (
        "public.users can be read by anon: the policy own shows every row"
    )


@pytest.fixture
def reference(world):
    """Names a schema reference in the world's plan; where it is."""
    with world.plan.open("a") as plan:
        plan.write('\n[schema]\nreference = "schema.txt"\n')
    return world.folder / "schema.txt"


def test_a_reference_is_written_and_compared_with(world, reference, drill_world):
    run = drill_world()
    assert run.code == 4
    assert "schema.reference names no file: schema.txt" in run.output
    run = drill_world("--drill-write-schema", reference)
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert "schema-reference" not in run.verdicts()
    title = "the structure of the restored database is that of the reviewed reference"
    written = f"{title}: the reference was written to schema.txt, and nothing was compared"
    assert written in run.evidence["not_proven"]
    assert f"# Written by drill {run.drill_id}, version " in reference.read_text()
    assert "table public.users" in read(reference)
    run = drill_world("-n", "2")
    assert (run.code, run.verdicts()["schema-reference"]) == (0, "pass"), run.output
    # What changes, and nothing else sees it.
    world.damage(with_more(
        "ALTER TABLE public.users ADD COLUMN added text;\nGRANT SELECT ON TABLE public.users TO pg_monitor;",
        before="CREATE INDEX",
    ))  # fmt: skip
    run = drill_world()
    assert run.not_green() == {"schema-reference": "fail"}
    assert messages(run, "schema-reference") == (
        "extra: column public.users.added; extra: grant on table public.users to pg_monitor"
    )
    attached = [path.read_text() for path in (run.folder / "allure").glob("*-attachment.txt")]
    assert (
        "extra: column public.users.added: text\nextra: grant on table public.users to pg_monitor: SELECT"
        in attached
    )
    with world.plan.open("a") as plan:
        for name in ("public.users.added", "users"):
            plan.write(
                f'[[exemptions]]\ncontrol = "schema-reference"\nobject = "{name}"\n'
                'reason = "r"\nowner = "o"\nuntil = 2099-01-01\n'
            )
    run = drill_world()
    assert (run.code, run.verdicts()["schema-reference"]) == (0, "pass"), run.output
    assert any("schema-reference of users: exempt until" in text for text in run.evidence["not_proven"])


@pytest.mark.parametrize(
    ("given", "message"),
    [("nowhere/schema.txt", "names no file that can be written"), (".", "names no file that can be written")],
)
def test_a_place_that_cannot_be_written_is_told_before_anything_runs(given, message, small, drill_run):
    run = drill_run(*small.args("--drill-write-schema", given))
    assert (run.code, run.evidence) == (4, None)
    assert message in run.output


def test_a_run_that_does_not_come_to_write_it_says_so(small, drill_run, tmp_path):
    run = drill_run(*small.args("--drill-write-schema", tmp_path / "schema.txt", "--drill-server", "embedded",
                                "-k", "backup_exists"))  # fmt: skip
    assert not (tmp_path / "schema.txt").exists()
    assert (
        "the schema reference that --drill-write-schema asks for was not written"
        in run.evidence["not_proven"]
    )


def test_a_database_that_somebody_else_restored(small, lent, drill_run, tmp_path):
    """It is compared, and looked at for who may read; the backup's text is not there to look for."""
    lent.server.create_database("theirs")
    with closing(lent.server.connect("theirs")) as connection:
        connection.execute("CREATE TABLE public.users (id bigint); INSERT INTO public.users VALUES (1)")
        connection.execute("CREATE ROLE anon; GRANT SELECT ON public.users TO anon, lent")
    small.write(plan='[supabase]\nexposed_schemas = ["public"]\n[schema]\nreference = "schema.txt"\n')
    url = lent.url.replace("/postgres?", "/theirs?")
    reference = small.folder / "schema.txt"
    run = drill_run(*small.args("--drill-restored", url, "--drill-write-schema", reference))
    assert "table public.users" in read(reference), run.output
    run = drill_run(*small.args("--drill-restored", url))
    # amcheck is not installed there, and is made on nobody's server but ours.
    untold = {"physical-integrity": "unverified"}
    assert run.not_green() == {"row-level-security": "fail", "anonymous-access": "fail", **untold}
    assert run.verdicts()["schema-reference"] == "pass"
    assert "schema-complete" not in run.verdicts()
    with closing(lent.server.connect("theirs")) as connection:
        connection.execute("ALTER TABLE public.users ENABLE ROW LEVEL SECURITY; GRANT lent TO CURRENT_USER")
        connection.execute("ALTER TABLE public.users OWNER TO lent")
    run = drill_run(*small.args("--drill-restored", url))
    assert run.not_green() == {"schema-reference": "fail", **untold}
    assert "changed: table public.users: was row level security off, owner " in messages(
        run, "schema-reference"
    )
