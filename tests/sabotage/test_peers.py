"""Greens that other tools gave for a bad backup, as their users told in public: here none of them is green.

Each test is one of them, and takes a backup of the kind that was passed over.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import time

import pytest

from tests.worlds import ROOT

DATA = ROOT / "tests" / "archive" / "data"


@pytest.fixture
def drill(drill_run, small):
    """Drills the small backup on the embedded server."""
    return lambda *args, **options: drill_run(*small.args("--drill-server", "embedded", *args), **options)


def messages(run, control: str) -> str:
    return "; ".join(
        check["message"]
        for check in run.evidence["checks"]
        if check["control"] == control and check["message"]
    )


LOST = "".join(f"CREATE TABLE public.t{n} (g public.geometry);\n\n" for n in range(19))
COPIES = "".join(f"COPY public.t{n} (g) FROM stdin;\n1\n\\.\n\n" for n in range(19))
COMMENTS = "".join(f"COMMENT ON COLUMN public.t{n % 19}.g IS 'x{n}';\n" for n in range(781))


def test_819_ignored_errors_and_19_lost_tables_are_no_success(small, drill):
    """spindb#320: pg_restore ignored 819 errors, 19 tables were lost, and the answer was success: true."""
    small.write(more=LOST + COMMENTS + COPIES)
    run = drill()
    assert (run.code, run.evidence["verdict"]) == (1, "fail")
    assert {"restored-without-loss", "row-counts", "schema-complete"} <= run.red()
    # All of them are told, by their number, and each table that is lost has rows that are missing.
    assert sum(one["count"] for one in run.evidence["diagnoses"]) == 19 + 781 + 19
    lost = [table for table in run.evidence["tables"] if table["rows_restored"] != table["rows_in_backup"]]
    assert len(lost) == 19


def test_a_failure_in_the_middle_of_a_pipe_is_not_hidden(small, drill):
    """`gunzip | psql`: the exit code was psql's, which was content with what came."""
    small.backup.write_bytes(gzip.compress(small.backup.read_bytes())[:-8])
    run = drill()
    assert run.code == 1
    assert run.verdicts()["backup-complete"] == "fail"
    assert "the gzip data is truncated" in run.output


