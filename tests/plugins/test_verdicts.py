"""The three verdicts: which exception means what, in which phase, with which exit code."""

from __future__ import annotations

import pytest

RAISES = {
    "AssertionError": ("assert 1 == 2", "fail", "failed"),
    "BackupError": ("raise BackupError('it is torn')", "fail", "failed"),
    "DrillError": ("raise DrillError('it is away')", "unverified", "broken"),
    "unforeseen": ("raise ValueError('canary-41')", "unverified", "broken"),
    "skip": ("pytest.skip('no time')", "unverified", "broken"),
    "pytest.fail": ("pytest.fail('canary-free')", "unverified", "failed"),
}


@pytest.mark.parametrize("phase", ["setup", "call", "teardown"])
@pytest.mark.parametrize("raised", ["AssertionError", "BackupError", "DrillError", "unforeseen"])
def test_the_type_of_the_exception_decides_in_every_phase(mini, raised, phase):
    code, verdict, status = RAISES[raised]
    setup, call, teardown = (code if name == phase else "pass" for name in ("setup", "call", "teardown"))
    run = mini.run(f"""
@pytest.fixture
def thing():
    {setup}
    yield
    {teardown}
@bad
def test_it(thing):
    {call}
@good
def test_other():
    pass
""")
    assert mini.verdicts == {"test_it": verdict, "test_other": "pass"}
    assert mini.statuses == {"test_it": status, "test_other": "passed"}
    assert mini.evidence["verdict"] == verdict
    assert run.ret == {"fail": 1, "unverified": 6}[verdict]


def test_a_skip_is_not_a_pass(mini):
    run = mini.run("""
@bad
def test_it():
    pytest.skip("no time")
@bad
@pytest.mark.skip(reason="later")
def test_marked(): pass
@bad
@pytest.mark.xfail
def test_expected(): assert False
""")
    assert set(mini.verdicts.values()) == {"unverified"}
    assert run.ret == 6


def test_all_green_is_a_pass(mini):
    run = mini.run("@good\ndef test_it(): pass\n")
    assert (run.ret, mini.evidence["verdict"], mini.evidence["scope"]) == (0, "pass", "full")


def test_a_fail_outweighs_what_could_not_be_told(mini):
    run = mini.run("@bad\ndef test_a(): raise DrillError('away')\n@good\ndef test_b(): assert 0\n")
    assert (run.ret, mini.evidence["verdict"]) == (1, "fail")


def test_what_ran_on_nothing_proves_nothing(mini):
    run = mini.run("@good\ndef test_it(): pass\n", "suites", "-k", "nothing")
    assert run.ret == 6


def test_an_allowed_control_lets_the_run_exit_0_and_stays_unverified(mini):
    claims = "@bad\ndef test_a(): raise DrillError('away')\n@good\ndef test_b(): pass\n"
    run = mini.run(claims, "suites", "--drill-allow-unverified", "bad")
    assert (run.ret, mini.evidence["verdict"]) == (0, "unverified")
    run.stdout.fnmatch_lines(["verdict*UNVERIFIED*allowed: bad*"])
    assert mini.run(claims, "suites", "--drill-allow-unverified", "good").ret == 6


def test_an_allowed_control_that_fails_is_a_fail(mini):
    run = mini.run("@bad\ndef test_a(): assert 0\n", "suites", "--drill-allow-unverified", "bad")
    assert run.ret == 1


def test_an_unknown_control_is_a_usage_error(mini):
    run = mini.run("@good\ndef test_a(): pass\n", "suites", "--drill-allow-unverified", "typo")
    assert run.ret == 4
    run.stderr.fnmatch_lines(["*names no control: typo*", "*HINT: The controls are bad, good.*"])


def test_a_claim_without_a_control_is_a_usage_error(mini):
    assert mini.run("def test_a(): pass\n").ret == 4


def test_workers_come_to_the_same_verdicts(mini):
    run = mini.run(
        """
@bad
def test_a(): raise BackupError('torn')
@bad
def test_b(): raise DrillError('away', hint='Go there.')
@good
def test_c(): pass
""",
        "suites",
        "-n2",
    )
    assert mini.verdicts == {"test_a": "fail", "test_b": "unverified", "test_c": "pass"}
    assert mini.evidence["scope"] == "full"
    assert run.ret == 1


def test_a_worker_that_dies_leaves_its_claim_unverified(mini):
    run = mini.run(
        "@bad\ndef test_a(): os._exit(1)\n@good\ndef test_b(): pass\n",
        "suites",
        "-n1",
        "--max-worker-restart=1",
    )
    assert mini.verdicts["test_a"] == "unverified"
    assert run.ret == 6


