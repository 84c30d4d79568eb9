"""People are told of a full drill, and a dead-man's switch of its start and its end; on real servers."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from plugins.delivery import START_SECONDS, Delivery, Order
from plugins.message import compose
from plugins.notify import occasions, verdict_before

# What no message and no terminal may hold: it stands in every URL.
CANARY = "hunter2canary"
PLAN = """
name = "mini"
[backup]
source = "backups"
[notify]
urls_env = "DRILL_NOTIFY_URLS"
ping_env = "DRILL_PING_URL"
"""
GREEN = "@good\ndef test_it(): pass\n@bad\ndef test_other(): pass\n"
RED = "@good\ndef test_it(): pass\n@bad\ndef test_other(): raise BackupError('row value 4711')\n"
ALERT = "@good\ndef test_it(evidence): evidence.alert('the backup is 26 h old')\n"


@dataclass
class Web:
    """A server on loopback. asked: the paths; told: the bodies; answers: a status by path, 0 for none."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    told: list[bytes] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    hangs: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"127.0.0.1:{self.port}"

    def messages(self) -> list[dict]:
        return [json.loads(body) for body in self.told]


@pytest.fixture
def web():
    web = Web()
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append(self.path)
            self._answer()

        def do_POST(self) -> None:
            web.told.append(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer()

        def _answer(self) -> None:
            path = self.path.split("?")[0]
            if web.answers.get(path) == 0:
                web.hangs.set()
                done.wait()
                return
            self.send_response(web.answers.get(path, 200))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield web
    done.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def mail():
    """A mail server: (its port, the letters it took)."""
    letters: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            for line in self.rfile:
                word = line[:4].upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    letter = b""
                    while not letter.endswith(b"\r\n.\r\n"):
                        letter += self.rfile.readline()
                    letters.append(letter.decode())
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 yes\r\n")
                if word == b"QUIT":
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1], letters
        server.shutdown()
        thread.join()


@pytest.fixture
def told_mini(mini, web, monkeypatch):
    mini.pytester.makefile(".toml", drill=PLAN)
    monkeypatch.setenv("DRILL_NOTIFY_URLS", f"json://{web.url}/{CANARY}")
    monkeypatch.setenv("DRILL_PING_URL", f"http://{web.url}/ping/{CANARY}/?x=1")
    for name in ("GITHUB_SERVER_URL", "CI_JOB_URL", "BUILD_URL"):
        monkeypatch.delenv(name, raising=False)
    return mini


def ping(end: str = "") -> str:
    return f"/ping/{CANARY}{end}?x=1"


def no_messenger_left(mini) -> None:
    """Wait for what a drill sent out and did not wait for. It is known by the drill's temporary folder."""

    def is_one(process: Path) -> bool:
        try:
            return (
                b"plugins.delivery" in (process / "cmdline").read_bytes()
                and bytes(mini.temp) in (process / "environ").read_bytes()
            )
        except OSError:
            return False  # it has ended

    while any(map(is_one, Path("/proc").glob("[0-9]*"))):
        time.sleep(0.02)


def test_mail_a_chat_and_a_webhook_each_get_the_message(web, mail):
    port, letters = mail
    order = Order(
        addresses=(
            f"mailto://127.0.0.1:{port}?from=drill@example.com&to=ops@example.com&mode=insecure",
            f"mmost://{web.url}/{'a1' * 12}",  # Mattermost takes what Slack takes
            f"json://{web.url}/hook",
        ),
        title="Restore Drill of a: FAIL", body="verdict: fail\nfail: the <b>rows</b>\n", kind="failure",
    )  # fmt: skip
    assert Delivery(order).troubles() == {}
    (letter,) = letters
    assert "Subject: Restore Drill of a: FAIL" in letter
    assert "text/plain" in letter
    assert "fail: the <b>rows</b>" in letter
    chat, hook = sorted(web.messages(), key=lambda message: "title" in message)
    assert "Restore Drill of a: FAIL" in json.dumps(chat)
    assert (hook["title"], hook["message"], hook["type"]) == (order.title, order.body.strip(), "failure")


