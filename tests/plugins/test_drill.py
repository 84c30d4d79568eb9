"""One run: its clock and id, what is made once in it, and how it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugins.drill import Drill
from plugins.errors import BackupError, DrillError
from plugins.lifetime import PREFIX


def drill_in(folder: Path) -> Drill:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    return Drill(
        drill_id="one", started_at=now, now=now, now_overridden=False, sample=False, keep=False, folder=folder
    )


# Made once


def make_in(folder: Path, barrier, results) -> None:
    def make() -> list[int]:
        with (folder / "makers").open("a") as makers:
            makers.write("x")
        return [os.getpid()]

    barrier.wait()
    results.put((os.getpid(), drill_in(folder).once("thing", make)))


def fail_in(folder: Path, barrier, results) -> None:
    def make() -> None:
        with (folder / "makers").open("a") as makers:
            makers.write("x")
        raise BackupError("it is torn", hint="Take a new one.")

    barrier.wait()
    try:
        drill_in(folder).once("thing", make)
    except DrillError as error:
        results.put((os.getpid(), (type(error).__name__, error.message, error.hint)))
    else:
        results.put((os.getpid(), None))


@pytest.fixture
def together(tmp_path):
    """Runs a function in several processes at once: returns what each gave, and how many made it."""

    def run(target, count: int = 6) -> tuple[dict[int, object], int]:
        context = multiprocessing.get_context("fork")
        barrier, results = context.Barrier(count), context.Queue()
        processes = [context.Process(target=target, args=(tmp_path, barrier, results)) for _ in range(count)]
        for process in processes:
            process.start()
        given = dict(results.get(timeout=60) for _ in processes)
        for process in processes:
            process.join()
        return given, len((tmp_path / "makers").read_text())

    return run


def test_several_processes_make_a_thing_once(together):
    given, makers = together(make_in)
    assert makers == 1
    assert len(given) == 6
    (made,) = {tuple(value) for value in given.values()}
    assert made[0] in given


def test_the_same_error_is_raised_in_every_process(together):
    given, makers = together(fail_in)
    assert makers == 1
    assert set(given.values()) == {("BackupError", "it is torn", "Take a new one.")}


def test_what_was_made_may_be_nothing(tmp_path):
    drill, made = drill_in(tmp_path), []
    assert drill.once("none", lambda: made.append(1)) is None
    assert drill.once("none", lambda: made.append(2)) is None
    assert made == [1]


def test_two_things_are_two(tmp_path):
    drill = drill_in(tmp_path)
    assert (drill.once("a", lambda: 1), drill.once("b", lambda: 2)) == (1, 2)


def test_a_maker_may_make_other_things(tmp_path):
    drill = drill_in(tmp_path)
    assert drill.once("outer", lambda: drill.once("inner", lambda: 1) + 1) == 2


def test_a_maker_that_dies_leaves_the_making_to_the_next(tmp_path):
    drill = drill_in(tmp_path)

    def dies() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drill.once("thing", dies)
    assert drill.once("thing", lambda: "made") == "made"


def test_what_is_made_is_for_its_owner_alone(tmp_path):
    drill_in(tmp_path).once("thing", lambda: "a password")
    assert (tmp_path / "thing.pickle").stat().st_mode & 0o077 == 0


def test_workers_share_one_drill(mini):
    mini.run(
        """
@good
@pytest.mark.parametrize("n", range(8))
def test_it(drill, n):
    def make():
        with open("makers", "a") as makers: makers.write("x")
        return drill.drill_id
    assert drill.once("thing", make) == drill.drill_id
    with open("ids", "a") as ids: ids.write(f"{drill.drill_id} {os.getpid()}\\n")
""",
        "suites",
        "-n4",
    )
    assert mini.evidence["verdict"] == "pass"
    assert (mini.path / "makers").read_text() == "x"
    ids = [line.split()[0] for line in (mini.path / "ids").read_text().splitlines()]
    assert set(ids) == {mini.evidence["drill_id"]}


def test_workers_raise_the_same_error(mini):
    run = mini.run(
        """
@pytest.fixture(scope="session")
def thing(drill):
    def make():
        with open("makers", "a") as makers: makers.write("x")
        raise BackupError("it is torn", hint="Take a new one.")
    return drill.once("thing", make)
