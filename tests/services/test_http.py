"""The client that every service uses: it reads, it is patient for a while, and it keeps quiet."""

from __future__ import annotations

import http.server
import logging
import threading

import httpx
import pytest

from fixtures.services import http as services_http
from fixtures.services import qdrant
from fixtures.services.pseudonyms import Pseudonyms
from fixtures.services.wire import Wire
from plugins.errors import DrillError

URL = httpx.URL("https://service.invalid/things?token=hidden")


def client(wire, **options):
    return services_http.client(wire, service="the service", url=str(URL), **options)


def get(wire):
    with client(wire) as opened:
        return services_http.get_object(opened, URL, service="The service", credentials="A_KEY")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "MERGE"])
def test_only_reading_passes(world, method):
    sent = []
    wire = world.answering(lambda request: sent.append(request) or httpx.Response(200))
    with client(wire) as opened, pytest.raises(DrillError, match=f"sent a {method}, and a drill only reads"):
        opened.request(method, URL)
    assert sent == []


@pytest.mark.parametrize(
    "url", ["https://evil.invalid/", "http://service.invalid/", "https://service.invalid:8443/"]
)
def test_only_one_origin_is_reached(world, url):
    with (
        client(world.answering(lambda _: httpx.Response(200))) as opened,
        pytest.raises(DrillError, match="led to another host"),
    ):
        opened.get(url)


@pytest.mark.parametrize("location", ["https://evil.invalid/", "https://service.invalid/elsewhere"])
def test_a_redirect_is_not_followed(world, location):
    calls = []

    def handler(request):
        calls.append(request)
        return httpx.Response(307, headers={"Location": location})

    with pytest.raises(DrillError, match=r"The service at service\.invalid answered 307"):
        get(world.answering(handler))
    assert len(calls) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_service_is_asked_again(world, status):
    answers = iter([httpx.Response(status, headers={"Retry-After": "0"}), httpx.Response(200, json={"a": 1})])
    assert get(world.answering(lambda _: next(answers))) == {"a": 1}


def test_a_broken_connection_is_tried_again(world):
    answers = iter([httpx.ConnectError("refused"), httpx.Response(200, json={"a": 1})])

    def handler(_):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert get(world.answering(handler)) == {"a": 1}


@pytest.mark.parametrize(("status", "calls"), [(500, 1), (503, 4), (429, 4)])
def test_patience_ends(world, status, calls):
    sent = []
    wire = world.answering(lambda request: sent.append(request) or httpx.Response(status))
    with pytest.raises(DrillError, match=f"answered {status}\n") as caught:
        get(wire)
    assert len(sent) == calls
    assert type(caught.value) is DrillError


def test_patience_is_bounded_whatever_the_service_asks_for(world, monkeypatch):
    slept = []
    monkeypatch.setattr("httpx_retries.retry.time.sleep", slept.append)
    answer = httpx.Response(503, headers={"Retry-After": "86400"})
    wire = Wire(transport=httpx.MockTransport(lambda _: answer))
    with pytest.raises(DrillError, match="answered 503"):
        get(wire)
    assert 0 < sum(slept) <= 45
    assert max(slept) <= 30


@pytest.mark.parametrize("text", ["", "<html>", "{", "\ufeff{]"])
def test_what_is_no_json_could_not_be_told(world, text):
    with pytest.raises(DrillError, match="is no JSON"):
        get(world.answering(lambda _: httpx.Response(200, text=text)))


def test_bytes_that_are_no_text_could_not_be_told(world):
    with pytest.raises(DrillError, match="is no JSON"):
        get(world.answering(lambda _: httpx.Response(200, content=b"\xff\xfe\xfd")))


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_credential_names_what_to_check(world, status):
    with pytest.raises(DrillError) as caught:
        get(world.answering(lambda _: httpx.Response(status)))
    assert caught.value.message == f"The service at service.invalid refused the credential ({status})"
    assert caught.value.hint == "Check A_KEY."


def test_query_strings_reach_neither_log_nor_message(world, caplog):
    caplog.set_level(logging.DEBUG)

    def handler(request):
        raise httpx.ReadTimeout(f"slow: {request.url}")

    with pytest.raises(DrillError) as caught:
        get(world.answering(handler))
    get(world.answering(lambda _: httpx.Response(200, json={})))
    assert "hidden" not in caplog.text
    assert "hidden" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_wait_that_the_service_asks_for_is_kept(monkeypatch):
    slept = []
    monkeypatch.setattr("httpx_retries.retry.time.sleep", slept.append)
    answers = iter([httpx.Response(429, headers={"Retry-After": "17"}), httpx.Response(200, json={"a": 1})])
    assert get(Wire(transport=httpx.MockTransport(lambda _: next(answers)))) == {"a": 1}
    assert slept == [17.0]


class Listening:
    """Two servers on loopback: the first sends everybody on to the second, which writes down who comes."""

    def __init__(self) -> None:
        self.reached: list[str] = []
        listening = self

        class Second(http.server.BaseHTTPRequestHandler):
            def handle_one_request(self):
                super().handle_one_request()
                listening.reached.append(str(self.headers))

        class First(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(302)
                self.send_header("Location", listening.url(1))
                self.end_headers()

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_):
                pass

        self.servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) for kind in (First, Second)]

    def url(self, nth: int) -> str:
        return f"http://127.0.0.1:{self.servers[nth].server_address[1]}/"


@pytest.fixture
def listening():
    found = Listening()
    for server in found.servers:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield found
    for server in found.servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("login", ["basic", "header"])
def test_no_credential_follows_a_redirect(listening, login):
    options = {"auth": httpx.BasicAuth("user", "hidden")} if login == "basic" else {}
    options |= {"headers": {"xi-api-key": "hidden"}} if login == "header" else {}
    url = listening.url(0)
    with services_http.client(Wire(), service="It", url=url, **options) as opened:
        with pytest.raises(DrillError, match="answered 302"):
            services_http.get(opened, httpx.URL(url), service="It", credentials="A_KEY")
        # Nor where somebody asks it to.
        with pytest.raises(DrillError, match="led to another host"):
            opened.get(url, follow_redirects=True)
    assert listening.reached == []


def test_no_credential_of_qdrant_follows_a_redirect(listening):
    rows = {"locations": [{"id": "a"}]}
    restored = type("Restored", (), {"select": lambda _self, sql: rows[sql]})()
    with pytest.raises(DrillError, match="answered 302"):
        qdrant.fetch(
            url=listening.url(0), locations="locations", collection="location_{id}",
            environ={"QDRANT_API_KEY": "hidden"}, restored=restored, wire=Wire(),
            pseudonyms=Pseudonyms(b"a key"),
        )  # fmt: skip
    assert listening.reached == []


def test_a_url_that_is_none_is_an_error(world):
    with pytest.raises(DrillError, match="the URL of it is none"):
        services_http.client(world.wire(), service="it", url="https://host:port/")


def test_requests_go_over_the_network_without_a_simulator():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"a": 1}')

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        url = httpx.URL(f"http://127.0.0.1:{server.server_address[1]}/")
        with services_http.client(Wire(), service="it", url=str(url)) as opened:
            answer = services_http.get_object(opened, url, service="It", credentials="")
        server.shutdown()
    assert answer == {"a": 1}
