"""What the page says, as plain data in its own order: the template only lays it out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from plugins import controls, outline
from plugins.coverage import REPORTS, coverage, criteria
from plugins.words import counted, duration, instant, size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SUITES = {"backup": "The backup", "restore": "The restored database", "smoke": "The services around it"}
STEPS = {
    "assess": "assess the damage",
    "restore": "restore the database",
    "reconfigure": "set up the services again",
    "verify": "verify that all works",
    "notify": "notify the users",
}
SEVERITIES = {"loss": 0, "untold": 1}
# Nobody reads thousands of rows: so many are shown, and what is wrong comes first. The evidence has each.
MOST_ROWS = 200


def told(
    written: Mapping[str, Any],
    *,
    pictures: Mapping[str, str],
    reviews: Sequence[Mapping[str, Any]] = (),
    sha256: str = "",
) -> dict[str, Any]:
    """All that the template asks for.

    pictures: SVG by file name. reviews: {reviewed_by, reviewed_at, note, actions, signed} of each.
    sha256: of evidence.json; empty where the page is made before it.
    """
    signer = written.get("signed_by")
    signature = f"by the key {signer}; the command above says whether it holds" if signer else ""
    covered = coverage(written)
    known = controls.read(REPORTS / "controls.toml")
    titles = {name: control.title for name, control in known.items()}
    left = outline.unproven(written)
    return {
        "written": written,
        "meaning": outline.MEANING[written["verdict"]],
        "stands": list(_stands(written, left, signature)),
        "titles": titles,
        "causes": outline.causes(written),
        "measures": list(outline.measures(written)),
        "steps": [{**step, "title": STEPS.get(step["step"], step["step"])} for step in written["recovery"]],
        "drilled": list(_drilled(written)),
        "exemptions": written.get("exemptions", []),  # which earlier evidence lacks
        "left": left,
        "items": [
            (_heading(section), list(of))
            for section, of in groupby(covered["items"], key=lambda item: item["section"])
        ],
        "criteria": covered["criteria"],
        "suites": list(_by_suite(written, known)),
        "tables": sorted(map(_table, written["tables"]), key=_of_a_table),
        "diagnoses": sorted(
            written["diagnoses"], key=lambda found: (SEVERITIES.get(found["severity"], 2), found["rule"])
        ),
        "most_rows": MOST_ROWS,
        "environment": list(_environment(written)),
        "pictures": pictures,
        "reviews": reviews,
        "signature": signature,
        "sha256": sha256,
        "duration": lambda seconds: duration(timedelta(seconds=seconds)),
        "instant": lambda text: instant(datetime.fromisoformat(text)),
        "size": size,
        "counted": counted,
    }


def _heading(section: str) -> str:
    """A section of the runbook by the end of its link."""
    words = section.replace("-", " ").split()
    return " ".join(f"({word.upper()})" if word in ("rto", "rpo") else word for word in words)


def _stands(written: Mapping[str, Any], left: outline.Unproven, signature: str) -> Iterator[tuple[str, str]]:
    """What the verdict stands under, each in a word and a sentence."""
    if written["sample"]:
        yield "SAMPLE", outline.SAMPLE
    if written["scope"] == "partial":
        yield "partial", f"{outline.PARTIAL}: {'; '.join(left.partial)}"
    unverified = {check["control"] for check in written["checks"] if check["verdict"] == "unverified"}
    if allowed := sorted(unverified & set(written["allowed_unverified"])):
        yield "allowed", f"the run may go on although these could not be verified: {', '.join(allowed)}"
    if written["now_overridden"]:
        at = instant(datetime.fromisoformat(written["now_overridden"]))
        yield f"as of {at[:10]}", f"ages are judged as of {at}, and not as of the drill"
    if not signature:
        yield "unsigned", "nothing but its place shows who wrote this evidence"


def _drilled(written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What was drilled, as names and words."""
    backup, server, catalogue = written["backup"], written["server"], written["catalogue"]
    if backup:
        yield "backup", backup["label"]
        at = backup["recovery_point"] or backup["taken_at"]
        if at:
            by = backup["recovery_point_from"] or backup["taken_at_from"]
            yield "holds data up to", f"{instant(datetime.fromisoformat(at))}, by its {by}"
        yield (
            "what it is",
            ", ".join(
                filter(
                    None,
                    [
                        size(backup["size_bytes"]) if backup["size_bytes"] is not None else "",
                        f"format {backup['format']}" if backup["format"] else "",
                        f"from PostgreSQL {backup['dumped_from']}" if backup["dumped_from"] else "",
                        f"compressed with {backup['compression']}" if _is(backup["compression"]) else "",
                        f"encrypted with {backup['encryption']}" if _is(backup["encryption"]) else "",
                    ],
                )
            ),
        )
    if catalogue:
        stored = written["measurements"]["storage_bytes"]
        more = f", {size(stored)}" if stored is not None else ""
        yield "taken from", f"{catalogue['source']}: {counted(catalogue['backups'], 'backup')}{more}"
    if server and server["version"]:
        sealed = "sealed off from all networks" if server["sealed"] else "not sealed off"
        gone = "removed afterwards" if server["destroyed"] else "left standing"
        yield (
            "restored in",
            f"a throwaway PostgreSQL {server['version']} ({server['kind']}), {sealed}, {gone}",
        )
        yield "profile", server["profile"]
    tables = [table for table in written["tables"] if not table.get("partitioned")]
    if tables:
        rows = sum(table["rows_restored"] or 0 for table in tables)
        yield "came back", f"{counted(rows, 'row')} in {counted(len(tables), 'table')}"
    if noticed := outline.self_check(written):
        yield "self-check", f"{noticed}, done to a small copy of what came back"


