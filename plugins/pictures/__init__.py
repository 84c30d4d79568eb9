"""Pictures of a drill, drawn when it ends, for its bundle.

Without them (pytest's `-p no:plugins.pictures`) a drill ends a second and a half sooner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from plugins.history import drills, path_of
from plugins.outline import not_made
from plugins.pictures import recovery_times, retention, tables, timeline
from plugins.pictures.past import comparable
from plugins.plan import PLAN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# Content by name, as the bundle has them.
PICTURES = pytest.StashKey[dict[str, str]]()


def draw(
    written: Mapping[str, Any],
    history: Iterable[Mapping[str, Any]],
    *,
    first: Iterable[str] = (),
    failed: Callable[[str, Exception], None] | None = None,
) -> dict[str, str]:
    """The pictures of a drill by their file names; without those of which there is nothing to show.

    written: its evidence. history: the drills before it. first: the tables that matter most. failed: is told
    of a picture that could not be drawn; without it the error is raised.
    """
    past = comparable(history, written)
    sample, rto = bool(written["sample"]), written["objectives"]["rto_seconds"]
    ways: dict[str, Callable[[], str | None]] = {
        "recovery-times.svg": lambda: recovery_times.draw(past, rto=rto, sample=sample),
        "timeline.svg": lambda: timeline.draw(written["measurements"]),
        "tables.svg": lambda: tables.draw(past, first=first, sample=sample),
        "retention.svg": lambda: retention.draw(written["retention"] or {}),
    }
    drawn = {}
    for name, way in ways.items():
        try:
            picture = way()
        except Exception as error:
            if failed is None:
                raise
            failed(name, error)
            continue
        if picture is not None:
            drawn[name] = picture
    return drawn


# Before the page, which shows them.
@pytest.hookimpl(tryfirst=True)
def pytest_drill_bundle(config: pytest.Config, written: Mapping[str, Any]) -> dict[str, bytes]:
    first = [name if "." in name else f"public.{name}" for name in config.stash[PLAN].tables]
    pictures = config.stash[PICTURES] = draw(
        written,
        drills(path_of(config)),
        first=first,
        failed=lambda name, error: not_made(config, name, error),
    )
    return {name: picture.encode() for name, picture in pictures.items()}