def test_an_interrupted_run_is_never_a_pass(mini):
    run = mini.run("@good\ndef test_a(): pass\n@good\ndef test_b(): raise KeyboardInterrupt\n")
    assert run.ret == 2
    assert (mini.evidence["verdict"], mini.evidence["scope"]) == ("unverified", "partial")


def test_a_cause_that_stops_many_claims_is_told_once(mini):
    run = mini.run(
        """
@pytest.fixture(scope="session")
def away(): raise DrillError('the store is away', hint='Bring it back.')
@bad
@pytest.mark.parametrize("n", range(20))
def test_it(n, away): pass
"""
    )
    assert run.stdout.str().count("the store is away") == 1
    assert "Traceback" not in run.stdout.str()


def test_a_failing_test_outside_the_suites_is_not_a_claim(mini):
    (mini.path / "tests" / "test_own.py").write_text("def test_own(): assert 0\n")
    run = mini.run("@good\ndef test_a(): pass\n", "suites", "tests")
    assert run.ret == 1
    assert mini.evidence["verdict"] == "pass"


def test_under_other_paths_the_plugins_are_inert(mini):
    (mini.path / "tests" / "test_own.py").write_text("import pytest\ndef test_own(): pytest.skip('fine')\n")
    run = mini.run("", "tests")
    assert run.ret == 0
    assert not (mini.path / "reports" / "out").exists()


def test_a_run_that_ended_early_is_no_pass_though_all_that_ran_was_green(mini):
    run = mini.run("""
@good
def test_it(request):
    request.session.shouldfail = "something made pytest stop"
@bad
def test_never_reached(): pass
""")
    assert mini.verdicts == {"test_it": "pass"}
    assert (run.ret, mini.evidence["verdict"], mini.evidence["scope"]) == (6, "unverified", "partial")


NOTHING = """
from plugins.errors import NothingToCheckError
@pytest.fixture
def keys():
    raise NothingToCheckError("the database has no foreign key")
@bad
def test_in_setup(keys): pass
@bad
def test_in_call(): raise NothingToCheckError("the database has no foreign key")
@good
def test_other(): pass
"""


@pytest.mark.parametrize("args", [(), ("-n2",)])
def test_where_there_is_nothing_to_check_there_is_no_verdict_and_it_is_said(mini, args):
    run = mini.run(NOTHING, "suites", *args)
    assert mini.verdicts == {"test_other": "pass"}
    assert (run.ret, mini.evidence["verdict"], mini.evidence["scope"]) == (0, "pass", "full")
    assert mini.evidence["not_proven"] == ["the bad thing: the database has no foreign key"]
    assert mini.statuses == {"test_in_setup": "skipped", "test_in_call": "skipped", "test_other": "passed"}


def test_a_control_with_another_claim_that_was_checked_is_not_said_to_be_unproven(mini):
    mini.run(NOTHING + "@bad\ndef test_more(): pass\n")
    assert mini.evidence["not_proven"] == []


def test_nor_are_two_of_them(mini):
    none = '@good\ndef test_none(): raise NothingToCheckError("there is none")\n'
    mini.run(NOTHING + none + "@bad\ndef test_more(): pass\n")
    assert mini.evidence["not_proven"] == []


def test_nothing_to_check_at_all_is_no_pass(mini):
    assert mini.run(NOTHING.replace("@good\ndef test_other(): pass\n", "")).ret == 6


def test_what_fails_after_there_was_nothing_to_check_counts(mini):
    run = mini.run("""
from plugins.errors import NothingToCheckError
@pytest.fixture
def thing():
    yield
    raise DrillError("the store is away")
@bad
def test_it(thing): raise NothingToCheckError("there is none")
""")
    assert mini.verdicts == {"test_it": "unverified"}
    assert run.ret == 6


def test_what_was_found_is_named_and_counted(mini):
    mini.run("@bad\ndef test_it(): assert [f'index i{n}' for n in range(7)] == []\n")
    assert [check["message"] for check in mini.evidence["checks"]] == [
        "index i0; index i1; index i2; index i3; index i4; and 2 more"
    ]


def test_no_source_is_read_for_a_traceback_that_nobody_sees(mini):
    """With dozens of claims that have nothing to check, that was a second of each drill."""
    run = mini.run(
        """
from _pytest._code import Source, TracebackEntry
from plugins.errors import NothingToCheckError
def read(*_): raise RuntimeError("a source was read")
TracebackEntry.getsource = read
@good
def test_none(): raise NothingToCheckError("there is none")
@bad
def test_away(): raise DrillError("it is away")
@bad
def test_bad(): assert 1 == 2
""",
        "suites",
        "--tb=long",
    )
    assert mini.verdicts == {"test_away": "unverified", "test_bad": "fail"}, run.stdout.str()
    assert "a source was read" not in run.stdout.str()
