"""The evidence is kept in a place that outlives the machine, and the next machine goes on from there."""

from __future__ import annotations

import json
import shutil
from types import SimpleNamespace

import pytest

from fixtures import keeping
from fixtures.keeping import pytest_drill_begun, pytest_drill_finished
from plugins.drill import DRILL
from plugins.errors import DrillError
from plugins.history import drills, last_of
from plugins.plan import PLAN


class Machine:
    """A machine with a history and a bundle of its own; what it keeps is kept in the place `archive`."""

    def __init__(self, folder, archive, *, sample=False):
        self.folder, self.history = folder, folder / "history.jsonl"
        folder.mkdir()
        plan = SimpleNamespace(name="acme", folder=folder, evidence=SimpleNamespace(archive=archive))
        self.config = SimpleNamespace(
            stash={PLAN: plan, DRILL: SimpleNamespace(sample=sample)},
            rootpath=folder,
            getoption=lambda _: str(self.history),
        )

    def begin(self):
        pytest_drill_begun(self.config)

    def finish(self, drill_id):
        """Have a drill end here."""
        bundle = self.folder / drill_id
        bundle.mkdir()
        (bundle / "evidence.json").write_text(f'{{"drill_id": "{drill_id}"}}')
        (bundle / "summary.html").write_text("<p>")
        line = {
            "drill_id": drill_id,
            "plan": {"name": "acme"},
            "sample": False,
            "sha256": f"sum of {drill_id}",
        }
        with self.history.open("a") as history:
            history.write(json.dumps(line) + "\n")
        pytest_drill_finished(self.config, {"drill_id": drill_id}, bundle, line)

    def last(self):
        return last_of(self.history, "acme", sample=False)


@pytest.fixture(params=["folder", "s3"])
def archive(request, tmp_path, monkeypatch):
    """A place, and how to read what is in it."""
    if request.param == "folder":
        folder = tmp_path / "archive"
        folder.mkdir()
        yield str(folder), lambda name: (folder / name).read_bytes()
        return
    bucket = request.getfixturevalue("make_bucket")(ObjectLockEnabledForBucket=True)
    days = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 400}}}
    bucket.s3.put_object_lock_configuration(Bucket=bucket.name, ObjectLockConfiguration=days)
    for name, value in bucket.environ.items():
        monkeypatch.setenv(name, value)
    yield (
        f"s3://{bucket.name}/evidence/",
        lambda name: bucket.s3.get_object(Bucket=bucket.name, Key=f"evidence/{name}")["Body"].read(),
    )


def test_a_fresh_machine_goes_on_where_the_last_one_stopped(archive, tmp_path):
    place, read = archive
    one = Machine(tmp_path / "one", place)
    one.begin()
    assert one.last() is None
    one.finish("20261101T030700Z-aaaaaa")
    one.finish("20261201T030700Z-bbbbbb")
    other = Machine(tmp_path / "other", place)
    other.begin()
    head = {"drill_id": "20261201T030700Z-bbbbbb", "sha256": "sum of 20261201T030700Z-bbbbbb"}
    assert other.last() == head == json.loads(read("acme/head.json"))
    assert read("acme/20261101T030700Z-aaaaaa/summary.html") == b"<p>"
    other.finish("20270101T030700Z-cccccc")
    # The first machine knows two of three, and its own order stays.
    one.begin()
    one.begin()
    assert [drill["drill_id"][-6:] for drill in drills(one.history)] == ["aaaaaa", "bbbbbb", "cccccc"]


def test_what_a_killed_drill_did_not_keep_the_next_one_keeps(archive, tmp_path, monkeypatch):
    """Its bundle and its line of the history are here, and the one that follows it names it."""
    place, read = archive
    machine = Machine(tmp_path / "one", place)
    machine.begin()
    written = []

    def dies(self, name: str, content: bytes) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(name)
        real(self, name, content)

    with pytest.MonkeyPatch.context() as patch:
        of = type(keeping._place(machine.config))
        real = of.write
        patch.setattr(of, "write", dies)
        with pytest.raises(KeyboardInterrupt):
            machine.finish("20261101T030700Z-aaaaaa")
    machine.finish("20261201T030700Z-bbbbbb")
    assert read("acme/20261101T030700Z-aaaaaa/summary.html") == b"<p>"
    assert json.loads(read("acme/history/20261101T030700Z-aaaaaa.json"))["sha256"].endswith("aaaaaa")
    assert json.loads(read("acme/head.json"))["drill_id"] == "20261201T030700Z-bbbbbb"


def test_what_is_kept_is_not_written_anew(archive, tmp_path):
    place, read = archive
    machine = Machine(tmp_path / "one", place)
    machine.finish("20261101T030700Z-aaaaaa")
    shutil.rmtree(machine.folder / "20261101T030700Z-aaaaaa")
    with pytest.raises(DrillError, match="holds the evidence of 20261101T030700Z-aaaaaa already"):
        machine.finish("20261101T030700Z-aaaaaa")
    assert json.loads(read("acme/20261101T030700Z-aaaaaa/evidence.json"))


def test_a_place_that_cannot_be_read_or_holds_something_else_is_said(tmp_path):
    with pytest.raises(DrillError):
        Machine(tmp_path / "one", "/dev/null/nowhere").begin()
    archive = tmp_path / "archive"
    (archive / "acme" / "history").mkdir(parents=True)
    (archive / "acme" / "history" / "x.json").write_text("no JSON")
    with pytest.raises(DrillError, match="no line of a history"):
        Machine(tmp_path / "two", str(archive)).begin()


def test_the_sample_keeps_nothing(tmp_path):
    archive = tmp_path / "archive"
    archive.mkdir()
    machine = Machine(tmp_path / "one", str(archive), sample=True)
    machine.begin()
    machine.finish("20261101T030700Z-aaaaaa")
    assert list(archive.iterdir()) == []