def _is(what: str | None) -> bool:
    return what is not None and what != "none"


def _by_suite(
    written: Mapping[str, Any], known: Mapping[str, controls.Control]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The controls of which a claim was checked, by suite: what is not green first."""
    names = {(one.framework, one.id): one.name for one in criteria().values()}
    checked: dict[str, list[Mapping[str, Any]]] = {}
    for check in written["checks"]:
        checked.setdefault(check["control"], []).append(check)
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, checks in checked.items():
        control = known.get(name)
        of = [
            names[framework, one]
            for framework, ids in (control.frameworks if control else {}).items()
            for one in ids
            if (framework, one) in names
        ]
        rows.setdefault(control.suite if control else "", []).append(
            {
                "control": name,
                "title": control.title if control else name,
                "verdict": outline.verdict_of(written, name),
                "claims": len(checks),
                "criteria": of,
            }
        )
    for suite in (*SUITES, ""):
        if suite in rows:
            yield (
                SUITES.get(suite, "Others"),
                sorted(rows[suite], key=lambda row: ["fail", "unverified", "pass"].index(row["verdict"])),
            )


def _table(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table with what came of the comparison, in words."""
    ours, theirs = table["digest_restored"], table["digest_in_backup"]
    if table.get("partitioned"):
        compared = "in its partitions"
    elif not table["compared"]:
        compared = "not compared"
    elif ours and theirs:
        compared = "same" if ours == theirs else "differs"
    else:
        compared = "compared; few rows, no digest"
    return {**table, "told": compared, "short": table["name"].removeprefix("public.")}


def _of_a_table(table: Mapping[str, Any]) -> tuple[bool, int]:
    """What differs or did not come, then the others; the largest first."""
    wrong = table["told"] == "differs" or table["rows_restored"] is None
    return not wrong, -(table["bytes_restored"] or 0)


def _environment(written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """By what the drill was done, as names and words."""
    began, ended = (datetime.fromisoformat(written[key]) for key in ("started_at", "finished_at"))
    yield "drill", written["drill_id"]
    yield "began, ended", f"{began.astimezone(UTC):%Y-%m-%d %H:%M:%S} to {ended.astimezone(UTC):%H:%M:%S} UTC"
    yield "plan", f"{written['plan']['name']}, SHA-256 {written['plan']['sha256']}"
    version, commit = written["suite_version"], written["suite_commit"]
    yield "Restore Drill", f"version {version or 'unknown'}, commit {commit or 'unknown'}"
    if (server := written["server"]) and server["image"]:
        yield "image", f"{server['image']} {server['image_digest'] or ''}"
    if (backup := written["backup"]) and backup["sha256"]:
        yield "backup's SHA-256", backup["sha256"]
