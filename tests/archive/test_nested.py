"""A bundle in a bundle: the inner one is cut, the outer one is whole."""

from __future__ import annotations

import gzip

import pytest

from .packing import BUNDLES, claims_completeness, in_folder, rows, tarred

SCHEMA = b"CREATE TABLE t (id int);\nRESET ALL;\n"


@pytest.mark.parametrize("outer", ["folder", "tar", "zip"])
def test_a_tar_file_in_a_bundle_cut_anywhere(outer, opened, tmp_path):
    whole = tarred({"schema.sql": SCHEMA, "data.sql": rows(300)})
    end = len(whole.rstrip(b"\0")) + 1
    end += -end % 512 + 1024

    def held(content: bytes):
        folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return BUNDLES[outer](folder, {"b.tar": content})

    assert claims_completeness(opened, held(whole))
    passed = [
        at for at in range(512, end) if (at % 512 in (0, 1, 511) or at % 37 == 0)
        and claims_completeness(opened, held(whole[:at]))
    ]  # fmt: skip
    assert not passed


@pytest.mark.parametrize("outer", ["folder", "tar", "zip"])
def test_a_tar_file_in_a_bundle_without_its_last_part(outer, parts, opened, tmp_path):
    whole = tarred({name: parts[name] for name in ("schema.sql", "data.sql", "roles.sql")})
    archive = opened(BUNDLES[outer](tmp_path, {"b.tar": whole[: whole.index(b"roles.sql\0")]}))
    assert archive.incomplete_because == "the file ends inside the tar file: a header is missing"


@pytest.mark.parametrize("outer", ["folder", "tar", "zip"])
@pytest.mark.parametrize("alone", [True, False])
def test_a_compressed_tar_file_in_a_bundle_without_its_trailer(alone, outer, opened, tmp_path):
    inner = {"data.sql": rows(300)}
    packed = gzip.compress(tarred(inner | {"schema.sql": SCHEMA} if alone else inner))
    beside = {} if alone else {"schema.sql": SCHEMA}
    for size, because in ((0, None), (8, "the gzip data is truncated")):
        folder = tmp_path / str(size)
        folder.mkdir()
        members = beside | {"data.tar.gz": packed[: len(packed) - size]}
        assert opened(BUNDLES[outer](folder, members)).incomplete_because == because


def test_what_was_looked_at_for_its_role_is_not_what_was_read(parts, opened, tmp_path):
    """To tell the parts of a set their text is looked into, and no more of it than its beginning."""
    held = in_folder(tmp_path, {f"{at}.tar.gz": gzip.compress(tarred({"x.sql": text}))
                                for at, text in enumerate(parts.values())})  # fmt: skip
    archive = opened(held)
    assert archive.complete, archive.incomplete_because
    assert archive.format == "set"
