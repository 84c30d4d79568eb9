"""Bundles of evidence: sealed, chained, verified, reviewed; whatever is changed afterwards is found."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from plugins.evidence import bundle, reviewing
from plugins.evidence.__main__ import main
from plugins.signing import VARIABLE, key_of

ROOT = Path(__file__).resolve().parents[2]
FIRST = datetime(2026, 11, 1, 3, 7, tzinfo=UTC)
FILES = {"summary.html": b"<p>fine</p>", "recovery-times.svg": b"<svg/>"}


class Signer:
    """A key pair, as a drill's environment has it and as an auditor does."""

    def __init__(self, folder: Path, name: str) -> None:
        private = Ed25519PrivateKey.generate()
        self.environ = {
            VARIABLE: private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        }
        self.key = key_of(self.environ, None)
        self.public = folder / f"{name}.pem"
        self.public.write_bytes(
            private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )


def evidence(nth: int, previous: dict | None, *, plan: str = "acme", **more) -> dict:
    finished = (FIRST + timedelta(days=30 * nth)).isoformat().replace("+00:00", "Z")
    return {
        "schema": "restore-drill/evidence/1",
        "drill_id": f"drill-{nth}",
        "sample": False,
        "scope": "full",
        "started_at": finished,
        "finished_at": finished,
        "plan": {"name": plan, "sha256": "00"},
        "verdict": "pass",
        "previous": previous,
        **more,
    }


def write(folder: Path, count: int, key, *, plan: str = "acme") -> list[Path]:
    """So many bundles of one plan, each following the one before."""
    previous, found = None, []
    for nth in range(count):
        sealed = bundle.write(folder / f"{plan}-{nth}", evidence(nth, previous, plan=plan), FILES, key=key)
        previous = {"drill_id": f"drill-{nth}", "sha256": sealed.sha256}
        found.append(sealed.evidence.parent)
    return found


@pytest.fixture
def signer(tmp_path):
    return Signer(tmp_path, "ours")


@pytest.fixture
def bundles(tmp_path, signer):
    return write(tmp_path / "out", 3, signer.key)


@pytest.fixture
def verify(capsys):
    def verify(*args):
        code = main(["verify", *map(str, args)])
        return code, capsys.readouterr().out

    return verify


@pytest.fixture
def faults(tmp_path, signer, verify):
    """What is wrong with the bundles of this test, by our key."""

    def faults(*more):
        code, out = verify(tmp_path / "out", "--key", signer.public, *more)
        found = [line.strip() for line in out.splitlines() if "FAULT" in line]
        assert code == (1 if found else 0), out
        return found

    return faults


def reseal(folder: Path, **changes) -> None:
    """Write the evidence anew, as who holds no key but knows the format would; nobody signs it."""
    told = json.loads((folder / "evidence.json").read_bytes()) | changes
    files = {name: (folder / name).read_bytes() for name in told["files"]}
    shutil.rmtree(folder)
    bundle.write(folder, told, files, key=None)


def test_what_was_written_is_verified_and_what_was_not_checked_is_said(bundles, tmp_path, signer, verify):
    code, out = verify(tmp_path / "out", "--key", signer.public)
    assert (code, out.splitlines()[-1]) == (0, "VERIFIED, 3 drills")
    assert f"signed by key {signer.key.keyid[:16]}" in out
    assert "chain of acme: 3 drills, from drill-0, the first of its plan, to drill-2" in out
    assert "that no later drill of acme was dropped" in out
    head = json.loads((bundles[2] / "evidence.dsse.json").read_bytes())
    assert head["payloadType"] == "application/vnd.in-toto+json"


def test_it_needs_no_more_than_the_files(bundles, signer):
    """A machine of an auditor: no plan, no database, no key but the public one."""
    command = [sys.executable, "-m", "plugins.evidence", "verify", bundles[0], "--key", signer.public]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["evidence.json", "evidence.dsse.json", *FILES])
@pytest.mark.parametrize("at", [0, 0.37, 0.81, -1])
def test_a_changed_byte_in_any_file_is_found(bundles, faults, name, at):
    path = bundles[1] / name
    content = bytearray(path.read_bytes())
    content[int(at * len(content)) if at >= 0 else -1] ^= 1
    path.write_bytes(content)
    assert faults()


@pytest.mark.parametrize("name", ["evidence.json", "evidence.dsse.json", *FILES])
def test_a_missing_file_is_found(bundles, faults, name):
    (bundles[1] / name).unlink()
    assert any(name in fault for fault in faults())


def test_an_added_file_and_a_link_are_found(bundles, faults, tmp_path):
    (bundles[0] / "more.txt").write_text("more")
    target = tmp_path / "summary.html"
    target.write_bytes(FILES["summary.html"])
    (bundles[1] / "summary.html").unlink()
    (bundles[1] / "summary.html").symlink_to(target)
    assert faults() == [
        "FAULT: more.txt was added: the evidence does not name it",
        "FAULT: summary.html is no file of its own (a link or a folder)",
        "FAULT: summary.html is missing: the evidence names it",
    ]


