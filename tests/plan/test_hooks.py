"""The plan in pytest: an option, a fixture, and the claims that it asks for."""

import os
import re
import subprocess
import sys

import pytest

from tests.plan.texts import MINIMAL
from tests.worlds import ROOT


def test_the_models_need_no_pytest():
    code = "import sys, plugins.plan; assert 'pytest' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.fixture
def project(tmp_path):
    """A project with claims of each kind beside a test that is none."""
    (tmp_path / "suites").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "fixtures/sample").mkdir(parents=True)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ("plugins.plan", "plugins.drill")\n')
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib -p no:cacheprovider\n")
    (tmp_path / "suites/test_claims.py").write_text(
        "def test_table(planned_table): print('T', planned_table)\n"
        "def test_recency(recency_table): print('R', recency_table)\n"
        "def test_query(query): print('Q', query)\n"
        "def test_endpoint(endpoint): print('E', endpoint)\n"
        "def test_name(plan): print('N', plan.name)\n"
    )
    (tmp_path / "tests/test_own.py").write_text("def test_own(): pass\n")

    def run(*args):
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-s", "-W", "ignore", *args],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    run.path = tmp_path
    return run


def test_a_claim_is_made_once_for_each_thing_of_the_plan(project):
    (project.path / "drill.toml").write_text(
        MINIMAL
        + '[tables.a]\nrecency = "x"\n[tables."b.c"]\n[[queries]]\nname = "q 1"\nsql = "s"\nexpect = "= 0"\n'
    )
    done = project("suites", "--collect-only")
    ids = re.findall(r"::(\S+\[.*\])", done.stdout)
    assert ids == [
        "test_table[public.a]",
        "test_table[b.c]",
        "test_recency[public.a]",
        "test_query[q 1]",
        "test_endpoint[none]",
    ]


def test_the_plan_is_a_fixture(project):
    (project.path / "other.toml").write_text(MINIMAL)
    done = project("suites", "--drill-plan", "other.toml", "-k", "test_name")
    assert "N tiny" in done.stdout, done.stdout + done.stderr


def test_the_sample_has_a_plan_of_its_own(project):
    (project.path / "fixtures/sample/plan.toml").write_text(MINIMAL.replace("tiny", "made-up"))
    assert "N made-up" in project("suites", "--drill-sample", "-k", "test_name").stdout


def test_a_bad_plan_is_a_usage_error_before_anything_runs(project):
    done = project("suites")
    assert done.returncode == 4
    assert done.stderr.splitlines()[0] == "ERROR: plan drill.toml not found"
    assert "Traceback" not in done.stdout + done.stderr
    assert "HINT: " in done.stderr


def test_the_projects_own_tests_need_no_plan(project):
    assert project("tests").returncode == 0
