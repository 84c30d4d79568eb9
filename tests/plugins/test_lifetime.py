"""What outlives a drill is removed: at its end, after its death, by the next one, or by hand."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import functools
import itertools
import json
import os
import select
import signal
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from plugins.errors import DrillError
from plugins.lifetime import PREFIX, UNBORN, Folder, main, sweep

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def temp(tmp_path, monkeypatch):
    """A temporary folder of the system's that holds nothing but these drills."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def folder(temp):
    """A living drill's folder."""
    folder, handle = Folder.make("one")
    with handle:
        yield folder


@pytest.fixture
def debts(tmp_path):
    """Commands to owe: each says that it ran, and ends with a code."""
    said = tmp_path / "said"
    said.touch()

    class Debts:
        def argv(self, word: str, code: int = 0) -> list[str]:
            return ["sh", "-c", f'echo "$1" >> "$2"; exit {code}', "sh", word, str(said)]

        @property
        def paid(self) -> list[str]:
            return said.read_text().split()

    return Debts()


@pytest.fixture
def unwatched(monkeypatch):
    """The debts without the process that watches over them; what was owed when it was to start."""
    seen = []

    def run(argv: list[str], **options) -> subprocess.CompletedProcess[bytes]:
        if "detach" not in argv:
            return subprocess.run(argv, **options)
        seen.append(owed(Folder(Path(argv[-1]))))
        return subprocess.CompletedProcess(argv, 0)

    monkeypatch.setattr("plugins.lifetime.subprocess", SimpleNamespace(**vars(subprocess) | {"run": run}))
    return seen


@pytest.fixture
def dead(temp):
    """Makes the folders of drills that died."""

    def make(name: str) -> Folder:
        folder, handle = Folder.make(name)
        handle.close()
        return folder

    return make


def owed(folder: Folder) -> list[str]:
    return sorted(path.stem for path in (folder.path / "owed").glob("*.json"))


def date_debts(folder: Folder, *names: str) -> None:
    for age, name in enumerate(names):
        os.utime(folder.path / "owed" / f"{name}.json", (1_000_000 + age, 1_000_000 + age))


# The folder


def test_others_may_pass_through_the_folder_and_not_look_into_it(folder):
    assert folder.path.parent == folder.path.parent.resolve()
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o711


def test_a_made_folder_leaves_no_other(folder, temp):
    assert [path.name for path in temp.iterdir()] == [f"{PREFIX}one"]


def test_a_drill_lives_as_long_as_its_handle(dead, temp):
    folder, handle = Folder.make("lives")
    assert not folder.dead
    handle.close()
    assert folder.dead


@pytest.mark.parametrize("name", ["", "home", f"home/{PREFIX}link"])
def test_what_no_drill_made_is_no_drills_folder(tmp_path, monkeypatch, name):
    home = tmp_path / "home"
    home.mkdir()
    (home / f"{PREFIX}link").symlink_to(home)
    monkeypatch.chdir(home)
    with pytest.raises(ValueError, match="not the folder of a drill"):
        Folder(tmp_path / name if name else Path())


@pytest.mark.parametrize("verb", ["remove", "watch", "detach"])
def test_nobodys_files_are_removed_by_a_wrong_argument(tmp_path, debts, capsys, verb):
    (tmp_path / "owed").mkdir()
    (tmp_path / "owed" / "it.json").write_text(json.dumps(debts.argv("it")))
    (tmp_path / "lock").touch()
    assert main([verb, str(tmp_path)]) == 4
    assert f"no drill made {tmp_path}" in capsys.readouterr().err
    assert (tmp_path / "owed" / "it.json").exists()
    assert debts.paid == []


