"""pytest's --junitxml of a drill tells three verdicts apart, and nothing of the machine.

A fail is a <failure>, what could not be told an <error> of type "unverified". Where there was nothing to
check the testcase is <skipped>; so is one for each control that is out of scope. Each has its control and
verdict as properties, and the suite the facts of the drill.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from plugins.controls import CONTROLS
from plugins.drill import DRILL
from plugins.evidence import WRITTEN
from plugins.files import write_atomically
from plugins.scope import SCOPE
from plugins.verdicts import NOTHING, Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

# What a claim came to so far, in the process that runs it.
SO_FAR = pytest.StashKey[list[str]]()
TAGS = {Verdict.FAIL: "failure", Verdict.UNVERIFIED: "error", NOTHING: "skipped"}
RESULTS = ("failure", "error", "skipped")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    told: dict[str, str] | None = getattr(report, "drill", None)
    if told is not None:
        so_far = item.stash.setdefault(SO_FAR, [])
        so_far.append(told["verdict"])
        # Each phase has them: which is the last that counts, is for the reporter to say.
        report.user_properties += [("control", told["control"]), ("verdict", _verdict(so_far))]
    return report


def _verdict(so_far: list[str]) -> str:
    judged = [Verdict(verdict) for verdict in so_far if verdict != NOTHING]
    return NOTHING if NOTHING in so_far and worst(judged) is Verdict.PASS else str(worst(judged))


# Outermost: after pytest has written the file, and the evidence is there.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    yield
    config = session.config
    if DRILL not in config.stash or hasattr(config, "workerinput") or not config.option.xmlpath:
        return
    path = config.invocation_params.dir / Path(config.option.xmlpath).expanduser()
    if path.is_file():
        written = config.stash[WRITTEN][0] if WRITTEN in config.stash else None
        hidden = (str(config.rootpath), str(config.invocation_params.dir), str(Path.home()))
        ids = {control.title: control.id for control in config.stash[CONTROLS].values()}
        out = [text.partition(": ") for text in config.stash[SCOPE].out_of_scope]
        content = rewritten(
            path.read_bytes(),
            written,
            out={ids.get(title, title): why for title, _, why in out},
            hidden=hidden,
        )
        write_atomically(path, content, mode=0o644)


def rewritten(
    content: bytes, written: Mapping[str, Any] | None, *, out: Mapping[str, str], hidden: tuple[str, ...]
) -> bytes:
    """The file as it should be.

    written: the evidence, if there is any. out: the controls that are out of scope, and why. hidden: paths
    that are taken out.
    """
    root = ET.fromstring(content)  # noqa: S314 - pytest wrote it
    for suite in root.iter("testsuite"):
        suite.attrib.pop("hostname", None)
        for case in suite.iter("testcase"):
            _judge(case, hidden)
        suite.extend(_out_of_scope(control, why) for control, why in out.items())
        suite.set("tests", str(sum(1 for _ in suite.iter("testcase"))))
        for result, counted in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            suite.set(counted, str(sum(case.find(result) is not None for case in suite.iter("testcase"))))
        if written is not None:
            properties = ET.Element("properties")
            for name, value in _facts(written):
                ET.SubElement(properties, "property", name=name, value=value)
            suite.insert(0, properties)
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _judge(case: ET.Element, hidden: tuple[str, ...]) -> None:
    """Give a testcase the tag of its verdict. One without a verdict could not be told if it did not pass."""
    verdict = next((one.get("value") for one in case.iter("property") if one.get("name") == "verdict"), None)
    for result in RESULTS:
        for node in case.findall(result):
            if verdict in TAGS:
                node.tag = TAGS[verdict]
                node.set("type", verdict.replace(" ", "-"))
                if verdict != NOTHING:
                    node.set("message", node.text or "")  # without the phase in which it was found
            for place in hidden:
                if place != "/":
                    node.set("message", node.get("message", "").replace(place, "."))
                    node.text = (node.text or "").replace(place, ".")
            if verdict == NOTHING:
                node.text = None  # the file and the line, and the reason once more


def _out_of_scope(control: str, why: str) -> ET.Element:
    case = ET.Element("testcase", classname="out of scope", name=control, time="0.000")
    properties = ET.SubElement(case, "properties")
    ET.SubElement(properties, "property", name="control", value=control)
    ET.SubElement(properties, "property", name="verdict", value="out of scope")
    ET.SubElement(case, "skipped", type="out-of-scope", message=why)
    return case


def _facts(written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    backup, server, measured = written["backup"] or {}, written["server"] or {}, written["measurements"]
    facts = {
        "drill": written["drill_id"],
        "plan": written["plan"]["name"],
        "verdict": written["verdict"],
        "scope": written["scope"],
        "sample": written["sample"],
        "backup": backup.get("label"),
        "backup.sha256": backup.get("sha256"),
        "recovery_point": backup.get("recovery_point"),
        "server.postgresql": server.get("version"),
        "server.profile": server.get("profile"),
        "rto_seconds": written["objectives"]["rto_seconds"],
        "rpo_seconds": written["objectives"]["rpo_seconds"],
        "restore_time_seconds": measured["restore_time_seconds"],
        "recovery_time_seconds": measured["recovery_time_seconds"],
        "data_loss_seconds": measured["data_loss_seconds"],
    }
    for name, value in facts.items():
        if value is not None:
            yield name, str(value).lower() if isinstance(value, bool) else str(value)
