"""What came back is what was backed up: each proof falls on its own damage, and on nothing else."""

from __future__ import annotations

import gzip
import json
import subprocess

import pytest

PLAN = "[tables.users]\nmin_rows = 1\nmax_drop = 0.2\n[tables.notes]\nmax_drop = 0.2\n"
NOTES = "CREATE TABLE public.notes (id bigint, said text);\n\n"
SEQUENCE = "CREATE SEQUENCE public.s;\nSELECT pg_catalog.setval('public.s', 5, true);\n"


def notes(*said: str) -> str:
    rows = "".join(f"{number}\t{text}\n" for number, text in enumerate(said))
    return f"{NOTES}COPY public.notes (id, said) FROM stdin;\n{rows}\\.\n\n"


GOOD = notes(*(f"canary {number}" for number in range(20)))


@pytest.fixture
def drill(small, drill_run):
    """Drills a small backup with two tables on the embedded server."""

    def drill(more: str | None = None, *args: object, plan: str = PLAN, **options):
        if more is not None:
            small.write(more=more, plan=plan)
        run = drill_run(*small.args("--drill-server", "embedded", *args), **options)
        assert "canary" not in json.dumps(run.evidence)
        assert "canary" not in run.output
        return run

    return drill


def test_a_healthy_backup_is_green_and_its_rows_have_digests(drill):
    run = drill(GOOD + SEQUENCE)
    assert (run.code, run.not_green()) == (0, {}), run.output
    told = {table["name"]: table for table in run.evidence["tables"]}
    assert told["public.notes"]["digest_restored"] == told["public.notes"]["digest_in_backup"] is not None
    assert told["public.notes"]["bytes_restored"] > 200
    # Digests of few rows could be guessed.
    assert told["public.users"]["digest_restored"] is None
    assert not any("content of" in text for text in run.evidence["not_proven"])


def test_a_value_that_the_server_changes_without_a_word(drill):
    run = drill(
        "CREATE TABLE public.prices (price numeric(6,1));\n\n"
        "COPY public.prices (price) FROM stdin;\n1.25\n2.50\n\\.\n\n" + GOOD
    )
    assert run.not_green() == {"row-content": "fail"}
    assert "public.prices differs in the content of its 2 rows: 2 missing, 2 extra" in run.output


def test_a_trigger_that_fires_as_the_rows_come(drill):
    run = drill(
        NOTES
        + "CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql\n"
        + "    AS $$BEGIN NEW.said := 'x'; RETURN NEW; END$$;\n"
        + "CREATE TRIGGER t BEFORE INSERT ON public.notes FOR EACH ROW EXECUTE FUNCTION public.f();\n\n"
        + GOOD.removeprefix(NOTES)
    )
    assert run.not_green() == {"row-content": "fail"}
    assert "public.notes differs in the content of its 20 rows" in run.output


def test_a_sequence_that_does_not_stand_where_the_backup_leaves_it(drill):
    run = drill(GOOD + SEQUENCE + "SELECT pg_catalog.nextval('public.s');\n")
    assert run.not_green() == {"sequence-values": "fail"}
    assert "public.s does not stand where the backup leaves it" in run.output


def test_text_that_is_not_valid(drill):
    run = drill(
        "CREATE CAST (bytea AS text) WITHOUT FUNCTION;\n"
        "CREATE TABLE public.bad AS SELECT '\\xff'::bytea::text AS said;\n" + GOOD
    )
    assert run.not_green() == {"rows-readable": "fail"}
    assert "public.bad has 1 row with text that is not valid" in run.output


def test_two_workers_read_the_rows_once_and_say_the_same(drill):
    run = drill(GOOD, "-n", "2")
    assert (run.code, run.not_green()) == (0, {}), run.output
    told = {table["name"]: table for table in run.evidence["tables"]}
    assert told["public.notes"]["digest_restored"] == told["public.notes"]["digest_in_backup"] is not None


# The manifest


@pytest.fixture
def with_manifest(drill, small):
    """A small backup with its manifest beside it."""
    run = drill(GOOD, "--drill-write-manifest")
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert any("was written by this drill" in text for text in run.evidence["not_proven"])
    return small.backup.with_name(small.backup.name + ".manifest.json")


def test_a_backup_that_is_what_its_manifest_says(drill, with_manifest):
    run = drill()
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert {"backup-manifest", "restored-manifest"} <= run.verdicts().keys()
    assert "manifest-signature" not in run.verdicts()
    assert any("the manifest is not signed" in text for text in run.evidence["not_proven"])
    assert run.evidence["backup"]["manifest_signature"] == "none"


def test_a_row_that_was_changed_in_the_backup_since(drill, with_manifest, small):
    small.backup.write_text(small.backup.read_text().replace("canary 7", "canary 8"))
    run = drill()
    assert run.not_green() == {"backup-manifest": "fail", "restored-manifest": "fail"}
    assert "public.notes differs in the content of its 20 rows" in run.output


def test_a_file_that_holds_the_same_and_is_another(drill, with_manifest, small):
    small.backup.write_bytes(gzip.compress(small.backup.read_bytes()))
    run = drill()
    assert run.not_green() == {"backup-manifest": "fail"}
    assert "the backup's SHA-256 is another one" in run.output


