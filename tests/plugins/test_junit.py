"""--junitxml tells three verdicts apart, what was out of scope, and nothing of the machine."""

from __future__ import annotations

import socket
from pathlib import Path
from xml.etree import ElementTree

import pytest

from plugins.junit import rewritten

CLAIMS = """
from plugins.errors import NothingToCheckError

@pytest.fixture
def torn(): raise BackupError("it is torn", hint="Take another.")
@pytest.fixture
def away(): raise DrillError("it is away")
@pytest.fixture
def nothing(): raise NothingToCheckError("there are none")
@pytest.fixture
def leaves():
    yield
    raise DrillError("it cannot be closed")

@good
def test_pass(): pass
@bad
def test_fail(): assert 0, "it is bad"
@bad
def test_fail_in_setup(torn): pass
@bad
def test_unverified(): raise DrillError("who knows")
@bad
def test_unverified_in_setup(away): pass
@good
def test_unverified_in_teardown(leaves): pass
@good
def test_nothing(nothing): pass
@bad
def test_unforeseen(): open("/nowhere/at/all")
@pytest.mark.control("asked")
@pytest.mark.needs("twilio")
def test_out(): pass
"""
ASKED = '[asked]\ntitle = "the thing that is asked"\nseverity = "normal"\nsuite = "backup"\n'


def told(case: ElementTree.Element) -> tuple[str, str, str, str]:
    """The verdict that a testcase has as a property, and the tag, type and message of its result."""
    verdict = next(one.get("value") for one in case.iter("property") if one.get("name") == "verdict")
    results = [node for node in case if node.tag in ("failure", "error", "skipped")]
    tag, kind, message = ("", "", "")
    if results:
        (result,) = results
        tag, kind, message = result.tag, result.get("type"), result.get("message").splitlines()[0]
    return verdict, tag, kind, message


@pytest.mark.parametrize("args", [(), ("-n1",)], ids=["alone", "with a worker"])
def test_each_verdict_has_its_own_tag(mini, args):
    with (mini.path / "reports" / "controls.toml").open("a") as controls:
        controls.write(ASKED)
    run = mini.run(CLAIMS, "suites", "--junitxml=out/junit.xml", *args)
    assert run.ret == 1
    text = (mini.path / "out" / "junit.xml").read_text()
    (suite,) = ElementTree.fromstring(text).iter("testsuite")
    assert {case.get("name"): told(case) for case in suite.iter("testcase")} == {
        "test_pass": ("pass", "", "", ""),
        "test_fail": ("fail", "failure", "fail", "it is bad"),
        "test_fail_in_setup": ("fail", "failure", "fail", "it is torn"),
        "test_unverified": ("unverified", "error", "unverified", "who knows"),
        "test_unverified_in_setup": (
            "unverified",
            "error",
            "unverified",
            "it is away",
        ),
        "test_unverified_in_teardown": (
            "unverified",
            "error",
            "unverified",
            "it cannot be closed",
        ),
        "test_nothing": ("nothing to check", "skipped", "nothing-to-check", "there are none"),
        "test_unforeseen": (
            "unverified",
            "error",
            "unverified",
            "unexpected FileNotFoundError",
        ),
        "asked": ("out of scope", "skipped", "out-of-scope", "the plan has no twilio"),
    }
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "9", "failures": "2", "errors": "4", "skipped": "2"}
    facts = {one.get("name"): one.get("value") for one in suite.find("properties")}
    assert (facts["plan"], facts["verdict"], facts["sample"]) == ("mini", "fail", "false")
    assert facts["drill"] == mini.evidence["drill_id"]
    for secret in (str(mini.path), str(Path.home()), socket.gethostname(), "hostname"):
        assert secret not in text


def test_a_path_in_what_pytest_says_itself_is_taken_out():
    said = (
        '<testsuites><testsuite hostname="h"><testcase name="suites.a"><error message="collection failure">'
    )
    said += "/root/p/suites/a.py:3: in module</error></testcase></testsuite></testsuites>"
    (error,) = ElementTree.fromstring(rewritten(said.encode(), None, out={}, hidden=("/root/p", "/"))).iter(
        "error"
    )
    assert error.text == "./suites/a.py:3: in module"


def test_under_the_projects_own_tests_the_file_is_pytests(mini):
    (mini.path / "tests" / "test_own.py").write_text("def test_it(): assert 0\n")
    mini.run("", "tests", "--junitxml=junit.xml")
    assert "hostname" in (mini.path / "junit.xml").read_text()
