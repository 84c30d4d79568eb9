"""A drill without a backup: claims that a test writes, judged by the real plugins in their own process."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from tests.warm import fork

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120.0  # seconds for a mini drill

CONFTEST = """
pytest_plugins = (
    "plugins",
    "plugins.junit", "plugins.step_summary", "plugins.summary", "plugins.notify",
    "plugins.allure_results",
    "plugins.evidence", "plugins.history", "plugins.progress", "plugins.credentials", "plugins.redaction",
    "plugins.assertions", "plugins.verdicts", "plugins.scope", "plugins.selection", "plugins.controls",
    "plugins.objectives", "plugins.target", "plugins.plan", "plugins.drill",
)
"""
CONTROLS = """
[good]
title = "the good thing"
severity = "normal"
suite = "backup"
[bad]
title = "the bad thing"
severity = "blocker"
suite = "backup"
"""
PLAN = """
name = "mini"
[backup]
source = "backups"
"""
HEAD = """
import os, pytest
from datetime import timedelta
from plugins.errors import BackupError, DrillError
good, bad = pytest.mark.control("good"), pytest.mark.control("bad")
"""


class MiniDrill:
    """A project of one suite. `claims` is the text of its tests. temp: where its drills' folders are made."""

    def __init__(self, pytester: pytest.Pytester, temp: Path) -> None:
        self.pytester, self.path, self.temp = pytester, pytester.path, temp

    def run(self, claims: str, *args: str) -> pytest.RunResult:
        (self.path / "suites" / "backup" / "test_claims.py").write_text(HEAD + claims)
        output, errors = self.path / "stdout", self.path / "stderr"
        for path in (output, errors):
            path.unlink(missing_ok=True)
        began = time.monotonic()
        process = fork(
            args or ("suites",), env=dict(os.environ), output=output, errors=errors, root=self.path
        )
        process.join(PATIENCE)
        told, wrong = (path.read_text(errors="replace").splitlines() for path in (output, errors))
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutError("\n".join((*told, *wrong)))
        return pytest.RunResult(process.exitcode, told, wrong, time.monotonic() - began)

    @property
    def evidence(self) -> dict:
        return json.loads((self.path / "reports" / "out" / "latest" / "evidence.json").read_bytes())

    @property
    def verdicts(self) -> dict[str, str]:
        return {check["test"].rpartition("::")[2]: check["verdict"] for check in self.evidence["checks"]}

    @property
    def statuses(self) -> dict[str, str]:
        results = [json.loads(path.read_bytes()) for path in self.allure.glob("*-result.json")]
        return {result["fullName"].rpartition("#")[2]: result["status"] for result in results}

    @property
    def allure(self) -> Path:
        return self.path / "reports" / "allure-results" / "mini"

    def written(self) -> str:
        """All that was written anywhere below the project, but for the claims themselves."""
        files = [
            path for path in self.path.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")
        ]
        return "\n".join(path.read_text(errors="replace") for path in files)


@pytest.fixture
def mini(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> MiniDrill:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    temp = tmp_path_factory.mktemp("temp")
    monkeypatch.setenv("TMPDIR", str(temp))
    pytester.makeconftest(CONFTEST)
    pytester.makefile(".toml", drill=PLAN)
    # The last three are for other tests, and take two thirds of the time that a mini drill needs.
    others = " ".join(f"-p no:{name}" for name in ("hypothesispytest", "anyio", "respx"))
    pytester.makeini(f"[pytest]\naddopts = --strict-markers --import-mode=importlib {others}\n")
    for folder in ("suites/backup", "reports", "tests"):
        (pytester.path / folder).mkdir(parents=True)
    (pytester.path / "reports" / "controls.toml").write_text(CONTROLS)
    return MiniDrill(pytester, temp)
