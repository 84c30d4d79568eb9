"""What a drill leaves outside its own process, and how it is removed: also after a crash or a kill.

A drill's private folder holds a ledger of debts: before something is made that outlives the process (a
container, a server, a database), the command that removes it is written down. The debts are settled at the
drill's end; by a small watcher process when the drill dies; by the next drill's start if both died.

Whether a drill lives is told by a file lock that its process holds, which the kernel releases at its death.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from plugins.errors import DrillError
from plugins.files import SPARE, SPARE_BYTES, locked, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "restore-drill-"
# A folder's name until its drill lives, and its lock's until it is held.
UNBORN, UNHELD = ".new-drill-", ".lock"
# A server that runs as another user must be able to reach its own folder in a drill's, and no more.
MODE = 0o711
# What tells a drill's folder from one that somebody made by hand, should it have no lock any more. They are
# removed after all else and in this order: wherever a removal is cut off, the next one knows the rest.
MARKS = ("staged.sql", SPARE, "watched", "owed", "lock")
# What a removal needs of the environment: Python, the engine, and a lent server with its PGPASSWORD. All else
# may be a credential, for which it has no use.
NEEDED = (
    *("PATH", "HOME", "USER", "LOGNAME", "LANG", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH"),
    *("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"),
    *("XDG_RUNTIME_DIR", "SSH_AUTH_SOCK"),
)
NEEDED_PREFIXES = ("LC_", "PYTHON", "PG")
# What is without a lock for so long will get none: making a folder takes milliseconds.
UNBORN_SECONDS = 60.0


def is_a_drills(path: Path) -> bool:
    """Whether a path is one that a drill's folder can have: what is not, must never be removed."""
    return path.is_absolute() and path.name.startswith(PREFIX) and not path.is_symlink()


def _is_ours(path: Path) -> bool:
    """Whether a path is a folder of this user's; a link to one is not."""
    status = path.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()


@contextlib.contextmanager
def _if_free(lock: Path) -> Iterator[bool | None]:
    """Whether nobody holds a lock, and hold it then; None where there is none."""
    with contextlib.ExitStack() as stack:
        free: bool | None = True
        try:
            handle = stack.enter_context(lock.open("r"))
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            free = None
        except OSError:
            free = False  # held, or somebody else's
        yield free


