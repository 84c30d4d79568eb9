"""$GITHUB_STEP_SUMMARY: appended, under GitHub's limit, and of no text of others as markup."""

from __future__ import annotations

import pytest

from plugins.step_summary import CUT, LIMIT, append, plain

CLAIMS = """
@good
def test_pass(evidence):
    evidence.alert("the sky | is *grey*")
@bad
def test_fail(): raise BackupError("<img src=x> is [torn](https://x)")
@bad
def test_unverified(): raise DrillError("it is away")
"""


def test_the_end_of_a_drill_is_appended(mini, monkeypatch):
    file = mini.path / "summary.md"
    file.write_text("what was there\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    mini.run(CLAIMS, "suites")
    text = file.read_text()
    assert text.startswith("what was there\n\n## ❌ Restore drill of mini: FAIL\n")
    assert "- ❌ **the bad thing**: &lt;img src=x&gt; is \\[torn\\]\\(https\\://x\\)\n" in text
    assert "- ❓ **the bad thing**: it is away\n" in text
    assert "the sky \\| is \\*grey\\*" in text
    assert "| SOC 2 A1.2 |" in text
    assert mini.evidence["drill_id"].replace("-", "\\-") in text
    assert str(mini.path) not in text


def test_a_file_that_cannot_be_written_costs_no_evidence(mini, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(mini.path))
    run = mini.run("@good\ndef test_it(): pass\n", "suites")
    assert run.ret == 0
    assert mini.evidence["verdict"] == "pass"
    run.stdout.fnmatch_lines(["*GITHUB_STEP_SUMMARY could not be made (Is a directory)"])


@pytest.mark.parametrize("there", [0, 1_000, LIMIT - 500, LIMIT])
def test_it_is_never_longer_than_github_shows(tmp_path, there):
    file = tmp_path / "summary.md"
    file.write_bytes(b"x" * there)
    append(file, "\n".join(["- ä line"] * 200_000))
    assert file.stat().st_size <= LIMIT
    text = file.read_text()  # no letter is cut in two
    if there < LIMIT - 1_000:
        assert text.rstrip().endswith(CUT.strip())
        assert file.stat().st_size > LIMIT - 100


def test_what_fits_is_not_cut(tmp_path):
    append(tmp_path / "summary.md", "all of it")
    assert (tmp_path / "summary.md").read_text() == "\nall of it\n"


def test_plain_text_stays_on_its_line():
    assert plain("a\n# b") == "a \\# b"
