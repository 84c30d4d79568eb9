"""What to reconfigure after a restore: in a private file, and nowhere else."""

from __future__ import annotations

import re


def elsewhere(text: str) -> str:
    """Have the first phone number of a dump lead to another URL."""
    return re.sub(r"(?m)^(.*\t\+12025550100\t)[^\t]*", r"\1https://moved.invalid/voice", text, count=1)


def test_a_number_that_leads_elsewhere_is_told_in_a_private_file_alone(world, drill_world):
    world.damage(elsewhere)
    run = drill_world()
    assert (run.code, run.not_green()) == (1, {"twilio-agreement": "fail"}), run.output
    (path,) = (run.folder / "private").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert f"Twilio 1 change; nothing was changed\n            {path} says how" in run.output
    told = path.read_text()
    assert "    number      '+12025550100'\n" in told
    assert "      --data-urlencode VoiceUrl=https://moved.invalid/voice\n" in told
    assert run.evidence["reconfiguration"]["Twilio"]["changes"] == 1
    written = [
        run.output,
        *(one.read_text() for one in run.folder.rglob("*") if one.is_file() and one != path),
    ]
    assert re.findall(r"moved\.invalid|12025550100|PN0{8}", "".join(written)) == []