def test_an_archives_own_folder_is_verified_as_it_stands(bundles, faults):
    """It has the history and the head beside the bundles; elsewhere such a folder lost its evidence."""
    folder = bundles[0].parent
    (folder / bundle.HISTORY).mkdir()
    (folder / bundle.HISTORY / "drill-0.json").write_bytes(b"{}")
    assert faults() == [f"FAULT: there is no {bundle.EVIDENCE}"]
    (folder / bundle.HEAD).write_bytes(b"{}")
    assert faults() == []
    shutil.rmtree(bundles[1])
    bundles[1].mkdir()
    assert f"FAULT: there is no {bundle.EVIDENCE}" in faults()


def test_a_bundle_that_was_written_anew_is_found(bundles, faults):
    reseal(bundles[1], verdict="fail")
    assert faults() == [
        "FAULT: nobody signed it",
        "FAULT: drill-2 follows another drill-1 than the one that is here",
    ]


def test_a_dropped_drill_is_found(bundles, faults):
    shutil.rmtree(bundles[1])
    assert faults() == ["FAULT: drill-2 follows drill-1, which is not here: a drill was left out"]


def test_a_dropped_first_drill_is_said(bundles, tmp_path, signer, verify):
    shutil.rmtree(bundles[0])
    code, out = verify(tmp_path / "out", "--key", signer.public)
    assert code == 0
    assert "what acme drilled up to drill-0: that drill is not here" in out


def test_a_dropped_last_drill_shows_against_the_head_alone(bundles, faults, tmp_path):
    head = json.loads((tmp_path / "out" / "acme-2" / "evidence.json").read_bytes())
    sha256 = bundle_digest(bundles[2])
    assert head["drill_id"] == "drill-2"
    assert faults("--head", sha256) == []
    shutil.rmtree(bundles[2])
    assert faults() == []
    assert faults("--head", sha256) == [
        f"FAULT: no plan's last drill has the digest {sha256}: a drill was dropped, or it is another one"
    ]


def bundle_digest(folder: Path) -> str:
    done = subprocess.run(["sha256sum", folder / "evidence.json"], capture_output=True, text=True, check=True)
    return done.stdout.split()[0]


def test_a_wrong_key_is_found_and_a_second_one_may_follow(bundles, tmp_path, signer, verify):
    other = Signer(tmp_path, "other")
    code, out = verify(bundles[0], "--key", other.public)
    assert (code, "none of the keys given has signed it" in out) == (1, True)
    assert verify(bundles[0], "--key", other.public, "--key", signer.public)[0] == 0


def test_without_a_key_nothing_is_verified_unless_that_is_wanted(bundles, tmp_path, verify):
    code, out = verify(tmp_path / "out")
    assert (code, "FAULT: no key was given" in out) == (1, True)
    code, out = verify(tmp_path / "out", "--unsigned")
    assert (code, "who wrote the evidence: no key was given" in out) == (0, True)


def test_unsigned_bundles_are_said_to_be(tmp_path, signer, verify):
    write(tmp_path / "out", 1, None)
    code, out = verify(tmp_path / "out", "--unsigned")
    assert (code, "UNSIGNED" in out) == (0, True)
    code, out = verify(tmp_path / "out", "--key", signer.public)
    assert (code, "FAULT: nobody signed it" in out) == (1, True)


def test_two_drills_after_the_same_one_and_two_first_ones_are_found(bundles, faults, tmp_path, signer):
    before = {"drill_id": "drill-0", "sha256": bundle_digest(bundles[0])}
    bundle.write(tmp_path / "out" / "twin", evidence(5, before), FILES, key=signer.key)
    bundle.write(tmp_path / "out" / "first", evidence(6, None), FILES, key=signer.key)
    assert faults() == [
        "FAULT: 2 drills say that they are the first",
        "FAULT: 2 drills say that they follow drill-0",
        "FAULT: drill-6 says that it is the first, and there are earlier ones",
    ]


def test_an_order_that_was_swapped_is_found(tmp_path, signer, faults):
    late = bundle.write(tmp_path / "out" / "a", evidence(4, None), FILES, key=signer.key)
    before = {"drill_id": "drill-4", "sha256": late.sha256}
    bundle.write(tmp_path / "out" / "b", evidence(1, before), FILES, key=signer.key)
    assert "FAULT: drill-1 follows drill-4, which is not here: a drill was left out" not in faults()
    assert faults()


def test_drills_that_ended_in_one_second_are_in_the_order_in_which_they_follow_each_other(
    tmp_path, signer, verify
):
    previous = None
    for name in ("c", "a", "b"):  # by no order of their names
        told = evidence(0, previous, drill_id=name)
        previous = {"drill_id": name}
        sealed = bundle.write(tmp_path / "out" / name, told, FILES, key=signer.key)
        previous["sha256"] = sealed.sha256
    code, out = verify(tmp_path / "out", "--key", signer.public)
    assert (code, out.splitlines()[-1]) == (0, "VERIFIED, 3 drills"), out
    assert "from c, the first of its plan, to b" in out