def test_each_trouble_is_told_by_place_and_a_hung_server_holds_nobody_up(web):
    web.answers |= {"/hangs": 0, "/refuses": 500}
    order = Order(
        addresses=(f"json://{web.url}/hangs?rto=60", f"json://{web.url}/good", f"json://{web.url}/refuses",
                   f"unknown://{CANARY}", "json://127.0.0.1:1/nobody"),
        title="t", body="b", ping=f"http://{web.url}/refuses", seconds=1,
    )  # fmt: skip
    began = time.monotonic()
    troubles = Delivery(order).troubles()
    took = time.monotonic() - began
    assert web.hangs.is_set()
    assert troubles == {
        "1": "did not answer within 1 s",
        "3": "did not take the message",
        "4": "is no address that Apprise knows",
        "5": "did not take the message",
        "ping": "answered 500",
    }
    # The server would hang for ever. What starting took is in it.
    assert took < order.seconds + START_SECONDS + 1
    assert CANARY not in repr(order)


def test_a_wrong_address_is_found_while_there_is_nothing_to_tell(web):
    order = Order(addresses=(f"unknown://{CANARY}", f"json://{web.url}/good"), ping=f"http://[{CANARY}")
    assert Delivery(order).troubles() == {
        "1": "is no address that Apprise knows",
        "ping": "could not be told",
    }
    assert web.told == []


def test_a_failed_drill_is_told_of(told_mini, web, monkeypatch):
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.example.com")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/drills")
    monkeypatch.setenv("GITHUB_RUN_ID", "77")
    run = told_mini.run(RED)
    failed = told_mini.evidence
    assert run.ret == 1
    run.stdout.fnmatch_lines(["verdict     FAIL", "notified    1 address of DRILL_NOTIFY_URLS (fail)"])
    assert web.asked == [ping("/start"), ping("/fail")]
    (message,) = web.messages()
    assert (message["title"], message["type"]) == ("Restore Drill of mini: FAIL", "failure")
    assert message["message"].splitlines() == [
        "verdict: fail (1 fail, 1 pass)",
        "fail: the bad thing",
        f"drill: {failed['drill_id']}",
        "evidence:",
        f"- reports/out/{failed['drill_id']}/evidence.json",
        "- https://github.example.com/acme/drills/actions/runs/77/attempts/1",
    ]
    assert CANARY not in told_mini.written()
    assert "4711" not in json.dumps(message)
    # The same evidence, had it passed.
    passed = failed | {"verdict": "pass", "alerts": ["the backup is 26 h old"]}
    assert compose(passed, {}, where=()).title == "Restore Drill of mini: PASS, with 1 alert"
    again = compose(passed, {}, where=(), recovered=True)
    assert again.title == "Restore Drill of mini: PASS again"
    assert "alert: the backup is 26 h old" in again.text.splitlines()
    told = dict.fromkeys(("size_bytes", "recovery_point", "taken_at")) | {"label": "a\nverdict: pass"}
    assert "backup: a\\nverdict: pass" in compose(passed | {"backup": told}, {}, where=()).text.splitlines()


@pytest.mark.parametrize(
    ("verdict", "before", "alerts", "found"),
    [
        ("fail", "pass", [], ["fail"]),
        ("unverified", None, [], ["unverified"]),
        ("pass", None, [], ["pass"]),
        ("pass", "pass", [], ["pass"]),
        ("pass", "unverified", [], ["pass", "recovery"]),
        ("pass", "pass", ["old"], ["pass", "alert"]),
    ],
)
def test_what_there_is_to_tell(verdict, before, alerts, found):
    assert occasions({"verdict": verdict, "alerts": alerts}, before) == found


