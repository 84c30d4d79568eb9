"""What a drill reads beside the backup: the plan, the manifest, the history, bundles of evidence, and names."""

# ruff: noqa: E501 - tables of odd inputs read better with one a line

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import strategies as st

from fixtures.catalogue.names import taken_at
from fixtures.reference import manifest_file
from fixtures.reference.history import last_good
from fixtures.reference.manifest import read
from plugins import history
from plugins.errors import PlanError
from plugins.evidence import __main__ as evidence
from plugins.evidence import bundle, reviewing
from plugins.plan.reading import load
from plugins.words import instant

from .mutating import damaged
from .watch import told

_ROOT = Path(__file__).resolve().parent.parent.parent
_LETTERS = st.characters(
    exclude_categories=()
)  # halves of a pair, and what moves a terminal's cursor, as well
_TEXTS = st.one_of(
    st.text(_LETTERS, max_size=20),
    st.sampled_from(
        ["\ud800", "\x1b[2J", "a\nVERIFIED, 1 drill", "\0", "9" * 5000, "..", "/", "0001-01-01T00:00:00+14:00",
         "9999-12-31T23:59:59-14:00", "2026-11-22T02:00:00Z", "2026-11-22", "a" * 10000, "-1", "NaN", "1e999"]
    ),
)  # fmt: skip
_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from([10**30, -1, 2**63, 1e308]), st.floats(), _TEXTS
)
VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_TEXTS, inner, max_size=3)),
    max_leaves=6,
)


def _ways(document: object, way: tuple = ()) -> list[tuple]:
    """The ways to everything in a document."""
    items = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    return [way, *(deeper for key, value in items for deeper in _ways(value, (*way, key)))]


@st.composite
def other(draw: st.DrawFn, document: object) -> object:
    """A document in which up to three values are other ones, gone, or there under another name."""
    changed = json.loads(json.dumps(document))
    for _ in range(draw(st.integers(1, 3))):
        ways = [way for way in _ways(changed) if way]
        if not ways:
            break
        *way, last = draw(st.sampled_from(ways))
        held = changed
        for part in way:
            held = held[part]
        how = draw(st.sampled_from(["value", "value", "gone", "name"]))
        value = draw(VALUES)
        if how == "gone" or isinstance(held, list):
            del held[last]
            if how != "gone":
                held.insert(last, value)
        elif how == "name":
            held[draw(_TEXTS)] = held.pop(last)
        else:
            held[last] = value
    return changed


def as_json(document: object) -> bytes:
    # Halves of a pair as an escape, as whoever writes JSON may write them.
    return json.dumps(document).encode()


# The plan


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(held)}" for key, held in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return (
        json.dumps(value)
        if isinstance(value, str | int)
        else repr(value)
        if isinstance(value, float)
        else '""'
    )


_SECTIONS = {
    "name": "acme",
    "backup": {"source": "backups", "identity_env": "X", "schedule": "daily at 02:00 UTC within 3h", "manifest": True,
               "database": "app", "keep": "kept"},
    "objectives": {"rto": "4h", "rpo": "24h", "backup_age": "26h", "drill_every": "31d", "min_size": "1 MB"},
    "retention": {"days": 7, "weeks": 4, "months": 12},
    "tables": {"public.users": {"min_rows": 1, "max_drop": "5%", "recency": "created_at", "priority": True}},
    "queries": [{"name": "q", "sql": "SELECT 1", "expect": "between 1 and 2"}],
    "twilio": {"numbers": "SELECT 1", "webhook": "https://example.org/{x}", "exercise": True},
    "elevenlabs": {"agents": "SELECT 1", "exports": "folder"},
    "qdrant": {"url": "https://example.org", "collections": "SELECT 1", "vectors": {"size": 3, "distance": "Cosine"}},
    "endpoints": [{"name": "e", "url": "https://example.org", "status": 200, "json": {"a": {"b": 1}}}],
    "exemptions": [{"control": "x", "object": "y", "until": "2026-12-01", "reason": "z"}],
    "supabase": {"exposed_schemas": ["public"], "anon_may_read": ["a"], "project_ref": "abc", "keep_days": 7},
    "notify": {"urls_env": "X", "ping_env": "Y"},
    "evidence": {"archive": "s3://b/p", "public_key": "k.pem", "runbook": "https://example.org"},
    "storage": {"versions": True},
    "server": {"image": "postgres:17"},
}  # fmt: skip


@pytest.fixture
def planned(tmp_path):
    def planned(content: bytes) -> None:
        path = tmp_path / "plan.toml"
        path.write_bytes(content)
        try:
            told(lambda: load(path))
        except PlanError:  # pragma: no cover
            raise AssertionError from None

    return planned


def test_a_damaged_plan_is_read(planned, fuzz):
    seeds = [
        (_ROOT / "drill.toml").read_bytes(),
        b"\n".join(f"{k} = {_toml(v)}".encode() for k, v in _SECTIONS.items()),
    ]
    fuzz(damaged(seeds, words=True), planned, few=60)


