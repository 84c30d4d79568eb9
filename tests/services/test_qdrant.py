"""Qdrant's facts and claims: a healthy one is green, and one thing wrong turns red what it belies."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from qdrant_client import models

from fixtures.sample.simulators.vectors import Vectors
from fixtures.services import qdrant
from plugins.errors import DrillError
from plugins.plan import Vectors as Planned

URL = "https://qdrant.sample.invalid"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
COSINE = models.VectorParams(size=4, distance=models.Distance.COSINE)
BROKEN = {"qdrant-agreement": "fail", "qdrant-documents": "fail"}  # what a lost collection belies


class Place:
    """Five locations of the company, and a Qdrant of their own."""

    def __init__(self, world, judge):
        locations = world.company.locations[:5]
        documents = tuple(
            one
            for location in locations
            for one in [one for one in world.company.rag_documents if one.location_id == location.id][:3]
        )
        self.company = dataclasses.replace(world.company, locations=locations, rag_documents=documents)
        self.vectors = Vectors.filled(self.company, key=world.environ["QDRANT_API_KEY"], now=NOW)
        self.client = self.vectors.client
        self.names = [f"location_{location.id}" for location in locations]
        self.sent: list[httpx.Request] = []
        self.edits: list = []
        self.rows = {
            "locations": [{"id": location.id} for location in locations],
            "documents": [
                {"id": one.id, "location_id": one.location_id, "chunks": one.chunk_count} for one in documents
            ],
        }
        self.of = world.pseudonyms.of
        self._facts = world.facts | {"restored": self}
        self._judge = judge
        self._world = world

    def select(self, sql):
        return self.rows[sql]

    def answer(self, request):
        self.sent.append(request)
        response = self.vectors.answer(request)
        for edit in self.edits:
            response = edit(request, response) or response
        return response

    def edit_info(self, change):
        """Have `change` alter what Qdrant tells of every collection."""

        def edit(request, response):
            if request.method == "GET" and request.url.path.removeprefix("/collections/") in self.names:
                body = response.json()
                change(body["result"])
                return httpx.Response(200, json=body)
            return None

        self.edits.append(edit)

    @property
    def wire(self):
        return self._world.answering(self.answer)

    def fetch(self, **changes):
        asked = {
            "url": URL,
            "locations": "locations",
            "collection": "location_{id}",
            "documents": "documents",
            "vectors": Planned(size=4, distance="Cosine"),
            "snapshots_age": timedelta(hours=25),
            "now": NOW,
            "wire": self.wire,
        }
        return qdrant.fetch(**(self._facts | asked | changes))

    def red(self, **changes):
        """The controls that are not green."""
        door = qdrant.knock(url=URL, environ=self._facts["environ"], wire=self.wire)
        try:
            return self._judge("test_qdrant", qdrant=self.fetch(**changes), qdrant_door=door)
        except DrillError as error:
            return self._judge("test_qdrant", qdrant=error, qdrant_door=door)

    def documents_of(self, number):
        return [
            one for one in self.company.rag_documents if f"location_{one.location_id}" == self.names[number]
        ]

    def points_of(self, document):
        return models.Filter(
            must=[models.FieldCondition(key="document_id", match=models.MatchValue(value=str(document.id)))]
        )

    def moved(self, old, new):
        """Give a collection another name, as no request of Qdrant's can."""
        points, _ = self.client.scroll(old, limit=10_000, with_vectors=True)
        self.client.create_collection(new, COSINE)
        self.client.upsert(
            new,
            [models.PointStruct(**point.model_dump(include={"id", "payload", "vector"})) for point in points],
        )
        self.client.delete_collection(old)
        self.vectors.snapshots[new] = self.vectors.snapshots.pop(old)

    def alias(self, alias, name):
        create = models.CreateAlias(collection_name=name, alias_name=alias)
        self.client.update_collection_aliases([models.CreateAliasOperation(create_alias=create)])

    def remade(self, number, vectors, points=(), **more):
        """Make a location's collection anew, with other vectors."""
        name = self.names[number]
        self.client.delete_collection(name)
        self.client.create_collection(name, vectors, **more)
        document = self.documents_of(number)[0]
        self.rows["documents"] = [
            {**row, "chunks": len(points)} if row["id"] == document.id else row
            for row in self.rows["documents"]
            if f"location_{row['location_id']}" != name or row["id"] == document.id
        ]
        payload = {"document_id": str(document.id)}
        if points:
            self.client.upsert(
                name,
                [
                    models.PointStruct(id=number, vector=vector, payload=payload)
                    for number, vector in enumerate(points)
                ],
            )


