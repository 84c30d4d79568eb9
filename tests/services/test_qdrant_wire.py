"""What Qdrant is sent and what becomes of its answers, on the wire and over a real socket."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime

import httpx
import pytest
import respx

from fixtures.services import qdrant
from fixtures.services.qdrant import asking
from fixtures.services.wire import Wire
from plugins.errors import DrillError
from tests.services.answers import Server

URL = "https://qdrant.sample.invalid:6333/prefix"
NAME = "/collections/location_a%2Fb"
SETUP = {
    "status": "green",
    "optimizer_status": "ok",
    "segments_count": 1,
    "config": {"params": {"vectors": {"size": 2, "distance": "Cosine"}}},
    "payload_schema": {},
}
# All that a healthy Qdrant answers for one location, by the end of the path.
HEALTHY = {
    "/collections": {"collections": [{"name": "location_a/b"}]},
    "/aliases": {"aliases": []},
    NAME: SETUP,
    f"{NAME}/points/count": {"count": 1},
    f"{NAME}/points/scroll": {
        "points": [{"id": 1, "vector": [1.0, 0.5], "payload": {"document_id": "d1"}}],
        "next_page_offset": None,
    },
    f"{NAME}/points/query": {"points": [{"id": 1, "version": 0, "score": 1.0}]},
    f"{NAME}/snapshots": [{"name": "s", "creation_time": "2026-11-23T02:00:00", "size": 9, "checksum": None}],
}


def result(value):
    return httpx.Response(200, json={"result": value, "status": "ok", "time": 0.0})


def fetch(world, wire, url=URL, **changes):
    world.restored.answers["locations"] = [{"id": "a/b"}]
    world.restored.answers["documents"] = [{"id": "d1", "location_id": "a/b"}]
    asked = {
        "url": url,
        "locations": "locations",
        "collection": "location_{id}",
        "documents": "documents",
        "snapshots_age": qdrant.SKEW,
        "now": datetime(2026, 11, 23, 2, 1, tzinfo=UTC),
        **world.facts,
        **changes,
    }
    return qdrant.fetch(wire=wire, **asked)


def healthy(request):
    return result(HEALTHY[request.url.raw_path.decode().removeprefix("/prefix")])


def test_each_request_is_as_described_and_carries_the_key(world):
    """Exactly these are sent; any other finds no route, and fails."""
    router = respx.MockRouter(assert_all_called=True)
    base = {
        "scheme": "https",
        "host": "qdrant.sample.invalid",
        "port": 6333,
        "headers": {"api-key": "key-of-qdrant"},
    }
    bodies = {
        f"{NAME}/points/count": [{"exact": True}],
        f"{NAME}/points/scroll": [
            {"limit": 1000, "with_payload": ["document_id"], "with_vector": False, "offset": None},
            {"limit": 1, "with_payload": False, "with_vector": True},
        ],
        f"{NAME}/points/query": [{"query": [1.0, 0.5], "limit": 10}],
    }
    for path, answer in HEALTHY.items():
        for body in bodies.get(path, [None]):
            how = {"method": "GET"} if body is None else {"method": "POST", "json__eq": body}
            router.route(url__regex=rf"{URL}{path}$", params__eq={}, **base, **how).mock(result(answer))
    found = fetch(world, world.answering(router.handler))
    router.assert_all_called()
    assert (found.without_collection, found.empty, found.without_points, found.unfindable) == ([], [], [], [])
    assert found.outdated == []
    assert all(str(len(route.calls)) == "1" for route in router.routes)


def test_pages_are_read_to_their_end_and_not_in_a_circle(world):
    offsets = iter([7, "u-1", None])

    def handler(request):
        if not request.url.path.endswith("/scroll"):
            return healthy(request)
        body = json.loads(request.content)
        if body["limit"] == 1:
            return healthy(request)
        offset = next(offsets)
        point = {"id": 1, "payload": {"document_id": f"d{offset}"}}
        return result({"points": [point], "next_page_offset": offset})

    (held,) = fetch(world, world.answering(handler)).by_location.values()
    assert len(held.documents) == 3
    offsets = iter([7, 8, 7])
    with pytest.raises(DrillError, match="lead in a circle"):
        fetch(world, world.answering(handler))


def test_collections_are_asked_for_side_by_side(world):
    """Eight answers wait for each other: one after the other none of them would come."""
    together = threading.Barrier(8)
    world.restored.answers["locations"] = [{"id": number} for number in range(8)]

    def handler(request):
        name, _, what = request.url.path.removeprefix("/prefix/collections/location_").partition("/")
        if what == "points/count":
            together.wait(timeout=60)
        if name.isdigit():
            return result(HEALTHY[f"{NAME}/{what}" if what else NAME])
        return result({"collections": [{"name": f"location_{number}"} for number in range(8)], "aliases": []})

    found = qdrant.fetch(
        url=URL,
        locations="locations",
        collection="location_{id}",
        wire=world.answering(handler),
        **world.facts,
    )
    assert len(found.by_location) == 8


def test_a_busy_qdrant_is_asked_again(world):
    busy = [httpx.Response(429, headers={"Retry-After": "0"}), httpx.Response(503)]
    found = fetch(world, world.answering(lambda request: busy.pop() if busy else healthy(request)))
    assert (len(found.by_location), busy) == (1, [])


@pytest.mark.parametrize("path", HEALTHY)
@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (httpx.Response(401), r"refused the credential \(401\)"),
        (httpx.Response(403), r"refused the credential \(403\)"),
        (httpx.Response(404), "answered 404"),
        (httpx.Response(429, headers={"Retry-After": "0"}), "answered 429"),
        (httpx.Response(500), "answered 500"),
        (httpx.Response(302, headers={"Location": "https://evil.invalid/"}), "answered 302"),
        (
            httpx.Response(200, text="<html>", headers={"Content-Type": "text/html"}),
            "answered with something that is no JSON",
        ),
        (httpx.Response(200, text='{"result": '), "answered with something that is no JSON"),
        (httpx.Response(200, json=[]), "answered with something that is not Qdrant's"),
        (httpx.Response(200, json={"result": None}), "answered with something that is not Qdrant's"),
        (httpx.Response(200, json={"result": 7}), "answered with something that is not Qdrant's"),
        (httpx.Response(200, json={"result": [[]]}), "answered with something that is not Qdrant's"),
        (
            httpx.Response(200, json={"status": {"error": "row-value"}}),
            "answered with something that is not Qdrant's",
        ),
    ],
)
def test_what_qdrant_does_wrong_could_not_be_told(world, path, answer, message):
    def handler(request):
        return answer if request.url.raw_path.decode().endswith(path) else healthy(request)

    with pytest.raises(DrillError, match=rf"^Qdrant at qdrant\.sample\.invalid {message}") as caught:
        fetch(world, world.answering(handler))
    assert type(caught.value) is DrillError
    assert "row-value" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_no_collection_at_all_is_an_answer(world):
    found = fetch(world, world.answering(lambda _: result({"collections": [], "aliases": []})))
    assert (len(found.collections), len(found.without_collection)) == (0, 1)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/collections/a/points/delete"),
        ("POST", "/collections/a/points"),
        ("POST", "/collections/a/points/payload"),
        ("POST", "/collections/a/snapshots"),
        ("POST", "/collections/aliases"),
        ("POST", "/collections/a/points/delete?x=/collections/a/facet"),
        ("POST", "/collections/a%2Fpoints%2Fcount"),
        ("POST", "/snapshots"),
        ("PUT", "/collections/a/points/count"),
        ("PUT", "/collections/a/snapshots/recover"),
        ("PATCH", "/collections/a"),
        ("DELETE", "/collections/a"),
    ],
)
def test_what_writes_is_never_sent(world, method, path):
    sent = []
    wire = world.answering(lambda request: sent.append(request) or result(True))
    with (
        asking.connected(URL, wire, key="key") as api,
        pytest.raises(DrillError, match=f"was to be sent a {method}, and a drill only reads"),
    ):
        api._result(api._request(method, path))
    assert sent == []


# Over a real socket


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(asking, "TIMEOUT", (0.3,) * 4)


def over_a_socket(world, server):
    return fetch(world, Wire(retry=world.wire().retry), url=server.url)


def test_a_real_server_is_read(world):
    with Server(lambda path: json.dumps({"result": HEALTHY[path]}).encode()) as server:
        found = over_a_socket(world, server)
    assert (found.without_collection, found.without_points, found.unfindable) == ([], [], [])


@pytest.mark.parametrize("path", ["/collections", f"{NAME}/points/query"])
def test_a_qdrant_that_falls_silent_could_not_be_told(world, impatient, path):
    def answer(asked):
        return None if asked == path else json.dumps({"result": HEALTHY[asked]}).encode()

    with (
        Server(answer) as server,
        pytest.raises(DrillError, match=r"^Qdrant did not answer at .* \(ReadTimeout\)"),
    ):
        over_a_socket(world, server)


@pytest.mark.parametrize("path", ["/aliases", f"{NAME}/points/scroll"])
def test_an_answer_that_is_cut_off_could_not_be_told(world, path):
    def answer(asked):
        return json.dumps({"result": HEALTHY[asked]}).encode()

    with (
        Server(answer, cut=path) as server,
        pytest.raises(DrillError, match=r"^Qdrant did not answer at .* \(RemoteProtocolError\)"),
    ):
        over_a_socket(world, server)