@bad
@pytest.mark.parametrize("n", range(8))
def test_it(thing, n): pass
""",
        "suites",
        "-n4",
    )
    assert (mini.path / "makers").read_text() == "x"
    assert {(check["verdict"], check["message"]) for check in mini.evidence["checks"]} == {
        ("fail", "it is torn")
    }
    assert len(mini.evidence["checks"]) == 8
    assert run.stdout.str().count("it is torn") == 1


# The clock


NOW = "@good\ndef test_it(drill): open('now', 'w').write(f'{drill.now.isoformat()} {drill.now_overridden}')\n"


KILLER = """
killed = []
def pytest_configure_node(node):
    send = node.sendcommand
    def kill_first(name, **arguments):
        if name == "runtests" and not killed:
            killed.append(node.gateway._io.popen)
            killed[0].kill()
            killed[0].wait()
        send(name, **arguments)
    node.sendcommand = kill_first
"""


def test_claims_given_to_a_worker_that_is_dead_go_to_another(mini):
    """One of them is taken for what killed it: nobody can know."""
    conftest = mini.path / "conftest.py"
    conftest.write_text(conftest.read_text() + KILLER)
    run = mini.run('@good\n@pytest.mark.parametrize("n", range(8))\ndef test_it(n): pass\n', "suites", "-n2")
    assert "INTERNALERROR" not in "\n".join((*run.outlines, *run.errlines))
    assert mini.evidence["verdict"] == "unverified"
    assert sorted(mini.verdicts.values()) == [*["pass"] * 7, "unverified"]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2026-11-22T04:00:00Z", "2026-11-22T04:00:00"),
        ("2026-11-22T04:00:00+02:00", "2026-11-22T02:00:00"),
        ("2026-11-22T04:00", "2026-11-22T04:00:00"),  # without a zone it is UTC, whatever TZ says
        ("2026-11-22", "2026-11-22T00:00:00"),
        ("20261122T040000Z", "2026-11-22T04:00:00"),
    ],
)
def test_now_is_what_the_option_says(mini, monkeypatch, given, meant):
    monkeypatch.setenv("TZ", "America/New_York")
    run = mini.run(NOW, "suites", "--drill-now", given)
    assert (mini.path / "now").read_text() == f"{meant}+00:00 True"
    assert mini.evidence["now_overridden"] == f"{meant}Z"
    run.stdout.fnmatch_lines(["now: ages are judged as of *"])


def test_without_the_option_now_is_the_start(mini):
    before = datetime.now(UTC)
    mini.run(NOW)
    now, overridden = (mini.path / "now").read_text().split()
    assert before <= datetime.fromisoformat(now) <= datetime.now(UTC)
    assert overridden == "False"
    assert mini.evidence["now_overridden"] is False


@pytest.mark.parametrize("given", ["yesterday", "22-11-2026", "2026-13-01", "", "1763784000"])
def test_now_that_is_no_time_is_a_usage_error(mini, given):
    run = mini.run(NOW, "suites", f"--drill-now={given}")
    assert run.ret == 4
    run.stderr.fnmatch_lines([f"*--drill-now is no ISO 8601 time: {given!r}", "*HINT: Write it like 2026-*"])
    assert not (mini.path / "now").exists()


def test_workers_have_the_drills_clock(mini):
    mini.run(NOW, "suites", "-n1", "--drill-now", "2026-11-22T04:00Z")
    assert (mini.path / "now").read_text() == "2026-11-22T04:00:00+00:00 True"


# The end


def test_the_folder_is_gone_when_the_drill_is_over(mini):
    mini.run("@good\ndef test_it(drill): open('where', 'w').write(str(drill.folder))\n")
    folder = Path((mini.path / "where").read_text())
    assert folder == mini.temp / f"{PREFIX}{mini.evidence['drill_id']}"
    assert list(mini.temp.glob("*drill*")) == []


def test_what_the_drill_owes_is_removed_at_its_end_and_not_before(mini):
    mini.run("""
@good
def test_a(drill): drill.owe("thing", ["sh", "-c", "echo $0 >> $1", "removed", os.path.abspath("said")])
@good
def test_b(drill): assert not os.path.exists("said")
""")
    assert (mini.path / "said").read_text() == "removed\n"
    assert mini.evidence["verdict"] == "pass"


def test_what_an_earlier_drill_could_not_remove_is_told(mini):
    folder = mini.temp / f"{PREFIX}earlier"
    (folder / "owed").mkdir(parents=True)
    (folder / "lock").touch()
    (folder / "owed" / "server.json").write_text('["false"]')
    run = mini.run("@good\ndef test_it(): pass\n")
    run.stdout.fnmatch_lines(["*an earlier drill left server, and it could not be removed*"])
    assert folder.exists()


CLAIMS = """
@pytest.fixture(scope="session")
def server(drill):
    drill.owe("server", ["sh", "-c", "echo $0 >> $1", "removed", os.path.abspath("said")])
    yield
    with open("said", "a") as said: said.write("closed\\n")