@pytest.fixture
def place(world, judge):
    return Place(world, judge)


def test_a_healthy_qdrant_is_green(place):
    assert place.red() == {}
    found = place.fetch()
    assert len(found.collections) == len(found.locations) == len(found.by_location) == 5
    assert sum(held.points for held in found.by_location.values()) == sum(
        document.chunk_count for document in place.company.rag_documents
    )
    assert found.changes == []


def test_nothing_but_reading_is_asked_and_little_of_it(place):
    place.fetch()
    asked = {
        (request.method, request.url.path.replace(name, "N"))
        for request in place.sent
        for name in place.names
        if name in request.url.path
    }
    assert asked == {
        ("GET", "/collections/N"), ("GET", "/collections/N/snapshots"), ("POST", "/collections/N/facet"),
        ("POST", "/collections/N/points/count"), ("POST", "/collections/N/points/scroll"),
        ("POST", "/collections/N/points/query"),
    }  # fmt: skip
    assert len(place.sent) == 2 + 6 * 5


# Collections and aliases


def test_a_location_without_a_collection(place):
    place.client.delete_collection(place.names[1])
    assert place.red() == BROKEN
    found = place.fetch()
    assert found.without_collection == [place.of("location", place.company.locations[1].id)]
    (change, *_) = found.changes
    assert (change.method, change.url) == ("PUT", f"{URL}/collections/{place.names[1]}/snapshots/recover")
    assert change.body["priority"] == "snapshot"


def test_a_collection_that_was_renamed_behind_an_alias(place):
    place.moved(place.names[1], f"{place.names[1]}_green")
    place.alias(place.names[1], f"{place.names[1]}_green")
    assert place.client.collection_exists(place.names[1])  # the trap
    assert place.red() == BROKEN
    found = place.fetch()
    assert (
        found.behind_an_alias
        == found.without_collection
        == [place.of("location", place.company.locations[1].id)]
    )
    assert "aliases = true" in found.changes[0].note
    assert place.red(aliases=True) == {}


def test_an_alias_that_leads_to_another_location_is_no_collection_of_its_own(place):
    place.client.delete_collection(place.names[1])
    place.alias(place.names[1], place.names[0])
    assert place.red() == BROKEN
    assert place.red(aliases=True) == BROKEN
    assert len(place.fetch(aliases=True).shared) == 2


def test_a_lost_alias_can_be_made_again(place):
    place.moved(place.names[1], f"{place.names[1]}_green")
    assert place.red(aliases=True) == BROKEN
    (change, *_) = place.fetch(aliases=True).changes
    assert (change.method, change.url) == ("POST", f"{URL}/collections/aliases")
    assert change.body == {
        "actions": [
            {"create_alias": {"collection_name": f"{place.names[1]}_green", "alias_name": place.names[1]}}
        ]
    }


def test_an_empty_collection(place):
    place.client.delete(
        place.names[1],
        models.Filter(
            must=[
                models.HasIdCondition(
                    has_id=[point.id for point in place.client.scroll(place.names[1], limit=10_000)[0]]
                )
            ]
        ),
    )
    assert place.red() == BROKEN
    assert place.fetch().empty == [place.of("location", place.company.locations[1].id)]
    change = next(change for change in place.fetch().changes if change.setting == "points")
    snapshot = place.vectors.snapshots[place.names[1]][-1]["name"]
    assert change.body == {
        "location": f"{URL}/collections/{place.names[1]}/snapshots/{snapshot}", "priority": "snapshot"
    }  # fmt: skip