def test_rows_of_inserts_are_held_against_the_manifest_once_they_are_restored(drill, small):
    rows = "".join(f"INSERT INTO public.notes VALUES ({number}, 'canary');\n" for number in range(20))
    drill(NOTES + rows, "--drill-write-manifest")
    path = small.backup.with_name(small.backup.name + ".manifest.json")
    said = json.loads(path.read_bytes())
    (table,) = (table for table in said["tables"] if table["name"] == "public.notes")
    assert table["digest"] is not None
    table["digest"] = f"{int(table['digest'], 16) ^ 1:032x}"
    path.write_text(json.dumps(said))
    assert drill().not_green() == {"restored-manifest": "fail"}


def test_a_manifest_that_the_plan_asks_for_and_is_not_there(drill, small):
    small.write(more=GOOD, plan=PLAN)
    small.plan.write_text(small.plan.read_text().replace("\nsource =", "\nmanifest = true\nsource ="))
    run = drill()
    assert run.not_green() == dict.fromkeys(
        ("backup-manifest", "manifest-signature", "restored-manifest"), "fail"
    )
    assert run.output.count("is missing, and the plan says that there is one") == 1


def test_a_manifest_is_signed_and_what_was_changed_in_it_is_found(drill, small, tmp_path):
    key, public = tmp_path / "key.pem", small.folder / "evidence.pub"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
    subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", public], check=True)
    plan = PLAN + '[evidence]\npublic_key = "evidence.pub"\n'
    env = {"DRILL_EVIDENCE_KEY": key.read_text()}
    assert drill(GOOD, "--drill-write-manifest", plan=plan, env=env).code == 0
    run = drill(env={"DRILL_EVIDENCE_KEY": None})
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert run.verdicts()["manifest-signature"] == "pass"
    path = small.backup.with_name(small.backup.name + ".manifest.json")
    path.write_bytes(path.read_bytes() + b"\n")
    run = drill()
    assert run.not_green() == {"manifest-signature": "fail"}
    assert run.evidence["backup"]["manifest_signature"] == "invalid"


def test_a_damaged_manifest_is_a_failure(drill, with_manifest):
    with_manifest.write_bytes(with_manifest.read_bytes()[:100])
    run = drill()
    assert run.not_green() == dict.fromkeys(
        ("backup-manifest", "manifest-signature", "restored-manifest"), "fail"
    )
    assert run.output.count("is damaged") == 1


# Earlier drills


def test_a_table_that_lost_rows_since_the_last_good_drill(drill):
    run = drill(GOOD)
    assert any("no earlier drill of this plan" in text for text in run.evidence["not_proven"])
    run = drill(notes(*(f"canary {number}" for number in range(15))))
    assert run.not_green() == {"rows-since-last-drill": "fail"}
    assert "public.notes has lost 25.0% of its rows, and may lose 20.0%" in run.output
    # A drill that failed is none to compare with.
    run = drill(notes(*(f"canary {number}" for number in range(14))))
    assert run.not_green() == {"rows-since-last-drill": "fail"}
    run = drill(notes(*(f"canary {number}" for number in range(17))))
    assert (run.code, run.not_green()) == (0, {}), run.output


def test_a_table_whose_rows_hold_less_than_they_did(drill):
    drill(GOOD)
    run = drill(notes(*[""] * 20))
    assert run.not_green() == {"rows-since-last-drill": "fail"}
    assert "of its bytes, and may lose 20.0%" in run.output


def test_a_table_that_vanished(drill):
    more = "CREATE TABLE public.old (id bigint);\n\n"
    drill(more + GOOD)
    run = drill(GOOD)
    assert run.not_green() == {"tables-vanished": "fail"}
    assert "public.old is gone, which held 0 rows" in run.output
    exempt = (
        '[[exemptions]]\ncontrol = "tables-vanished"\nobject = "old"\nreason = "dropped"\nowner = "us"\n'
        "until = 2099-01-01\n"
    )
    run = drill(GOOD, plan=PLAN + exempt)
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert any("tables-vanished of old: exempt" in text for text in run.evidence["not_proven"])


def test_a_query_that_is_compared_with_its_last_answer(drill, small):
    plan = PLAN.replace("max_drop = 0.2", "max_drop = 1.0") + (
        '[[queries]]\nname = "notes"\nsql = "SELECT count(*) FROM public.notes"\n'
        'expect = "within 10% of last"\n'
    )
    run = drill(GOOD, plan=plan)
    assert (run.code, run.verdicts().get("critical-queries")) == (0, None), run.output
    assert any("notes: no earlier drill" in text for text in run.evidence["not_proven"])
    assert '"answers": {"notes": "20"}' in (run.folder.parent / "history.jsonl").read_text()
    run = drill(notes(*(f"canary {number}" for number in range(18))), plan=plan)
    assert (run.code, run.verdicts()["critical-queries"]) == (0, "pass"), run.output
    run = drill(notes(*(f"canary {number}" for number in range(10))), plan=plan)
    assert run.not_green() == {"critical-queries": "fail"}
    assert "notes: the answer is not within 10% of last" in run.output


def test_rows_that_could_not_be_compared_are_not_said_to_be_the_backups(drill):
    run = drill("CREATE TABLE public.odd (id int);\nINSERT INTO public.odd VALUES (1 + 1);\n" + GOOD)
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert "restored    23 rows in 3 tables, 22 of them compared with the backup's\n" in run.output
    assert {table["name"]: table["compared"] for table in run.evidence["tables"]} == {
        "public.users": True,
        "public.notes": True,
        "public.odd": False,
    }
    assert any(text.startswith("the content of public.odd: ") for text in run.evidence["not_proven"])