def test_the_launcher_does_not_hide_it_either(small):
    """What a cron asks is the exit code of ./drill."""
    small.backup.unlink()
    argv = [
        "./drill",
        "suites/backup",
        "--drill-plan",
        small.plan,
        f"--drill-evidence={small.folder / 'out'}",
    ]
    argv += [f"--drill-history={small.folder / 'history'}", f"--alluredir={small.folder / 'allure'}"]
    done = subprocess.run(list(map(str, argv)), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr


@pytest.mark.parametrize("what", ["the file", "all files of the folder"])
def test_a_missing_file_is_no_success(small, drill, what):
    if what == "the file":
        small.backup.unlink()
    else:
        small.write(source="backups")
    if what == "all files of the folder":
        (small.folder / "backups").mkdir()
    run = drill()
    assert (run.code, run.evidence["verdict"]) == (1, "fail")
    assert "pass" not in run.verdicts().values()


CHECK = """
CREATE FUNCTION public.checked() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN IF (SELECT count(*) FROM public.users) < 5 THEN RAISE EXCEPTION 'too few'; END IF; RETURN 1; END $$;
"""


def test_a_check_that_raises_is_heard(small, drill):
    """Checks with RAISE EXCEPTION were run by psql without ON_ERROR_STOP, and could never fail."""
    query = '[[queries]]\nname = "checked"\nsql = "SELECT public.checked()"\nexpect = "= 1"\n'
    small.write(more=CHECK, plan=query)
    run = drill()
    assert run.code != 0
    assert run.verdicts()["critical-queries"] != "pass"


def test_a_backup_that_raises_is_heard(small, drill):
    small.write(more="DO $$ BEGIN RAISE EXCEPTION 'too few'; END $$;\n")
    run = drill()
    assert run.code == 1
    assert run.verdicts()["restored-without-loss"] == "fail"


def test_a_digest_that_nobody_wrote_down_is_not_said_to_be_right(drill):
    """A checksum check passed where no expectation was set."""
    run = drill()
    assert run.code == 0
    looked_at = run.verdicts().keys()
    assert not looked_at & {"backup-sums", "backup-manifest", "restored-manifest", "manifest-signature"}
    told = "; ".join(run.evidence["not_proven"])
    assert "no digest of the backup was written down" in told
    assert "there is no manifest beside the backup" in told


@pytest.mark.parametrize("content", ["", "no digest  backup-20261122T020000Z.sql\n"])
def test_a_digest_file_that_says_none_is_not_said_to_be_right(small, drill, content):
    small.backup.with_name(f"{small.backup.name}.sha256").write_text(content)
    run = drill()
    assert run.code == 6
    assert run.verdicts()["backup-sums"] == "unverified"


def test_a_manifest_that_expects_nothing_is_not_met(small, drill):
    """Of its tables: a list that is empty is met by any backup, if it is only read from one side."""
    assert drill("--drill-write-manifest").code == 0
    manifest = small.backup.with_name(f"{small.backup.name}.manifest.json")
    told = re.sub(r'"tables": ?\[.*\]', '"tables": []', manifest.read_text(), flags=re.DOTALL)
    assert told != manifest.read_text()
    manifest.write_text(told)
    run = drill()
    assert run.code == 1
    assert run.verdicts()["backup-manifest"] == "fail"
    assert "restored-manifest" not in run.verdicts(), "it names no table to compare"


def numbered(last: int) -> str:
    """13 tables whose numbers come from sequences by a DEFAULT alone, as pagila's; the next is last + 1."""
    made = ""
    for n in range(13):
        made += f"CREATE SEQUENCE public.s{n};\n\nCREATE TABLE public.n{n} (\n"
        made += f"    id integer DEFAULT nextval('public.s{n}'::regclass) NOT NULL\n);\n\n"
        made += f"COPY public.n{n} (id) FROM stdin;\n1\n2\n\\.\n\n"
        made += f"SELECT pg_catalog.setval('public.s{n}', {last}, true);\n"
    return made


def test_all_of_13_sequences_are_looked_at(small, drill):
    """A check of sequences looked only at those that a column owns: at 0 of 13."""
    small.write(more=numbered(last=2))
    well = drill()
    assert (well.code, well.verdicts()["sequences-ahead"]) == (0, "pass"), well.output
    small.write(more=numbered(last=1))
    run = drill()
    assert run.not_green() == {"sequences-ahead": "fail"}
    found = messages(run, "sequences-ahead")
    more = re.search(r"and (\d+) more", found)
    assert more
    assert len(set(re.findall(r"public\.s\d+", found))) + int(more[1]) == 13


# 323 of them, whose messages begin with other words, or in another language, or are not sent at all.
QUIET = "SET client_min_messages = error;\nSET lc_messages = 'C';\n"
BROKEN = (
    *(f"SELECT * FROM public.gone{n};\n" for n in range(100)),
    *(f"ALTER TABLE public.gone{n} ADD a int;\n" for n in range(100)),
    *(f"DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = 'NOTICE: all well {n}'; END $$;\n" for n in range(100)),
    *(f"SELECT 1/0 AS x{n};\n" for n in range(23)),
)  # fmt: skip


def test_323_errors_are_323_whatever_their_messages_begin_with(small, drill):
    """323 errors were counted as 0, for they lacked the prefix that was looked for."""
    small.write(more=QUIET + "".join(BROKEN))
    run = drill()
    assert run.code == 1
    assert run.verdicts()["restored-without-loss"] == "fail"
    assert sum(one["count"] for one in run.evidence["diagnoses"]) == len(BROKEN) == 323


def test_a_stale_file_that_was_copied_today_is_as_old_as_its_rows(tmp_path, drill_run):
    """The RPO was taken from the time at which a stale file was copied."""
    copied = tmp_path / "latest.dump"
    shutil.copy(DATA / "small.dump", copied)
    now = time.time()
    os.utime(copied, (now, now))
    plan = tmp_path / "plan.toml"
    plan.write_text('name = "stale"\n[objectives]\nrpo = "24h"\n[backup]\nsource = "latest.dump"\n')
    run = drill_run("suites/backup", "--drill-plan", plan, "--drill-now", "2027-06-01T12:00:00Z")
    assert run.not_green() == {"backup-recent": "fail"}, run.output
    assert run.evidence["backup"]["recovery_point_from"] == "archive header"


STALE = """CREATE TABLE public.calls (at timestamp with time zone);

COPY public.calls (at) FROM stdin;
2026-09-01 10:00:00+00
\\.

"""


def test_a_stale_file_without_any_date_is_as_old_as_its_rows(small, drill_run):
    """Plain SQL says no time, and this file's name neither: its rows do."""
    small.write(
        more=STALE, plan='[objectives]\nrpo = "24h"\n[tables.calls]\nrecency = "at"\n', source="latest.sql"
    )
    copied = small.folder / "latest.sql"
    small.backup.rename(copied)
    now = time.time()
    os.utime(copied, (now, now))
    run = drill_run("suites", "--drill-plan", small.plan, "--drill-server", "embedded")
    assert run.code == 1
    assert run.not_green() == {"data-recency": "fail"}
