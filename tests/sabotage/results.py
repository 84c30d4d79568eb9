"""What earlier runs recorded, in pytest's cache: a whole run can be made in parts."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import matrix

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

KEY = "sabotage/results"


def kept(config: pytest.Config) -> dict[str, matrix.Row]:
    """What is still to be believed: a row of a case that there is, and that expected what it expects now.

    Nothing where any damage, or how it is done, has changed since.
    """
    declared = matrix.expectations()
    return {
        case: matrix.Row(expected, found, complaint)
        for case, (expected, found, complaint) in _read(config).items()
        if case in declared and declared[case] in (None, expected)
    }


def _read(config: pytest.Config) -> dict[str, list[Any]]:
    # Without pytest's cache (-p no:cacheprovider) a run knows of itself alone.
    kept = config.cache.get(KEY, None) if hasattr(config, "cache") else None
    return kept["rows"] if kept and kept["of"] == _sources() else {}


def _sources() -> str:
    """A digest of these modules."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def keep(config: pytest.Config, rows: Mapping[str, matrix.Row]) -> None:
    """Write them all down."""
    told = {case: [dict(row.expected), dict(row.found), row.complaint] for case, row in rows.items()}
    if hasattr(config, "cache"):
        config.cache.set(KEY, {"of": _sources(), "rows": told})


def forget(config: pytest.Config) -> None:
    """Let a whole run begin."""
    keep(config, {})


def right(config: pytest.Config) -> set[str]:
    """The cases that were as declared."""
    return {case for case, row in kept(config).items() if row.is_right}
