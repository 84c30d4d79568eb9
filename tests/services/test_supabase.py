"""Supabase's list of backups: what it says, what turns each claim red, and that the client can only read."""

from __future__ import annotations

import inspect
import json
import runpy
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from werkzeug import Response

from fixtures.sample.simulators import make
from fixtures.services import http, supabase
from fixtures.services.supabase import asking
from fixtures.services.wire import Wire
from plugins.errors import BackupError, DrillError, NothingToCheckError
from plugins.exemptions import Exemptions
from plugins.history import KEPT, append
from plugins.plan import Exemption

ROOT = Path(__file__).resolve().parents[2]
REF = "abcdefghijklmnopqrst"
URL = f"https://api.supabase.com/v1/projects/{REF}/database/backups"
ENVIRON = {asking.TOKEN: "sbp_canary"}
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # the company's, too
NEWEST = NOW.replace(hour=2)


def backup(at: datetime, status: str = "COMPLETED", *, physical: bool = True) -> dict[str, object]:
    return {"id": 1, "is_physical_backup": physical, "status": status, "inserted_at": at.isoformat()}


def days(*back: float) -> list[dict[str, object]]:
    return [backup(NEWEST - timedelta(days=one)) for one in back]


def window(*hours: float) -> dict[str, int]:
    """From and to so many hours before now."""
    ends = [int((NOW - timedelta(hours=one)).timestamp()) for one in hours]
    return {
        f"{name}_physical_backup_date_unix": end
        for name, end in zip(("earliest", "latest"), ends, strict=True)
    }


def listing(backups: list, *, pitr: bool = False, physical: object = None, **more) -> dict[str, object]:
    return {
        "region": "eu-central-1", "walg_enabled": True, "pitr_enabled": pitr, "backups": backups,
        "physical_backup_data": {} if physical is None else physical, **more,
    }  # fmt: skip


HEALTHY = listing(days(*range(7)))
# Seen on 2026-09-01, of a project that was hours old.
SEEN = {
    "backups": [
        {
            "id": 1545826964,
            "inserted_at": "2026-09-01T11:42:20.730Z",
            "is_physical_backup": True,
            "status": "COMPLETED",
        },
        {
            "id": 1541409241,
            "inserted_at": "2026-09-01T04:25:10.748Z",
            "is_physical_backup": True,
            "status": "COMPLETED",
        },
    ],
    "physical_backup_data": {},
    "pitr_enabled": False,
    "region": "us-east-2",
    "walg_enabled": True,
}


def read(answer: object) -> supabase.Platform:
    return supabase.read(answer, now=NOW)


# What a list says


def test_an_answer_that_was_seen_is_read():
    found = read(SEEN)
    assert [at.isoformat() for at in found.completed] == [
        "2026-09-01T04:25:10.748000+00:00",
        "2026-09-01T11:42:20.730000+00:00",
    ]
    assert (found.physical_only, found.point_in_time, found.window) == (True, False, None)


def test_what_is_new_in_an_answer_is_passed_over():
    more = listing([{**backup(NEWEST), "size_bytes": 7}], quota={"gb": 8}, physical={"oldest": "?"})
    assert read(more).newest == NEWEST


@pytest.mark.parametrize("order", [1, -1])
def test_the_newest_is_the_youngest_completed_one_whatever_the_order(order):
    backups = [*days(0, 1, 2), backup(NOW, "PENDING"), backup(NOW - timedelta(hours=1), "FAILED")][::order]
    assert read(listing(backups)).newest == NEWEST
    assert read(listing(backups)).age == timedelta(hours=10)


@pytest.mark.parametrize(
    ("answer", "newest"),
    [
        (listing([], physical=window(30, 3)), NOW - timedelta(hours=3)),
        # A window that is not of point-in-time recovery says no more than the list.
        (listing(days(0), physical=window(30, 3)), NEWEST),
        (listing(days(5), pitr=True, physical=window(30, 3)), NOW - timedelta(hours=3)),
        (listing(days(0), pitr=True, physical=window(300, 200)), NEWEST),
        (listing([], physical={"latest_physical_backup_date_unix": 1_795_000_000}), None),
    ],
)
def test_the_end_of_the_window_stands_for_backups_that_are_not_listed(answer, newest):
    assert read(answer).newest == (newest or datetime.fromtimestamp(1_795_000_000, tz=UTC))