def test_a_folder_that_cannot_be_made_leaves_nothing(temp, monkeypatch):
    def full(_path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("plugins.lifetime.Path.mkdir", full)
    with pytest.raises(DrillError, match=r"no folder can be made in .*: No space left on device"):
        Folder.make("one")
    assert list(temp.iterdir()) == []


# Where the making of a folder can end, in its order, and whether it had its lock by then.
STEPS = {"Path.mkdir": False, "fcntl.flock": False, "os.urandom": True, "Path.chmod": True}


@pytest.mark.parametrize("step", STEPS)
def test_an_interrupt_while_the_folder_is_made_leaves_nothing(temp, monkeypatch, step):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"plugins.lifetime.{step}", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Folder.make("one")
    assert list(temp.iterdir()) == []


def unborn(temp: Path, step: str) -> Path:
    """What a drill leaves that is killed at a step of making its folder."""
    child = os.fork()
    if child == 0:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(f"plugins.lifetime.{step}", lambda *_: os._exit(7))
            Folder.make("killed")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    (path,) = temp.iterdir()
    assert path.name.startswith(UNBORN)
    return path


@pytest.mark.parametrize(("step", "locked"), STEPS.items())
def test_what_a_drill_leaves_that_is_killed_while_it_makes_its_folder(temp, step, locked):
    path = unborn(temp, step)
    # Without a lock it may be another drill's, which is making it at this instant.
    assert sweep() == []
    assert path.exists() is not locked
    if not locked:
        os.utime(path, (path.stat().st_mtime - 61,) * 2)
        assert sweep() == []
    assert list(temp.iterdir()) == []


@pytest.mark.parametrize("step", STEPS)
def test_a_sweep_leaves_the_folder_that_another_drill_is_making(temp, monkeypatch, step):
    seen = []

    def look(*given: object, **more: object) -> object:
        patch.undo()
        assert sweep() == []
        seen.extend(path.name[: len(UNBORN)] for path in temp.iterdir())
        return real(*given, **more)

    with pytest.MonkeyPatch.context() as patch:
        name, _, attribute = step.partition(".")
        real = getattr({"Path": Path, "fcntl": fcntl, "os": os}[name], attribute)
        patch.setattr(f"plugins.lifetime.{step}", look)
        folder, handle = Folder.make("one")
    with handle:
        assert seen == [UNBORN]
        assert (folder.dead, [path.name for path in temp.iterdir()]) == (False, [f"{PREFIX}one"])


def test_of_another_users_folder_without_a_name_nothing_is_removed(temp, monkeypatch):
    path = unborn(temp, "Path.chmod")
    before = sorted(path.iterdir())
    monkeypatch.setattr("plugins.lifetime.os.getuid", lambda: path.stat().st_uid + 1)
    assert sweep() == []
    assert sorted(path.iterdir()) == before


def test_no_link_in_the_place_of_a_folder_without_a_name_is_followed(temp):
    path = unborn(temp, "Path.chmod")
    hidden = temp / "elsewhere"
    path.rename(hidden)
    path.symlink_to(hidden)
    before = sorted(hidden.iterdir())
    assert sweep() == []
    assert (sorted(hidden.iterdir()), path.is_symlink()) == (before, True)


@pytest.mark.parametrize("name", ["owed/theirs", "theirs"])
def test_a_folder_that_holds_more_than_an_unmade_drills_does_stays(temp, name):
    path = unborn(temp, "Path.chmod")
    (path / name).touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("plugins.lifetime.UNBORN_SECONDS", -1.0)
        assert sweep() == []
    assert (path / name).exists()


# The debts


def test_a_debt_is_written_before_its_watcher_starts(folder, debts, unwatched):
    folder.owe("container", debts.argv("container"))
    folder.owe("network", debts.argv("network"))
    assert unwatched == [["container"]]  # one watcher watches over all of them
    assert json.loads((folder.path / "owed" / "network.json").read_bytes()) == debts.argv("network")
    assert debts.paid == []


def test_the_newest_debt_is_settled_first(folder, debts, unwatched):
    for name in ("b", "c", "a"):
        folder.owe(name, debts.argv(name))
    date_debts(folder, "b", "c", "a")
    assert folder.settle() == []
    assert debts.paid == ["a", "c", "b"]
    assert owed(folder) == []


def test_a_debt_that_cannot_be_paid_stays(folder, debts, unwatched):
    folder.owe("pays", debts.argv("pays"))
    folder.owe("fails", debts.argv("fails", code=1))
    folder.owe("absent", ["/no/such/program"])
    assert sorted(folder.remove()) == ["absent", "fails"]
    assert owed(folder) == ["absent", "fails"]
    assert sorted(debts.paid) == ["fails", "pays"]
    folder.owe("fails", debts.argv("again"))
    folder.owe("absent", debts.argv("found"))
    assert folder.remove() == []
    assert not folder.path.exists()


def test_a_torn_debt_is_not_taken_as_paid(folder, unwatched):
    (folder.path / "owed" / "torn.json").write_bytes(b'["tru')
    assert folder.settle() == ["torn"]
    assert owed(folder) == ["torn"]


def test_debts_are_paid_from_the_projects_root(folder, tmp_path, unwatched):
    folder.owe("it", ["sh", "-c", 'pwd > "$1"', "sh", str(tmp_path / "where")])
    assert folder.settle() == []
    assert (tmp_path / "where").read_text().strip() == str(ROOT)


# The next drill's start


def test_a_sweep_removes_what_dead_drills_left(dead, debts, unwatched):
    one, two = dead("one"), dead("two")
    one.owe("server", debts.argv("server"))
    assert sweep() == []
    assert debts.paid == ["server"]
    assert not one.path.exists()
    assert not two.path.exists()


def test_a_sweep_leaves_the_living_alone(folder, debts, unwatched):
    folder.owe("server", debts.argv("server"))
    assert sweep() == []
    assert (debts.paid, owed(folder)) == ([], ["server"])


def test_a_sweep_leaves_what_is_kept(dead, debts, unwatched):
    folder = dead("kept")
    folder.owe("server", debts.argv("server"))
    folder.keep("psql here")
    assert sweep() == []
    assert debts.paid == []
    assert (folder.path / "kept").read_text() == "psql here"
    assert stat.S_IMODE((folder.path / "kept").stat().st_mode) == 0o600


def test_two_that_sweep_at_once_do_not_both_remove_it(dead, temp, tmp_path_factory, unwatched):
    """Each of two starts found a dead drill's server, and the one that came second could not remove it."""
    said = tmp_path_factory.mktemp("said") / "said"
    # While it is removed, another drill starts.
    program = (
        "import sys, tempfile; from plugins.lifetime import sweep; from pathlib import Path;"
        "said = Path(sys.argv[1]); before = said.exists(); said.open('a').write('removed ');"
        "tempfile.tempdir = sys.argv[2]; before or said.open('a').write(f'{sweep()} ')"
    )
    folder = dead("one")
    folder.owe("server", [sys.executable, "-c", program, str(said), str(temp)])
    assert sweep() == []
    assert said.read_text() == "removed [] "
    assert list(temp.iterdir()) == []


def test_the_watcher_waits_for_who_removes_it_already(dead, debts, unwatched):
    folder = dead("one")
    folder.owe("server", debts.argv("server"))
    with folder.if_dead() as dead_by_now:
        assert dead_by_now
        watcher = subprocess.Popen([sys.executable, "-m", "plugins.lifetime", "watch", folder.path], cwd=ROOT)
        with pytest.raises(subprocess.TimeoutExpired):
            watcher.wait(0.5)
        assert folder.remove() == []
    assert watcher.wait(60) == 0
    assert debts.paid == ["server"]


def test_a_sweep_names_what_it_could_not_remove(dead, debts, unwatched):
    folder = dead("one")
    folder.owe("server", debts.argv("server", code=1))
    assert sweep() == ["server"]
    assert owed(folder) == ["server"]


def test_a_sweep_runs_no_command_of_another_user(dead, debts, unwatched, monkeypatch):
    folder = dead("theirs")
    folder.owe("server", debts.argv("server"))
    monkeypatch.setattr("plugins.lifetime.os.getuid", lambda: folder.path.stat().st_uid + 1)
    assert sweep() == []
    assert debts.paid == []
    assert folder.path.exists()


def test_a_sweep_follows_no_link(dead, debts, unwatched, temp):
    folder = dead("one")
    folder.owe("server", debts.argv("server"))
    hidden = temp / "elsewhere"
    folder.path.rename(hidden)
    folder.path.symlink_to(hidden)
    assert sweep() == []
    assert debts.paid == []
    assert hidden.exists()


def test_a_sweep_leaves_a_folder_that_no_drill_made(temp):
    (temp / f"{PREFIX}notes").mkdir()
    (temp / f"{PREFIX}file").touch()
    assert sweep() == []
    assert len(list(temp.iterdir())) == 2


def test_a_sweep_leaves_a_folder_that_somebody_took_a_drills_text_into(temp):
    notes = temp / f"{PREFIX}notes"
    notes.mkdir()
    (notes / "staged.sql").touch()
    assert sweep() == []
    assert (notes / "staged.sql").exists()


@pytest.mark.parametrize("left", [["staged.sql"], ["owed"], [".restore-drill-spare"], []])
def test_a_drills_folder_that_lost_its_lock_is_removed(dead, left):
    folder = dead("one")
    (folder.path / "staged.sql").touch()
    for path in folder.path.iterdir():
        if path.name not in left:
            path.rmdir() if path.is_dir() else path.unlink()
    assert sweep() == []
    assert not folder.path.exists()


def test_what_a_drill_owes_whose_folder_lost_its_lock_is_paid(dead, debts, unwatched):
    folder = dead("one")
    folder.owe("server", debts.argv("server"))
    (folder.path / "lock").unlink()
    assert sweep() == []
    assert debts.paid == ["server"]
    assert not folder.path.exists()


def fill(folder: Folder) -> Folder:
    """Put into a folder what a drill does."""
    for name in ("staged.sql", "server.pickle", "server.lock", "watched", "pytest/a/b"):
        (folder.path / name).parent.mkdir(parents=True, exist_ok=True)
        (folder.path / name).touch()
    return folder


class Cut:
    """The removal of files and folders, interrupted before the next one once so many are gone."""

    def __init__(self, patch: pytest.MonkeyPatch, *, after: int) -> None:
        self.left = after
        for name in ("unlink", "rmdir"):
            patch.setattr(os, name, functools.partial(self._remove, getattr(os, name)))

    def _remove(self, really, *given: object, **more: object) -> None:
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        really(*given, **more)


@pytest.mark.parametrize("lock", [True, False])
def test_a_removal_that_is_cut_off_anywhere_is_taken_up_by_the_next_drill(dead, lock):
    for after in itertools.count():
        folder = fill(dead(f"cut{after}"))
        if not lock:
            (folder.path / "lock").unlink()
        with pytest.MonkeyPatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
            cut = Cut(patch, after=after)
            assert folder.remove() == []
        assert sweep() == []
        assert not folder.path.exists(), f"cut off after {after}"
        if cut.left:
            break
    assert after > 8  # files and folders


def test_a_folder_that_stays_is_not_said_to_be_removed(dead, monkeypatch, capsys):
    folder = fill(dead("one"))
    unlink = os.unlink

    def refuse(path: object, **more: object) -> None:
        if Path(str(path)).name == "b":
            raise PermissionError(errno.EPERM, "Operation not permitted")
        unlink(path, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "unlink", refuse)
        said = [f"the folder {folder.path}"]
        assert (folder.remove(), sweep()) == (said, said)
        assert main(["remove", str(folder.path)]) == 1
    assert capsys.readouterr().err == f"could not remove {said[0]}\n"
    # All else is gone, and whoever comes next knows whose it is.
    assert {path.name for path in folder.path.iterdir()} == {"pytest", "lock"}
    assert sweep() == []
    assert not folder.path.exists()


def test_a_servers_folder_is_removed_that_was_made_and_not_marked(dead, unwatched):
    folder = dead("one")
    server = folder.path / "server"
    folder.owe("server", [sys.executable, "-m", "fixtures.server.remove", "folder", str(server)])
    server.mkdir(mode=0o700)
    assert sweep() == []
    assert not folder.path.exists()


# The watcher


OWNER = """
import sys, tempfile
from pathlib import Path
from plugins.lifetime import Folder
tempfile.tempdir = sys.argv[1]
folder, handle = Folder.make("killed")
folder.owe("server", ["cp", sys.argv[2], sys.argv[3]])
print(folder.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def owner(tmp_path):
    """Starts a drill in its own process, owing a copy into a pipe: what reads from it waits for the debt."""
    started = []

    def start() -> tuple[subprocess.Popen, Path, Path]:
        pipe, text = tmp_path / "pipe", tmp_path / "text"
        os.mkfifo(pipe)
        text.write_text("removed")
        process = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(tmp_path), str(text), str(pipe)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, Path(process.stdout.readline().strip()), pipe

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def test_the_watcher_pays_after_a_kill(owner):
    process, path, pipe = owner()
    assert path.exists()
    process.send_signal(signal.SIGKILL)
    process.wait()
    descriptor = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    # Not readable before the debt's command writes; the limit is for a watcher that never does.
    ready, _, _ = select.select([descriptor], [], [], 60)
    said = os.read(descriptor, 100) if ready else b""
    os.close(descriptor)
    assert said == b"removed"


def test_the_watcher_removes_the_folder(dead, debts, unwatched):
    folder = dead("one")
    folder.owe("server", debts.argv("server"))
    assert main(["watch", str(folder.path)]) == 0
    assert debts.paid == ["server"]
    assert not folder.path.exists()


def test_the_watcher_waits_for_the_drills_death(temp, debts, unwatched, monkeypatch):
    folder, handle = Folder.make("one")
    folder.owe("server", debts.argv("server"))
    waited = []

    def flock(file, how: int) -> None:
        if file.name == str(folder.path / "lock"):
            with pytest.raises(BlockingIOError):
                fcntl.flock(file, how | fcntl.LOCK_NB)
            waited.append(debts.paid)
            handle.close()
        fcntl.flock(file, how)

    monkeypatch.setattr("plugins.lifetime.fcntl", SimpleNamespace(**vars(fcntl) | {"flock": flock}))
    assert main(["watch", str(folder.path)]) == 0
    assert (waited, debts.paid) == ([[]], ["server"])


def test_the_watcher_leaves_what_is_kept(dead, debts, unwatched):
    folder = dead("one")
    folder.owe("server", debts.argv("server"))
    folder.keep("psql")
    assert main(["watch", str(folder.path)]) == 0
    assert debts.paid == []
    assert folder.path.exists()


def test_the_watcher_ends_where_the_drill_ended_well(temp):
    assert main(["watch", str(temp / f"{PREFIX}gone")]) == 0


# By hand


def test_remove_removes_what_is_kept(dead, debts, unwatched):
    folder = dead("one")
    folder.owe("server", debts.argv("server"))
    folder.keep("psql")
    assert main(["remove", str(folder.path)]) == 0
    assert debts.paid == ["server"]
    assert not folder.path.exists()
    assert main(["remove", str(folder.path)]) == 0


def test_remove_says_what_it_could_not_remove(dead, debts, unwatched, capsys):
    folder = dead("one")
    folder.owe("server", debts.argv("server", code=3))
    assert main(["remove", str(folder.path)]) == 1
    assert capsys.readouterr().err == "could not remove server\n"


def test_a_wrong_command_says_how_it_is_used(capsys):
    assert main(["drop"]) == 4
    assert "usage" in capsys.readouterr().err
