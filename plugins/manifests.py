"""The option that has a drill write the manifest of the backup that it looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("drill").addoption(
        "--drill-write-manifest",
        action="store_true",
        help="write BACKUP.manifest.json beside the backup: rows and digest of each table, as they are now",
    )