@good
def test_a(server): pass
@bad
def test_b(server):
    open("ready", "w").close()
    import time
    time.sleep(120)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_cancelled_drill_removes_everything(mini, how):
    (mini.path / "suites" / "backup" / "test_claims.py").write_text(_head(mini) + CLAIMS)
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "suites"],
        cwd=mini.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A shell starts what runs in its background deaf to Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        _until((mini.path / "ready").exists, process)
        process.send_signal(how)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 2, output
    assert (mini.path / "said").read_text() == "closed\nremoved\n"
    assert (mini.evidence["verdict"], mini.evidence["scope"]) == ("unverified", "partial")
    assert "partial: the run was interrupted" in mini.evidence["not_proven"]
    assert list(mini.temp.glob("*drill*")) == []


def _head(mini) -> str:
    mini.run("")  # writes the claims' file, of which the head is all
    return (mini.path / "suites" / "backup" / "test_claims.py").read_text()


def _until(happened, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.01)


BREAKS = """
from plugins.errors import DrillError
from plugins.lifetime import Folder

def watch(folder):
    raise {}

Folder.watch = watch
"""


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        ("DrillError('no room', hint='Make some.')", 6, "no room\nHINT: Make some."),
        ("KeyboardInterrupt", 2, ""),
    ],
)
def test_a_drill_that_cannot_begin_costs_nobody_their_files(mini, error, code, said):
    conftest = mini.path / "conftest.py"
    conftest.write_text(conftest.read_text() + BREAKS.format(error))
    before = sorted(mini.path.iterdir())
    run = mini.run("@good\ndef test_a(): pass\n")
    assert run.ret == code
    assert said in run.stdout.str() + run.stderr.str()
    assert "INTERNALERROR" not in run.stdout.str()
    assert set(before) <= set(mini.path.iterdir())
    assert list(mini.temp.iterdir()) == []


# Where it is no drill


def test_a_run_that_is_no_drill_has_none(mini):
    (mini.path / "tests" / "test_own.py").write_text(
        "import pytest\nfrom plugins.errors import DrillError\n"
        "def test_own(request):\n"
        "    with pytest.raises(DrillError, match='no drill'): request.getfixturevalue('drill')\n"
    )
    mini.run("", "tests").assert_outcomes(passed=1)
    assert list(mini.temp.iterdir()) == []


def test_a_signal_where_code_has_no_lines(mini):
    # As python gives some of what it generates: pytest cannot show the traceback of an interrupt there.
    claim = """
@good
def test_a():
    text = "import os, signal\\nos.kill(os.getpid(), signal.SIGTERM)\\nfor _ in range(1000): pass"
    exec(compile(text, "<generated>", "exec").replace(co_linetable=b""), {})
"""
    run = mini.run(claim)
    assert run.ret == pytest.ExitCode.INTERRUPTED
    run.stderr.no_fnmatch_line("*Traceback*")
    assert mini.evidence["verdict"] == "unverified"


def test_a_signal_in_a_finalizer(mini):
    # As each connection to the database has one. Python cannot pass on what comes out of there.
    claim = """
@good
def test_a():
    import os, signal, threading
    class Finalized:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGTERM)
    Finalized()
    threading.Event().wait(60)
    open("said", "w").write("it went on")
"""
    run = mini.run(claim)
    assert run.ret == pytest.ExitCode.INTERRUPTED
    assert not (mini.path / "said").exists()
    assert mini.evidence["verdict"] == "unverified"


def test_a_signal_where_code_runs_from_a_string(mini):
    # As dataclasses and namedtuples are made, in whatever a claim is the first to import. Python remembers an
    # interrupt that came out of there, and kills the process with its signal in the place of exit code 2.
    claim = """
@good
def test_a():
    exec("import os, signal\\nos.kill(os.getpid(), signal.SIGTERM)\\nfor _ in range(1000): pass")
"""
    run = mini.run(claim)
    assert run.ret == pytest.ExitCode.INTERRUPTED
    assert mini.evidence["verdict"] == "unverified"
