"""Allure 3, which is a program of Node: found, checked and run, without the secrets of the environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from plugins.errors import DrillError, PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VERSION = "3.18.0"
OLDEST_NODE = 20
_INSTALL = f"Install Node {OLDEST_NODE} or 22, which bring npx; the evidence needs neither."
_REGISTRY = "npx must reach npm's registry once. Or install Allure, and name its cli.js with --allure."
# What npm and Node look at. Secrets of the drill are not theirs to see.
_PASSED_ON = re.compile(
    r"PATH|HOME|TMPDIR|LANG|LC_\w+|TZ|XDG_\w+|(?:https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|npm_config_\w+",
    re.IGNORECASE,
)


class Allure:
    """The program, as npx brings it, or an installed copy. Raises DrillError, PlanError if it cannot run."""

    def __init__(self, environ: Mapping[str, str] = os.environ, *, installed: Path | None = None) -> None:
        self._environ = {name: value for name, value in environ.items() if _PASSED_ON.fullmatch(name)}
        path = self._environ.get("PATH", os.defpath)
        node = shutil.which("node", path=path)
        if node is None:
            raise DrillError("there is no Node on this machine, and Allure needs it", hint=_INSTALL)
        found = self._ask(node, "--version")
        major = re.match(r"v(\d+)\.", found)
        if major is None or int(major[1]) < OLDEST_NODE:
            raise DrillError(
                f"Node {found.strip() or 'of no known version'} is too old for Allure", hint=_INSTALL
            )
        if installed is not None:
            self._command = [node, str(installed)]
            self._check(installed)
            return
        npx = shutil.which("npx", path=path)
        if npx is None:
            raise DrillError("there is Node on this machine, but no npx, which brings Allure", hint=_INSTALL)
        self._command = [npx, "--yes", f"allure@{VERSION}"]

    def _check(self, installed: Path) -> None:
        if not installed.is_file():
            raise PlanError(
                f"--allure names no program: {installed}", hint="It is cli.js of npm's package allure."
            )
        version = self._ask(*self._command, "--version").strip()
        if version != VERSION:
            raise PlanError(
                f"the Allure that --allure names is of version {version or 'unknown'}, not {VERSION}",
                hint=f"Install it with: npm install allure@{VERSION}",
            )

    def _ask(self, *command: str) -> str:
        try:
            done = subprocess.run(
                command, env=self._environ, capture_output=True, text=True, check=False, timeout=60
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout

    def generate(self, results: Path, *, config: Path, output: Path, cwd: Path) -> None:
        """Make the report. cwd: a folder of no repository, as Allure looks for one. Raises DrillError."""
        command = [*self._command, "generate", "--config", str(config), "--output", str(output), str(results)]
        try:
            done = subprocess.run(
                command, cwd=cwd, env=self._environ, capture_output=True, text=True, check=False, timeout=900
            )
        except subprocess.TimeoutExpired:
            raise DrillError("Allure did not end within 15 minutes", hint="Try it again.") from None
        if done.returncode != 0 or not (output / "index.html").is_file():
            said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
            raise DrillError(
                f"Allure {VERSION} made no report" + (f", and said:\n{said}" if said else ""),
                hint=_REGISTRY if "npm" in said else "",
            )
