"""What a run covers: a narrowed one is partial in whichever way, and the plan decides what is asked."""

from __future__ import annotations

import pytest

from plugins.outline import unproven
from plugins.summary import _in_short

CLAIMS = """
@good
def test_a(): pass
@bad
def test_b(): pass
"""


@pytest.fixture
def two(mini):
    """A project of two suites, of one file each."""
    folder = mini.path / "suites" / "restore"
    folder.mkdir()
    (folder / "test_more.py").write_text("import pytest\n@pytest.mark.control('good')\ndef test_c(): pass\n")
    return mini


def partial(mini) -> list[str]:
    return [
        text.removeprefix("partial: ") for text in mini.evidence["not_proven"] if text.startswith("partial: ")
    ]


def test_all_of_the_suites_is_full(two):
    run = two.run(CLAIMS)
    assert (two.evidence["scope"], partial(two)) == ("full", [])
    assert "partial" not in run.stdout.str()


def test_every_suite_named_is_full_too(two):
    two.run(CLAIMS, "suites/backup", "suites/restore")
    assert two.evidence["scope"] == "full"


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["suites/backup"], "suites/restore did not run"),
        (["suites/restore/test_more.py"], "suites/backup did not run"),
        (["suites", "--ignore=suites/restore"], "suites/restore did not run"),
        (
            ["suites/backup/test_claims.py::test_a", "suites/restore"],
            "single tests were named on the command line",
        ),
        (["suites", "-k", "not test_b"], "some of the claims were deselected on the command line"),
        (["suites", "-m", "not slow"], None),
        (["suites", "-m", "extra"], "some of the claims were deselected on the command line"),
        (
            ["suites", "--deselect", "suites/restore/test_more.py::test_c"],
            "some of the claims were deselected on the command line",
        ),
        (["suites", "-n2", "-k", "test_a"], "some of the claims were deselected on the command line"),
        (["suites/backup", "-n2"], "suites/restore did not run"),
    ],
)
def test_a_narrowed_run_is_partial_and_says_why(two, args, reason):
    claims = CLAIMS + "@good\n@pytest.mark.filterwarnings('ignore')\n@pytest.mark.extra\ndef test_d(): pass\n"
    with (two.path / "tox.ini").open("a") as ini:
        ini.write("\nmarkers =\n    extra: one\n    slow: none\n")
    run = two.run(claims, *args)
    assert partial(two) == ([reason] if reason else [])
    assert two.evidence["scope"] == ("partial" if reason else "full")
    assert run.ret == 0
    if reason:
        run.stdout.fnmatch_lines(["verdict * PASS (partial: it covers only what ran)"])


@pytest.mark.parametrize("args", [["-x"], ["--maxfail=1"], ["-n1", "-x"]])
def test_a_run_that_stops_early_is_partial(two, args):
    run = two.run("@bad\ndef test_a(): assert 0\n" + 20 * "@good\ndef test_b(): pass\n", "suites", *args)
    assert two.evidence["scope"] == "partial"
    assert "the run ended before every claim was checked" in partial(two)
    assert run.ret in (1, 2)


def test_x_without_a_failure_is_full(two):
    two.run(CLAIMS, "suites", "-x")
    assert two.evidence["scope"] == "full"


def test_the_first_line_of_the_verdict_says_partial(two):
    run = two.run(CLAIMS, "suites/backup")
    (line,) = [line for line in run.outlines if line.startswith("verdict")]
    assert "partial" in line


# What the plan leaves out


NEEDS = """
@bad
@pytest.mark.needs("twilio")
def test_a(): raise AssertionError("it ran")
@bad
@pytest.mark.needs("twilio")
def test_b(): raise AssertionError("it ran")
@good
def test_c(): pass
"""


@pytest.mark.parametrize("workers", [[], ["-n2"]])
def test_what_the_plan_leaves_out_is_listed_once_and_no_partial_run(mini, workers):
    run = mini.run(NEEDS, "suites", *workers)
    assert (run.ret, mini.evidence["scope"]) == (0, "full")
    assert mini.verdicts == {"test_c": "pass"}
    assert mini.evidence["not_proven"] == ["the bad thing: the plan has no twilio"]
    assert run.stdout.str().count("the plan has no twilio") == 1


