"""The five steps of a recovery, as runbooks have them, with what a drill measured of each.

Assess the damage, restore the database, reconfigure the services, verify that all works, notify the users. A
drill restores and verifies. What people do is not exercised: `[objectives] manual_allowance` stands for it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from plugins.words import duration

if TYPE_CHECKING:
    from collections.abc import Mapping

BY_HAND = ("assess", "reconfigure", "notify")


def steps(measurements: Mapping[str, Any], *, allowance: timedelta) -> list[dict[str, Any]]:
    """Each step of a recovery, in order: {step, exercised, measured_seconds, covered_by}.

    covered_by: the part of recovery_time that stands for it, "restore_time", "agreement" or
    "manual_allowance"; None where none does. The agreement was measured if each service told what it holds.
    """
    services = measurements.get("services", {})
    told = bool(services) and None not in services.values()
    measured = {
        "restore": ("restore_time", measurements.get("restore_time_seconds")),
        "verify": ("agreement", round(sum(services.values()), 3) if told else None),
    }
    found = []
    for step in ("assess", "restore", "reconfigure", "verify", "notify"):
        part, seconds = measured.get(step, ("manual_allowance", None))
        covered = bool(allowance) if step in BY_HAND else seconds is not None
        found.append(
            {
                "step": step,
                "exercised": seconds is not None,
                "measured_seconds": seconds,
                "covered_by": part if covered else None,
            }
        )
    return found


def told(written: Mapping[str, Any]) -> str:
    """The steps in one line of the terminal; empty where the drill exercised none."""
    done = [step for step in written["recovery"] if step["exercised"]]
    if not done:
        return ""
    took = ", ".join(
        f"{step['step']} {duration(timedelta(seconds=step['measured_seconds']))}" for step in done
    )
    left = ", ".join(step["step"] for step in written["recovery"] if not step["exercised"])
    allowed = timedelta(seconds=written["objectives"]["manual_allowance_seconds"])
    return f"{took}; not exercised: {left}" + (f" ({duration(allowed)} allowed by hand)" if allowed else "")
