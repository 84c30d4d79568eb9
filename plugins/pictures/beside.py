"""Pictures beside the claims that they show, in Allure's results that are written already."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from plugins.lifetime import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

# What a picture is called, and the controls that it shows: it is attached to the first that was checked.
SHOWN: dict[str, tuple[str, tuple[str, ...]]] = {
    "recovery-times.svg": ("recovery time over drills", ("recovery-time", "restore-time")),
    "timeline.svg": ("phases of the restore", ("restore-time", "restored-without-loss")),
    "tables.svg": ("rows and size of tables over drills", ("rows-since-last-drill", "row-counts")),
    "retention.svg": (
        "backups kept",
        ("retention-daily", "retention-weekly", "retention-monthly", "backup-deleted"),
    ),
}


def attach(pictures: Mapping[str, str], folder: Path, *, since: datetime) -> None:
    """Attach the pictures to the results of this run: those that began at `since` or later."""
    results = dict(_results(folder, since=since))
    for name, picture in pictures.items():
        title, controls = SHOWN[name]
        path = next((results[control] for control in controls if control in results), None)
        if path is None:
            continue
        source = f"{uuid.uuid4()}-attachment.svg"
        write_atomically(folder / source, picture.encode(), mode=0o644)
        result = json.loads(path.read_bytes())
        result.setdefault("attachments", []).append(
            {"name": title, "source": source, "type": "image/svg+xml"}
        )
        write_atomically(path, json.dumps(result).encode(), mode=0o644)


def _results(folder: Path, *, since: datetime) -> Iterator[tuple[str, Path]]:
    """The controls of this run's results, each with a file."""
    for path in sorted(folder.glob("*-result.json")):
        try:
            result: dict[str, Any] = json.loads(path.read_bytes())
            # Allure counts in milliseconds, and rounds them down.
            of_this_run = result["start"] >= int(since.timestamp() * 1000)
            controls = [label["value"] for label in result["labels"] if label["name"] == "control"]
        except (ValueError, KeyError, TypeError):
            continue  # another tool's
        if of_this_run and controls:
            yield controls[0], path