@pytest.mark.parametrize("nothing", [{}, None])
def test_no_backup_at_all_is_a_real_answer_and_bad(nothing):
    with pytest.raises(BackupError, match="lists no backup at all"):
        _ = read({**listing([]), "physical_backup_data": nothing}).newest
    with pytest.raises(BackupError, match="lists 2 backups, and none was completed"):
        _ = read(listing([backup(NOW, "REMOVED"), backup(NOW, "PENDING")])).newest


def test_days_are_those_of_the_newest_backup_and_not_of_the_calendar():
    midnight = NOW.replace(hour=0)
    # 00:01, the evening before at 23:59, and so on: three days apart by the calendar, two by the clock.
    about = [midnight + timedelta(days=-n, minutes=1 if n % 2 == 0 else -1) for n in range(7)]
    assert read(listing([backup(at) for at in about])).days_missing(7) == []
    assert read(listing(days(0, 1, 2, 4, 5, 6))).days_missing(7) == [date(2026, 11, 20)]
    assert read(listing(days(0, 1, 2))).days_missing(5) == [date(2026, 11, 19), date(2026, 11, 20)]
    assert read(listing(days(0, 1, 2))).days_missing(5, since=date(2026, 11, 20)) == [date(2026, 11, 20)]
    # What was completed and is removed is not kept.
    assert read(listing([*days(0), backup(NEWEST - timedelta(days=1), "REMOVED")])).days_missing(2)


def test_point_in_time_recovery_holds_the_days_that_it_reaches():
    assert read(listing([], pitr=True, physical=window(7 * 24, 0))).days_missing(7) == []
    assert read(listing([], pitr=True, physical=window(2 * 24, 0))).days_missing(7) == [
        date(2026, 11, day) for day in (17, 18, 19, 20)
    ]
    # Enabled three days ago: since then there are no daily backups.
    since_then = listing(days(3, 4, 5, 6), pitr=True, physical=window(70, 0))
    assert read(since_then).days_missing(7) == []
    with pytest.raises(DrillError, match="not the days between"):
        read(listing([], physical=window(7 * 24, 3))).days_missing(7)


@pytest.mark.parametrize(
    "answer",
    [
        None, [], "", 7, {}, listing(None), listing({}), listing([None]), listing([7]), listing([{}]),
        {**HEALTHY, "pitr_enabled": None}, {**HEALTHY, "pitr_enabled": "no"},
        listing([{**backup(NOW), "status": None}]), listing([{**backup(NOW), "status": "two words"}]),
        listing([{**backup(NOW), "is_physical_backup": "yes"}]),
        listing([{**backup(NOW), "inserted_at": None}]), listing([{**backup(NOW), "inserted_at": "today"}]),
        listing([{**backup(NOW), "inserted_at": 1_795_000_000}]),
        listing([], physical=[1]), listing([], physical="2026"), listing([], physical=window(3, 30)),
        *(
            listing([], physical={"latest_physical_backup_date_unix": odd})
            for odd in ("1", True, [], 0, -1, 1e300, float("nan"), 10**40)
        ),
    ],
)  # fmt: skip
def test_another_shape_is_no_empty_list(answer):
    with pytest.raises(DrillError) as caught:
        read(answer)
    assert type(caught.value) is DrillError


# The claims


CLAIMS = runpy.run_path(str(ROOT / "suites" / "backup" / "test_platform.py"))


def verdicts(answer: dict, *, keep: int = 7, since: datetime | None = None) -> dict[str, str]:
    """What each claim says of a list, but for those that pass."""
    platform = read(answer)
    given = {
        "platform": platform,
        "objectives": SimpleNamespace(rpo=timedelta(hours=24)),
        "plan": SimpleNamespace(retention=None, supabase=SimpleNamespace(keep_days=keep)),
    }
    found = {}
    for name, claim in CLAIMS.items():
        if name.startswith("test_"):
            try:
                if "platform_failures" in inspect.signature(claim).parameters:
                    given["platform_failures"] = list(map(str, platform.failed(since)))
                claim(**{name: given[name] for name in inspect.signature(claim).parameters})
            except NothingToCheckError:
                continue
            except (AssertionError, BackupError):
                found[name] = "fail"
            except DrillError:
                found[name] = "unverified"
    return found


EXISTS, RECENT = "test_the_platform_holds_a_backup", "test_the_platforms_newest_backup_is_recent"
EACH_DAY, FAILURES = "test_the_platform_keeps_a_backup_of_each_day", "test_no_backup_of_the_platform_failed"
POINT = "test_point_in_time_recovery_reaches_up_to_now"
PITR = listing([], pitr=True, physical=window(8 * 24, 0.1))