def in_short(*not_proven: str, nothing: dict[str, list[str]] | None = None) -> list[str]:
    return list(_in_short(unproven({"not_proven": list(not_proven)}), nothing or {}))


def test_much_that_the_plan_leaves_out_is_told_in_one_line_and_each_in_the_evidence():
    few = [f"claim {n}: the plan has no schema.k{n}" for n in range(2)]
    other = "the content of t: the text tells nothing"
    assert in_short(*few, other) == [*few, other]
    many = [*few, "another: the plan has no schema.k1", "one: the plan has no qdrant.key"]
    # Of a section that the plan does not have, no key is named.
    assert in_short(*many, "two: the plan has no qdrant", other) == [
        "5 claims that the plan does not ask for: it has no qdrant, schema.k0, schema.k1",
        other,
    ]


def test_what_there_is_nothing_of_is_told_in_one_line():
    nothing = {"there is no manifest": ["a", "b"], "there are no vectors": ["c"]}
    told = ["first; second: there is no manifest", "third: there are no vectors", "that: there is no way"]
    assert in_short(*told, nothing=nothing) == [
        "3 controls with nothing to check, such as: there is no manifest",
        "that: there is no way",
    ]


def test_what_the_plan_asks_for_is_checked(mini):
    with (mini.path / "drill.toml").open("a") as plan:
        plan.write('\n[twilio]\nnumbers = "SELECT 1"\n')
    run = mini.run(NEEDS)
    assert mini.verdicts == {"test_a": "fail", "test_b": "fail", "test_c": "pass"}
    assert mini.evidence["not_proven"] == []
    assert run.ret == 1


def test_a_control_that_another_claim_proves_is_not_listed(mini):
    mini.run(NEEDS + "@bad\ndef test_d(): pass\n")
    assert mini.evidence["not_proven"] == []


def test_each_reason_of_a_control_is_told(mini):
    mini.run(NEEDS + "@bad\n@pytest.mark.needs('qdrant')\ndef test_d(): pass\n")
    assert mini.evidence["not_proven"] == ["the bad thing: the plan has no twilio, the plan has no qdrant"]


def test_a_claim_that_needs_two_sections_needs_both(mini):
    mini.run(
        "@bad\n@pytest.mark.needs('twilio')\n@pytest.mark.needs('backup')\ndef test_a(): pass\n"
        "@good\ndef test_b(): pass\n"
    )
    assert mini.verdicts == {"test_b": "pass"}


@pytest.mark.parametrize(
    ("need", "args", "reason"),
    [
        (
            "durable",
            ["--drill-profile", "fast"],
            "the profile is not durable: only stock settings prove the objective",
        ),
        (
            "archive",
            ["--drill-restored", "postgresql://nobody@localhost/x"],
            "the database was restored by somebody else (--drill-restored)",
        ),
        (
            "durable",
            ["--drill-restored", "postgresql://nobody@localhost/x"],
            "the database was restored by somebody else (--drill-restored)",
        ),
        ("recency by now", [], "every table with a recency column may be quiet, and is judged by that"),
    ],
)
def test_how_the_drill_is_done_decides_what_it_can_prove(mini, need, args, reason):
    mini.run(
        f"@bad\n@pytest.mark.needs({need!r})\ndef test_a(): pass\n@good\ndef test_b(): pass\n",
        "suites",
        *args,
    )
    assert mini.verdicts == {"test_b": "pass"}
    assert mini.evidence["not_proven"] == [f"the bad thing: {reason}"]


@pytest.mark.parametrize(
    ("tables", "asked"),
    [
        ('[tables.calls]\nrecency = "at"\n', True),
        ('[tables.calls]\nrecency = "at"\nmax_quiet = "72h"\n', False),
        ('[tables.calls]\nrecency = "at"\nmax_quiet = "72h"\n[tables.users]\nrecency = "at"\n', True),
    ],
)
def test_only_tables_that_are_never_quiet_are_judged_by_now(mini, tables, asked):
    with (mini.path / "drill.toml").open("a") as plan:
        plan.write(f"\n{tables}")
    mini.run("@bad\n@pytest.mark.needs('recency by now')\ndef test_a(): pass\n@good\ndef test_b(): pass\n")
    assert ("test_a" in mini.verdicts) is asked
