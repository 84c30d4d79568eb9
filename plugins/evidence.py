"""Evidence: what a drill measured and judged, as one JSON file that an auditor can read without us.

Counts, digests, names of objects and timings: never a value from a row, never a secret.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from plugins.controls import CONTROLS
from plugins.drill import DRILL, end, shows_only
from plugins.history import append, last_of, path_of
from plugins.lifetime import write_atomically
from plugins.plan import PLAN
from plugins.recovery import steps
from plugins.scope import SCOPE, as_output, merge
from plugins.selection import listing
from plugins.verdicts import CHECKS, Verdict

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

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


class Facts:
    """What the fixtures found out, to be written into the evidence."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.not_proven_texts: list[str] = []
        self.alert_texts: list[str] = []

    def record(self, key: str, value: Any) -> None:
        """Write a fact down: a mapping adds to what is known under `key`, anything else replaces it."""
        if isinstance(value, dict):
            self.known.setdefault(key, {}).update(value)
        else:
            self.known[key] = value

    def not_proven(self, text: str) -> None:
        """Write down what this drill does not prove, as one lower-case sentence."""
        if text not in self.not_proven_texts:
            self.not_proven_texts.append(text)

    def alert(self, text: str) -> None:
        """Write down what a person should look into though it fails nothing, as one lower-case sentence."""
        if text not in self.alert_texts:
            self.alert_texts.append(text)


FACTS = pytest.StashKey[Facts]()
WRITTEN = pytest.StashKey[tuple[dict[str, Any], Path]]()


class Hooks:
    """The hooks by which other plugins take part in the end of a drill, in the controller only."""

    @pytest.hookspec
    def pytest_drill_bundle(
        self, config: pytest.Config, written: Mapping[str, Any]
    ) -> Mapping[str, bytes] | None:
        """Files for the bundle: content by name. `written` is the evidence, but for `files`."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("drill").addoption(
        "--drill-evidence", metavar="DIR", help="where the evidence goes; reports/out by default"
    )


def pytest_configure(config: pytest.Config) -> None:
    if DRILL in config.stash:
        config.stash[FACTS] = Facts()


@pytest.fixture(scope="session")
def evidence(pytestconfig: pytest.Config) -> Facts:
    """Where fixtures write down what they found out."""
    return pytestconfig.stash[FACTS]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Xdist, in the controller: take over what a worker found out."""
    output = getattr(node, "workeroutput", {}).get("drill")
    if output is None:
        return
    told, config = json.loads(output), node.config
    merge(config.stash[SCOPE], told["scope"])
    for key, value in told["facts"].items():
        config.stash[FACTS].record(key, value)
    for text in told["not_proven"]:
        config.stash[FACTS].not_proven(text)
    for text in told["alerts"]:
        config.stash[FACTS].alert(text)


# Innermost: after pytest closed the fixtures that were still open, before xdist and the terminal look.
@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    config = session.config
    finished = session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    try:
        yield
    finally:
        if DRILL in config.stash and not shows_only(config):
            _finish(config, interrupted=not finished)


def _finish(config: pytest.Config, *, interrupted: bool) -> None:
    facts = config.stash[FACTS]
    if hasattr(config, "workerinput"):
        vars(config)["workeroutput"]["drill"] = json.dumps(
            {
                "scope": as_output(config.stash[SCOPE]),
                "facts": facts.known,
                "not_proven": facts.not_proven_texts,
                "alerts": facts.alert_texts,
            }
        )
        return
    left = end(config)
    if listing(config):
        return
    if "server" in facts.known:
        facts.record("server", {"destroyed": not left and not config.stash[DRILL].keep})
    if not config.stash[CHECKS] and not config.stash[SCOPE].selected:
        return  # stopped before anything was collected: there is nothing to be evidence of
    _write(config, interrupted=interrupted)


def _write(config: pytest.Config, *, interrupted: bool) -> None:
    drill, plan = config.stash[DRILL], config.stash[PLAN]
    history = path_of(config)
    written = compose(config, interrupted=interrupted)
    written["previous"] = last_of(history, plan.name, sample=drill.sample)
    folder = config.rootpath / (config.getoption("--drill-evidence") or "reports/out")
    bundle = folder / drill.drill_id
    bundle.mkdir(parents=True)
    written["files"] = _write_files(config, bundle, written)
    data = json.dumps(written, indent=2, ensure_ascii=False).encode() + b"\n"
    path = bundle / "evidence.json"
    write_atomically(path, data, mode=0o644)  # meant to be read by others
    _point(folder / "latest", drill.drill_id)
    answers = config.stash[FACTS].known.get("answers")
    append(history, written, sha256=hashlib.sha256(data).hexdigest(), answers=answers)
    config.stash[WRITTEN] = written, path


def _write_files(config: pytest.Config, bundle: Path, written: Mapping[str, Any]) -> dict[str, str]:
    """Write what other plugins put into the bundle; the SHA-256 of each file by its name."""
    told: list[Mapping[str, bytes]] = config.hook.pytest_drill_bundle(config=config, written=written)
    files = {name: content for part in told for name, content in part.items()}
    for name, content in files.items():
        write_atomically(bundle / name, content, mode=0o644)
    return {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}


def _point(link: Path, name: str) -> None:
    fresh = link.with_name(f".latest.{name}")
    with contextlib.suppress(OSError):  # a file system without links: `latest` is a convenience
        if link.is_dir() and not link.is_symlink():
            # A download of artifacts makes a folder of the link. Any other folder is somebody's own.
            if (link / "evidence.json").is_file():
                shutil.rmtree(link)
            else:
                link.rmdir()
        fresh.symlink_to(name)
        fresh.replace(link)


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
        | {"phases": measurements.get("phases", {}), "services": measurements.get("services", {})},
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