@pytest.mark.parametrize(
    "answer", [HEALTHY, PITR, listing(days(*range(30)), pitr=True, physical=window(9, 0))]
)
def test_a_healthy_list_is_green(answer):
    assert verdicts(answer) == {}


@pytest.mark.parametrize(
    ("answer", "red"),
    [
        # No list can be without a backup and have a recent one, or one of each day.
        (listing([]), {EXISTS: "fail", RECENT: "fail", EACH_DAY: "fail"}),
        (listing(days(*range(1, 8))), {RECENT: "fail"}),
        (listing(days(*range(-1, 7))), {RECENT: "fail"}),
        (listing(days(0, 1, 2, 4, 5, 6)), {EACH_DAY: "fail"}),
        (listing([*days(*range(7)), backup(NOW, "FAILED")]), {FAILURES: "fail"}),
        (listing([*days(*range(7)), backup(NOW, "PAUSED")]), {FAILURES: "unverified"}),
        (listing(days(*range(7)), pitr=True), {POINT: "fail"}),
        (listing(days(*range(7)), pitr=True, physical=window(300, 25)), {POINT: "fail"}),
        (listing([], physical=window(8 * 24, 3)), {EACH_DAY: "unverified"}),
    ],
)
def test_a_list_turns_exactly_one_claim_red(answer, red):
    assert verdicts(answer) == red


def test_clocks_may_differ_by_minutes():
    assert verdicts(listing([*days(*range(7)), backup(NOW + timedelta(minutes=4))])) == {}


def drilled(path: Path, finished: datetime, **more) -> None:
    kept = {
        "drill_id": "one", "sample": False, "plan": {"name": "p"}, "verdict": "pass", "scope": "full",
        "finished_at": finished.isoformat(), **more,
    }  # fmt: skip
    append(path, {**dict.fromkeys(KEPT), **kept}, sha256="00")


def failures(path: Path, platform: supabase.Platform, *exempt: Exemption) -> list[str]:
    facts = SimpleNamespace(record=lambda *_: None)
    return supabase.platform_failures.__wrapped__(
        platform,
        SimpleNamespace(name="p"),
        SimpleNamespace(sample=False),
        Exemptions(exempt, today=NOW.date(), facts=facts),
        SimpleNamespace(rootpath=path.parent, getoption=lambda _: path.name),
    )


def test_failures_count_since_a_day_before_the_last_good_drill(tmp_path):
    history = tmp_path / "history.jsonl"
    failed = [backup(NEWEST - timedelta(days=n), "FAILED") for n in (1, 3, 5)]
    platform = read(listing([*days(0), *failed]))
    told = ["2026-11-18 02:00 UTC", "2026-11-20 02:00 UTC", "2026-11-22 02:00 UTC"]
    assert failures(history, platform) == told
    drilled(history, NOW - timedelta(days=1), scope="partial")
    drilled(history, NOW - timedelta(days=1), verdict="fail")
    drilled(history, NOW - timedelta(days=1), plan={"name": "another"})
    drilled(history, NOW - timedelta(days=1), sample=True)
    assert failures(history, platform) == told
    drilled(history, NOW - timedelta(days=3))
    # What had begun on the day before it may have failed later.
    assert failures(history, platform) == told[1:]
    exempt = Exemption(
        control="platform-backup-failures", object=told[1], reason="r", owner="o", until=date(2026, 12, 1)
    )
    assert failures(history, platform, exempt) == told[2:]


# Asking


def fetch(wire: Wire, **more) -> supabase.Platform:
    return supabase.fetch(**{"project_ref": REF, "environ": ENVIRON, "wire": wire, "now": NOW, **more})


def answers(world, *responses: httpx.Response | Exception) -> tuple[Wire, list[httpx.Request]]:
    """A wire that gives these answers, the last of them again and again; and the requests that came."""
    left, sent = list(responses), []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return world.answering(handler), sent


def test_one_request_tells_it_all(world):
    wire, sent = answers(world, httpx.Response(200, json=HEALTHY))
    assert fetch(wire).newest == NEWEST
    (request,) = sent
    assert (request.method, str(request.url)) == ("GET", URL)
    assert request.headers["Authorization"] == "Bearer sbp_canary"


