"""A backup behind a URL: its signature is a secret, and what the host does wrong is noticed."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from werkzeug import Request, Response

from fixtures.archive import open_archive
from fixtures.catalogue.listing import list_backups
from fixtures.places import place_of
from fixtures.places.tries import Tries
from fixtures.places.web import WebPlace, web_place
from plugins.errors import BackupError, DrillError

from .answers import BODY, HEADERS, QUICK, cut, given

SIGNATURE = "?X-Amz-Signature=canary-of-a-signature"
NAME = "b-20261122T020000Z.sql"


class Host:
    """One URL whose answers are what a test says, one for each request; the last stays."""

    def __init__(self, host) -> None:
        self.asked: list[Request] = []
        self.url = host.url_for(f"/daily/{NAME}")
        self._host = host

    def answer(self, *answers) -> None:
        queue = list(answers)

        def handle(request: Request) -> Response:
            self.asked.append(request)
            return (queue.pop(0) if len(queue) > 1 else queue[0])(request)

        self._host.expect_request(f"/daily/{NAME}").respond_with_handler(handle)

    def place(self, tries: Tries = QUICK, query: str = SIGNATURE) -> WebPlace:
        return web_place("https:", environ={"URL": self.url + query}, url_env="URL", tries=tries)

    def read(self, tries: Tries = QUICK) -> bytes:
        (backup,) = list_backups(self.place(tries)).backups
        return b"".join(backup.chunks(""))


@pytest.fixture
def web(host) -> Host:
    return Host(host)


def whole(_request: Request) -> Response:
    """From a host that gives no parts."""
    return Response(BODY, 200, HEADERS)


def test_what_is_behind_a_signed_url_is_told_and_the_url_is_not(web):
    web.answer(given)
    (backup,) = list_backups(web.place()).backups
    assert (backup.label, backup.size_bytes) == (NAME, len(BODY))
    assert backup.taken_at.isoformat() == "2026-11-22T02:00:00+00:00"
    assert backup.source == f"http://127.0.0.1/.../{NAME}"
    assert "canary" not in repr(backup) + repr(web.place())
    assert {request.method for request in web.asked} == {"GET"}, "a signed URL of S3 refuses HEAD"


@pytest.mark.parametrize("answer", [given, whole])
def test_it_is_read(web, answer):
    web.answer(answer)
    assert web.read() == BODY


def test_a_dump_is_opened(web, tmp_path):
    body = (Path(__file__).parent.parent / "archive" / "data" / "pg18.dump").read_bytes()
    web.answer(lambda request: given(request, body))
    (backup,) = list_backups(web.place()).backups
    archive = open_archive(backup, folder=tmp_path)
    assert archive.complete
    assert archive.sha256 == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("answer", [given, whole])
def test_what_is_cut_is_taken_up_again(web, answer):
    web.answer(answer, lambda request: cut(answer(request), 3000), answer)
    assert web.read() == BODY
    if answer is given:
        assert web.asked[-1].headers["Range"] == f"bytes=3000-{len(BODY) - 1}"


def test_what_is_cut_for_ever_is_given_up(web):
    web.answer(given, lambda request: cut(given(request), 10))
    with pytest.raises(DrillError) as caught:
        web.read()
    assert caught.value.message.endswith(": its answer was cut, more than once")
    assert [request.headers["Range"] for request in web.asked if "0-0" not in request.headers["Range"]] == [
        f"bytes={start}-{len(BODY) - 1}" for start in (0, 10, 20)
    ]


@pytest.mark.parametrize("answer", [given, whole])
def test_what_is_replaced_after_a_cut_is_not_read_on(web, answer):
    def other(request: Request) -> Response:
        response = answer(request)
        response.headers["ETag"] = '"e2"'
        return response

    web.answer(answer, lambda request: cut(answer(request), 3000), other)
    with pytest.raises(DrillError, match="was replaced while it was read"):
        web.read()


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        (403, DrillError, "refuses us (403)"),
        (401, DrillError, "refuses us (401)"),
        (404, BackupError, "does not exist (404)"),
        (410, BackupError, "does not exist (410)"),
        (429, DrillError, "cannot be read: it answered 429, more than once"),
        (500, DrillError, "cannot be read: it answered 500, more than once"),
        (503, DrillError, "cannot be read: it answered 503, more than once"),
        (418, DrillError, "answered 418"),
    ],
)
def test_what_is_not_given_is_a_sentence(web, status, error, message):
    web.answer(lambda _request: Response("canary", status))
    with pytest.raises(DrillError) as caught:
        web.place().items()
    assert (type(caught.value), caught.value.message) == (error, f"http://127.0.0.1/.../{NAME} {message}")
    assert "canary" not in str(caught.value)


def test_a_busy_host_is_asked_again_when_it_says(web):
    web.answer(lambda _request: Response("", 429, {"Retry-After": "0"}), given)
    assert web.read(Tries(first_wait=3600, longest_wait=1)) == BODY


def test_a_host_that_is_busy_for_an_hour_is_not_waited_for(web):
    web.answer(lambda _request: Response("", 429, {"Retry-After": "3600"}))
    with pytest.raises(DrillError, match="it answered 429"):
        web.read(Tries(longest_wait=20))
    assert len(web.asked) == 1


def test_a_length_that_is_not_said(web):
    web.answer(lambda _request: Response(iter([BODY]), 200, {"Connection": "close"}))
    with pytest.raises(DrillError, match="does not say how long it is"):
        web.place().items()


def test_other_bytes_than_were_asked_for(web):
    def other(request: Request) -> Response:
        response = given(request)
        response.headers["Content-Range"] = f"bytes 5-{len(BODY) - 1}/{len(BODY)}"
        return response

    web.answer(given, other)
    with pytest.raises(DrillError, match="gave other bytes than were asked for"):
        web.read()


# Redirects


def test_a_redirect_is_followed_without_credentials(web, host):
    there: list[Request] = []

    def elsewhere(request: Request) -> Response:
        there.append(request)
        return given(request)

    host.expect_request("/elsewhere").respond_with_handler(elsewhere)
    at = f"http://user:word@localhost:{host.port}/elsewhere"
    web.answer(lambda _request: Response(status=302, headers={"Location": at}))
    web.url = web.url.replace("//", "//somebody:canary@")
    assert web.read() == BODY
    assert web.asked[0].headers["Authorization"].startswith("Basic")
    for request in there:
        assert "Authorization" not in request.headers
        assert "canary" not in str(request.headers) + request.full_path


@pytest.mark.parametrize("location", ["http://192.0.2.1/b.sql", "ftp://127.0.0.1/b.sql"])
def test_a_redirect_to_plain_http_is_not_followed(web, location):
    web.answer(lambda _request: Response(status=302, headers={"Location": location}))
    with pytest.raises(DrillError, match="redirects to what is no https:// URL, and was not followed there"):
        web.place().items()


def test_a_redirect_to_what_is_no_url(web):
    web.answer(lambda _request: Response(status=302, headers={"Location": "http://[::1"}))
    with pytest.raises(DrillError, match="cannot be read"):
        web.place().items()


def test_a_redirect_in_a_circle(web):
    web.answer(lambda _request: Response(status=302, headers={"Location": web.url}))
    with pytest.raises(DrillError, match="redirects in a circle"):
        web.place().items()


# The URL


@pytest.mark.parametrize(
    "url", ["http://backups.example.com/b.sql", "ftp://h/b", "nothing", "https://", "http://[::1", "s3://b/c"]
)
def test_a_variable_that_holds_no_private_url(url):
    with pytest.raises(DrillError) as caught:
        place_of("https:", folder=Path(), environ={"BACKUP_URL": url}, url_env="BACKUP_URL")
    assert caught.value.message == "BACKUP_URL holds no https:// URL"


def test_a_variable_that_is_not_set():
    with pytest.raises(DrillError, match="BACKUP_URL is not set"):
        place_of("https:", folder=Path(), environ={}, url_env="BACKUP_URL")


def test_nothing_listens_there():
    place = web_place("http://127.0.0.1:1/b.sql", environ={}, url_env=None, tries=QUICK)
    with pytest.raises(DrillError, match=r"cannot be read: it does not answer \(ConnectError\)"):
        place.items()


def test_a_host_without_an_address():
    place = web_place("https://nowhere.invalid/b.sql", environ={}, url_env=None, tries=QUICK)
    with pytest.raises(DrillError, match="cannot be read: its host's name was not found"):
        place.items()


def test_a_host_that_speaks_no_tls(web):
    place = web_place(web.url.replace("http:", "https:"), environ={}, url_env=None, tries=QUICK)
    with pytest.raises(
        DrillError, match="cannot be read: its TLS certificate is not trusted, or it does not"
    ):
        place.items()


# Companions


def test_a_companion_lies_beside_a_url_without_a_query(web, host):
    web.answer(given)
    host.expect_request(f"/daily/{NAME}.sha256").respond_with_data("abc")
    host.expect_request(f"/daily/{NAME}.md5").respond_with_data("", 404)
    (backup,) = list_backups(web.place(query="")).backups
    assert backup.place.read(backup.companion(".sha256")) == b"abc"
    assert backup.place.read(backup.companion(".md5")) is None
    (backup,) = list_backups(web.place()).backups
    assert backup.place.read(backup.companion(".sha256")) is None, "a signature is for one file"


def test_nothing_is_written_to_a_url(web):
    web.answer(given)
    (backup,) = list_backups(web.place()).backups
    with pytest.raises(DrillError, match=r"nothing is written to a URL"):
        backup.place.write(backup.companion(".manifest.json"), b"{}")


@pytest.mark.parametrize(
    ("header", "value", "algorithm"),
    [
        ("Repr-Digest", "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:", "sha256"),
        ("x-goog-hash", "crc32c=AAAAAA==,md5=kAFQmDzST7DWlj99KOF/cg==", "md5"),
        ("x-ms-blob-content-md5", "kAFQmDzST7DWlj99KOF/cg==", "md5"),
    ],
)
def test_a_digest_that_the_host_tells(web, header, value, algorithm):
    web.answer(lambda request: given(request, **{header: value}))
    place = web.place()
    assert place.sums(place.items()[0]) == {algorithm: hashlib.new(algorithm, b"abc").hexdigest()}


def test_a_large_file_comes_in_order(web):
    body = bytes(range(251)) * 100_000
    web.answer(lambda request: given(request, body))
    assert web.read() == body
    assert len([r for r in web.asked if re.match(r"bytes=\d+-\d{7,}", r.headers["Range"])]) == 3