def test_a_collection_of_an_unknown_location(place):
    place.client.create_collection("location_gone", COSINE)
    place.client.create_collection("knowledge", COSINE)  # is named otherwise, and somebody else's
    assert place.red() == {"qdrant-orphans": "fail"}
    assert place.fetch().orphans == (place.of("collection", "location_gone"),)
    assert [change.method for change in place.fetch().changes] == [""]


def test_earlier_versions_of_a_collection_are_no_orphans_where_aliases_count(place):
    place.client.create_collection(f"{place.names[0]}_blue", COSINE)
    assert place.red() == {"qdrant-orphans": "fail"}
    assert place.red(aliases=True) == {}


# What is in a collection


def test_a_document_without_points(place):
    document = place.documents_of(1)[0]
    place.client.delete(place.names[1], place.points_of(document))
    assert len(place.documents_of(1)) > 1
    assert place.red() == {"qdrant-documents": "fail"}
    assert place.fetch().without_points == [place.of("document", document.id)]


def test_points_of_a_deleted_document(place):
    document = place.documents_of(1)[0]
    place.rows["documents"] = [row for row in place.rows["documents"] if row["id"] != document.id]
    assert place.red() == {"qdrant-documents": "fail"}
    assert place.fetch().orphaned == [place.of("document", document.id)]
    (change,) = place.fetch().changes
    assert (change.is_now, change.method) == (str(document.id), "")


def test_points_in_another_locations_collection(place):
    document = place.documents_of(1)[0]
    for row in place.rows["documents"]:
        if row["id"] == document.id:
            row["location_id"] = place.company.locations[0].id
    found = place.fetch()
    assert place.red() == {"qdrant-documents": "fail"}
    assert found.without_points == found.orphaned == [place.of("document", document.id)]


def test_a_point_that_names_no_document(place):
    place.client.upsert(place.names[1], [models.PointStruct(id=1, vector=[1, 0, 0, 0], payload={})])
    place.vectors.indexed[place.names[1]] = "chunk"  # an index that knows fewer points is not asked, either
    assert place.red() == {"qdrant-documents": "fail"}
    assert place.fetch().unnamed == [(place.of("location", place.company.locations[1].id), 1)]


def test_a_document_that_lost_a_chunk(place):
    document = next(one for one in place.documents_of(1) if one.chunk_count > 1)
    points, _ = place.client.scroll(place.names[1], place.points_of(document), limit=1)
    place.client.delete(place.names[1], [points[0].id])
    assert place.red() == {"qdrant-chunks": "fail"}
    assert place.fetch().incomplete_documents == [place.of("document", document.id)]


def test_data_that_knows_no_chunks_is_not_asked_for_them(place):
    for row in place.rows["documents"]:
        del row["chunks"]
    assert place.red() == {"qdrant-chunks": "nothing"}


def test_a_document_of_no_chunk_needs_no_point(place):
    place.rows["documents"].append({"id": "empty", "location_id": place.company.locations[0].id, "chunks": 0})
    assert place.red() == {}


def test_chunks_that_are_no_number_could_not_be_told(place):
    place.rows["documents"][0]["chunks"] = "many"
    with pytest.raises(DrillError, match=r"the column chunks of the query .* is no whole number"):
        place.fetch()


@pytest.mark.parametrize("limit", [None, 2])
def test_points_are_read_alike_with_an_index_and_without_and_in_small_portions(place, limit):
    assert len(place.documents_of(1)) == 3
    if limit:
        strict = {"enabled": True, "max_query_limit": limit}
        place.edit_info(lambda info: info["config"].update(strict_mode_config=strict))
        place.edits.append(
            lambda request, _: (
                httpx.Response(400)
                if request.content and json.loads(request.content).get("limit", 0) > limit
                else None
            )
        )
    indexed = place.fetch()
    place.vectors.indexed.clear()
    read = place.fetch()
    assert indexed.without_points == read.without_points == []
    assert [held.documents for held in indexed.by_location.values()] == [
        held.documents for held in read.by_location.values()
    ]
    assert {request.url.path.rpartition("/")[2] for request in place.sent} >= {"facet", "scroll"}


