"""A manifest tells when a backup is not what it was, and is not believed when it was changed itself."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from fixtures.archive import open_archive
from fixtures.places.local import LocalPlace
from fixtures.reference import manifest as module
from fixtures.reference import manifest_file
from fixtures.restore.content import Content
from fixtures.restore.content.reading import Digested
from fixtures.restore.findings import Finding, Findings
from plugins.errors import BackupError, DrillError, NothingToCheckError
from plugins.signing import VARIABLE, key_of

TAKEN = datetime(2026, 11, 22, 2, tzinfo=UTC)
NO_KEY = key_of({}, None)
ROWS = "".join(f"{number}\tname {number}\n" for number in range(20))
TEXT = f"""\
--
-- PostgreSQL database dump
--

-- Dumped from database version 17.4
-- Dumped by pg_dump version 17.6

CREATE TABLE public.users (
    id bigint,
    name text
);

CREATE TABLE public.few (
    id bigint
);

COPY public.users (id, name) FROM stdin;
{ROWS}\\.

COPY public.few (id) FROM stdin;
7
\\.

--
-- PostgreSQL database dump complete
--
"""


def write(path, archive, **options):
    manifest_file.write(LocalPlace(path.parent, shown="backups"), path.name, archive, **options)


def read(path, key):
    return module.read(LocalPlace(path.parent, shown="backups"), path.name, key)


@pytest.fixture
def opened(tmp_path):
    """Opens a text as a backup."""

    def opened(text: str = TEXT, name: str = "backup.sql"):
        folder = tmp_path / f"staged{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode(), mtime=0) if name.endswith(".gz") else text.encode())
        return open_archive(path, folder=folder)

    return opened


@pytest.fixture
def written(tmp_path, opened):
    """A manifest of the text, written with a key."""

    def written(key=NO_KEY, text: str = TEXT):
        path = tmp_path / "backup.sql.manifest.json"
        write(path, opened(text), name="backup.sql", recovery_point=TAKEN, key=key)
        return path

    return written


@pytest.fixture
def pem():
    return (
        Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    )


def test_a_backup_is_what_its_manifest_says(written, opened):
    manifest = read(written(), NO_KEY)
    assert manifest.differences(opened(), TAKEN) == []


def test_rows_counted_in_production_are_what_the_backup_must_hold(tmp_path, opened):
    path = tmp_path / "backup.sql.manifest.json"
    counted = {"public.users": 21, "public.few": 1, "public.gone": 3}
    write(path, opened(), name="backup.sql", recovery_point=TAKEN, key=NO_KEY, counted=counted)
    manifest = read(path, NO_KEY)
    assert manifest.counted_in_production
    # What the right rows of users were, nobody knows.
    assert manifest.digests == dict.fromkeys(counted)
    assert manifest.differences(opened(), TAKEN) == [
        "public.gone is missing, and had 3 rows",
        "public.users holds 20 rows, and had 21",
    ]


def test_a_manifest_from_before_rows_were_counted_in_production_is_read(written):
    path = written()
    said = json.loads(path.read_bytes())
    assert said.pop("counted_in_production") is False
    path.write_text(json.dumps(said))
    assert not read(path, NO_KEY).counted_in_production


def test_what_it_holds_is_what_is_documented(written, opened):
    said = json.loads(written().read_bytes())
    archive = opened()
    assert said["schema"] == "restore-drill/manifest/1"
    assert said["backup"] == {
        "name": "backup.sql",
        "size_bytes": archive.size_bytes,
        "sha256": archive.sha256,
        "format": "plain",
        "recovery_point": "2026-11-22T02:00:00Z",
        "dumped_from": "17.4",
        "dumped_by": "17.6",
    }
    # The digest of few rows could be guessed.
    assert said["tables"] == [
        {"name": "public.few", "rows": 1, "digest": None, "columns": ["id"]},
        {
            "name": "public.users",
            "rows": 20,
            "digest": archive.digests["public.users"],
            "columns": ["id", "name"],
        },
    ]
    assert "name 7" not in json.dumps(said)


def test_rows_of_inserts_have_a_digest_too(tmp_path, opened):
    rows = "".join(f"INSERT INTO public.users VALUES ({n}, 'name {n}');\n" for n in range(20))
    text = TEXT.replace(f"COPY public.users (id, name) FROM stdin;\n{ROWS}\\.\n", rows)
    path = tmp_path / "m.json"
    write(path, opened(text), name="x", recovery_point=TAKEN, key=NO_KEY)
    digests = {table["name"]: table["digest"] for table in json.loads(path.read_bytes())["tables"]}
    assert digests["public.users"] == opened().digests["public.users"]


BELIED = {
    "a changed row": (TEXT.replace("name 7\n", "name 8\n"), ["another one", "differs in the content of"]),
    "a lost row": (TEXT.replace("7\tname 7\n", ""), ["bytes", "another one", "holds 19 rows, and had 20"]),
    "a changed column": (
        TEXT.replace("    name text", "    name name"), ["SHA-256", "fingerprint is another one"]),
    "another server": (TEXT.replace("17.4", "17.5"), ["SHA-256", "names other versions"]),
    "a lost table": (
        TEXT.replace("CREATE TABLE public.few (\n    id bigint\n);\n", "").replace(
            "COPY public.few (id) FROM stdin;\n7\n\\.\n", ""),
        ["bytes", "SHA-256", "fingerprint", "public.few is missing, and had 1 rows"]),
    "another table": (
        TEXT.replace("CREATE TABLE public.few", "CREATE TABLE public.more ();\n\nCREATE TABLE public.few"),
        ["bytes", "SHA-256", "fingerprint", "public.more is in the backup, and was not"]),
}  # fmt: skip


@pytest.mark.parametrize("case", BELIED)
def test_what_was_changed_since_is_named(case, written, opened):
    text, words = BELIED[case]
    found = read(written(), NO_KEY).differences(opened(text), TAKEN)
    assert len(found) == len(words)
    assert all(word in said for word, said in zip(words, found, strict=True)), found


def test_the_same_content_in_another_file_is_not_the_same_artefact(written, opened):
    found = read(written(), NO_KEY).differences(opened(name="backup.sql.gz"), TAKEN)
    assert len(found) == 2
    assert "bytes" in found[0]
    assert "SHA-256" in found[1]


def test_a_backup_that_is_dated_younger_than_it_was(written, opened):
    (said,) = read(written(), NO_KEY).differences(opened(), TAKEN + timedelta(days=7))
    assert said == ("the recovery point is taken for 2026-11-29 02:00 UTC, and was 2026-11-22 02:00 UTC")


def test_statements_in_another_order_have_the_same_fingerprint(written, opened):
    first = "CREATE TABLE public.few (\n    id bigint\n);\n\n"
    moved = TEXT.replace(first, "").replace("CREATE TABLE public.users", first + "CREATE TABLE public.users")
    found = read(written(), NO_KEY).differences(opened(moved), TAKEN)
    assert not any("fingerprint" in said for said in found)


# Signatures


def test_a_signed_manifest_is_valid_under_its_key_only(written, pem):
    key = key_of({VARIABLE: pem}, None)
    path = written(key)
    assert read(path, key).is_signed
    with pytest.raises(DrillError, match="no key is at hand"):
        _ = read(path, NO_KEY).is_signed
    other = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert not read(path, key_of({VARIABLE: other.decode()}, None)).is_signed


def test_a_manifest_that_was_changed_is_not(written, pem):
    key = key_of({VARIABLE: pem}, None)
    path = written(key)
    path.write_bytes(path.read_bytes().replace(b'"rows": 20', b'"rows": 21'))
    assert not read(path, key).is_signed


@pytest.mark.parametrize("signature", [b"", b"not base64 !", b"AAAA", b"\xff\xfe"])
def test_what_is_no_signature_is_invalid(signature, written, pem):
    key = key_of({VARIABLE: pem}, None)
    path = written(key)
    path.with_name(path.name + ".sig").write_bytes(signature)
    assert not read(path, key).is_signed


def test_an_unsigned_one_is_said_to_be(written):
    with pytest.raises(NothingToCheckError, match="not signed"):
        _ = read(written(), NO_KEY).is_signed


def test_the_public_key_alone_checks_it(written, pem, tmp_path):
    key = key_of({VARIABLE: pem}, None)
    path = written(key)
    public = tmp_path / "evidence.pub"
    private = tmp_path / "evidence.pem"
    private.write_text(pem)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True)
    assert read(path, key_of({}, public)).is_signed


def test_openssl_checks_it_too(written, pem, tmp_path):
    """Somebody else's program, on what is documented: Ed25519 over the file, in base64."""
    path = written(key_of({VARIABLE: pem}, None))
    (tmp_path / "private").write_text(pem)
    (tmp_path / "raw").write_bytes(base64.b64decode(path.with_name(path.name + ".sig").read_bytes()))
    command = ["openssl", "pkeyutl", "-verify", "-rawin", "-inkey", tmp_path / "private", "-in", path]
    done = subprocess.run(
        [*command, "-sigfile", tmp_path / "raw"], capture_output=True, text=True, check=False
    )
    assert "Signature Verified Successfully" in done.stdout