def test_a_plan_of_any_values_is_read(planned, fuzz):
    def holds(document: object) -> None:
        lines = document.items() if isinstance(document, dict) else ()
        planned("\n".join(f"{json.dumps(key)} = {_toml(value)}" for key, value in lines).encode())

    fuzz(other(_SECTIONS), holds, few=100)


# The manifest

_MANIFEST = {
    "schema": manifest_file.SCHEMA,
    "written_at": "2026-11-22T02:10:00Z",
    "backup": {"name": "b", "size_bytes": 1, "sha256": "0" * 64, "format": "custom", "recovery_point": "2026-11-22T02:00:00Z",
               "dumped_from": "17.2", "dumped_by": None},
    "schema_fingerprint": "0" * 64,
    "digest_algorithm": manifest_file.ALGORITHM,
    "counted_in_production": False,
    "tables": [{"name": "public.a", "rows": 12, "digest": "0" * 32, "columns": ["id"]},
               {"name": "public.b", "rows": 1, "digest": None, "columns": None}],
}  # fmt: skip


class _Held:
    """A place that holds a manifest, and a key that is not at hand."""

    verifies = signs = False

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self, name: str) -> bytes | None:
        return self._content if name.endswith(manifest_file.SUFFIX) else None


def _compared(content: bytes) -> None:
    found = told(lambda: read(_Held(content), "b" + manifest_file.SUFFIX, _Held(b"")))
    if found is None:
        return
    backup = _Backup()
    for sentence in found.differences(backup, datetime(2026, 11, 22, 2, tzinfo=UTC)):
        sentence.encode()
    instant(found.recovery_point)


class _Backup:
    """An opened backup that holds nothing."""

    size_bytes, sha256, dumped_from, dumped_by = 1, "0" * 64, "17.2", None
    restored_entries = ()
    tables = digests = {}  # noqa: RUF012


def test_a_damaged_manifest_is_read(fuzz):
    fuzz(damaged([as_json(_MANIFEST)]), _compared, few=60)


def test_a_manifest_of_any_values_is_read(fuzz):
    fuzz(other(_MANIFEST).map(as_json), _compared, few=150)


@pytest.mark.parametrize(
    "hard",
    [
        {"backup": {**_MANIFEST["backup"], "recovery_point": "0001-01-01T00:00:00+14:00"}},
        {"tables": [{"name": "a", "rows": 10**4200, "digest": None}]},
        {"tables": [{"name": "\ud800", "rows": 1, "digest": None}]},
    ],
)
def test_a_manifest_made_to_be_hard_is_read(hard):
    _compared(as_json({**_MANIFEST, **hard}))


# The history

_DRILL = {
    "drill_id": "20261122T020000Z-ab12", "sample": False, "scope": "full", "finished_at": "2026-11-22T02:00:00Z",
    "plan": {"name": "acme", "sha256": "0"}, "backup": {"recovery_point": "2026-11-22T02:00:00Z", "size_bytes": 5},
    "catalogue": [{"label": "a"}], "server": {"major": 17}, "objectives": {}, "verdict": "pass", "measurements": {},
    "tables": [{"name": "public.a", "rows_restored": 5, "bytes_restored": 8192}], "answers": {"q": "5"}, "sha256": "0" * 64,
    "not_passed": [],
}  # fmt: skip


@pytest.fixture
def remembered(tmp_path):
    """Reads a history, appends to it, and fills it from another copy."""

    def remembered(lines: list[bytes]) -> None:
        path = tmp_path / "history.jsonl"
        path.write_bytes(b"\n".join(lines))
        found = list(history.drills(path))
        history.unreadable(path)
        history.last_of(path, "acme", sample=False)
        good = last_good(path, plan="acme", sample=False, until=datetime(2027, 1, 1, tzinfo=UTC))
        if good is not None:
            told(lambda: good.rows_lost("public.a", 1))
            told(lambda: good.size_lost("public.a", 1))
        history.fill(path, found[::-1])
        other = tmp_path / "other.jsonl"
        other.unlink(missing_ok=True)
        history.fill(other, found)
        assert len({drill["drill_id"] for drill in history.drills(other)}) == len(
            {drill["drill_id"] for drill in found}
        )
        assert {one.name for one in tmp_path.iterdir()} <= {
            "history.jsonl",
            "other.jsonl",
            "history.jsonl.lock",
            "other.jsonl.lock",
        }

    return remembered


def test_a_damaged_history_is_read(remembered, fuzz):
    fuzz(
        damaged([as_json(_DRILL) + b"\n" + as_json({**_DRILL, "drill_id": "2"}) + b"\n"]).map(lambda c: [c]),
        remembered,
        few=60,
    )


def test_a_history_of_any_values_is_read(remembered, fuzz):
    fuzz(st.lists(other(_DRILL).map(as_json), max_size=3), remembered, few=100)


# Bundles of evidence

_TOLD = {
    "schema": "restore-drill/evidence/1", "drill_id": "20261122T020000Z-ab12", "plan": {"name": "acme"}, "sample": False,
    "files": {}, "previous": None, "finished_at": "2026-11-22T02:00:00Z", "verdict": "pass", "scope": "full",
}  # fmt: skip