@pytest.mark.parametrize(
    ("status", "says", "hint"),
    [
        (401, "refused the access token", "has expired"),
        (403, "does not let the access token read", "backups_read"),
        (404, "knows no such project", "supabase.project_ref"),
        (429, "was asked too often", "run the drill again in a minute"),
        (307, "answered 307", "later"), (500, "answered 500", "later"), (503, "answered 503", "later"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_to_do(world, status, says, hint):
    wire, sent = answers(world, httpx.Response(status, headers={"Location": "https://evil.invalid/"}))
    with pytest.raises(DrillError, match=says) as caught:
        fetch(wire)
    assert type(caught.value) is DrillError
    assert hint in caught.value.hint
    assert "canary" not in str(caught.value)
    assert {request.url.host for request in sent} == {"api.supabase.com"}
    assert len(sent) == (4 if status == 503 else 1)


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "42"}, [42]),
        ({"Retry-After": "3", "X-RateLimit-Reset": "42"}, [3]),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "5"}, [5]),
        ({"X-RateLimit-Reset": "61"}, []),
        ({"X-RateLimit-Reset": "-3"}, []),
        ({"Retry-After": "9" * 400}, []),
        ({}, []),
    ],
)
def test_the_rate_limit_is_waited_for_once_and_not_beyond_its_minute(world, monkeypatch, headers, waits):
    slept = []
    monkeypatch.setattr(asking.time, "sleep", slept.append)
    wire, sent = answers(world, httpx.Response(429, headers=headers), httpx.Response(200, json=HEALTHY))
    if waits:
        assert fetch(wire).newest == NEWEST
    else:
        with pytest.raises(DrillError, match="asked too often"):
            fetch(wire)
    assert (slept, len(sent)) == (waits, 1 + len(waits))


def test_a_limit_that_stays_is_told_and_not_pressed(world, monkeypatch):
    monkeypatch.setattr(asking.time, "sleep", lambda _: None)
    wire, sent = answers(world, httpx.Response(429, headers={"X-RateLimit-Reset": "42"}))
    with pytest.raises(DrillError) as caught:
        fetch(wire)
    assert caught.value.hint.endswith("run the drill again in 42 s.")
    assert len(sent) == 2


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["restore", "restore-pitr", "restore-point", "undo", ""])
def test_no_endpoint_that_restores_can_be_called(world, monkeypatch, method, path):
    """With the very client that asks for the list."""
    wire, sent = answers(world, httpx.Response(200, json=HEALTHY))
    opened = []
    make_client = http.client

    def caught(*args, **options):
        opened.append((args, options))
        return make_client(*args, **options)

    monkeypatch.setattr(asking.http, "client", caught)
    fetch(wire)
    ((args, options),) = opened
    assert "posts" not in options
    with make_client(*args, **options) as client, pytest.raises(DrillError, match="a drill only reads"):
        client.request(method, f"{URL}/{path}", json={"id": 1})
    assert len(sent) == 1


@pytest.mark.parametrize(("shift", "way"), [(-2, "ahead of"), (2, "behind")])
def test_a_clock_that_is_wrong_makes_ages_unverified(world, shift, way):
    said = (datetime.now(UTC) + timedelta(hours=shift)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    wire, _ = answers(world, httpx.Response(200, headers={"Date": said}, json=HEALTHY))
    with pytest.raises(DrillError, match=f"this machine's clock is .* {way} Supabase's"):
        fetch(wire)
    # As of an instant that was given, no clock is needed.
    assert fetch(wire, check_clock=False).newest == NEWEST


@pytest.mark.parametrize("said", ["", "yesterday", "Mon, 99 Foo 2026 99:99:99 GMT"])
def test_a_date_that_is_none_says_nothing(world, said):
    wire, _ = answers(world, httpx.Response(200, headers={"Date": said}, json=HEALTHY))
    assert fetch(wire).newest == NEWEST


@pytest.mark.parametrize("token", ["", "sbp_canary\n", "sbp_can\u00e4ry", "sbp_\x00"])
def test_a_token_that_can_be_none_is_named_and_not_sent(world, token):
    wire, sent = answers(world, httpx.Response(200, json=HEALTHY))
    with pytest.raises(DrillError, match=r"^SUPABASE_ACCESS_TOKEN (is not set|holds characters)") as caught:
        fetch(wire, environ={asking.TOKEN: token})
    assert sent == []
    assert "sbp_" not in str(caught.value)


def test_the_samples_platform_is_healthy_as_of_the_drill(world):
    later = NOW + timedelta(days=30)
    environ = {asking.TOKEN: "sample-token"}
    found = fetch(
        Wire(transport=make(world.company, environ, now=later).transport), environ=environ, now=later
    )
    assert found.newest == later.replace(hour=2)
    assert (found.days_missing(7), found.failed(None), found.physical_only) == ([], [], False)
    with pytest.raises(DrillError, match="refused the access token"):
        fetch(Wire(transport=make(world.company, environ).transport))


def test_the_samples_platform_keeps_its_own_limit(world, monkeypatch):
    slept = []
    monkeypatch.setattr(asking.time, "sleep", slept.append)
    environ = {asking.TOKEN: "sample-token"}
    wire = Wire(transport=make(world.company, environ).transport)
    for _ in range(120):
        fetch(wire, environ=environ)
    with pytest.raises(DrillError, match="asked too often"):
        fetch(wire, environ=environ)
    assert slept == [60]


# Over a socket


@pytest.fixture
def server():
    from pytest_httpserver import HTTPServer

    with HTTPServer() as running:
        yield running


@pytest.fixture
def over(server, world, monkeypatch):
    """Asks the server on this machine, with little patience."""
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(0.3))
    monkeypatch.setattr(http, "LONGEST", 0.5)
    retry = world.answering(lambda _: None).retry

    def ask(**more) -> supabase.Platform:
        return fetch(Wire(retry=retry), base_url=server.url_for("").rstrip("/"), **more)

    return ask