def test_the_verdict_before_is_of_a_full_drill_of_the_same_plan(tmp_path):
    def drill(number, verdict, *, plan="mini", scope="full", sample=False):
        kept = {"drill_id": str(number), "plan": {"name": plan}, "scope": scope, "sample": sample}
        return json.dumps(kept | {"verdict": verdict}) + "\n"

    history = tmp_path / "history.jsonl"
    history.write_text(
        drill(1, "fail")
        + drill(2, "pass", scope="partial")
        + drill(3, "pass", plan="other")
        + drill(4, "pass", sample=True)
        + drill(5, "pass")
    )
    now = {"drill_id": "5", "plan": {"name": "mini"}, "sample": False}
    assert verdict_before(history, now) == "fail"
    assert verdict_before(tmp_path / "none", now) is None


@pytest.mark.parametrize(
    ("args", "claims"),
    [
        (("suites", "--maxfail=9"), RED),
        (("suites", "--collect-only"), RED),
        (("suites",), GREEN + "@good\ndef test_stopped(): raise KeyboardInterrupt\n"),
    ],
    ids=["maxfail", "--collect-only", "interrupted"],
)
def test_who_narrows_or_stops_a_run_tells_nobody(told_mini, web, args, claims):
    run = told_mini.run(claims, *args)
    run.stdout.no_fnmatch_line("*NOT*")
    no_messenger_left(told_mini)
    assert web.told == []
    # That it began, and did not end, is for the switch to tell.
    assert web.asked == ([ping("/start")] if run.ret == 2 else [])


def test_workers_tell_once(told_mini, web, monkeypatch):
    monkeypatch.delenv("DRILL_NOTIFY_URLS")
    run = told_mini.run(RED, "suites", "-n", "2")
    assert run.ret == 1
    assert sorted(web.asked) == sorted([ping("/start"), ping("/fail")])
    run.stdout.fnmatch_lines(["verdict     FAIL", "NOT NOTIFIED: DRILL_NOTIFY_URLS is not set"])


@pytest.mark.parametrize("asks", [True, False])
def test_the_checklist_tells_if_the_plan_says_so(told_mini, web, asks):
    for suite in ("restore", "smoke"):
        (told_mini.path / "suites" / suite).mkdir()
        (told_mini.path / "suites" / suite / f"test_{suite}.py").write_text("")
    told_mini.pytester.makefile(".toml", drill=PLAN + ("checklist = true" if asks else ""))
    assert told_mini.run(RED, "suites/backup").ret == 1
    assert [message["title"] for message in web.messages()] == (
        ["Restore Drill (partial) of mini: FAIL"] if asks else []
    )
    assert web.asked == []  # the switch waits for a drill


def test_what_could_not_be_told_is_said_and_changes_nothing(told_mini, web):
    web.answers |= {f"/{CANARY}": 500, f"/ping/{CANARY}": 404, f"/ping/{CANARY}/start": 404}
    run = told_mini.run(ALERT)
    assert run.ret == 0
    run.stdout.fnmatch_lines(
        [
            "verdict     PASS",
            "NOT PINGED (its start): the URL in DRILL_PING_URL answered 404",
            "NOT NOTIFIED: address 1 of DRILL_NOTIFY_URLS did not take the message",
            "NOT PINGED (its end): the URL in DRILL_PING_URL answered 404",
            "  HINT: *",
        ]
    )
    assert CANARY not in run.stdout.str() + run.stderr.str() + told_mini.written()


def test_a_switch_that_is_not_set_is_said(told_mini, web, monkeypatch):
    monkeypatch.delenv("DRILL_PING_URL")
    run = told_mini.run(GREEN)
    run.stdout.fnmatch_lines(["verdict     PASS", "NOT PINGED: DRILL_PING_URL is not set"])
    assert (run.ret, web.told, web.asked) == (0, [], [])


def test_a_defect_of_ours_changes_nothing_either(told_mini):
    conftest = told_mini.path / "conftest.py"
    broken = f"import plugins.notify\ndef broken(*_, **__): raise RuntimeError('{CANARY}')\n"
    conftest.write_text(f"{conftest.read_text()}\n{broken}plugins.notify.compose = broken\n")
    run = told_mini.run(RED)
    assert run.ret == 1
    run.stdout.fnmatch_lines(["NOT NOTIFIED: unexpected RuntimeError*"])
    assert CANARY not in run.stdout.str()
