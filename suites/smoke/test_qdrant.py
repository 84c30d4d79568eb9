"""Qdrant agrees with the restored data: the agents find the documents they answer from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.services.qdrant import Door, Qdrant


@pytest.mark.control("qdrant-key", part="the key opens it")
@pytest.mark.needs("qdrant.key")
def test_the_key_opens_qdrant(qdrant_door: Door) -> None:
    """Qdrant lists its collections to who has the key. A health check would need none, and prove nothing."""
    assert qdrant_door.refused is None, f"Qdrant refused QDRANT_API_KEY ({qdrant_door.refused})"


@pytest.mark.control("qdrant-key", part="nothing else does")
@pytest.mark.needs("qdrant.key")
def test_nobody_gets_in_without_the_key(qdrant_door: Door) -> None:
    """Qdrant refuses who has no key: what was set up anew must not be open to all."""
    assert not qdrant_door.open, "Qdrant lists its collections to whoever asks, without any key"


@pytest.mark.control("qdrant-ready")
@pytest.mark.needs("qdrant")
def test_qdrant_is_ready(qdrant_door: Door) -> None:
    """Qdrant says that it can serve: all of its shards are loaded."""
    assert qdrant_door.ready, "Qdrant says that it is not ready"


@pytest.mark.control("qdrant-agreement", part="the collections are there")
@pytest.mark.needs("qdrant")
def test_every_location_has_its_collection(qdrant: Qdrant) -> None:
    """Every location of the restored data has a collection of vectors, of its own and under its name.

    An alias of that name is none, unless the plan says that aliases are meant (qdrant.aliases).
    """
    assert qdrant.locations, "the restored data holds no location"
    assert qdrant.incomplete == 0, f"{qdrant.incomplete} rows of the restored data hold no id"
    missing, aliases = qdrant.without_collection, qdrant.behind_an_alias
    assert not missing, f"locations without a collection: {len(missing)}, {missing[:10]}" + (
        f"; of these, an alias of that name leads to another collection for {len(aliases)}" if aliases else ""
    )
    assert not qdrant.shared, f"locations that share a collection: {len(qdrant.shared)}, {qdrant.shared[:10]}"


@pytest.mark.control("qdrant-agreement", part="none is empty")
@pytest.mark.needs("qdrant")
def test_no_collection_is_empty(qdrant: Qdrant) -> None:
    """The collection of every location holds at least one point, counted exactly."""
    assert qdrant.by_location, "no location of the restored data has a collection"
    assert not qdrant.empty, f"locations whose collection is empty: {len(qdrant.empty)}, {qdrant.empty[:10]}"


@pytest.mark.control("qdrant-orphans")
@pytest.mark.needs("qdrant")
def test_no_collection_is_of_an_unknown_location(qdrant: Qdrant) -> None:
    """No collection is named as that of a location which the restored data does not hold."""
    assert qdrant.collections, "Qdrant holds no collection"
    assert not qdrant.orphans, f"collections without a location: {len(qdrant.orphans)}, {qdrant.orphans[:10]}"


@pytest.mark.control("qdrant-green")
@pytest.mark.needs("qdrant")
def test_every_collection_is_green(qdrant: Qdrant) -> None:
    """Qdrant says of every location's collection that it is well and optimized (green)."""
    assert qdrant.by_location, "no location of the restored data has a collection"
    others = qdrant.not_green
    assert not others, f"locations whose collection is not green: {len(others)}, {others[:10]}"


@pytest.mark.control("qdrant-vectors")
@pytest.mark.needs("qdrant")
def test_vectors_have_the_right_shape(qdrant: Qdrant) -> None:
    """The vectors of every collection have the size and distance of the plan, else those of most others.

    Where they differ from what the application embeds with, every search fails.
    """
    assert qdrant.by_location, "no location of the restored data has a collection"
    wrong = qdrant.misshapen
    assert not wrong, f"locations whose vectors have another size or distance: {len(wrong)}, {wrong[:10]}"


@pytest.mark.control("qdrant-search")
@pytest.mark.needs("qdrant")
def test_a_stored_vector_finds_itself(qdrant: Qdrant) -> None:
    """In every collection that has points, a search with the vectors of one of them finds it."""
    assert qdrant.searchable, "no collection has a point to search for"
    lost = qdrant.unfindable
    assert not lost, f"locations in whose collection a point does not find itself: {len(lost)}, {lost[:10]}"


@pytest.mark.control("qdrant-documents", part="each is found in Qdrant")
@pytest.mark.needs("qdrant.documents")
def test_every_document_has_points(qdrant: Qdrant) -> None:
    """Every document of the restored data can be found in the collection of its location."""
    assert qdrant.documents, "the restored data holds no document"
    missing = qdrant.without_points
    assert not missing, f"documents without a point in their collection: {len(missing)}, {missing[:10]}"


@pytest.mark.control("qdrant-documents", part="Qdrant holds no others")
@pytest.mark.needs("qdrant.documents")
def test_no_point_is_of_an_unknown_document(qdrant: Qdrant) -> None:
    """No collection answers from a document that the restored data does not hold for its location."""
    assert qdrant.documents, "the restored data holds no document"
    unknown, unnamed = qdrant.orphaned, qdrant.unnamed
    assert not unknown, (
        f"documents that points name and the data does not hold: {len(unknown)}, {unknown[:10]}"
    )
    assert not unnamed, f"locations with points that name no document: {len(unnamed)}, {unnamed[:10]}"


@pytest.mark.control("qdrant-chunks")
@pytest.mark.needs("qdrant.documents")
def test_every_document_has_all_its_points(qdrant: Qdrant) -> None:
    """Every document that has points has as many as the restored data says (the column chunks)."""
    assert qdrant.documents, "the restored data holds no document"
    assert qdrant.found_documents, "no document has a point in its collection"
    wrong = qdrant.incomplete_documents
    assert not wrong, f"documents with another number of points: {len(wrong)}, {wrong[:10]}"


@pytest.mark.control("qdrant-snapshots", part="there is one")
@pytest.mark.needs("qdrant.snapshots_age")
def test_every_collection_has_a_snapshot(qdrant: Qdrant) -> None:
    """Qdrant holds a snapshot of every location's collection."""
    assert qdrant.by_location, "no location of the restored data has a collection"
    without = qdrant.without_snapshot
    assert not without, f"locations whose collection has no snapshot: {len(without)}, {without[:10]}"


@pytest.mark.control("qdrant-snapshots", part="it is recent")
@pytest.mark.needs("qdrant.snapshots_age")
def test_the_latest_snapshots_are_recent(qdrant: Qdrant) -> None:
    """The latest snapshot of each collection that has one is no older than the plan allows."""
    assert qdrant.by_location, "no location of the restored data has a collection"
    old = qdrant.outdated
    assert not old, f"locations whose latest snapshot is too old: {len(old)}, {old[:10]}"


@pytest.mark.control("qdrant-snapshots", part="its size is likely")
@pytest.mark.needs("qdrant.snapshots_age")
def test_the_latest_snapshots_are_no_smaller_than_they_can_be(qdrant: Qdrant) -> None:
    """The latest snapshot of each collection that has one is not tiny beside earlier ones or others."""
    assert qdrant.by_location, "no location of the restored data has a collection"
    small = qdrant.too_small
    assert not small, f"locations whose latest snapshot is too small: {len(small)}, {small[:10]}"
