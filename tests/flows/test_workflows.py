"""The workflows are valid and safe by the tools that judge such, and by what those cannot see."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from .runner import ROOT, WORKFLOWS, parsed

BIN = Path(sys.executable).parent
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
# What each job may change, and no other.
WRITES = {
    "drill": {"drill": {"id-token"}, "attest": {"id-token", "attestations"}, "issues": {"issues"},
              "pages": {"pages", "id-token"}},
    "checklist": {"checklist": {"id-token"}, "issues": {"issues"}},
    "check": {},
}  # fmt: skip


def read(name: str) -> str:
    return (ROOT / ".github" / "workflows" / f"{name}.yml").read_text()


def steps(workflow: Any) -> list[tuple[str, Any]]:
    return [(name, step) for name, job in workflow["jobs"].items() for step in job["steps"]]


def scripts(workflow: Any) -> list[str]:
    return [step["run"] for _, step in steps(workflow) if "run" in step]


def defects(name: str, text: str) -> list[str]:
    """What the tools cannot see, or what is this project's own rule."""
    workflow, found = parsed(text), []
    scheduled = workflow["on"].get("schedule", [])
    found += [f"runs at minute 0: {at['cron']}" for at in scheduled if at["cron"].split()[0] in ("0", "*")]
    if scheduled and workflow.get("concurrency", {}).get("cancel-in-progress") is not False:
        found.append("a drill that runs may be cancelled")
    if workflow.get("permissions") != {}:
        found.append("what is not said is permitted")
    for line in re.findall(r"uses: (.*)", text):
        if not PINNED.fullmatch(line):
            found.append(f"not pinned: {line}")
    for job, what in workflow["jobs"].items():
        writes = {scope for scope, level in what["permissions"].items() if level != "read"}
        if writes != WRITES[name].get(job, set()):
            found.append(f"{job} may change {writes}")
        if "timeout-minutes" not in what:
            found.append(f"{job} has no end")
        if any("secrets." in str(step) for step in what["steps"]) and "environment" not in what:
            found.append(f"{job} has secrets that no environment protects")
    for job, step in steps(workflow):
        uses, given = step.get("uses", ""), step.get("with", {})
        if "${{" in step.get("run", ""):
            found.append(f"{job} puts an expression into a script")
        if uses.startswith("actions/checkout@") and given.get("persist-credentials") is not False:
            found.append(f"{job} leaves its token in the checkout")
        if uses.startswith("actions/upload-artifact@") and given.get("if-no-files-found") != "error":
            found.append(f"{job} may keep nothing and say nothing")
    return found


def judged(tool: str, *args: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / tool), *args], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def zizmor(folder: Path) -> subprocess.CompletedProcess[str]:
    return judged("zizmor", "--offline", "--pedantic", "--no-progress", ".github", folder=folder)


def test_zizmor_finds_nothing():
    done = zizmor(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_would_find_an_injection(tmp_path):
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "drill.yml").write_text(read("drill").replace('"--drill-plan=$PLAN"', '"${{ inputs.plan }}"'))
    done = zizmor(tmp_path)
    assert done.returncode != 0
    assert "template-injection" in done.stdout


def test_they_are_what_github_reads():
    for schema, paths in {
        "vendor.github-workflows": WORKFLOWS,
        "vendor.dependabot": [ROOT / ".github" / "dependabot.yml"],
    }.items():
        done = judged("check-jsonschema", "--builtin-schema", schema, *map(str, paths))
        assert done.returncode == 0, done.stdout + done.stderr


