"""What the project's own tests share: dumps that others wrote, an engine, and a drill to run and look at."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.runs import Run, arguments
from tests.warm import fork
from tests.worlds import Small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300.0  # seconds for a drill

# The same examples each time, however busy the machine is: a red test is a change's doing.
hypothesis.settings.register_profile(
    "tests",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("tests")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("self-tests")
    group.addoption("--dumps", metavar="DIR", help="a folder of dumps that others wrote")
    group.addoption("--specs", metavar="DIR", help="a folder of the vendors' official API descriptions")
    group.addoption(
        "--crashes",
        type=int,
        default=2,
        metavar="N",
        help="how many drills tests/hardening kills at random moments; 2 by default",
    )
    group.addoption(
        "--sabotage",
        choices=("some", "all", "rest"),
        default="some",
        help="some damages of tests/sabotage; all of them; or those that no run has shown to be right. "
        "The last two write MATRIX.md anew",
    )
    group.addoption("--fuzz-examples", metavar="N", type=int, help="run each fuzz test of tests/fuzz so long")
    group.addoption("--prism", metavar="FILE", help="the program prism of npm's @stoplight/prism-cli")
    group.addoption(
        "--allure", metavar="FILE", help="cli.js of npm's allure, in the version of plugins/report"
    )


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
def prism(pytestconfig: pytest.Config) -> Path:
    """The program prism; the test is skipped, and says so, where none was given."""
    given = pytestconfig.getoption("--prism")
    if given is None:
        pytest.skip("no --prism FILE was given: no request was held against the vendors' descriptions")
    program = (pytestconfig.invocation_params.dir / given).resolve()
    if not os.access(program, os.X_OK):
        pytest.fail(f"--prism names no program: {given}")
    return program


@pytest.fixture(scope="session")
def allure(pytestconfig: pytest.Config) -> Path:
    """Allure's cli.js; the test is skipped, and says so, where none was given."""
    given = pytestconfig.getoption("--allure")
    if given is None:
        pytest.skip("no --allure FILE was given: no report was made")
    return (pytestconfig.invocation_params.dir / given).resolve()


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


def _heeds_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Drills:
    """Runs pytest on the suites, with all that it writes in folders of the test's own.

    env: changes to the environment; None takes a variable away. history: of earlier drills, if not that of
    all drills of this object. prepare: called in the drill's process before it begins, to change the world
    around it; it must pickle. Without page and pictures, unless the test is about these (shown): they take
    two seconds.
    """

    def __init__(self, folder: Path, temp: Path) -> None:
        self.folder, self.temp, self.count = folder, temp, 0

    def __call__(
        self,
        *args: object,
        env: dict[str, str | None] | None = None,
        shown: bool = False,
        history: Path | None = None,
        prepare: Callable[[], None] | None = None,
    ) -> Run:
        # What Python reads as it starts needs a fresh process.
        if any(name.startswith("PYTHON") for name in env or {}):
            return self._fresh(*args, env=env, shown=shown)
        folder, given, environ = self._prepared(args, env, shown=shown, history=history)
        forked = fork(given, env=environ, output=folder / "output", prepare=prepare)
        forked.join(PATIENCE)
        if forked.exitcode is None:
            forked.kill()
            forked.join()
            raise TimeoutError((folder / "output").read_text(encoding="utf-8", errors="replace"))
        return Run.of(forked.exitcode, folder, self.temp / folder.name)

    def _fresh(self, *args: object, env: dict[str, str | None] | None, shown: bool) -> Run:
        process, folder = self.start(*args, env=env, shown=shown)
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        return self.ended(process, folder)

    def start(
        self, *args: object, env: dict[str, str | None] | None = None, shown: bool = False
    ) -> tuple[subprocess.Popen[bytes], Path]:
        """Start a drill in a fresh process; return it and the folder that it writes to."""
        folder, given, environ = self._prepared(args, env, shown=shown)
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "pytest", *given],
                cwd=ROOT,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Whoever runs these tests in the background has Ctrl-C ignored, and so would have the drill.
                preexec_fn=_heeds_interrupts,
            )
        return process, folder

    def _prepared(
        self,
        args: tuple[object, ...],
        env: dict[str, str | None] | None,
        *,
        shown: bool,
        history: Path | None = None,
    ) -> tuple[Path, list[str], dict[str, str]]:
        """The folder that a drill writes to, its arguments and its environment."""
        folder = self.folder / f"run{self.count}"
        self.count += 1
        folder.mkdir(parents=True)
        # A server that runs as another user must be able to pass through.
        (self.temp / folder.name).mkdir(mode=0o711)
        given = [*map(str, args), *arguments(folder)]
        if not shown:
            given += ["-p", "no:plugins.page", "-p", "no:plugins.pictures"]
        given.append(f"--drill-history={history or self.folder / 'history.jsonl'}")
        # What pytest and xdist tell this process is not for the drill.
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        changed = {**environ, "TMPDIR": str(self.temp / folder.name), **(env or {})}
        return folder, given, {name: value for name, value in changed.items() if value is not None}

    def ended(self, process: subprocess.Popen[bytes], folder: Path) -> Run:
        """What came of a drill whose process is gone."""
        return Run.of(process.returncode, folder, self.temp / folder.name)


@contextlib.contextmanager
def _drills(folder: Path) -> Iterator[Drills]:
    # A path that is short enough for a server's socket, as tmp_path is not.
    temp = Path(tempfile.mkdtemp(prefix="drills-"))
    temp.chmod(0o711)
    try:
        yield Drills(folder, temp)
    finally:
        shutil.rmtree(temp, ignore_errors=True)


@pytest.fixture
def signals() -> Iterator[None]:
    """They are heard afterwards by what heard them before."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def drill_run(tmp_path: Path):
    """Runs drills, with all that they write in a folder of the test's own."""
    with _drills(tmp_path) as drills:
        yield drills


@pytest.fixture(scope="session")
def session_drill_run(tmp_path_factory: pytest.TempPathFactory):
    """Runs drills for tests that share what they are about."""
    with _drills(tmp_path_factory.mktemp("drills")) as drills:
        yield drills


@pytest.fixture(scope="module")
def module_drill_run(tmp_path_factory: pytest.TempPathFactory):
    """Runs drills that the tests of a module only look at."""
    with _drills(tmp_path_factory.mktemp("drills")) as drills:
        yield drills


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """A plan of a few lines and a small backup, in a folder of the test's own."""
    folder = tmp_path / "small"
    folder.mkdir()
    small = Small(folder)
    small.write()
    return small
