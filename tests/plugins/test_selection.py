"""Which backup: the list of labels, which judges nothing."""

from __future__ import annotations

import pytest

CLAIMS = """
from datetime import datetime, timezone
class Backup:
    def __init__(self, label, day, size_bytes):
        self.label, self.size_bytes = label, size_bytes
        self.taken_at = datetime(2026, 11, day, 2, tzinfo=timezone.utc)
class Catalogue:
    backups = (Backup("old.sql", 20, 412_000), Backup("a-longer-name.sql", 22, 1_300_000))
@pytest.fixture(scope="session")
def catalogue(): return Catalogue()
@bad
def test_a_backup_exists(catalogue): assert 0, "it was judged"
@good
def test_other(): assert 0, "it was judged"
"""


def test_the_list_tells_labels_with_age_and_size_and_judges_nothing(mini):
    run = mini.run(CLAIMS, "suites", "--drill-list", "--drill-now", "2026-11-22T14:00Z")
    newest, oldest = [line for line in run.outlines if " old " in line]
    assert " ".join(newest.split()) == "a-longer-name.sql 2026-11-22 02:00 UTC 12 h old 1.3 MB"
    assert " ".join(oldest.split()) == "old.sql 2026-11-20 02:00 UTC 2 d 12 h old 412 kB"
    assert newest.index("UTC") == oldest.index("UTC")
    assert "it was judged" not in run.stdout.str()
    assert run.ret == 0


def test_a_label_in_the_list_is_one_line_that_a_terminal_takes(mini):
    run = mini.run(CLAIMS.replace("old.sql", "old\\n::error::x\\x1b[2J.sql"), "suites", "--drill-list")
    run.stdout.fnmatch_lines([r"old\n::error::x\x1b[[]2J.sql *"])


def test_the_list_is_no_evidence(mini):
    mini.run(CLAIMS, "suites", "--drill-list")
    assert not (mini.path / "reports" / "out").exists()
    assert not (mini.path / "reports" / "history.jsonl").exists()
    assert list(mini.temp.glob("*drill*")) == []


def test_the_list_is_the_same_from_any_suite(mini):
    (mini.path / "suites" / "smoke").mkdir()
    run = mini.run(CLAIMS, "suites/smoke", "--drill-list")
    run.stdout.fnmatch_lines(["a-longer-name.sql *", "old.sql *"])


@pytest.mark.parametrize(("error", "code"), [("BackupError", 1), ("DrillError", 6)])
def test_a_catalogue_that_cannot_be_listed_is_told(mini, error, code):
    claims = CLAIMS.replace("return Catalogue()", f"raise {error}('it is away', hint='Bring it back.')")
    run = mini.run(claims, "suites", "--drill-list")
    run.stdout.fnmatch_lines(["*it is away", "*HINT: Bring it back."])
    assert run.ret == code
    assert "Traceback" not in run.stdout.str()
    assert not (mini.path / "reports" / "out").exists()


def test_the_list_runs_in_one_process(mini):
    run = mini.run(CLAIMS, "suites", "--drill-list", "-n2")
    assert run.ret == 4
    run.stderr.fnmatch_lines(["*--drill-list runs in one process", "*HINT: Leave -n out."])
