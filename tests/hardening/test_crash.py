"""A drill that is killed, at moments that it is seen to have reached: nothing is left, and nothing is torn.

`tests/drills/test_death.py` has those while the backup is staged and restored. Random moments, as many as are
asked for, are in `test_crashes.py`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import threading

import pytest

from plugins.history import taken
from tests.hardening.traces import containers, is_whole, lives, networks, pids, wait_until

KILL, INTERRUPT, TERMINATE = signal.SIGKILL, signal.SIGINT, signal.SIGTERM
# The shortest drills that restore something, or that ask something of what is restored.
RESTORED = ("suites/restore/test_restored.py",)
QUERIES = ("suites/restore/test_queries.py",)
SLOW_CHECK = "CREATE INDEX calls_said ON public.calls USING btree (said);\n" + (
    "ALTER TABLE public.users ADD CONSTRAINT users_check CHECK ((public.slow(id) = id));\n"
)
SLOW_QUERY = '[[queries]]\nname = "slow"\nsql = "SELECT slow(1)"\nexpect = "= 1"\n'


@pytest.fixture
def stalled():
    """The URL of a backup of which the first half comes, and no more; and whether it came."""
    sent = threading.Event()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                clients.append(client)
                asked = client.recv(1 << 16)
                client.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\nConnection: close\r\n"
                    b"Last-Modified: Sun, 22 Nov 2026 02:00:00 GMT\r\n\r\n"
                )
                if asked.startswith(b"GET"):
                    client.sendall(b"-- half\n" * 60_000)
                    sent.set()
                else:
                    client.close()

    clients: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/backup-20261122T020000Z.sql", sent
        for client in clients:
            client.close()


def test_while_the_backup_is_fetched(killing, company, stalled):
    url, sent = stalled
    company.write(source=url)
    args = company.args("--drill-server", "embedded", suites=("suites/backup",))
    run = killing(args, lambda _temp, _said: sent.is_set(), KILL)
    assert run.evidence is None


@pytest.mark.parametrize("request_", ["POST .*/containers/create", "POST .*/containers/[^/]*/start"])
def test_while_the_container_is_made_and_started(killing, company, wired, request_):
    """It may be there and not running, or come to be there when nobody waits for it any more."""
    rule = wired.on(request_, "hold")
    run = killing(
        company.args("--drill-server", "container", suites=RESTORED),
        lambda _temp, _said: rule.seen.is_set(),
        KILL,
        env=wired.env,
        then=rule.go.set,
    )
    assert run.evidence is None


def test_while_constraints_are_checked(killing, company, engine):
    company.write(after=SLOW_CHECK)
    args = company.args("--drill-server", "container", suites=RESTORED)
    where: list = []

    def reached(temp, said):
        if "build the indexes" in said:
            where.extend(networks(temp))
        return where

    killing(args, reached, KILL)
    assert where
    assert not any(map(lives, where))


@pytest.mark.parametrize("numbers", [(KILL,), (INTERRUPT, INTERRUPT)], ids=["killed", "Ctrl-C twice"])
def test_while_claims_are_checked(killing, company, numbers):
    company.write(plan=SLOW_QUERY)
    args = company.args("--drill-server", "embedded", suites=QUERIES)

    def reached(temp, said):
        # The file's name is put out before its first claim; the restore is over when the question is asked.
        return "gather the planner's statistics" in said or "check the constraints" in said

    run = killing(args, reached, *numbers)
    assert (run.evidence is None) == (numbers == (KILL,))
    is_whole(run)


def test_before_the_evidence_is_written(killing, company, tmp_path):
    """The server is gone by then. Who writes to the same history has it, and the drill waits for it."""
    with taken(tmp_path / "history.jsonl"):

        def reached(temp, said):
            return "check the constraints" in said and not list(temp.glob("restore-drill-*"))

        run = killing(company.args("--drill-server", "embedded", suites=RESTORED), reached, KILL)
    assert run.evidence is None
    is_whole(run)


def test_while_the_container_is_removed(killing, company, wired):
    rule = wired.on("DELETE .*/containers/", "hold")
    run = killing(
        company.args("--drill-server", "container", suites=RESTORED),
        lambda _temp, _said: rule.seen.is_set(),
        KILL,
        env=wired.env,
        then=rule.go.set,
    )
    assert run.evidence is None


@pytest.mark.parametrize(
    ("request_", "how"),
    [
        ("POST .*/containers/create", "refuse"),
        ("POST .*/containers/create", "cut-after"),
        ("POST .*/containers/[^/]*/start", "cut"),
        ("GET .*/containers/[^/]*/json", "refuse"),
    ],
)
def test_an_engine_that_fails_in_the_middle(drill_run, company, wired, request_, how):
    """Unverified in one sentence: also where the engine made a container of which nobody heard."""
    rule = wired.on(request_, how, times=99)
    run = drill_run(*company.args("--drill-server", "container", suites=RESTORED[:1]), env=wired.env)
    assert rule.seen.is_set()
    assert run.code == 6, run.output
    assert "Traceback" not in run.output
    assert "the container engine" in run.output
    assert run.left() == []
    assert containers(run.temp) == []


def test_an_engine_that_does_not_remove(drill_run, company, wired):
    """What could not be removed is said; the next drill removes it."""
    wired.on("DELETE .*/containers/", "refuse", times=99)
    args = company.args("--drill-server", "container", suites=RESTORED)
    run = drill_run(*args, env=wired.env)
    assert run.evidence["server"]["destroyed"] is False
    assert len(containers(run.temp)) == 1
    wired.rules.clear()
    again = drill_run(*company.args("-k", "test_a_backup_exists"), env={"TMPDIR": str(run.temp)})
    assert again.code == 0, again.output
    assert wait_until(lambda: not run.left())
    assert containers(run.temp) == []


def test_two_drills_at_once_do_not_see_each_other(drill_run, company):
    """They share a machine, a history and a folder of evidence; one of them is killed in the middle."""
    held = drill_run.start(*company.args("--drill-server", "embedded", suites=RESTORED))
    company.write(plan=SLOW_QUERY)
    other = drill_run.start(*company.args("--drill-server", "embedded", suites=QUERIES))
    temp = drill_run.temp / other[1].name
    assert wait_until(lambda: "check the constraints" in (other[1] / "output").read_text())
    os.kill(other[0].pid, KILL)
    held[0].wait(timeout=60)
    other[0].wait(timeout=60)
    one = drill_run.ended(*held)
    assert one.code == 0, one.output
    assert one.left() == []
    is_whole(one)
    assert wait_until(lambda: not list(temp.iterdir()) and not pids(temp, ""))
    lines = (drill_run.folder / "history.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["drill_id"] for line in lines] == [one.evidence["drill_id"]]
