"""The project's workflows, and a small runner of the steps in them that are ours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def parsed(text: str) -> Any:
    return YAML(typ="safe").load(text)  # YAML 1.2, as GitHub: `on` is a word


# What a step of ours finds on PATH beside the real programs: a GitHub that is a file, and a drill that writes
# down how it was called.
GH = """#!{python}
import json, os, sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

path = Path(os.environ["FAKE_GITHUB"])
state = json.loads(path.read_bytes())
args = sys.argv[1:]
sent = sys.stdin.read()
assert os.environ["GH_TOKEN"] == "the token"
state["calls"].append(" ".join(args[:5]))
if state["down"]:
    sys.exit("HTTP 503")

def api(method, url, body):
    parts = urlsplit(url)
    where, query = parts.path.removeprefix("repos/acme/drills/").split("/"), parse_qs(parts.query)
    match method, where:
        case "GET", ["issues"]:
            (label,) = query["labels"]
            found = [issue for issue in state["issues"] if label in issue["labels"]]
            return [issue for issue in found if issue["state"] == "open"]
        case "POST", ["issues"]:
            assert set(body["labels"]) <= set(state["labels"])
            number = len(state["issues"]) + 1
            state["issues"].append(body | {{"number": number, "state": "open", "comments": []}})
            return state["issues"][-1]
        case "POST", ["issues", number, "comments"]:
            state["issues"][int(number) - 1]["comments"].append(body["body"])
            return {{}}
        case "PATCH", ["issues", number]:
            state["issues"][int(number) - 1].update(body)
            return {{}}
        case "GET", ["actions", "artifacts"]:
            (name,) = query["name"]
            return {{"artifacts": [found for found in state["artifacts"] if found["name"] == name]}}
    raise AssertionError((method, url))

match args:
    case ["api", url] if url.endswith("/zip"):
        sys.stdout.buffer.write(Path(state["zips"][url.split("/")[-2]]).read_bytes())
    case ["api", "--method", method, url, *more]:
        assert more in ([], ["--input", "-"])
        print(json.dumps(api(method, url, json.loads(sent) if more else None)))
    case ["label", "create", name, *_]:
        state["labels"].append(name)
    case _:
        raise AssertionError(args)
path.write_text(json.dumps(state))
"""
DRILL = """#!/bin/sh
for word; do printf '%s\\n' "$word"; done >called
exit "${DRILL_EXITS:-0}"
"""


@dataclass
class Runner:
    """A checkout with the project's own programs, in which steps are run as GitHub's runner does."""

    root: Path

    @property
    def github(self) -> dict[str, Any]:
        return json.loads((self.root / "github.json").read_bytes())

    def change(self, **state: Any) -> None:
        """Change what the made-up GitHub holds."""
        (self.root / "github.json").write_text(json.dumps(self.github | state))

    @property
    def called(self) -> list[str]:
        """How ./drill was called."""
        return (self.root / "called").read_text().splitlines()

    def step(self, workflow: str, name: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a step, with what the workflow tells it and no more. What it puts out: `output`."""
        jobs = parsed((ROOT / ".github" / "workflows" / f"{workflow}.yml").read_text())["jobs"].values()
        (found,) = [step for job in jobs for step in job["steps"] if step.get("name") == name]
        missing = set(env) - {"DRILL_EXITS"} - set(found.get("env", {}))
        assert not missing, f"the step is not told {missing}"
        (self.root / "outputs").write_text("")
        (self.root / "step.sh").write_text(found["run"])
        given = dict.fromkeys(found.get("env", {}), "") | env
        if "GH_TOKEN" in given:
            given["GH_TOKEN"] = "the token"
        path = f"{self.root / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "step.sh"],
            cwd=self.root,
            env={
                "PATH": path, "HOME": str(self.root), "FAKE_GITHUB": str(self.root / "github.json"),
                "GITHUB_OUTPUT": str(self.root / "outputs"), "GITHUB_REPOSITORY": "acme/drills",
                "GITHUB_REF_NAME": "main", "GITHUB_SERVER_URL": "https://github.example.com",
                "GITHUB_RUN_ID": "77", **given,
            },
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def output(self, name: str) -> str:
        """What the last step gave to the steps after it."""
        lines = (self.root / "outputs").read_text().splitlines()
        (value,) = [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]
        return value


def checked_out(root: Path) -> Runner:
    """A checkout of the project's own programs in a folder that is not there yet."""
    shutil.copytree(ROOT / "plugins", root / "plugins", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "reports").mkdir()
    shutil.copy(ROOT / "reports" / "controls.toml", root / "reports")
    (root / "bin").mkdir()
    programs = {"bin/gh": GH.format(python=sys.executable), "drill": DRILL}
    # GitHub's python3 has no library of ours: neither has this one.
    programs["bin/python3"] = f'#!/bin/sh\nexec {sys.executable} -S "$@"\n'
    for name, text in programs.items():
        (root / name).write_text(text)
        (root / name).chmod(0o755)
    empty = {"issues": [], "labels": [], "artifacts": [], "zips": {}, "calls": [], "down": False}
    (root / "github.json").write_text(json.dumps(empty))
    return Runner(root)
