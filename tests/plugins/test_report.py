"""`./drill report`: of which results, with which Node, over which past; and its page asks nobody."""

from __future__ import annotations

import json
import os
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plugins.allure_results.around import properties
from plugins.errors import DrillError, PlanError
from plugins.report import GROUPS, configuration, page, trends
from plugins.report.__main__ import main
from plugins.report.allure import VERSION, Allure
from plugins.report.results import Results, find, newest, title

if TYPE_CHECKING:
    from collections.abc import Callable

TAG = "https://www.googletagmanager.com/gtag/js?id=G-1"
PAGE = f"""<html><head>
    <meta charset="utf-8">
</head><body><script src="data:text/javascript;base64,AA=="></script>
    <script async src="{TAG}"></script>
    <script>
        gtag('config', 'G-1');
    </script>
    <script async>window.allureReportData = window.allureReportData || {{}};</script>
</body></html>"""


def results(folder: Path, plan: str, drill: str, *, verdict: str = "PASS", status: str = "passed") -> Results:
    """The results of a drill of one claim."""
    folder.mkdir(parents=True)
    labels = {"drill": drill, "epic": plan, "parentSuite": "The backup itself", "severity": "critical"}
    claim = {
        "uuid": f"{plan}-{drill}",
        "name": f"A backup exists, of {plan}",
        "status": status,
        "statusDetails": {"message": "nothing is there"},
        "testCaseId": plan,
        "historyId": plan,
        "start": 1_795_600_000_000,
        "stop": 1_795_600_000_001,
        "labels": [{"name": name, "value": value} for name, value in labels.items()],
    }
    (folder / f"{plan}-{drill}-result.json").write_text(json.dumps(claim))
    attachment = {"name": "Not proven", "source": f"{drill}-attachment.md", "type": "text/markdown"}
    (folder / attachment["source"]).write_text("- much\n")
    (folder / f"{drill}-globals.json").write_text(json.dumps({"attachments": [attachment]}))
    rows = {"Verdict": verdict, "Plan": plan, "Drill": drill, "Recovery time": "31 min"}
    (folder / "environment.properties").write_text(properties(rows))
    return Results(folder)


@pytest.fixture
def programs(tmp_path) -> Callable[..., dict[str, str]]:
    """An environment whose PATH has these programs alone: name=text of a shell script."""

    def make(**scripts: str) -> dict[str, str]:
        folder = tmp_path / "path"
        folder.mkdir()
        for name, text in scripts.items():
            (folder / name).write_text(f"#!/bin/sh\n{text}\n")
            (folder / name).chmod(0o755)
        return {"PATH": str(folder), "AWS_SECRET_ACCESS_KEY": "canary", "HOME": str(tmp_path)}

    return make


@pytest.mark.parametrize(
    ("scripts", "message"),
    [
        ({}, "there is no Node on this machine, and Allure needs it"),
        ({"node": "echo v18.20.4"}, "Node v18.20.4 is too old for Allure"),
        ({"node": "echo nothing"}, "Node nothing is too old for Allure"),
        ({"node": "echo v22.1.0"}, "there is Node on this machine, but no npx, which brings Allure"),
    ],
)
def test_a_machine_without_a_fitting_node_is_told_so(programs, scripts, message):
    with pytest.raises(DrillError, match=message) as caught:
        Allure(programs(**scripts))
    assert "Install Node 20 or 22" in caught.value.hint


def test_npx_is_asked_for_one_version_and_sees_no_secret(programs, tmp_path):
    environ = programs(node="echo v20.1.0", npx='echo "$* $AWS_SECRET_ACCESS_KEY" >&2; exit 1')
    with pytest.raises(DrillError, match=rf"--yes allure@{VERSION} generate") as caught:
        Allure(environ).generate(tmp_path, config=tmp_path, output=tmp_path / "out", cwd=tmp_path)
    assert "canary" not in str(caught.value)


def test_an_installed_allure_must_be_of_the_version(programs, tmp_path):
    installed = tmp_path / "cli.js"
    environ = programs(node='[ "$1" = --version ] && echo v20.1.0 || echo 2.30.0')
    with pytest.raises(PlanError, match="names no program"):
        Allure(environ, installed=installed)
    installed.touch()
    with pytest.raises(PlanError, match=f"of version 2.30.0, not {VERSION}"):
        Allure(environ, installed=installed)


