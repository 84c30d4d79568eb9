"""What the project's own tests share: dumps that others wrote, an engine, and a drill to run and look at."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("self-tests")
    group.addoption("--dumps", metavar="DIR", help="a folder of dumps that others wrote")
    group.addoption("--specs", metavar="DIR", help="a folder of the vendors' official API descriptions")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # A warning in a drill is a line in its report; in the project's own tests it is a defect.
    for item in items:
        if ROOT / "tests" in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("error"))


def _folder(config: pytest.Config, option: str) -> Path:
    given = config.getoption(option)
    if given is None:
        pytest.skip(f"no {option} DIR was given: these tests did not run")
    folder = (config.invocation_params.dir / given).resolve()
    if not folder.is_dir():
        pytest.fail(f"{option} names no folder: {given}")
    return folder


@pytest.fixture(scope="session")
def dumps(pytestconfig: pytest.Config) -> Path:
    """A folder of dumps that others wrote; the test is skipped, and says so, where none was given."""
    return _folder(pytestconfig, "--dumps")


@pytest.fixture(scope="session")
def specs(pytestconfig: pytest.Config) -> Path:
    """A folder of official API descriptions; the test is skipped, and says so, where none was given."""
    return _folder(pytestconfig, "--specs")


@pytest.fixture(scope="session")
def engine() -> None:
    """A container engine. Without one the test is skipped, and says so; where CI is set it must be there."""
    done = (
        subprocess.run(["docker", "info"], capture_output=True, check=False)
        if shutil.which("docker")
        else None
    )
    if done is None or done.returncode != 0:
        if os.environ.get("CI"):
            pytest.fail("no container engine answers, and CI is set")
        pytest.skip("no container engine answers: the container tests did not run")


@dataclass(frozen=True)
class Run:
    """A drill that ran in a process of its own. evidence is None when it wrote none."""

    code: int
    output: str
    evidence: dict[str, Any] | None
    folder: Path

    def verdicts(self) -> dict[str, str]:
        """The worst verdict of each control."""
        order = ["pass", "unverified", "fail"]
        worst: dict[str, str] = {}
        for check in (self.evidence or {})["checks"]:
            before = worst.get(check["control"], "pass")
            worst[check["control"]] = max(before, check["verdict"], key=order.index)
        return worst

    def red(self) -> set[str]:
        """The controls that are not green."""
        return {control for control, verdict in self.verdicts().items() if verdict != "pass"}


@pytest.fixture
def drill_run(tmp_path: Path):
    """Runs pytest on the suites, with all that it writes in a folder of the test's own."""

    def run(*args: object, env: dict[str, str] | None = None, cwd: Path = ROOT) -> Run:
        folder = tmp_path / f"run{len(list(tmp_path.glob('run*')))}"
        folder.mkdir()
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, args)]
        command += [
            "--drill-evidence",
            str(folder / "out"),
            "--drill-history",
            str(tmp_path / "history.jsonl"),
        ]
        command += ["--alluredir", str(folder / "allure")]
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        path = folder / "out" / "latest" / "evidence.json"
        evidence = json.loads(path.read_bytes()) if path.exists() else None
        return Run(code=done.returncode, output=done.stdout, evidence=evidence, folder=folder)

    return run