def test_a_key_with_its_line_ends_written_out(written, pem):
    key = key_of({VARIABLE: pem.replace("\n", "\\n")}, None)
    assert read(written(key), key).is_signed


@pytest.mark.parametrize(
    "bad", ["", "secret-canary", "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----"]
)
def test_a_bad_key_is_named_by_its_variable_and_never_shown(bad):
    if not bad:
        assert not key_of({VARIABLE: bad}, None).signs
        return
    with pytest.raises(DrillError, match=VARIABLE) as raised:
        key_of({VARIABLE: bad}, None)
    assert "canary" not in str(raised.value)


def test_a_key_of_another_kind(tmp_path):
    subprocess.run(["openssl", "genpkey", "-algorithm", "X25519", "-out", tmp_path / "x"], check=True)
    with pytest.raises(DrillError, match="no private Ed25519 key"):
        key_of({VARIABLE: (tmp_path / "x").read_text()}, None)
    with pytest.raises(DrillError, match="no public Ed25519 key"):
        key_of({}, tmp_path / "x")
    with pytest.raises(DrillError, match="cannot be read"):
        key_of({}, tmp_path / "missing")


# Writing and reading


@pytest.mark.parametrize(("rows", "found"), [(20, None), (19, "public.users holds 19 rows, and had 20")])
def test_rows_that_could_not_be_compared_are_not_called_different(rows, found, written):
    # As an old server's floats: their text is another one, and the values are the same.
    manifest = read(written(), key=NO_KEY)
    told = Finding("public.users", "cannot be compared: floats", "public.users")
    content = Content(
        digests={"public.users": Digested(rows, 5)},
        columns={},
        differences=Findings(undecided=(told,)),
        unreadable=Findings(),
    )
    if found is not None:
        assert manifest.differences_of("public.users", content) == [found]
        return
    with pytest.raises(DrillError, match="cannot be compared"):
        manifest.differences_of("public.users", content)