def test_there_is_a_workflow_for_each_occasion():
    assert {path.stem for path in WORKFLOWS} == set(WRITES)
    crons = {path.stem: parsed(path.read_text())["on"].get("schedule") for path in WORKFLOWS}
    (monthly,), (weekly,) = crons["drill"], crons["checklist"]
    _, _, day, month, weekday = monthly["cron"].split()
    assert day.isdecimal()
    assert (month, weekday) == ("*", "*")
    _, _, day, month, weekday = weekly["cron"].split()
    assert (day, month) == ("*", "*")
    assert weekday.isdecimal()
    # They use one history: one waits for the other.
    assert parsed(read("drill"))["concurrency"] == parsed(read("checklist"))["concurrency"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_they_have_no_defect_that_the_tools_cannot_see(path):
    assert defects(path.stem, path.read_text()) == []


@pytest.mark.parametrize(
    ("old", "new", "defect"),
    [
        ('"23 4 3 * *"', '"0 4 3 * *"', "runs at minute 0"),
        ("cancel-in-progress: false", "cancel-in-progress: true", "may be cancelled"),
        ("permissions: {}", "permissions: read-all", "is permitted"),
        (r"@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v7.0.0", "@v7", "not pinned"),
        ("contents: read # the plans", "contents: write # the plans", "plans may change {'contents'}"),
        ("    timeout-minutes: 340\n", "", "drill has no end"),
        ("    environment: restore-drill\n", "", "drill has secrets"),
        ('"--drill-plan=$PLAN"', '"${{ matrix.plan }}"', "puts an expression"),
        ("persist-credentials: false", "persist-credentials: true", "leaves its token"),
        ("if-no-files-found: error", "if-no-files-found: warn", "may keep nothing"),
    ],
)
def test_each_such_defect_would_be_seen(old, new, defect):
    assert old in read("drill")
    assert any(defect in found for found in defects("drill", read("drill").replace(old, new)))


def test_an_action_has_one_version():
    pins: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for action, pin in re.findall(r"uses: ([^@\s]+)@(.*)", path.read_text()):
            pins.setdefault(action, set()).add(pin)
    assert {action: pin for action, pin in pins.items() if len(pin) > 1} == {}


def test_the_drill_is_given_every_variable_that_the_plan_names():
    plan = tomllib.loads((ROOT / "drill.toml").read_text())
    named = {
        value for section in plan.values() if isinstance(section, dict)
        for key, value in section.items() if key.endswith("_env")
    }  # fmt: skip
    assert named
    (drilled,) = [step for _, step in steps(parsed(read("drill"))) if step.get("name") == "Drill"]
    assert named <= set(drilled["env"])
    # Empty ones would hide what the steps before it signed in with.
    assert not {name for name in drilled["env"] if name.startswith("AWS_")}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_they_call_is_there(path):
    sources = "\n".join(
        found.read_text() for folder in ("plugins", "fixtures") for found in (ROOT / folder).rglob("*.py")
    )
    for script in scripts(parsed(path.read_text())):
        for option in re.findall(r"--drill-[a-z-]+", script):
            assert f'"{option}"' in sources, option
        for module in re.findall(r"python3? -m ([\w.]+)", script):
            assert importlib.util.find_spec(f"{module}.__main__"), module
        for place in re.findall(r"(?<![\w$./])(?:suites[\w/]*|\.ci/\w+|\./drill)", script):
            assert (ROOT / place).exists(), place


def test_the_report_that_they_make_can_be_made():
    assert "./drill report results/*" in scripts(parsed(read("drill")))
    assert "report" in (ROOT / "drill").read_text()


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / ".ci" / "run"], ids=lambda path: path.stem)
def test_shellcheck_finds_nothing_in_their_scripts(path, tmp_path):
    if not shutil.which("shellcheck"):
        pytest.skip("no shellcheck is installed: the scripts of the workflows were not judged")
    files = [path, ROOT / ".ci" / "checks"]
    if path.suffix == ".yml":
        files = []
        for number, script in enumerate(scripts(parsed(path.read_text()))):
            files.append(tmp_path / f"{number}.sh")
            files[-1].write_text(f"#!/bin/bash\nset -eo pipefail\n{script}")
    done = subprocess.run(["shellcheck", *map(str, files)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
