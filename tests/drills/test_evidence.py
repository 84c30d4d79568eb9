"""Evidence from end to end: signed on two machines, kept in one place, verified with the public key alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def key(tmp_path):
    """What a drill's environment gets, and the file of the public key."""
    private = Ed25519PrivateKey.generate()
    path = tmp_path / "evidence.pub"
    path.write_bytes(private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {"DRILL_EVIDENCE_KEY": text}, path


def verify(*args):
    command = [sys.executable, "-m", "plugins.evidence", "verify", *map(str, args)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_two_machines_write_one_chain_that_the_public_key_verifies(small, drill_run, key, tmp_path):
    environ, public = key
    archive = tmp_path / "archive"
    archive.mkdir()
    small.write(plan=f'[evidence]\narchive = "{archive}"\n')
    args = ("suites/backup", *small.args()[1:])
    first = drill_run(*args, env=environ)
    assert "unsigned" not in first.output
    # Another machine: nothing is there but the archive.
    (first.folder.parent / "history.jsonl").unlink()
    second = drill_run(*args, env=environ)
    assert second.evidence["previous"]["drill_id"] == first.evidence["drill_id"]
    assert (first.code, second.code) == (0, 0), first.output + second.output
    head = json.loads((archive / "small" / "head.json").read_bytes())["sha256"]
    kept = [archive / "small" / run.evidence["drill_id"] for run in (first, second)]
    done = verify(*kept, "--key", public, "--head", head)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    (kept[0] / "evidence.json").write_bytes(
        (kept[0] / "evidence.json").read_bytes().replace(b"pass", b"fail", 1)
    )
    assert verify(*kept, "--key", public, "--head", head).returncode == 1


def test_evidence_that_cannot_be_kept_is_loud_and_stays_here(small, drill_run, tmp_path):
    (tmp_path / "file").write_text("no folder")
    small.write(plan=f'[evidence]\narchive = "{tmp_path / "file" / "archive"}"\n')
    run = drill_run("suites/backup", *small.args()[1:])
    assert (run.code, run.evidence["verdict"]) == (6, "pass"), run.output
    assert "NOT KEPT    " in run.output
    assert "unsigned: no key in DRILL_EVIDENCE_KEY" in run.output
    assert any("earlier drills were not read" in text for text in run.evidence["alerts"])
