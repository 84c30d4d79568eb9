"""Where and how to restore: the options of the server."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest

from plugins.drill import is_drill
from plugins.plan import PLAN

KINDS = ("auto", "container", "local", "embedded")
PROFILES = ("durable", "fast")


@dataclass(frozen=True, slots=True)
class Target:
    """What the options ask for.

    server: one of KINDS or a postgresql:// URL. restored: the URL of a database that somebody else restored;
    then there is no server and no restore. jobs: parallel loaders.
    """

    server: str
    profile: str
    image: str | None
    jobs: int
    restored: str | None


TARGET = pytest.StashKey[Target]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("drill")
    group.addoption(
        "--drill-server",
        metavar="KIND",
        default="auto",
        help="container, local, embedded, or the postgresql:// URL of a server",
    )
    group.addoption("--drill-profile", metavar="NAME", help="durable or fast; the plan's by default")
    group.addoption(
        "--drill-image", metavar="IMAGE", help="container image; by the dump's version by default"
    )
    group.addoption(
        "--drill-jobs", metavar="N", type=int, help="parallel loaders; the number of cores by default"
    )
    group.addoption("--drill-restored", metavar="URL", help="judge, read-only, a database restored by others")


def pytest_configure(config: pytest.Config) -> None:
    if not is_drill(config):
        return
    server = config.getoption("--drill-server")
    if server not in KINDS and not _is_url(server):
        raise pytest.UsageError(
            f"--drill-server is no kind of server: {server!r}\n"
            f"HINT: Choose one of {', '.join(KINDS)}, or a postgresql:// URL."
        )
    profile = config.getoption("--drill-profile") or config.stash[PLAN].server.profile
    if profile not in PROFILES:
        raise pytest.UsageError(
            f"--drill-profile is no profile: {profile!r}\nHINT: Choose one of {', '.join(PROFILES)}."
        )
    jobs = config.getoption("--drill-jobs")
    if jobs is not None and jobs < 1:
        raise pytest.UsageError(f"--drill-jobs is {jobs}\nHINT: At least one loader is needed.")
    restored = config.getoption("--drill-restored")
    if restored is not None and not _is_url(restored):
        # The value may hold a password: it is not shown.
        raise pytest.UsageError("--drill-restored is no postgresql:// URL\nHINT: Give the database's URL.")
    config.stash[TARGET] = Target(
        server=server,
        profile=profile,
        image=config.getoption("--drill-image"),
        jobs=jobs if jobs is not None else os.cpu_count() or 1,
        restored=restored,
    )


def _is_url(text: str) -> bool:
    return text.startswith(("postgresql://", "postgres://"))


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config) -> Target:
    """What the options ask for: server, profile, image, jobs, restored."""
    return pytestconfig.stash[TARGET]
