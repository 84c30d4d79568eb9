"""Drills forked off a process that has imported all that a drill imports: each is two seconds shorter.

The process is multiprocessing's own fork server. Nothing of the product is replaced: a child calls pytest's
`main` with its arguments, as `python -m pytest` does, and no drill ran in the process that it is forked from.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import multiprocessing
import multiprocessing.popen_forkserver  # here, as pytester forgets after a test what was imported during it
import os
import pkgutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import allure_commons
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from multiprocessing.context import ForkServerProcess

ROOT = Path(__file__).resolve().parent.parent
# What a drill imports only when it comes to it, of others.
LATE = (
    "httpcore",
    "httpx_retries",
    "qdrant_client.local.qdrant_local",
    "respx",
    "rich.console",
    "rich.table",
)


def fork(
    args: Sequence[str],
    *,
    env: Mapping[str, str],
    output: Path,
    errors: Path | None = None,
    root: Path = ROOT,
    prepare: Callable[[], None] | None = None,
) -> ForkServerProcess:
    """Start pytest in the folder `root`, with all that it says in the file `output`; it takes no input.

    errors: the file for what it says on its standard error. root: of another project than this, if its suites
    and its conftest.py are to be taken. prepare: called in the child before, to change the world around the
    drill; it must pickle.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.warmed_up"])
    process = context.Process(
        target=_run, args=(list(args), dict(env), output, errors or output, root, prepare)
    )
    # The server is started with the first, and finds the project where it is started.
    with contextlib.chdir(ROOT):
        process.start()
    return process


def _run(
    args: list[str],
    env: dict[str, str],
    output: Path,
    errors: Path,
    root: Path,
    prepare: Callable[[], None] | None,
) -> None:
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, path in ((1, output), (2, errors)):
        with path.open("ab") as file:
            os.dup2(file.fileno(), number)
    if root != ROOT:
        os.chdir(root)
        for name in [name for name in sys.modules if name.partition(".")[0] in ("conftest", "suites")]:
            del sys.modules[name]
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    tempfile.tempdir = None
    sys.argv = ["pytest", *args]
    if prepare is not None:
        prepare()
    code = int(pytest.main(args))
    sys.stdout.flush()
    sys.exit(code)


def warm_up() -> None:
    """Import the project, pytest's way, and the libraries that it imports late."""
    os.chdir(ROOT)
    with Path(os.devnull).open("w") as null, contextlib.redirect_stdout(null):
        # So that pytest rewrites the assertions of the suites and of its plugins.
        code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", "suites"])
    if code != 0:
        raise RuntimeError(f"the suites cannot be collected: pytest ended with {code}")
    for package in ("fixtures", "plugins"):
        for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    for name in LATE:
        importlib.import_module(name)
    # Allure's plugins are of one process, and not of one run.
    for plugin in allure_commons.plugin_manager.get_plugins():
        allure_commons.plugin_manager.unregister(plugin)
    gc.freeze()