def test_an_index_that_knows_only_some_points_is_not_asked(place):
    def some(info):
        info["payload_schema"]["document_id"]["points"] -= 1

    place.edit_info(some)
    assert place.red() == {}
    assert not any(request.url.path.endswith("facet") for request in place.sent)


def test_the_documents_key_may_lie_deeper(place):
    for name in place.names:
        points, _ = place.client.scroll(name, limit=10_000, with_vectors=True)
        place.client.upsert(name, [
            models.PointStruct(id=point.id, vector=point.vector, payload={"metadata": point.payload})
            for point in points
        ])  # fmt: skip
    place.vectors.indexed.clear()
    assert place.red(document_key="metadata.document_id") == {}
    # Nobody can tell how many points the documents have when no document is found.
    assert place.red() == {"qdrant-documents": "fail", "qdrant-chunks": "fail"}


def test_documents_that_the_plan_leaves_out_are_not_asked_for(place):
    found = place.fetch(documents=None)
    assert found.documents is None
    assert not any(held.documents for held in found.by_location.values())


# How a collection is


@pytest.mark.parametrize("status", ["yellow", "grey", "red"])
def test_a_collection_that_is_not_green(place, status):
    place.vectors.statuses[place.names[1]] = status
    assert place.red() == {"qdrant-green": "fail"}
    (change,) = place.fetch().changes
    assert (change.method, change.is_now) == ("PATCH" if status == "grey" else "", status)


def test_a_green_collection_whose_optimizer_failed(place):
    place.edit_info(lambda info: info.update(optimizer_status={"error": "no space"}))
    assert place.red() == {"qdrant-green": "fail"}


@pytest.mark.parametrize(
    "other",
    [
        models.VectorParams(size=3, distance=models.Distance.COSINE),
        models.VectorParams(size=4, distance=models.Distance.DOT),
    ],
)
def test_vectors_of_another_shape(place, other):
    place.remade(1, other, [[1.0, 0.5, 0.25, 0.1][: other.size]])
    assert place.red() == {"qdrant-vectors": "fail"}
    assert place.red(vectors=None) == {"qdrant-vectors": "fail"}
    assert place.fetch(vectors=None).misshapen == [place.of("location", place.company.locations[1].id)]


def test_all_vectors_of_another_shape_are_told_by_the_plan_alone(place):
    assert place.red(vectors=Planned(size=1536, distance="Cosine")) == {"qdrant-vectors": "fail"}
    assert place.red(vectors=None) == {}


def test_one_collection_agrees_with_itself_and_proves_nothing(place):
    place.rows["locations"] = place.rows["locations"][:1]
    assert place.red(vectors=None, documents=None)["qdrant-vectors"] == "nothing"


def test_named_vectors(place):
    named = {"text": COSINE, "size": models.VectorParams(size=2, distance=models.Distance.EUCLID)}
    place.remade(1, named, [{"text": [1.0, 0, 0, 0], "size": [1.0, 2.0]}, {"text": [0, 1.0, 0, 0]}])
    assert place.red(vectors=None) == {"qdrant-vectors": "fail"}
    for number in (0, 2, 3, 4):
        place.remade(number, named, [{"text": [1.0, 0, 0, 0], "size": [1.0, 2.0]}])
    assert place.red(vectors=None) == {}
    assert place.red(vectors=Planned(size=4, distance="Cosine", name="text")) == {}
    assert place.red(vectors=Planned(size=4, distance="Cosine", name="size")) == {"qdrant-vectors": "fail"}
    assert place.red() == {"qdrant-vectors": "fail"}  # which of the two is meant?