PATH = f"/v1/projects/{REF}/database/backups"


def test_a_real_server_is_asked_with_the_token(server, over):
    server.expect_request(
        PATH, method="GET", headers={"Authorization": "Bearer sbp_canary"}
    ).respond_with_json(HEALTHY)
    assert over().newest == NEWEST
    server.check()


def test_a_real_429_is_waited_for(server, over, monkeypatch):
    slept = []
    monkeypatch.setattr(asking.time, "sleep", slept.append)
    server.expect_ordered_request(PATH).respond_with_data("", status=429, headers={"X-RateLimit-Reset": "7"})
    server.expect_ordered_request(PATH).respond_with_json(HEALTHY)
    assert over().newest == NEWEST
    assert slept == [7]


def test_a_server_that_does_not_answer_is_a_time_out(server, over):
    release = threading.Event()
    server.expect_request(PATH).respond_with_handler(lambda _: release.wait(10) and Response("{}"))
    try:
        with pytest.raises(DrillError, match=r"did not answer at localhost \(ReadTimeout\)"):
            over()
    finally:
        release.set()


def test_an_answer_that_drips_is_not_waited_for(server, over):
    stop = threading.Event()

    def drip():
        for _ in range(60):  # at most: whoever waits for all of it gets no JSON
            if stop.wait(0.05):
                return
            yield b" "

    server.expect_request(PATH).respond_with_handler(lambda _: Response(drip()))
    try:
        with pytest.raises(DrillError, match="so slowly that it did not end"):
            over()
    finally:
        stop.set()


def test_an_answer_without_an_end_is_not_kept(server, over, monkeypatch):
    monkeypatch.setattr(http, "MOST_BYTES", 1_000_000)
    server.expect_request(PATH).respond_with_data(b" " * 1_000_001)
    with pytest.raises(DrillError, match="is larger than 1 MB"):
        over()


def test_an_answer_that_is_cut_could_not_be_told(server, over):
    """The body is shorter than its header promises, as when a connection breaks."""
    body = json.dumps(HEALTHY).encode()

    def cut(_):
        response = Response(body[:100])
        response.headers["Content-Length"] = str(len(body))
        response.automatically_set_content_length = False
        return response

    server.expect_request(PATH).respond_with_handler(cut)
    with pytest.raises(DrillError, match="did not answer at localhost"):
        over()


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Bad gateway</html>", b"", b"{", b"\xff\xfe", b"[" * 100_000,
        b'{"backups": ' + b"9" * 9999 + b"}",
    ],
)  # fmt: skip
def test_what_is_no_list_could_not_be_told(server, over, body):
    server.expect_request(PATH).respond_with_data(body)
    with pytest.raises(DrillError, match=r"no JSON|unknown shape") as caught:
        over()
    assert type(caught.value) is DrillError


def test_the_token_follows_no_redirect(server, over):
    from pytest_httpserver import HTTPServer

    with HTTPServer() as other:
        other.expect_request(PATH).respond_with_json(HEALTHY)
        away = {"Location": other.url_for(PATH)}
        server.expect_request(PATH).respond_with_data("", status=308, headers=away)
        with pytest.raises(DrillError, match="answered 308"):
            over()
        assert other.log == []


def test_nobody_there_is_told(over, server):
    server.stop()
    with pytest.raises(DrillError, match=r"did not answer at localhost \(ConnectError\)"):
        over()