def _envelope(statement: object) -> dict:
    payload = base64.b64encode(as_json(statement)).decode()
    return {
        "payload": payload,
        "payloadType": "application/vnd.in-toto+json",
        "signatures": [{"keyid": "a", "sig": "AAAA"}],
    }


def _statement(kind: str, predicate: object, sha256: str) -> dict:
    subject = [{"name": bundle.EVIDENCE, "digest": {"sha256": sha256}}]
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subject,
        "predicateType": kind,
        "predicate": predicate,
    }


_REVIEW = {"reviewed_by": "A. Reviewer", "reviewed_at": "2026-11-23T10:00:00Z", "note": "n",
           "corrective_actions": [{"text": "t", "owner": "o", "until": "2026-12-01"}]}  # fmt: skip
_PAPERS = st.tuples(
    st.one_of(st.just(as_json(_TOLD)), other(_TOLD).map(as_json), damaged([as_json(_TOLD)])),
    st.one_of(
        other(_envelope(_statement(bundle.KIND, {}, "0" * 64))).map(as_json),
        other(_statement(bundle.KIND, {}, "0" * 64)).map(lambda one: as_json(_envelope(one))),
        damaged([as_json(_envelope(_statement(bundle.KIND, {}, "0" * 64)))]),
    ),
    st.one_of(
        other(_statement(reviewing.KIND, _REVIEW, "0" * 64)).map(lambda one: as_json(_envelope(one))),
        damaged([as_json(_envelope(_statement(reviewing.KIND, _REVIEW, "0" * 64)))]),
    ),
)


@pytest.fixture
def verified(tmp_path):
    """Verifies two bundles: of damaged ones it never says that they are as they were written."""
    folders = [tmp_path / "bundles" / name for name in "ab"]
    for folder in folders:
        folder.mkdir(parents=True)

    def verified(papers: list[tuple[bytes, bytes, bytes]]) -> None:
        for folder, (told_, statement, review) in zip(folders, papers, strict=True):
            (folder / bundle.EVIDENCE).write_bytes(told_)
            (folder / bundle.STATEMENT).write_bytes(statement)
            (folder / "review-1.dsse.json").write_bytes(review)
        said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with contextlib.redirect_stdout(said):
            code = evidence.main(["verify", "--unsigned", str(tmp_path / "bundles")])
        said.seek(0)
        lines = said.read().splitlines()
        assert code == evidence.FAULTS
        assert lines[-1].startswith("NOT VERIFIED")
        assert sum(line.startswith(("VERIFIED", "NOT VERIFIED")) for line in lines) == 1
        assert all(line.isprintable() for line in lines), [
            ascii(line) for line in lines if not line.isprintable()
        ]

    return verified


def test_damaged_bundles_are_verified(verified, fuzz):
    fuzz(st.lists(_PAPERS, min_size=2, max_size=2), verified, few=100)


HARD_BUNDLES = {
    "no word of the drill before": {"previous": ...},
    "an instant before the first year": {"finished_at": "0001-01-01T00:00:00+14:00"},
    "half of a pair": {"drill_id": "\ud800"},
    "a line of its own": {"drill_id": "a\nVERIFIED, 1 drill"},
    "a verdict that moves the cursor": {"verdict": "\x1b[2J"},
    "the digest of the drill before as a list": {"previous": {"drill_id": [1], "sha256": ["a"]}},
}


@pytest.mark.parametrize("hard", HARD_BUNDLES)
def test_a_bundle_made_to_be_hard_is_verified(hard, verified):
    told_ = as_json(
        {key: value for key, value in {**_TOLD, **HARD_BUNDLES[hard]}.items() if value is not ...}
    )
    statement = as_json(_envelope(_statement(bundle.KIND, {}, hashlib.sha256(told_).hexdigest())))
    for at, name in (
        ("0001-01-01T00:00:00+14:00", "a"),
        ("2026-11-23T10:00:00Z", "a\nVERIFIED, 1 drill"),
        ("2026-11-23T10:00:00", "\ud800"),
    ):
        review = _statement(
            reviewing.KIND,
            {**_REVIEW, "reviewed_at": at, "reviewed_by": name},
            hashlib.sha256(told_).hexdigest(),
        )
        verified([(told_, statement, as_json(_envelope(review)))] * 2)


# Names


def test_any_name_tells_an_instant_or_none(fuzz):
    pieces = st.sampled_from(
        [
            "20",
            "26",
            "2026",
            "-",
            "11",
            "22",
            "@",
            "T",
            "99",
            "00",
            "+",
            "Z",
            "_",
            ".",
            ":",
            "٣",
            "14",
            " ",
            "59",
        ]
    )

    def holds(name: str) -> None:
        found = taken_at(name)
        assert found is None or instant(found[0])

    fuzz(
        st.one_of(st.lists(pieces, max_size=14).map("".join), st.text(_LETTERS, max_size=40)), holds, few=200
    )
