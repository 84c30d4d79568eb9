"""The launcher `drill`, run against made-up `python3` and `uv` programs: nothing is downloaded."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What the launcher and the made-up programs need; nothing else is on PATH, so no real python3 or uv is found.
TOOLS = ["cat", "chmod", "cksum", "dirname", "mkdir", "readlink", "rm", "sh"]

# In the environment, `python -m pip` installs, or fails when told to; `python -m pytest` says how it was run.
ENVIRONMENT_PYTHON = """#!/bin/sh
case $2 in
    pip)
        echo "pip $*" >>"$LOG"
        if [ -n "${BREAK_PIP:-}" ]; then echo "could not find a version"; exit 1; fi ;;
    pytest | plugins.report)
        printf 'module=%s\\n' "$2"
        shift 2
        printf 'in=%s\\n' "$PWD"
        for word; do printf 'word=%s\\n' "$word"; done
        exit "${PYTEST_EXITS:-0}" ;;
esac
"""

PYTHON = """#!/bin/sh
[ "$1" != -c ] || exec {real} -c "import sys; sys.version_info = {version}; $2"
echo "venv by {name}" >>"$LOG"
mkdir -p "$3/bin"
cat "$ENVIRONMENT_PYTHON" >"$3/bin/python"
chmod +x "$3/bin/python"
"""

UV = """#!/bin/sh
echo "uv $*" >>"$LOG"
[ "$1" = venv ] || exit 0
mkdir -p .venv/bin
cat "$ENVIRONMENT_PYTHON" >.venv/bin/python
chmod +x .venv/bin/python
"""


class Project:
    """A copy of the launcher in a folder of its own, with made-up programs on PATH."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.path = folder / "path"
        self.log = folder / "log"
        self.root.mkdir()
        self.path.mkdir()
        self.log.touch()
        shutil.copy(ROOT / "drill", self.root / "drill")
        (self.root / "requirements.txt").write_text("pytest==9.2.0\n")
        (self.root / "tests").mkdir()
        (self.root / "tests" / "requirements.txt").write_text("pytest==9.2.0\nmypy==2.4.1\n")
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None, f"{tool} is not installed here"
            (self.path / tool).symlink_to(found)
        (folder / "environment-python").write_text(ENVIRONMENT_PYTHON)
        self.environ = {
            "PATH": str(self.path),
            "LOG": str(self.log),
            "ENVIRONMENT_PYTHON": str(folder / "environment-python"),
        }

    def add_program(self, name: str, text: str) -> None:
        program = self.path / name
        program.write_text(text)
        program.chmod(0o755)

    def add_python(self, name: str = "python3", *, version: tuple[int, int] = (3, 11)) -> None:
        self.add_program(name, PYTHON.format(name=name, version=version, real=sys.executable))

    def run(
        self, *args: str, cwd: Path | None = None, launcher: Path | None = None, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(launcher or self.root / "drill"), *args],
            cwd=cwd or self.root,
            env=self.environ | environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def steps(self) -> list[str]:
        """What the made-up programs were asked to do, in order."""
        return self.log.read_text().splitlines()


def words(done: subprocess.CompletedProcess[str]) -> list[str]:
    words = [line.removeprefix("word=") for line in done.stdout.splitlines() if line.startswith("word=")]
    assert words[:4] == ["-c", "pyproject.toml", "-p", "conftest"]  # so that options without a path are known
    return words[4:]


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path.resolve())


@pytest.fixture
def ready(project):
    """A project whose environment is set up."""
    project.add_python()
    assert project.run().returncode == 0
    return project


def test_sets_up_once_and_then_stays_quiet(project):
    project.add_python()
    first, second = project.run(), project.run()
    assert first.stderr == "setting up the environment (once, about a minute)\n"
    assert second.stderr == ""
    assert len(project.steps) == 2
    assert project.steps[0] == "venv by python3"
    assert "--require-hashes -r requirements.txt" in project.steps[1]
    assert not (project.root / ".venv.lock").is_symlink()


def test_a_changed_requirements_file_is_installed_anew(ready):
    (ready.root / ".venv" / "stale").touch()
    (ready.root / "requirements.txt").write_text("pytest==9.2.1\n")
    assert ready.run().returncode == 0
    assert ready.steps.count("venv by python3") == 2
    assert not (ready.root / ".venv" / "stale").exists()


def test_the_tests_get_what_only_they_need_and_a_drill_after_them_nothing_anew(ready):
    assert ready.run("tests/plugins", "-q").returncode == 0
    assert ready.run("suites").returncode == 0
    assert ready.run("tests").returncode == 0
    installed = [step.rpartition(" ")[2] for step in ready.steps if step.startswith("pip")]
    assert installed == ["requirements.txt", "tests/requirements.txt"]