def environ(*more: str) -> dict[str, str]:
    """The environment of a process that needs no credential, with these variables more."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in (*NEEDED, *more) or name.startswith(NEEDED_PREFIXES)
    }


def _gone(path: Path) -> bool:
    """Remove a file, or a folder with all that can be removed in it; return whether it is gone."""
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return not os.path.lexists(path)


class Folder:
    """The private folder of one drill, under the system's temporary folder.

    Raises ValueError for any other: it is removed with all that is in it, and what is owed there is run.
    """

    def __init__(self, path: Path) -> None:
        if not is_a_drills(path):
            raise ValueError(f"not the folder of a drill: {path}")
        self.path = path

    @classmethod
    def of(cls, drill_id: str) -> Folder:
        """The folder that a drill has, or will have."""
        return cls(Path(tempfile.gettempdir()) / f"{PREFIX}{drill_id}")

    @classmethod
    def make(cls, drill_id: str) -> tuple[Folder, IO[str]]:
        """Make the folder of a drill that now lives; it is held to live as long as the handle is open.

        Raises DrillError when it cannot be made.
        """
        folder, fresh, handle = cls.of(drill_id), None, None
        try:
            # Made under another name and renamed with the lock held: a sweep never sees it without its owner.
            fresh = Path(tempfile.mkdtemp(prefix=UNBORN, dir=folder.path.parent))
            (fresh / "owed").mkdir()
            handle = (fresh / UNHELD).open("w")
            fcntl.flock(handle, fcntl.LOCK_EX)
            # Nor does it see a lock that is not held yet.
            (fresh / UNHELD).rename(fresh / "lock")
            with contextlib.suppress(OSError):
                # Random, lest a disk that compresses keeps no room for it.
                (fresh / SPARE).write_bytes(os.urandom(SPARE_BYTES))
            fresh.chmod(MODE)
            fresh.rename(folder.path)
        except BaseException as error:
            if handle is not None:
                handle.close()
            if fresh is not None:
                shutil.rmtree(fresh, ignore_errors=True)
            if not isinstance(error, OSError):
                raise
            raise DrillError(
                f"no folder can be made in {folder.path.parent}: {error.strerror}",
                hint="Free disk space, or set TMPDIR to a larger disk.",
            ) from None
        return folder, handle

    @property
    def kept(self) -> bool:
        """Whether the drill was asked to leave its server up."""
        return (self.path / "kept").exists()

    def keep(self, how: str) -> None:
        """Leave what is owed standing, until `python -m plugins.lifetime remove`. how: to connect to it."""
        write_atomically(self.path / "kept", how.encode())

    def owe(self, name: str, argv: Sequence[str]) -> None:
        """Write down the command that removes `name`, and have the drill watched over."""
        write_atomically(self.path / "owed" / f"{name}.json", json.dumps(list(argv)).encode())
        self.watch()

    def watch(self) -> None:
        """Start the process that removes this folder and what is owed, should the drill die; once.

        Raises DrillError when it cannot be started, or the disk is full.
        """
        with locked(self.path / "watched"):
            if (self.path / "watched").stat().st_size:
                return
            # It goes on as an orphan: when this returns, somebody watches, and nobody need wait for the end.
            done = subprocess.run(
                [sys.executable, "-m", "plugins.lifetime", "detach", str(self.path)],
                cwd=ROOT,
                env=environ(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                check=False,
            )
            if done.returncode:
                raise DrillError(
                    "the process that removes what a killed drill leaves could not be started",
                    hint="Look at the limits on processes and memory.",
                )
            write_atomically(self.path / "watched", b"yes")

    def settle(self) -> list[str]:
        """Remove all that is owed, the newest debt first; return the names that could not be removed."""
        debts = sorted(
            (path for path in (self.path / "owed").glob("*.json")),
            key=lambda path: path.stat().st_mtime_ns,
            reverse=True,
        )
        unpaid = []
        for debt in debts:
            try:
                done = subprocess.run(
                    json.loads(debt.read_bytes()),
                    cwd=ROOT,
                    env=environ(),
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=120,
                    check=False,
                )
            except (OSError, ValueError, subprocess.TimeoutExpired):
                unpaid.append(debt.stem)
                continue
            if done.returncode == 0:
                debt.unlink(missing_ok=True)
            else:
                unpaid.append(debt.stem)
        return unpaid

    def remove(self) -> list[str]:
        """Settle what is owed and remove the folder; return the names of what could not be removed."""
        unpaid = self.settle() if self.path.exists() else []
        if unpaid or self._removed():
            return unpaid
        return [f"the folder {self.path}"]

    def _removed(self) -> bool:
        """Remove all that can be removed, the lock last of all; return whether the folder is gone."""
        for _ in range(5):  # who is about to end may still be writing
            with contextlib.suppress(OSError):
                inside = {path.name: path for path in self.path.iterdir()}
                lock = inside.pop("lock", None)
                order = sorted(inside, key=lambda name: MARKS.index(name) if name in MARKS else -1)
                stays = [name for name in order if not _gone(inside[name])]
                if not stays:
                    if lock is not None:
                        lock.unlink(missing_ok=True)
                    self.path.rmdir()
            if not os.path.lexists(self.path):
                return True
        return False

    @contextlib.contextmanager
    def after_death(self) -> Iterator[None]:
        """Wait until no process holds the drill's lock, and hold it: who removes the folder does so alone."""
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(FileNotFoundError):
                handle = stack.enter_context((self.path / "lock").open("r"))
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def if_dead(self) -> Iterator[bool]:
        """Whether the drill that made this folder is gone, and nobody removes it yet; then its lock is held.

        False of a folder that no drill made.
        """
        with _if_free(self.path / "lock") as free:
            yield self._has_lost_its_lock() if free is None else free

    @property
    def dead(self) -> bool:
        """Whether the drill that made this folder is gone, as `if_dead` says."""
        with self.if_dead() as dead:
            return dead

    def _has_lost_its_lock(self) -> bool:
        """Whether a folder without a lock was a drill's: one that lives has a lock, whose removal ends it."""
        try:
            inside = {path.name for path in self.path.iterdir()}
            made_by_us = stat.S_IMODE(self.path.lstat().st_mode) == MODE
        except OSError:
            return False  # gone by now, or somebody else's
        # Somebody may have taken the staged text into a folder of their own: its mode is another.
        return made_by_us and (not inside or not inside.isdisjoint(MARKS))


def sweep() -> list[str]:
    """Remove what dead drills of this user left behind; return the names of what could not be removed."""
    temp, unpaid = Path(tempfile.gettempdir()), []
    for path in temp.glob(f"{UNBORN}*"):
        with contextlib.suppress(OSError):
            if _is_ours(path):
                _remove_unborn(path)
    for path in temp.glob(f"{PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):
            if not is_a_drills(path) or not _is_ours(path):
                continue
            folder = Folder(path)
            with folder.if_dead() as dead:
                if dead and not folder.kept:
                    unpaid += folder.remove()
    return unpaid


def _remove_unborn(path: Path) -> None:
    """Remove what is left of a drill that died before its folder had its name. Raises OSError."""
    with _if_free(path / "lock") as free:
        pass
    if free is None:
        free = time.time() - path.lstat().st_mtime > UNBORN_SECONDS
    # Nothing but this can be in it, and nothing else is removed.
    known = (SPARE, UNHELD, "owed", "lock")
    if not free or not {inner.name for inner in path.iterdir()} <= set(known):
        return
    for inner in (path / name for name in known):
        with contextlib.suppress(FileNotFoundError):
            inner.rmdir() if inner.name == "owed" else inner.unlink()
    path.rmdir()


def main(argv: list[str]) -> int:
    """`watch FOLDER`: remove what the drill owes once it is dead. `remove FOLDER`: remove it now.

    `detach FOLDER` watches in a process of its own, and returns at once.
    """
    if len(argv) == 2 and not is_a_drills(Path(argv[1])):
        sys.stderr.write(f"no drill made {argv[1]}: nothing is removed\n")
        return 4
    match argv:
        case ["detach", path]:
            if os.fork() == 0:
                os._exit(main(["watch", path]))
        case ["watch", path]:
            folder = Folder(Path(path))
            with folder.after_death():
                if folder.path.exists() and not folder.kept:
                    folder.remove()
        case ["remove", path]:
            unpaid = Folder(Path(path)).remove()
            if unpaid:
                sys.stderr.write(f"could not remove {', '.join(unpaid)}\n")
                return 1
        case _:
            sys.stderr.write("usage: python -m plugins.lifetime watch|detach|remove FOLDER\n")
            return 4
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
