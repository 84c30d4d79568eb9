"""Pictures of a drill, drawn when it ends: in its bundle, and at the claims that they show in Allure.

Without them (pytest's `-p no:plugins.pictures`) a drill ends a second and a half sooner.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from plugins.drill import DRILL
from plugins.history import drills, path_of
from plugins.pictures import recovery_times, retention, tables, timeline
from plugins.pictures.beside import attach
from plugins.pictures.past import comparable
from plugins.plan import PLAN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# Content by name, as the bundle has them.
PICTURES = pytest.StashKey[dict[str, str]]()


def draw(
    written: Mapping[str, Any], history: Iterable[Mapping[str, Any]], *, first: Iterable[str] = ()
) -> dict[str, str]:
    """The pictures of a drill by their file names; without those of which there is nothing to show.

    written: its evidence. history: the drills before it. first: the tables that matter most.
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
        except Exception as error:  # noqa: BLE001 - no evidence is lost over a picture
            warnings.warn(
                pytest.PytestWarning(f"{name} could not be drawn ({type(error).__name__})"), stacklevel=1
            )
            continue
        if picture is not None:
            drawn[name] = picture
    return drawn


# Before the page, which shows them.
@pytest.hookimpl(tryfirst=True)
def pytest_drill_bundle(config: pytest.Config, written: Mapping[str, Any]) -> dict[str, bytes]:
    first = [name if "." in name else f"public.{name}" for name in config.stash[PLAN].tables]
    pictures = config.stash[PICTURES] = draw(written, drills(path_of(config)), first=first)
    results = config.getoption("allure_report_dir", None)
    if results and pictures:
        attach(pictures, Path(results), since=config.stash[DRILL].started_at)
    return {name: picture.encode() for name, picture in pictures.items()}
