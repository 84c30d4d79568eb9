"""Evidence: what a drill measured and judged, as one JSON file that an auditor can read without us.

Counts, digests, names of objects and timings: never a value from a row, never a secret. The evidence holds
the digests of the other files of its bundle and of the drill before it; the bundle's statement is signed over
all of them. `python -m plugins.evidence` verifies bundles, and adds reviews to them.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from plugins.drill import DRILL, end, shows_only
from plugins.errors import DrillError
from plugins.evidence import bundle
from plugins.evidence.composing import NOT_READ, compose, suite_version
from plugins.evidence.facts import FACTS, Facts
from plugins.history import append, last_of, path_of, taken, unreadable
from plugins.plan import PLAN
from plugins.scope import SCOPE, as_output, merge
from plugins.selection import listing
from plugins.signing import key_of
from plugins.verdicts import CHECKS, ExitCode

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

__all__ = ("FACTS", "NOT_KEPT", "NOT_READ", "WRITTEN", "Facts", "compose", "suite_version")

WRITTEN = pytest.StashKey[tuple[dict[str, Any], "Path"]]()
# Why the evidence is not where the plan says that it outlives this machine.
NOT_KEPT = pytest.StashKey[DrillError]()


class Hooks:
    """The hooks by which others take part in a drill's evidence, in the controller only."""

    @pytest.hookspec
    def pytest_drill_begun(self, config: pytest.Config) -> None:
        """A drill of claims has its folder, and nothing has run yet. May raise DrillError."""

    @pytest.hookspec
    def pytest_drill_bundle(
        self, config: pytest.Config, written: Mapping[str, Any]
    ) -> Mapping[str, bytes] | None:
        """Files for the bundle: content by name. `written` is the evidence, but for `files`."""

    @pytest.hookspec
    def pytest_drill_finished(
        self, config: pytest.Config, written: Mapping[str, Any], folder: Path, line: Mapping[str, Any]
    ) -> None:
        """The bundle is in its folder, and its line in the history. May raise DrillError."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("drill").addoption(
        "--drill-evidence", metavar="DIR", help="where the evidence goes; reports/out by default"
    )


def pytest_configure(config: pytest.Config) -> None:
    if DRILL in config.stash:
        config.stash[FACTS] = Facts()


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    if DRILL not in config.stash or hasattr(config, "workerinput") or shows_only(config) or listing(config):
        return
    try:
        config.hook.pytest_drill_begun(config=config)
    except DrillError as error:
        config.stash[FACTS].alert(
            f"earlier drills were not read from where the evidence is kept: {error.message}"
        )


@pytest.fixture(scope="session")
def evidence(pytestconfig: pytest.Config) -> Facts:
    """Where fixtures write down what they found out."""
    return pytestconfig.stash[FACTS]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Xdist, in the controller: take over what a worker found out."""
    output = getattr(node, "workeroutput", {}).get("drill")
    if output is None:
        return
    told, config = json.loads(output), node.config
    merge(config.stash[SCOPE], told["scope"])
    for key, value in told["facts"].items():
        config.stash[FACTS].record(key, value)
    for text in told["not_proven"]:
        config.stash[FACTS].not_proven(text)
    for text in told["alerts"]:
        config.stash[FACTS].alert(text)


# Innermost: after pytest closed the fixtures that were still open, before xdist and the terminal look.
@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    config = session.config
    finished = session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    try:
        yield
    finally:
        if DRILL in config.stash and not shows_only(config):
            _finish(config, interrupted=not finished)
            if NOT_KEPT in config.stash and session.exitstatus == ExitCode.PASS:
                # The drill proved what it proved, and the proof is not where the plan promises it.
                session.exitstatus = ExitCode.UNVERIFIED


def _finish(config: pytest.Config, *, interrupted: bool) -> None:
    facts = config.stash[FACTS]
    if hasattr(config, "workerinput"):
        vars(config)["workeroutput"]["drill"] = json.dumps(
            {
                "scope": as_output(config.stash[SCOPE]),
                "facts": facts.known,
                "not_proven": facts.not_proven_texts,
                "alerts": facts.alert_texts,
            }
        )
        return
    left = end(config)
    if listing(config):
        return
    if "server" in facts.known:
        facts.record("server", {"destroyed": not left and not config.stash[DRILL].keep})
    if not config.stash[CHECKS] and not config.stash[SCOPE].selected:
        return  # stopped before anything was collected: there is nothing to be evidence of
    _write(config, interrupted=interrupted)


def _write(config: pytest.Config, *, interrupted: bool) -> None:
    drill, plan, facts = config.stash[DRILL], config.stash[PLAN], config.stash[FACTS]
    history, root = path_of(config), config.rootpath
    try:
        key = key_of(os.environ, None)
        signer = key if key.signs else None
    except DrillError as error:
        signer = None
        facts.alert(f"the evidence is not signed: {error.message}")
    # From the reading of the drill before to the writing of this one: two drills at once follow each other.
    with taken(history):
        for number in unreadable(history):
            facts.alert(f"line {number} of the history of drills cannot be read, and counts for nothing")
        folder = root / (config.getoption("--drill-evidence") or "reports/out")
        bundle.adopt(folder, history, plan.name, sample=drill.sample)
        written = compose(config, interrupted=interrupted)
        written["previous"] = last_of(history, plan.name, sample=drill.sample)
        written["signed_by"] = signer.keyid if signer is not None else None
        told: list[Mapping[str, bytes]] = config.hook.pytest_drill_bundle(config=config, written=written)
        files = {name: content for part in told for name, content in part.items()}
        sealed = bundle.write(folder / drill.drill_id, written, files, key=signer)
        line = append(history, written, sha256=sealed.sha256, answers=facts.known.get("answers"))
    bundle.point(folder / "latest", drill.drill_id)
    config.stash[WRITTEN] = written, sealed.evidence
    try:
        config.hook.pytest_drill_finished(
            config=config, written=written, folder=sealed.evidence.parent, line=line
        )
    except DrillError as error:
        config.stash[NOT_KEPT] = error