def test_it_is_never_written_twice(written):
    path = written()
    before = path.read_bytes()
    with pytest.raises(DrillError, match="exists"):
        written(text=TEXT.replace("name 7", "name 8"))
    assert path.read_bytes() == before


def test_none_is_written_of_half_a_backup(written, tmp_path):
    with pytest.raises(BackupError, match="not complete"):
        written(text=TEXT[: len(TEXT) // 2])
    assert not list(tmp_path.glob("*.manifest.json*"))


DAMAGED = [
    b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"schema": "restore-drill/manifest/2"}',
    b'{"schema": "restore-drill/manifest/1", "tables": 7}',
]  # fmt: skip


@pytest.mark.parametrize("data", DAMAGED)
def test_a_damaged_manifest_is_a_failure_and_no_traceback(data, written):
    path = written()
    path.write_bytes(data)
    with pytest.raises(BackupError, match="is damaged"):
        read(path, NO_KEY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"rows": 20', b'"rows": -1'),
        (b'"rows": 20', b'"rows": "20"'),
        (b'"recovery_point": "2026-11-22T02:00:00Z"', b'"recovery_point": "2026-11-22T02:00:00"'),
        (b'"recovery_point": "2026-11-22T02:00:00Z"', b'"recovery_point": "yesterday"'),
        (b'"format"', b'"form"'),
    ],
)
def test_a_manifest_with_an_impossible_value(old, new, written):
    path = written()
    path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(BackupError, match="is damaged"):
        read(path, NO_KEY)


def test_a_cut_manifest(written):
    path = written()
    data = path.read_bytes()
    for end in range(0, len(data) - 2, 7):
        path.write_bytes(data[:end])
        with pytest.raises(BackupError):
            read(path, NO_KEY)