def test_the_newest_drill_is_taken_by_itself_and_folders_below_are_found(tmp_path):
    results(tmp_path / "a", "one", "20260101T000000Z-a")
    newer = results(tmp_path / "deep" / "b", "two", "20260201T000000Z-b")
    results(tmp_path / ".unfinished", "three", "20270101T000000Z-c")
    assert newest(tmp_path) == newer
    assert [found.plan for found in find([tmp_path])] == ["one", "two"]


def test_folders_that_no_report_can_be_of_are_named(tmp_path):
    with pytest.raises(PlanError, match="there are no Allure results in"):
        find([tmp_path])
    old = results(tmp_path / "old", "one", "1")
    results(tmp_path / "new", "one", "2")
    with pytest.raises(PlanError, match="both hold a drill of the plan one"):
        find([tmp_path])
    shutil.copy(old.path / "one-1-result.json", tmp_path / "new")
    with pytest.raises(PlanError, match="holds the results of 2 drills"):
        find([tmp_path / "new"])
    (old.path / "environment.properties").unlink()
    with pytest.raises(PlanError, match="of no drill that ended"):
        find([old.path])


def test_a_report_is_called_by_its_plan_and_verdict(tmp_path):
    one = results(tmp_path / "a", "one", "1")
    two = results(tmp_path / "b", "two", "2", verdict="UNVERIFIED (partial: it covers only what ran)")
    assert title([one]) == "Restore drill of one: PASS"
    assert title([two]).endswith("two: UNVERIFIED (partial: it covers only what ran)")
    assert title([one, two]) == "Restore drills of 2 plans: UNVERIFIED"


@pytest.mark.parametrize("by", GROUPS)
def test_nothing_that_claims_stand_together_by_is_hidden(by, tmp_path):
    config = configuration([results(tmp_path / "a", "one", "1"), results(tmp_path / "b", "two", "2")], by=by)
    groups = config["plugins"]["awesome"]["options"]["groupBy"]
    assert groups[0] == "epic"
    assert not set(groups) & set(config["hideLabels"])


def test_the_page_keeps_no_request_and_gets_a_policy_before_its_program():
    closed = page.closed(PAGE)
    assert "google" not in closed
    assert "gtag" not in closed
    assert (
        closed.index("default-src 'none'")
        < closed.index("allureReportDataReady = false")
        < closed.index("data:text")
    )
    assert "window.allureReportData || {}" in closed


@pytest.mark.parametrize(
    "other",
    [
        PAGE.replace(TAG, "https://elsewhere.example/x.js"),
        PAGE.replace("</body>", '<img src="//elsewhere.example/x.png"></body>'),
        PAGE.replace('<meta charset="utf-8">', ""),
    ],
)
def test_a_page_that_is_not_as_expected_is_no_report(other):
    with pytest.raises(DrillError, match="may ask for something from outside"):
        page.closed(other)


def point(status: str = "passed") -> dict:
    labels = [{"name": "severity", "value": "critical"}, {"name": "tag", "value": "x"}]
    return {"uuid": "u", "testResults": {"h": {"status": status, "labels": labels}}}


def test_trends_are_of_the_same_plans_and_a_report_is_not_its_own_past(tmp_path):
    history = tmp_path / "history.jsonl"
    first, second = (results(tmp_path / name, "one", name) for name in "12")
    other = results(tmp_path / "3", "two", "3")
    for drills in ([first], [other], [second], [first, other]):
        trends.add(history, point(), drills)
    assert [found["drills"] for found in trends.earlier(history, [second])] == [["1"]]
    trends.add(history, point("failed"), [second])
    assert [found["drills"] for found in trends.read(history)] == [["1"], ["3"], ["1", "3"], ["2"]]
    assert trends.read(history)[-1]["testResults"]["h"] == {
        "status": "failed",
        "labels": [{"name": "severity", "value": "critical"}],
    }


