"""A drill that is watched while it runs, and all that came of it searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.secrets.canaries import Canaries, Watch

# All that pytest can be asked to show.
LOUD = (
    *("-vv", "-s", "--tb=long", "--showlocals", "-rA", "--durations=0"),
    *("--log-level=DEBUG", "-o", "log_cli=true"),
)


@dataclass
class Searched:
    """leaks: each place where a canary was found, with where it had stood. looked: what was looked at."""

    run: Any
    leaks: set[str]
    looked: set[str]


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture
def search(drill_run, canaries):
    """Runs a drill, as loud as it can be, and searches all that it wrote, printed and showed."""

    def search(*args: object, env: dict[str, str | None], shown: bool = False) -> Searched:
        folder = drill_run.folder / "written"
        folder.mkdir()
        more = {"GITHUB_STEP_SUMMARY": str(folder / "step.md")}
        junit = f"--junitxml={folder / 'junit.xml'}"
        process, out = drill_run.start(*args, junit, *LOUD, env={**env, **more}, shown=shown)
        watch = Watch(process.pid, drill_run.temp / out.name, canaries)
        watch.start()
        try:
            process.wait(timeout=300)
        finally:
            process.kill()
            process.wait()
            watch.end()
        run = drill_run.ended(process, out)
        assert run.evidence is not None, run.output
        leaks, searched = set(watch.leaks), set()
        for place in (out, folder, drill_run.folder / "history.jsonl", run.temp):
            for path in (place, *place.rglob("*")):
                # Values of rows are for the list of what to reconfigure, which one person asks for.
                if (out / "private") not in (path, *path.parents):
                    data = path.read_bytes() if path.is_file() else b""
                    searched.add(path.name)
                    found = canaries.found_in(path.name.encode() + b"\n" + data)
                    leaks |= (
                        {f"{path.relative_to(drill_run.folder)}: {one}" for one in found}
                        if (drill_run.folder in path.parents)
                        else {f"{path}: {one}" for one in found}
                    )
        # Else there was nothing to search.
        assert {"output", "evidence.json", "junit.xml", "step.md", "history.jsonl"} <= searched
        assert list((out / "allure").glob("*-result.json"))
        assert {"plugins.lifetime", "staged.sql"} <= watch.looked
        assert run.left() == []
        return Searched(run, leaks, watch.looked)

    return search