def test_a_failed_installation_shows_pip_and_is_repeated(project):
    project.add_python()
    failed = project.run(BREAK_PIP="1")
    assert failed.returncode == 4
    assert "could not find a version" in failed.stderr
    assert "drill: the environment could not be set up\nHINT: " in failed.stderr
    assert failed.stdout == ""
    assert not (project.root / ".venv.lock").is_symlink()
    assert project.run().returncode == 0
    assert project.steps.count("venv by python3") == 2


def test_the_first_python_that_is_recent_enough_is_taken(project):
    project.add_python("python3", version=(3, 10))
    project.add_program("python3.13", "#!/bin/sh\necho 'not installed' >&2\nexit 127\n")
    project.add_python("python3.12", version=(3, 12))
    project.add_python("python3.11")
    assert project.run().returncode == 0
    assert project.steps[0] == "venv by python3.12"


@pytest.mark.parametrize("too_old", [True, False], ids=["too old", "none at all"])
def test_without_a_recent_python_there_is_one_clear_error(project, too_old):
    if too_old:
        project.add_python(version=(3, 10))
    done = project.run()
    assert done.returncode == 4
    error, hint = done.stderr.splitlines()
    assert error == "drill: no python 3.11 or later that has venv was found"
    assert hint.startswith("HINT: Install ")
    assert not (project.root / ".venv").exists()
    assert not (project.root / ".venv.lock").is_symlink()


def test_uv_is_preferred(project):
    project.add_python()
    project.add_program("uv", UV)
    assert project.run().returncode == 0
    assert [step.split()[:2] for step in project.steps] == [["uv", "venv"], ["uv", "pip"]]
    assert "--require-hashes -r requirements.txt" in project.steps[1]


def test_report_makes_the_report_and_passes_its_arguments_on(ready):
    done = ready.run("report", "--by", "control", "a folder", PYTEST_EXITS="4")
    assert done.returncode == 4
    assert done.stdout.splitlines()[0] == "module=plugins.report"
    assert [line for line in done.stdout.splitlines() if line.startswith("word=")] == [
        "word=--by",
        "word=control",
        "word=a folder",
    ]


def test_no_argument_means_suites(ready):
    assert words(ready.run()) == ["suites"]


def test_arguments_and_the_exit_code_pass_through(ready):
    given = ["--drill-sample", "-k", "rto and not rpo", "", "--drill-plan=a b.toml"]
    done = ready.run(*given, PYTEST_EXITS="6")
    assert words(done) == given
    assert done.returncode == 6


@pytest.mark.parametrize("absolute", [True, False], ids=["absolute", "relative"])
def test_works_through_a_link_and_from_another_folder(project, tmp_path, absolute):
    project.add_python()
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    link = elsewhere / "restore-drill"
    link.symlink_to(project.root / "drill" if absolute else Path("../project/drill"))
    done = project.run("suites/restore", cwd=elsewhere, launcher=link)
    assert f"in={project.root}" in done.stdout.splitlines()
    assert words(done) == ["suites/restore"]


@pytest.mark.parametrize("path", ["requirements.txt", "tests/requirements.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_host(path):
    text = (ROOT / path).read_text()
    assert re.findall(r"://|@ |--(?:extra-)?index-url|--find-links|--trusted-host", text) == []
    assert re.findall(r"(?m)^\s*-(?!-hash)", text) == []
    requirements = re.sub(r"\\\n", "", re.sub(r"(?m)^\s*#.*\n", "", text)).splitlines()
    assert len(requirements) > 20
    assert [line for line in requirements if not re.match(r"[\w.-]+==\S+ .*--hash=sha256:", line)] == []


def test_launcher_is_executable():
    assert os.access(ROOT / "drill", os.X_OK)


def test_a_drill_needs_nothing_that_only_the_tests_need():
    pins = {
        path: set(re.findall(r"(?m)^[\w.-]+==[^ ;]+", (ROOT / path).read_text()))
        for path in ("requirements.txt", "tests/requirements.txt")
    }
    assert pins["requirements.txt"] < pins["tests/requirements.txt"]
    assert {pin for pin in pins["requirements.txt"] if re.match(r"moto|mypy|ruff|hypothesis", pin)} == set()


def test_several_that_begin_at_once_make_one_environment(project):
    """As the drills of a fleet do, in a folder where none was drilled before."""
    flock = shutil.which("flock")
    if flock is None:
        pytest.skip("flock is not installed here: then they must begin one after the other")
    (project.path / "flock").symlink_to(flock)
    project.add_python()
    started = [
        subprocess.Popen([project.root / "drill"], env=project.environ, stdout=subprocess.DEVNULL)
        for _ in range(8)
    ]
    assert [process.wait(timeout=60) for process in started] == [0] * 8
    assert sum(step.startswith("venv by") for step in project.steps) == 1
