"""Qdrant's client against the in-memory one, with exactly one thing wrong, and over a wire."""

from __future__ import annotations

import dataclasses

import httpx
import pytest

from fixtures.services import qdrant
from plugins.errors import DrillError

URL = "https://qdrant.sample.invalid"


def fetch(world, wire, **changes):
    asked = {
        "url": URL,
        "locations": "locations",
        "collection": "location_{id}",
        "documents": "documents",
        **world.facts,
        **changes,
    }
    return qdrant.fetch(wire=wire, **asked)


def test_a_company_agrees_with_its_own_qdrant(world):
    found = fetch(world, world.wire())
    assert len(found.collections) == len(found.locations) == 40
    assert sum(held.points for held in found.by_location.values()) == sum(
        document.chunk_count for document in world.company.rag_documents
    )
    assert len(found.documents) == 300
    assert (found.without_collection, found.empty, found.incomplete) == ([], [], 0)
    assert (found.without_points, found.orphaned) == ([], [])


def test_a_location_without_a_collection_is_found(world):
    gone = world.company.locations[5]
    held = dataclasses.replace(
        world.company,
        locations=tuple(location for location in world.company.locations if location is not gone),
    )
    found = fetch(world, world.wire(held))
    assert found.without_collection == [world.pseudonyms.of("location", gone.id)]
    assert found.empty == []


def test_an_alias_is_no_collection(world):
    from qdrant_client import models

    gone, other = world.company.locations[:2]
    held = dataclasses.replace(world.company, locations=world.company.locations[1:])
    wire = world.wire(held)
    alias = models.CreateAlias(collection_name=f"location_{other.id}", alias_name=f"location_{gone.id}")
    wire.qdrant().update_collection_aliases([models.CreateAliasOperation(create_alias=alias)])
    assert wire.qdrant().collection_exists(f"location_{gone.id}")  # the trap
    assert fetch(world, wire).without_collection == [world.pseudonyms.of("location", gone.id)]


def test_an_empty_collection_is_found(world):
    location = world.company.locations[7]
    held = dataclasses.replace(
        world.company,
        rag_documents=tuple(
            document for document in world.company.rag_documents if document.location_id != location.id
        ),
    )
    found = fetch(world, world.wire(held))
    assert found.empty == [world.pseudonyms.of("location", location.id)]
    assert found.without_collection == []


def test_documents_are_compared_both_ways(world):
    first, *others = world.company.rag_documents
    moved = dataclasses.replace(others[0], location_id=world.company.locations[0].id)
    assert moved.location_id != others[0].location_id
    held = dataclasses.replace(world.company, rag_documents=(moved, *others[1:]))
    found = fetch(world, world.wire(held))
    of = world.pseudonyms.of
    assert set(found.without_points) == {of("document", first.id), of("document", others[0].id)}
    assert found.orphaned == [of("document", moved.id)]


def test_documents_that_the_plan_leaves_out_are_not_asked_for(world):
    found = fetch(world, world.wire(), documents=None)
    assert found.documents is None
    assert not any(held.documents for held in found.by_location.values())


def test_a_row_cannot_steer_the_name_of_a_collection(world):
    world.restored.answers["locations"] = [{"id": "{0.__class__}"}]
    assert len(fetch(world, world.wire()).without_collection) == 1


def test_a_missing_key_is_named(world):
    with pytest.raises(DrillError, match=r"^QDRANT_API_KEY is not set"):
        fetch(world, world.wire(), environ={})


def test_nothing_printable_holds_an_id(world):
    held = dataclasses.replace(world.company, locations=world.company.locations[5:])
    found = fetch(world, world.wire(held))
    shown = f"{found!r} {found.without_collection!r} {found.without_points!r} {found.collections!r}"
    assert len(found.without_collection) == 5
    for thing in (*world.company.locations, *world.company.rag_documents):
        assert str(thing.id) not in shown


def over_http(world, handler):
    """Fetch from a Qdrant that answers by HTTP, through the real client."""
    wire = world.answering(handler)
    world.restored.answers["locations"] = [{"id": "a/b"}]
    world.restored.answers["documents"] = [{"id": "d1", "location_id": "a/b"}]
    return fetch(world, wire)


def result(value):
    return httpx.Response(200, json={"result": value, "status": "ok", "time": 0.0})


def test_the_real_client_reads_by_http_with_the_key_and_on_the_urls_own_port(world):
    requests = []

    def handler(request):
        requests.append(request)
        if request.url.path == "/collections":
            return result({"collections": [{"name": "location_a/b"}]})
        if request.url.path.endswith("/points/count"):
            return result({"count": 1})
        points = [{"id": 1, "payload": {"document_id": "d1"}, "vector": None}]
        return result({"points": points, "next_page_offset": None})

    found = over_http(world, handler)
    assert (found.without_collection, found.empty, found.without_points, found.orphaned) == ([], [], [], [])
    assert {request.headers["api-key"] for request in requests} == {"key-of-qdrant"}
    assert {request.url.port for request in requests} == {None}
    assert b'"exact":true' in next(r for r in requests if r.url.path.endswith("count")).content.replace(
        b" ", b""
    )
    assert requests[1].url.raw_path.startswith(b"/collections/location_a%2Fb/points/")


def test_a_busy_qdrant_is_asked_again(world):
    answers = iter([httpx.Response(429, headers={"Retry-After": "0"}), result({"collections": []})])
    assert len(over_http(world, lambda _: next(answers)).without_collection) == 1


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (httpx.Response(401), "refused the credential"),
        (httpx.Response(403), "refused the credential"),
        (httpx.Response(429, headers={"Retry-After": "0"}), "answered 429"),
        (httpx.Response(500), "answered 500"),
        (httpx.Response(302, headers={"Location": "https://evil.invalid/"}), "answered 302"),
        (httpx.Response(200, text="<html>"), "answered with something that is not Qdrant's"),
        (httpx.Response(200, json={"result": None}), "answered with something that is not Qdrant's"),
        (httpx.Response(200, json={"result": 7}), "answered with something that is not Qdrant's"),
        (httpx.ConnectTimeout("?key=secret"), r"did not answer \(ConnectTimeout\)"),
    ],
)
def test_what_qdrant_does_wrong_could_not_be_told(world, answer, message):
    def handler(_):
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(DrillError, match=f"^Qdrant at qdrant.sample.invalid {message}") as caught:
        over_http(world, handler)
    assert type(caught.value) is DrillError
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_the_client_cannot_write(world):
    sent = []
    wire = world.answering(lambda request: sent.append(request) or result(True))
    with qdrant._connected(URL, "key", wire) as client, qdrant._told(URL):
        with (
            pytest.raises(DrillError, match="was to be sent a DELETE, and a drill only reads"),
            qdrant._told(URL),
        ):
            client.delete_collection("location_1")
        with pytest.raises(DrillError, match="was to be sent a POST"), qdrant._told(URL):
            client.delete("location_1", points_selector=[1])
    assert sent == []
