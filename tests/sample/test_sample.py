"""The fixture's parts: made-up credentials, the command, and a world taken as found."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fixtures import sample as room
from fixtures.sample.__main__ import main
from fixtures.sample.company import Company
from plugins.errors import DrillError

if TYPE_CHECKING:
    from pathlib import Path

ASK = room.sample.__wrapped__


@dataclass
class FakeDrill:
    folder: Path
    now: object
    sample: bool = True

    def once(self, name, make):
        assert name == "sample"
        return make()


@dataclass
class FakePlan:
    path: Path


def test_a_real_drill_has_no_sample(tmp_path, now):
    assert ASK(FakeDrill(tmp_path, now, sample=False), FakePlan(tmp_path / "drill.toml")) is None


def test_the_shipped_plan_gets_a_world_in_the_drills_folder(tmp_path, now):
    made = ASK(FakeDrill(tmp_path, now), FakePlan(room.HERE / "plan.toml"))
    assert made.folder == tmp_path / "sample"
    assert len(list((made.folder / "backups").iterdir())) == 10
    assert made.company == Company.make(now=now)


def test_another_plan_takes_the_world_beside_it_as_found(tmp_path, now):
    assert main([str(tmp_path / "found"), "--now", "2026-03-01T12:00:00+00:00", "--seed", "7"]) == 0
    drill = FakeDrill(tmp_path / "private", now)
    found = ASK(drill, FakePlan(tmp_path / "found" / "plan.toml"))
    assert found.folder == tmp_path / "found"
    assert (found.company.seed, found.company.now.isoformat()) == (7, "2026-03-01T12:00:00+00:00")
    assert not drill.folder.exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"seed": 1, "now": "yesterday"}'])
def test_a_world_that_does_not_say_its_seed_is_unverified(tmp_path, now, content):
    (tmp_path / "world.json").write_text(content)
    with pytest.raises(DrillError, match="does not say seed and now"):
        ASK(FakeDrill(tmp_path, now), FakePlan(tmp_path / "plan.toml"))


def test_credentials_are_the_made_up_ones_whatever_the_real_ones_are():
    given = room.credentials({"ELEVENLABS_API_KEY": "real", "PATH": "/bin"})
    assert given == room.CREDENTIALS
    assert set(given) == {
        "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "ELEVENLABS_API_KEY", "QDRANT_API_KEY",
        "SUPABASE_ACCESS_TOKEN",
    }  # fmt: skip


def test_a_variable_set_to_nothing_takes_its_credential_away():
    given = room.credentials({"TWILIO_AUTH_TOKEN": ""})
    assert set(room.CREDENTIALS) - set(given) == {"TWILIO_AUTH_TOKEN"}


def test_command_refuses_a_folder_that_holds_something(tmp_path, capsys):
    (tmp_path / "mine").write_text("kept")
    assert main([str(tmp_path)]) == 4
    assert capsys.readouterr().err.startswith(f"{tmp_path} is not an empty folder\nHINT: ")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_command_writes_a_world_into_an_empty_folder(tmp_path, capsys):
    assert main([str(tmp_path), "--now", "2026-11-24T09:30:00"]) == 0
    assert "10 backups" in capsys.readouterr().out
    assert json.loads((tmp_path / "world.json").read_text()) == {
        "seed": 1,
        "now": "2026-11-24T09:30:00+00:00",
        "calls": 12_000,
    }


def test_a_world_of_few_calls_is_found_with_as_many(tmp_path, now):
    assert main([str(tmp_path), "--now", "2026-11-24T09:30:00", "--calls", "30"]) == 0
    found = ASK(FakeDrill(tmp_path / "private", now), FakePlan(tmp_path / "plan.toml"))
    assert len(found.company.call_logs) == 30


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_command_refuses_what_is_no_number_of_calls(tmp_path, capsys, count):
    with pytest.raises(SystemExit):
        main([str(tmp_path / "w"), "--calls", count])
    assert f"{count} is no number of calls" in capsys.readouterr().err


def test_command_refuses_what_is_no_time(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main([str(tmp_path / "w"), "--now", "yesterday"])
    assert "yesterday is no ISO 8601 time" in capsys.readouterr().err
