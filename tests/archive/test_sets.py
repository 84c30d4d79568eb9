"""Several files that are one backup: the set of the Supabase CLI, in any order and under any name."""

from __future__ import annotations

import bz2
import gzip

import pyrage
import pytest

from plugins.errors import BackupError, DrillError

from .packing import BUNDLES, TABLES, claims_completeness, in_folder, left, tarred, zipped


@pytest.mark.parametrize("bundle", BUNDLES)
@pytest.mark.parametrize(
    "names",
    [
        ("roles.sql", "schema.sql", "data.sql"),
        ("data.sql", "roles.sql", "schema.sql"),
        ("a-data-2026.sql", "b_schema.dump", "c.Roles"),
        ("1.sql", "2.sql", "3.sql"),
        ("database-schema.sql.old", "app.roles", "the_data"),
        ("schema-data.sql", "data-roles.sql", "x"),
    ],
)
def test_a_set_is_one_text_in_its_order(bundle, names, parts, opened, tmp_path):
    said = [
        role
        for name in names
        for role in parts
        if role.removesuffix(".sql") in name.lower().split("base")[-1]
    ]
    # Where the names do not tell, or contradict each other, the text does.
    roles = said if sorted(said) == sorted(parts) else ["schema.sql", "roles.sql", "data.sql"]
    by_name = {name: parts[role] for name, role in zip(names, roles, strict=True)}
    archive = opened(BUNDLES[bundle](tmp_path, by_name))
    assert archive.complete, archive.incomplete_because
    assert (archive.format, archive.compression) == ("set", "none")
    whole = b"".join(parts[name] for name in ("roles.sql", "schema.sql", "data.sql"))
    assert archive.path.read_bytes() == whole
    assert archive.tables == TABLES
    assert archive.roles_created == {"Reader One", "app_owner", "batch", "postgres"}
    assert archive.dumped_by
    for entry in archive.entries:
        assert archive.text(entry) in whole
        assert archive.text(entry).endswith((b";", b"\\."))
    assert left(tmp_path) == {"staged.sql"}


def test_a_set_without_roles_and_each_part_compressed_in_its_way(parts, opened):
    members = {
        "schema.sql.bz2": bz2.compress(parts["schema.sql"]),
        "data.sql.gz": gzip.compress(parts["data.sql"]),
    }
    members |= {
        "README.md": b"x",
        "__MACOSX/._data.sql.gz": b"\0\5\x16\7",
        "sub/.DS_Store": b"\0",
        "SHA256SUMS": b"x",
    }
    archive = opened(tarred(members))
    assert archive.complete, archive.incomplete_because
    assert (archive.format, archive.compression) == ("set", "bzip2")
    assert archive.tables == TABLES


def test_layers_around_a_set(parts, opened, tmp_path):
    key = pyrage.x25519.Identity.generate()
    for bundle in (tarred(parts), zipped(parts)):
        archive = opened(pyrage.encrypt(gzip.compress(bundle), [key.to_public()]), identity=str(key))
        assert archive.complete
        assert (archive.format, archive.compression, archive.encryption) == ("set", "gzip", "age")
    each = {name: pyrage.encrypt(text, [key.to_public()]) for name, text in parts.items()}
    assert opened(zipped(each), identity=str(key)).tables == TABLES
    assert left(tmp_path) == {"staged.sql"}


def test_the_sum_is_that_of_the_bundle_as_stored(parts, opened, tmp_path):
    calls: list[tuple[int, int | None]] = []
    content = zipped(parts)
    archive = opened(content, progress=lambda done, total: calls.append((done, total)))
    assert archive.size_bytes == len(content)
    assert calls[-1] == (len(content), len(content))
    folder = in_folder(tmp_path, {"1.sql": parts["schema.sql"], "2.sql": parts["data.sql"]})
    opened(folder, progress=lambda done, total: calls.append((done, total)))
    size = len(parts["schema.sql"]) + len(parts["data.sql"])
    assert calls[-1] == (size, size)


@pytest.mark.parametrize("bundle", BUNDLES)
def test_each_part_must_be_whole(bundle, parts, opened, tmp_path):
    cuts = {
        "roles.sql": (b'GRANT "', "in roles, the last words"),
        "schema.sql": (b"ALTER TABLE ONLY", "in schema, the last words"),
        "data.sql": (b"-- PostgreSQL database dump complete", "in data, the footer of pg_dump is missing"),
    }
    for name, (mark, because) in cuts.items():
        cut = parts[name][: parts[name].rindex(mark)]
        folder = tmp_path / name
        folder.mkdir()
        archive = opened(BUNDLES[bundle](folder, parts | {name: cut}))
        assert archive.incomplete_because.startswith(because)


@pytest.mark.parametrize("name", ["roles.sql", "schema.sql", "data.sql"])
def test_a_part_cut_anywhere(name, parts, opened, tmp_path):
    held = in_folder(tmp_path, parts)
    text = parts[name].rstrip()
    # The comment that pg_dump ends the data with is enough; what the CLI adds behind it is not missed.
    end = text.find(b"dump complete") + 14 if name == "data.sql" else len(text)
    assert claims_completeness(opened, held)
    passed = []
    for at in (*range(1, end, max(1, end // 150)), end - 1):
        (held / name).write_bytes(text[:at])
        passed += [at] if claims_completeness(opened, held) else []
    assert not passed


def test_a_part_that_is_damaged_does_not_hide_the_others(parts, opened):
    data = gzip.compress(parts["data.sql"])
    archive = opened(
        tarred(parts | {"data.sql": data[:-9], "schema.sql": gzip.compress(parts["schema.sql"])})
    )
    assert archive.incomplete_because == "in data, the gzip data is truncated"
    archive = opened(zipped(parts | {"roles.sql": gzip.compress(parts["roles.sql"])[:-9]}))
    assert archive.incomplete_because == "in roles, the gzip data is truncated"
    assert archive.tables == TABLES


@pytest.mark.parametrize("missing", ["data.sql", "schema.sql"])
def test_a_set_without_its_rows_or_its_tables(missing, parts, opened):
    members = {name: text for name, text in parts.items() if name != missing}
    with pytest.raises(BackupError) as raised:
        opened(tarred(members))
    assert f"without its {missing.removesuffix('.sql')}" in raised.value.message
    assert "supabase db dump" in raised.value.hint
    assert ("no rows" in raised.value.message) is (missing == "data.sql")


def test_a_part_that_failed_is_named(parts, opened):
    with pytest.raises(BackupError, match=r"backup\.sql \(roles\.sql\) is empty \(0 bytes\)"):
        opened(zipped(parts | {"roles.sql": b""}))


def test_a_part_that_is_no_text_is_unverified(parts, data, opened):
    with pytest.raises(
        DrillError, match=r"data\.dump, the data of backup backup\.sql, is not SQL text"
    ) as raised:
        opened(zipped({"schema.sql": parts["schema.sql"], "data.dump": (data / "small.dump").read_bytes()}))
    assert not isinstance(raised.value, BackupError)