def test_a_collection_of_sparse_vectors_only(place):
    for number in range(5):
        words = models.SparseVector(indices=[1, 7], values=[0.5, 2.0])
        longer = models.SparseVector(indices=[1, 7], values=[5.0, 20.0])
        place.remade(
            number, {}, [{"words": words}, *[{"words": longer}] * 20],
            sparse_vectors_config={"words": models.SparseVectorParams()},
        )  # fmt: skip
    assert place.red(vectors=None) == {}
    assert place.red() == {"qdrant-vectors": "fail"}


@pytest.mark.parametrize("distance", list(models.Distance))
def test_a_point_among_many_copies_of_it_is_found(place, distance):
    place.remade(1, models.VectorParams(size=4, distance=distance), [[1.0, 0.5, 0.25, 0.1]] * 40)
    assert place.fetch().unfindable == []


@pytest.mark.parametrize("distance", list(models.Distance))
def test_a_point_that_a_search_does_not_find(place, distance):
    place.remade(1, models.VectorParams(size=4, distance=distance), [[1.0, 0.5, 0.25, 0.1], [0, 0, 0, -1.0]])

    def others(request, response):
        # As from an index that lost the point: what is found is farther away than the point itself.
        if (
            request.url.path == f"/collections/{place.names[1]}/points/query"
            and b"has_id" not in request.content
        ):
            points = response.json()["result"]["points"]
            return httpx.Response(200, json={"result": {"points": [one for one in points if one["id"] != 0]}})
        return None

    place.edits.append(others)
    planned = Planned(size=4, distance=distance.value)
    assert place.red(vectors=None)["qdrant-search"] == "fail"
    assert place.fetch(vectors=planned).unfindable == [place.of("location", place.company.locations[1].id)]


def test_a_point_without_a_vector_is_not_found(place):
    place.remade(1, {"text": COSINE}, [{}])
    assert place.red(vectors=None)["qdrant-search"] == "fail"


# Snapshots


def test_a_collection_without_a_snapshot(place):
    place.vectors.snapshots[place.names[1]].clear()
    assert place.red() == {"qdrant-snapshots": "fail"}
    (change,) = place.fetch().changes
    assert (change.method, change.url) == ("POST", f"{URL}/collections/{place.names[1]}/snapshots")
    assert place.red(snapshots_age=None)["qdrant-snapshots"] == "fail"  # not asked, and so none: see `needs`
    assert place.fetch(snapshots_age=None).changes == []


def test_no_snapshots_at_all(place):
    place.vectors.snapshots.clear()  # as local mode says it of everything
    assert place.red() == {"qdrant-snapshots": "fail"}


def test_a_stale_snapshot(place):
    place.vectors.snapshots[place.names[1]][-1]["creation_time"] = "2026-11-22T10:59:59"
    assert place.red() == {"qdrant-snapshots": "fail"}
    assert place.fetch().outdated == [place.of("location", place.company.locations[1].id)]
    assert place.red(snapshots_age=timedelta(hours=26)) == {}


def test_a_snapshot_of_the_future_is_none(place):
    for snapshot in place.vectors.snapshots[place.names[1]]:
        snapshot["creation_time"] = "2036-01-01T00:00:00"
    assert place.red() == {"qdrant-snapshots": "fail"}
    assert len(place.fetch().without_snapshot) == 1


def test_a_snapshot_of_unknown_age_is_unverified(place):
    for snapshot in place.vectors.snapshots[place.names[1]]:
        snapshot["creation_time"] = None
    assert place.red() == {"qdrant-snapshots": "unverified"}


@pytest.mark.parametrize(("size", "earlier"), [(0, True), (0, False), (90_000, True), (9_000, False)])
def test_a_snapshot_that_collapsed(place, size, earlier):
    snapshots = place.vectors.snapshots[place.names[1]]
    snapshots[-1]["size"] = size
    if not earlier:
        del snapshots[:-1]
    assert place.red() == {"qdrant-snapshots": "fail"}
    assert place.fetch().too_small == [place.of("location", place.company.locations[1].id)]


