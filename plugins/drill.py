"""One run: its id, its clock, its private folder, and what is made only once in it."""

from __future__ import annotations

import contextlib
import os
import pickle
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, TypeVar

import pytest

from plugins import interrupts
from plugins.errors import DrillError
from plugins.files import locked, write_atomically
from plugins.lifetime import Folder, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

T = TypeVar("T")


@dataclass(frozen=True)
class Drill:
    """One run of the suites.

    drill_id: sortable by time, unique. started_at, now: aware, UTC; `now` is the instant that ages are judged
    by. folder: private, shared by all xdist workers, removed at the end.
    """

    drill_id: str
    started_at: datetime
    now: datetime
    now_overridden: bool
    sample: bool
    keep: bool
    folder: Path

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` made, in whichever xdist worker came first; it must be plain data that pickles.

        Raises the same DrillError in every worker when `make` failed.
        """
        path = self.folder / f"{name}.pickle"
        with locked(self.folder / f"{name}.lock"):
            if not path.exists():
                outcome: tuple[bool, Any]
                try:
                    outcome = True, make()
                except DrillError as error:
                    outcome = False, error
                write_atomically(path, pickle.dumps(outcome))
        made, value = pickle.loads(path.read_bytes())  # noqa: S301 - our own file in our own private folder
        if made:
            return value  # type: ignore[no-any-return]
        raise value

    def owe(self, name: str, argv: Sequence[str]) -> None:
        """Write down, before making `name`, the command that removes it. See plugins.lifetime."""
        Folder(self.folder).owe(name, argv)


DRILL = pytest.StashKey[Drill]()
HELD = pytest.StashKey[IO[str]]()


def is_drill(config: pytest.Config) -> bool:
    """Whether this run's arguments reach into `suites/`. Under anything else every plugin here is inert."""
    if hasattr(config, "workerinput"):
        return "drill" in config.workerinput
    suites = config.rootpath / "suites"
    for arg in config.args:
        path = (config.invocation_params.dir / str(arg).split("::")[0]).resolve()
        if path == suites or suites in path.parents or path in suites.parents:
            return True
    return False


def shows_only(config: pytest.Config) -> bool:
    """Whether pytest was asked to show something and to run nothing."""
    option = config.option
    return bool(option.collectonly or option.showfixtures or option.show_fixtures_per_test)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("drill", "restore drill")
    group.addoption("--drill-sample", action="store_true", help="drill the made-up company")
    group.addoption("--drill-now", metavar="TIME", help="judge ages as of this instant (ISO 8601)")
    group.addoption("--drill-keep", action="store_true", help="leave the server up and say how to connect")


def pytest_configure(config: pytest.Config) -> None:
    if not is_drill(config):
        return
    if hasattr(config, "workerinput"):
        config.stash[DRILL] = pickle.loads(bytes.fromhex(config.workerinput["drill"]))  # noqa: S301 - from our controller
        return
    if config.option.setuponly or config.option.setupplan:
        raise pytest.UsageError(
            "--setup-only and --setup-plan check no claim\nHINT: --collect-only lists the claims."
        )
    started_at = datetime.now(UTC)
    given = config.getoption("--drill-now")
    # In order within a second too, and no two the same on two machines at once.
    part = started_at.microsecond * 0x10000 // 1_000_000
    drill_id = f"{started_at:%Y%m%dT%H%M%SZ}-{part:04x}{secrets.token_hex(1)}"
    if config.option.basetemp is None:
        # pytest makes a temporary folder for its workers: it goes with the drill's own.
        config.option.basetemp = str(Folder.of(drill_id).path / "pytest")
    config.stash[DRILL] = Drill(
        drill_id=drill_id,
        started_at=started_at,
        now=_instant(given) if given is not None else started_at,
        now_overridden=given is not None,
        sample=config.getoption("--drill-sample"),
        keep=config.getoption("--drill-keep"),
        folder=Folder.of(drill_id).path,
    )


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        message = f"--drill-now is no ISO 8601 time: {text!r}"
        raise pytest.UsageError(f"{message}\nHINT: Write it like 2026-11-22T04:00:00Z.") from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    config = session.config
    if DRILL not in config.stash or hasattr(config, "workerinput") or shows_only(config):
        return
    for name in sweep():
        config.issue_config_time_warning(
            pytest.PytestWarning(f"an earlier drill left {name}, and it could not be removed"), stacklevel=2
        )
    try:
        folder, config.stash[HELD] = Folder.make(config.stash[DRILL].drill_id)
        # Before anything is owed: what is staged is production's data already.
        folder.watch()
    except DrillError as error:
        pytest.exit(str(error), returncode=6)  # as a verdict that could not be reached
    interrupts.listen()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Xdist, in the controller: tell a worker which drill it works for."""
    if DRILL not in node.config.stash:
        return
    node.workerinput["drill"] = pickle.dumps(node.config.stash[DRILL]).hex()
    send = node.sendcommand

    def send_unless_dead(name: str, **arguments: object) -> None:
        # Where several workers die at once, xdist gives the first one's claims to another that is dead too,
        # and breaks on its closed pipe (pytest-xdist issue 204). Its death is the next it hears of; then
        # these claims go on to who takes its place.
        with contextlib.suppress(OSError):
            send(name, **arguments)

    node.sendcommand = send_unless_dead


def end(config: pytest.Config) -> list[str]:
    """Remove what the drill left, in the controller; return the names of what could not be removed."""
    if HELD not in config.stash:
        return []  # it never began, or has ended: there is no folder
    folder = Folder(config.stash[DRILL].folder)
    unpaid = [] if folder.kept else folder.remove()
    config.stash[HELD].close()
    del config.stash[HELD]
    interrupts.stop_listening()
    return unpaid


def pytest_unconfigure(config: pytest.Config) -> None:
    # The evidence ends a drill, to say what became of the server. Whatever went wrong there, it ends here.
    end(config)


@pytest.fixture(scope="session")
def drill(pytestconfig: pytest.Config) -> Drill:
    """This run."""
    drill = pytestconfig.stash.get(DRILL, None)
    if drill is None:
        raise DrillError("this run is no drill", hint=f"Run pytest on suites/, in {os.curdir}.")
    return drill