def test_a_line_that_is_no_history_is_said_and_left_where_it_is(tmp_path):
    history = tmp_path / "history.jsonl"
    drill = results(tmp_path / "1", "one", "1")
    history.write_bytes(b'{"torn": \n[]\n')
    trends.add(history, point(), [drill])
    assert trends.unreadable(history) == [1, 2]
    assert history.read_bytes().startswith(b'{"torn": \n[]\n')
    assert len(trends.read(history)) == 1


def test_no_more_than_so_many_drills_of_the_same_plans_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(trends, "KEPT", 2)
    history = tmp_path / "history.jsonl"
    other = results(tmp_path / "other", "two", "other")
    trends.add(history, point(), [other])
    for number in "123":
        trends.add(history, point(), [results(tmp_path / number, "one", number)])
    assert [found["drills"] for found in trends.read(history)] == [["other"], ["2"], ["3"]]


@pytest.mark.parametrize("arguments", [["--by", "mood"], ["absent"], ["--allure", "absent.js"]])
def test_a_wrong_option_is_no_traceback(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    results(tmp_path / "r", "one", "1")
    folder = [] if arguments == ["absent"] else ["r"]
    if shutil.which("node") is None and "--allure" in arguments:
        pytest.skip("there is no Node on this machine")
    assert main([*arguments, *folder]) == 4
    assert "Traceback" not in capsys.readouterr().err


class Opened:
    """A report in a browser. asked: what it asked for outside of itself; said: errors of its console."""

    def __init__(self, path: Path) -> None:
        from playwright.sync_api import sync_playwright

        browser = shutil.which("chromium") or shutil.which("chromium-browser")
        if browser is None:
            pytest.skip("there is no Chromium on this machine")
        self.asked: list[str] = []
        self.said: list[str] = []
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
            opened = chromium.new_page()
            opened.on("request", lambda request: self._ask(request.url, path))
            opened.on("console", lambda line: self.said.append(line.text) if line.type == "error" else None)
            opened.on("pageerror", lambda error: self.said.append(str(error)))
            opened.goto(path.as_uri())
            opened.get_by_text("The backup itself").first.wait_for()
            self.text = opened.inner_text("body")
            chromium.close()

    def _ask(self, url: str, path: Path) -> None:
        if not url.startswith(("data:", "blob:")) and url != path.as_uri():
            self.asked.append(url)


@pytest.fixture(scope="module")
def made(allure, tmp_path_factory) -> Path:
    """The folder of a report of two plans, of which the history knows an earlier one."""
    folder = tmp_path_factory.mktemp("made")
    earlier = [results(folder / "earlier" / plan, plan, f"{plan}-1") for plan in ("one", "two")]
    trends.add(folder / "history.jsonl", point() | {"timestamp": 1_795_500_000_000, "metrics": {}}, earlier)
    results(folder / "now" / "one", "one", "one-2")
    results(folder / "now" / "two", "two", "two-2", verdict="FAIL", status="failed")
    options = ["--output", folder / "report.html", "--history", folder / "history.jsonl", "--allure", allure]
    assert main([str(folder / "now"), *map(str, options)]) == 0
    return folder


def test_a_report_opens_and_asks_for_nothing(made):
    opened = Opened(made / "report.html")
    assert opened.asked == []
    assert opened.said == []
    assert "Restore drills of 2 plans: FAIL" in opened.text


def test_a_report_of_several_plans_has_the_claims_of_each_and_is_added_to_the_past(made):
    first, second = trends.read(made / "history.jsonl")
    assert (first["drills"], second["drills"]) == (["one-1", "two-1"], ["one-2", "two-2"])
    found = sorted((claim["name"], claim["status"]) for claim in second["testResults"].values())
    assert found == [("A backup exists, of one", "passed"), ("A backup exists, of two", "failed")]


def test_a_report_names_no_path_and_no_host(made):
    import base64
    import re

    html = (made / "report.html").read_text()
    data = [base64.b64decode(text) for text in re.findall(r'd\("[^"]+","([^"]*)"\)', html)]
    for told in (b"A backup exists, of two", b"two: Not proven"):
        assert any(told in part for part in data)
    for part in (html.encode(), *data):
        assert str(made).encode() not in part
        assert os.fsencode(Path.cwd()) not in part
        assert socket.gethostname().encode() not in part or len(socket.gethostname()) < 6