def test_snapshots_that_are_all_of_no_byte(place):
    for name in place.names:
        place.vectors.snapshots[name] = [{**place.vectors.snapshots[name][-1], "size": 0}]
    assert place.red() == {"qdrant-snapshots": "fail"}
    assert len(place.fetch().too_small) == 5


def test_a_small_location_may_have_a_small_snapshot(place):
    for name in place.names:
        del place.vectors.snapshots[name][:-1]
        place.vectors.snapshots[name][0]["size"] *= 1000
    place.vectors.snapshots[place.names[1]][0]["size"] //= 1000
    place.edits.append(
        lambda request, _: (
            httpx.Response(200, json={"result": {"count": 1}})
            if request.url.path == f"/collections/{place.names[1]}/points/count"
            else None
        )
    )
    assert place.fetch().too_small == [place.of("location", place.company.locations[1].id)]
    place.vectors.snapshots[place.names[1]][0]["size"] *= 50  # little in all, though not for its one point
    assert place.fetch().too_small == []


# The door


def test_a_wrong_key_is_said(place):
    place.vectors.key = "another"
    red = place.red()
    assert red.pop("qdrant-key") == "fail"
    assert set(red.values()) == {"unverified"}
    with pytest.raises(DrillError, match=r"refused the credential \(401\)\nHINT: Check QDRANT_API_KEY"):
        place.fetch()


def test_a_qdrant_that_is_open_to_all(place):
    place.edits.append(lambda request, _: place.vectors.answer(with_key(request)))
    assert place.red() == {"qdrant-key": "fail"}


def with_key(request):
    request.headers["api-key"] = "key-of-qdrant"
    return request


def test_a_qdrant_that_asks_for_no_key_needs_none(place):
    place.edits.append(lambda request, _: place.vectors.answer(with_key(request)))
    assert len(place.fetch(key=False, environ={}).by_location) == 5
    door = qdrant.knock(url=URL, environ={}, wire=place.wire, key=False)
    assert (door.refused, door.ready) == (None, True)


def test_a_qdrant_that_is_not_ready(place):
    place.vectors.ready = False
    assert place.red() == {"qdrant-ready": "fail"}


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(302, headers={"Location": "/login"}),
        httpx.Response(200, text="<html>"),
    ],
)
def test_a_door_that_says_neither_yes_nor_no(world, answer):
    with pytest.raises(DrillError, match=r"^Qdrant at qdrant\.sample\.invalid answered"):
        qdrant.knock(
            url=URL,
            environ=world.environ,
            wire=world.answering(
                lambda request: httpx.Response(200) if request.url.path == "/readyz" else answer
            ),
        )


def test_a_missing_key_is_named(place):
    with pytest.raises(DrillError, match=r"^QDRANT_API_KEY is not set"):
        place.fetch(environ={})


# What is written


def test_a_row_cannot_steer_the_name_of_a_collection(place):
    place.rows["locations"] = [{"id": "{0.__class__}"}]
    assert len(place.fetch().without_collection) == 1


def test_nothing_printable_holds_an_id_and_changes_do_only_inside(place):
    place.client.delete_collection(place.names[0])
    place.client.create_collection("location_gone", COSINE)
    place.vectors.snapshots[place.names[1]].clear()
    place.rows["documents"].pop()
    found = place.fetch()
    shown = " ".join(
        repr(getattr(found, name)) for name in dir(found) if not name.startswith("_") and name not in ("url",)
    )
    assert found.changes
    for thing in (*place.company.locations, *place.company.rag_documents):
        assert str(thing.id) not in shown
    assert "gone" not in shown
    assert place.names[0] in [change.should_be for change in found.changes]
    assert "key-of-qdrant" not in str([dataclasses.asdict(change) for change in found.changes])
