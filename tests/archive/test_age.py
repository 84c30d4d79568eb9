"""Backups encrypted with age: opened with the right key, and the wrong one is told from damage."""

from __future__ import annotations

import gzip
import io
import threading
import tracemalloc
from contextlib import ExitStack

import pyrage
import pytest

from fixtures.archive import age
from fixtures.archive.source import Reader
from plugins.errors import BackupError, DrillError

from .packing import claims_completeness

# Made for tests: they open nothing else.
SECRET = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
SSH = """-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACB7Ci6nqZYaVvrjm8+XbzII89TsXzP111AflR7WeorBjQAAAJCfEwtqnxML
agAAAAtzc2gtZWQyNTUxOQAAACB7Ci6nqZYaVvrjm8+XbzII89TsXzP111AflR7WeorBjQ
AAAEADBJvjZT8X6JRJI8xVq/1aU8nMVgOtVnmdwqWwrSlXG3sKLqeplhpW+uObz5dvMgjz
1OxfM/XXUB+VHtZ6isGNAAAADHN0cjRkQGNhcmJvbgE=
-----END OPENSSH PRIVATE KEY-----
"""
SSH_PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN alice"


@pytest.fixture(scope="module")
def key():
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def small(data) -> bytes:
    return (data / "small.sql").read_bytes()


def whole(archive) -> bool:
    assert archive.encryption == "age"
    return archive.complete


def stays(threads: int) -> bool:
    return threading.active_count() == threads


@pytest.mark.parametrize("armored", [False, True])
def test_an_identity_opens_it(armored, key, small, opened):
    backup = pyrage.encrypt(small, [key.to_public()], armored=armored)
    archive = opened(
        backup, "b.sql.age", identity=f"# created: 2026-11-22\n# public key: {key.to_public()}\n{key}\n"
    )
    assert whole(archive)
    assert (archive.compression, archive.notes) == ("none", ())
    assert archive.path.read_bytes() == small


def test_any_of_several_identities_opens_it(key, small, opened):
    other = pyrage.x25519.Identity.generate()
    backup = pyrage.encrypt(small, [key.to_public()])
    assert whole(opened(backup, identity=f"{other}\n\n{str(key).lower()}\n"))


def test_an_ssh_key_opens_it(small, opened):
    backup = pyrage.encrypt(small, [pyrage.ssh.Recipient.from_str(SSH_PUBLIC)])
    assert whole(opened(backup, identity=SSH))


@pytest.mark.parametrize("armored", [False, True])
def test_a_passphrase_opens_it(armored, small, opened):
    backup = pyrage.passphrase.encrypt(small, "open sesame", armored=armored)
    assert whole(opened(backup, identity="open sesame\n"))


def test_around_compression_and_within_it(key, data, opened):
    dump = gzip.compress((data / "small.dump").read_bytes())
    archive = opened(pyrage.encrypt(dump, [key.to_public()]), "x.dump.gz.age", identity=str(key))
    assert whole(archive)
    assert (archive.format, archive.compression, archive.notes) == ("custom", "gzip", ())
    within = gzip.compress(pyrage.encrypt((data / "small.tar").read_bytes(), [key.to_public()]))
    assert whole(opened(within, identity=str(key)))


def _wrong(backup: bytes, opened, identity: str | None) -> str:
    threads = threading.active_count()
    with pytest.raises(BackupError) as raised:
        opened(backup, identity=identity)
    assert stays(threads)
    assert str(identity) not in str(raised.value)
    return raised.value.message


def test_a_wrong_key_is_a_failure(key, small, opened):
    other = str(pyrage.x25519.Identity.generate())
    to_key = pyrage.encrypt(small, [key.to_public()])
    by_word = pyrage.passphrase.encrypt(small, "open sesame")
    assert "none of its recipients has this key" in _wrong(to_key, opened, other)
    assert "the passphrase is wrong" in _wrong(by_word, opened, "open barley")
    assert "encrypted with a passphrase" in _wrong(by_word, opened, str(key))
    assert "the identity is taken for a passphrase" in _wrong(to_key, opened, "keys/backup.txt")


@pytest.mark.parametrize("identity", [None, "", " \n"])
def test_no_identity_is_unverified(identity, key, small, opened):
    with pytest.raises(DrillError, match="the plan gives no identity") as raised:
        opened(pyrage.encrypt(small, [key.to_public()]), identity=identity)
    assert not isinstance(raised.value, BackupError)
    assert "[backup] identity_env" in raised.value.hint


