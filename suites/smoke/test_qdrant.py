"""Qdrant agrees with the restored data: the agents find the documents they answer from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.services.qdrant import Qdrant


@pytest.mark.control("qdrant-agreement")
@pytest.mark.needs("qdrant")
def test_every_location_has_its_collection(qdrant: Qdrant) -> None:
    """Every location of the restored data has a collection of vectors."""
    assert qdrant.locations, "the restored data holds no location"
    assert qdrant.incomplete == 0, f"{qdrant.incomplete} rows of the restored data hold no id"
    missing = qdrant.without_collection
    assert not missing, f"{len(missing)} locations have no collection: {missing[:10]}"


@pytest.mark.control("qdrant-agreement")
@pytest.mark.needs("qdrant")
def test_no_collection_is_empty(qdrant: Qdrant) -> None:
    """The collection of every location holds at least one point, counted exactly."""
    assert qdrant.by_location, "no location of the restored data has a collection"
    assert not qdrant.empty, (
        f"the collections of {len(qdrant.empty)} locations are empty: {qdrant.empty[:10]}"
    )


@pytest.mark.control("qdrant-documents")
@pytest.mark.needs("qdrant.documents")
def test_every_document_has_points(qdrant: Qdrant) -> None:
    """Every document of the restored data can be found in the collection of its location."""
    assert qdrant.documents, "the restored data holds no document"
    missing = qdrant.without_points
    assert not missing, f"{len(missing)} documents have no point in their collection: {missing[:10]}"


@pytest.mark.control("qdrant-documents")
@pytest.mark.needs("qdrant.documents")
def test_no_point_is_of_an_unknown_document(qdrant: Qdrant) -> None:
    """No collection answers from a document that the restored data does not hold for its location."""
    assert qdrant.documents, "the restored data holds no document"
    unknown = qdrant.orphaned
    assert not unknown, f"points name {len(unknown)} documents that the data does not hold: {unknown[:10]}"