def test_plans_have_chains_of_their_own(bundles, tmp_path, signer, faults):
    write(tmp_path / "out", 2, signer.key, plan="other")
    assert faults() == []


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"{}", b'{"schema": "restore-drill/evidence/1"}', b"[" * 100_000, b"\xff\xfe",
     b'{"schema": "restore-drill/evidence/2"}'],
)  # fmt: skip
@pytest.mark.parametrize("name", ["evidence.json", "evidence.dsse.json", "review-1.dsse.json"])
def test_whatever_stands_in_a_file_is_a_fault_and_no_traceback(bundles, faults, name, content):
    (bundles[1] / name).write_bytes(content)
    assert any(name in fault for fault in faults())


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10), st.sampled_from(["schema", "drill_id", "sample", "finished_at", "plan", "files", "previous", "verdict"]))  # fmt: skip  # noqa: E501
def test_evidence_of_any_shape_ends_in_a_sentence(tmp_path_factory, value, key):
    folder = tmp_path_factory.mktemp("any") / "one"
    folder.mkdir()
    told = {**evidence(0, None), "files": {}, key: value}
    (folder / "evidence.json").write_text(json.dumps(told))
    assert main(["verify", str(folder), "--unsigned"]) in (0, 1)


def test_what_is_no_folder_of_bundles_is_bad_usage(tmp_path, verify, capsys):
    assert main(["verify", str(tmp_path / "nowhere"), "--unsigned"]) == 4
    assert main(["verify", str(tmp_path), "--key", str(tmp_path / "no.pem")]) == 4
    (tmp_path / "empty").mkdir()
    assert main(["verify", str(tmp_path / "empty"), "--unsigned"]) == 4
    told = capsys.readouterr().err
    assert told.count("HINT: ") == 3
    with pytest.raises(SystemExit, match="4"):
        main(["verify"])


class TestReviews:
    def test_a_review_is_added_and_the_evidence_stays(self, bundles, signer, monkeypatch, verify, capsys):
        before = {path.name: path.read_bytes() for path in bundles[0].iterdir()}
        monkeypatch.setenv(VARIABLE, signer.environ[VARIABLE])
        args = ["review", str(bundles[0]), "--by", "Ada Lovelace", "--at", "2026-11-03T10:00:00Z"]
        more = ["--note", "seen", "--action", "mend it", "--owner", "platform", "--until", "2026-12-01"]
        assert main([*args, *more]) == 0
        assert main([*args, "--note", "once more"]) == 0
        assert {name: (bundles[0] / name).read_bytes() for name in before} == before
        first, second = reviewing.reviews(bundles[0])
        assert (first.reviewed_by, first.note, second.note) == ("Ada Lovelace", "seen", "once more")
        assert [(one.text, one.owner, str(one.until)) for one in first.actions] == [
            ("mend it", "platform", "2026-12-01")
        ]
        capsys.readouterr()
        code, out = verify(bundles[0], "--key", signer.public)
        assert code == 0
        assert "reviewed by Ada Lovelace on 2026-11-03 10:00 UTC (signed by key" in out
        assert "to be done: mend it, by platform, until 2026-12-01" in out

    def test_a_review_without_a_key_is_said_to_be(self, bundles, monkeypatch, signer, verify, capsys):
        monkeypatch.delenv(VARIABLE, raising=False)
        assert main(["review", str(bundles[0]), "--by", "Ada"]) == 0
        assert "UNSIGNED" in capsys.readouterr().out
        assert "FAULT: nobody signed review-1.dsse.json" in verify(bundles[0], "--key", signer.public)[1]

    def test_a_review_that_was_moved_or_changed_is_found(self, bundles, signer, verify):
        now = datetime.now(UTC)
        path = reviewing.add(bundles[0], by="Ada", at=now, key=signer.key)
        shutil.copy(path, bundles[1] / path.name)
        out = verify(bundles[1], "--key", signer.public)[1]
        assert "FAULT: review-1.dsse.json is a review of other evidence" in out
        path.write_bytes(path.read_bytes().replace(b'"sig":"', b'"sig":"AAAA'))
        assert verify(bundles[0], "--key", signer.public)[0] == 1

    def test_bad_usage_is_said(self, bundles, tmp_path, capsys):
        assert main(["review", str(tmp_path), "--by", "Ada"]) == 4
        assert main(["review", str(bundles[0]), "--by", "Ada", "--owner", "nobody"]) == 4
        with pytest.raises(SystemExit):
            main(["review", str(bundles[0]), "--by", "Ada", "--at", "yesterday"])
        assert "'yesterday' is no ISO 8601 time" in capsys.readouterr().err
        assert list(bundles[0].glob("review*")) == []