@pytest.mark.parametrize(
    ("identity", "message"),
    [
        (SECRET[:-3], "is no whole age or SSH key"),
        (SSH[:200], "is no whole age or SSH key"),
        ("AGE-PLUGIN-YUBIKEY-1QQQQQQ", "of a kind that is not read"),
        (
            "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----",
            "of a kind that is not read",
        ),
    ],
)
def test_an_identity_that_is_none_is_unverified(identity, message, key, small, opened):
    with pytest.raises(DrillError, match=message) as raised:
        opened(pyrage.encrypt(small, [key.to_public()]), identity=identity)
    assert not isinstance(raised.value, BackupError)
    assert identity not in str(raised.value)


def test_what_is_decrypted_is_recognised(key, opened):
    with pytest.raises(BackupError, match="decrypted, is an HTML page"):
        opened(pyrage.encrypt(b"<html>", [key.to_public()]), identity=str(key))
    with pytest.raises(BackupError, match=r"decrypted, is empty \(0 bytes\)"):
        opened(pyrage.encrypt(b"", [key.to_public()]), identity=str(key))


@pytest.mark.parametrize("armored", [False, True])
def test_cut_or_damaged_anywhere(armored, key, data, opened):
    # Over one of age's blocks of 64 kB, so that a beginning can be read.
    text = (data / "pg18.sql").read_bytes() * 2
    backup = pyrage.encrypt(text, [key.to_public()], armored=armored)
    threads = threading.active_count()
    for at in (*range(22, 300, 7), *range(300, len(backup), 9001), len(backup) - 40, len(backup) - 2):
        assert not claims_completeness(opened, backup[:at], identity=str(key)), at
    for at in range(200, len(backup), 12007):
        damaged = bytearray(backup)
        damaged[at] ^= 1
        assert not claims_completeness(opened, bytes(damaged), identity=str(key)), at
    assert not claims_completeness(opened, backup + b"more", identity=str(key))
    assert stays(threads)
    cut = opened(backup[:-2000], identity=str(key))
    assert cut.incomplete_because == "the age data are damaged or truncated"
    assert text.startswith(cut.path.read_bytes())
    assert cut.text_bytes >= 1 << 16


def test_cut_with_a_passphrase(small, opened):
    backup = pyrage.passphrase.encrypt(small, "open sesame")
    for at in (60, len(backup) - 1):
        with pytest.raises(BackupError, match="holds nothing that can be read"):
            opened(backup[:at], identity="open sesame")


def test_cut_before_it_was_encrypted(key, data, opened):
    cut = gzip.compress((data / "pg18.sql").read_bytes())[:-20]
    archive = opened(pyrage.encrypt(cut, [key.to_public()]), identity=str(key))
    assert archive.incomplete_because == "the gzip data is truncated"


def test_gzip_that_is_cut_around_it(key, data, opened):
    backup = pyrage.encrypt((data / "pg18.sql").read_bytes() * 3, [key.to_public()])
    archive = opened(gzip.compress(backup)[:-40000], identity=str(key))
    assert archive.incomplete_because == "the gzip data is truncated"
    assert archive.text_bytes


def test_nothing_runs_on_when_the_text_is_left(key):
    threads = threading.active_count()
    backup = pyrage.encrypt(b"x" * (1 << 20), [key.to_public()])
    pieces = (backup[at : at + 4096] for at in range(0, len(backup), 4096))
    with ExitStack() as closing:
        text = age.decrypt(Reader(pieces), str(key), name="b", closing=closing)
        assert next(text)
        assert threading.active_count() == threads + 1
    assert stays(threads)


def test_memory_does_not_grow_with_the_file(key):
    size = 64 << 20
    backup = io.BytesIO()
    pyrage.encrypt_io(io.BytesIO(bytes(size)), backup, [key.to_public()])
    stored = backup.getvalue()
    pieces = (stored[at : at + (1 << 18)] for at in range(0, len(stored), 1 << 18))
    tracemalloc.start()
    try:
        with ExitStack() as closing:
            text = age.decrypt(Reader(pieces), str(key), name="b", closing=closing)
            assert sum(len(piece) for piece in text) == size
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20


def test_too_large_for_a_passphrase(small, opened, monkeypatch):
    monkeypatch.setattr(age, "free_memory", lambda: 4 * 1000)
    backup = pyrage.passphrase.encrypt(small, "open sesame")
    assert len(backup) > 1000
    with pytest.raises(DrillError, match="too large to decrypt in memory") as raised:
        opened(backup, identity="open sesame")
    assert not isinstance(raised.value, BackupError)
    assert "age identity" in raised.value.hint


def test_an_error_of_the_storage_is_not_a_cut(key):
    def pieces():
        yield pyrage.encrypt(b"x" * 200000, [key.to_public()])[:100000]
        raise DrillError("the disk went away")

    threads = threading.active_count()
    with ExitStack() as closing, pytest.raises(DrillError, match="the disk went away"):
        for _ in age.decrypt(Reader(pieces()), str(key), name="b", closing=closing):
            pass
    assert stays(threads)
