"""The evidence of a drill, composed of what is known at its end."""

from __future__ import annotations

import contextlib
import subprocess
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from plugins.controls import CONTROLS
from plugins.drill import DRILL
from plugins.evidence.facts import FACTS
from plugins.plan import PLAN
from plugins.recovery import steps
from plugins.scope import SCOPE
from plugins.verdicts import CHECKS, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from plugins.plan import Plan

SCHEMA = "restore-drill/evidence/1"

BACKUP = (
    "label",
    "source",
    "format",
    "compression",
    "encryption",
    "size_bytes",
    "sha256",
    "taken_at",
    "taken_at_from",
    "recovery_point",
    "recovery_point_from",
    "dumped_from",
    "dumped_by",
    "manifest_signature",
)
# within_policy: the backups that retention asks for, [{label, taken_at, size_bytes}]: later drills look for
# them. usual_size: {expected_bytes, least_bytes, most_bytes, compared_with}.
CATALOGUE = ("source", "backups", "oldest", "newest", "usual_size", "within_policy")
SERVER = ("kind", "version", "image", "image_digest", "profile", "sealed", "why")
# Of a table whose rows nobody read.
NOT_READ: dict[str, Any] = {"digest_restored": None, "bytes_restored": None, "compared": False}
MEASUREMENTS = (
    "restore_time_seconds",
    "recovery_time_seconds",
    "data_loss_seconds",
    "data_recency_seconds",
    "storage_bytes",
    "storage_growth_bytes_per_month",
    "backup_growth_bytes_per_month",
)


def compose(config: pytest.Config, *, interrupted: bool) -> dict[str, Any]:
    """The evidence as DESIGN has it; what is not known is null."""
    drill, plan = config.stash[DRILL], config.stash[PLAN]
    facts, checks, scope = config.stash[FACTS], config.stash[CHECKS], config.stash[SCOPE]
    known = facts.known
    verdict = checks.overall
    partial = list(scope.narrowed)
    unchecked = scope.unchecked(checks)
    if unchecked:
        partial.append("the run ended before every claim was checked")
    if interrupted:
        partial.append("the run was interrupted")
    if (interrupted or unchecked) and verdict is Verdict.PASS:
        verdict = Verdict.UNVERIFIED
    measurements = known.get("measurements", {})
    return {
        "schema": SCHEMA,
        "drill_id": drill.drill_id,
        "sample": drill.sample,
        "scope": "partial" if partial else "full",
        "started_at": _iso(drill.started_at),
        "finished_at": _iso(datetime.now(UTC)),
        "now_overridden": _iso(drill.now) if drill.now_overridden else False,
        "suite_version": suite_version(config.rootpath),
        "suite_commit": _commit(config.rootpath),
        "plan": {"name": plan.name, "sha256": plan.sha256},
        "backup": _section(known, "backup", BACKUP),
        "catalogue": _section(known, "catalogue", CATALOGUE),
        "schedule": known.get("schedule"),
        "retention": known.get("retention"),
        "server": _section(known, "server", (*SERVER, "destroyed")),
        "platform": known.get("platform"),
        "objectives": {
            "rto_seconds": _seconds(plan, "rto"),
            "rpo_seconds": _seconds(plan, "rpo"),
            "manual_allowance_seconds": _seconds(plan, "manual_allowance"),
        },
        "measurements": {name: measurements.get(name) for name in MEASUREMENTS}
        | {name: measurements.get(name, {}) for name in ("phases", "services")}
        | {"connections": measurements.get("connections", [])},
        "recovery": steps(measurements, allowance=plan.objectives.manual_allowance),
        "reconfiguration": known.get("reconfiguration"),
        "tables": [
            {**table, **known.get("content", {}).get(table["name"], NOT_READ)}
            for table in known.get("tables", [])
        ],
        "diagnoses": known.get("diagnoses", []),
        "checks": [
            {
                "control": check.control,
                "test": check.test,
                "verdict": str(check.verdict),
                "message": check.message,
                "seconds": round(check.seconds, 3),
            }
            for check in checks.values()
        ],
        "exemptions": known.get("exemptions", []),
        "self_check": known.get("self_check"),
        "alerts": list(facts.alert_texts),
        "not_proven": [
            *(f"partial: {reason}" for reason in partial),
            *scope.out_of_scope,
            *(
                f"{'; '.join(config.stash[CONTROLS][control].title for control in of)}: {why}"
                for why, of in scope.nothing_of(check.control for check in checks.values()).items()
            ),
            *facts.not_proven_texts,
        ],
        "verdict": str(verdict),
        "allowed_unverified": sorted(config.getoption("--drill-allow-unverified")),
        "previous": None,
        "files": {},
    }


def _section(known: dict[str, Any], key: str, names: tuple[str, ...]) -> dict[str, Any] | None:
    if key not in known:
        return None
    return {name: known[key].get(name) for name in names}


def _seconds(plan: Plan, name: str) -> float | None:
    value = getattr(plan.objectives, name)
    return None if value is None else value.total_seconds()


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def suite_version(root: Path) -> str | None:
    """The suite's own version; None where its project file is not there."""
    with contextlib.suppress(OSError, KeyError, tomllib.TOMLDecodeError):
        return str(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
    return None


def _commit(root: Path) -> str | None:
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()
    return None
