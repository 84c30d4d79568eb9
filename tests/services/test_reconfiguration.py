"""The list of what to reconfigure: for a person's eyes, safe to paste, and with no secret in it."""

from __future__ import annotations

import json
import re
import shlex
import stat
import subprocess
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from fixtures.services.changes import Change
from fixtures.services.pseudonyms import Pseudonyms
from fixtures.services.reconfiguration import Reconfiguration, gather, write
from fixtures.services.reconfiguration.curl import accesses
from fixtures.services.reconfiguration.document import text
from plugins.errors import DrillError

DRILL = SimpleNamespace(
    drill_id="20261125T030000Z-abc123", started_at=datetime(2026, 11, 25, 3, tzinfo=UTC), sample=False
)
ENVIRON = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "canary-of-twilio",
    "ELEVENLABS_API_KEY": "canary-of-elevenlabs",
    "QDRANT_API_KEY": "canary-of-qdrant",
}
KEYED = {**ENVIRON, "TWILIO_API_KEY": "SKcanary", "TWILIO_API_SECRET": "canary-of-the-key"}
NUMBER = "https://api.twilio.com/2010-04-01/Accounts/AC1/IncomingPhoneNumbers/PN1.json"
# What a hostile backup would have a person run.
HOSTILE = (
    "'; touch pwned; '",
    "$(touch pwned)",
    "`touch pwned`",
    '"; touch pwned; "',
    "a\ntouch pwned\n",
    "\r\x1b[2Jtouch pwned",
    "@/etc/passwd",
    "!touch pwned",
    "\\'; touch pwned #",
    "~/*?[a-z]{x,y}",
    "--output pwned",
    "\u202egnp.exe",
)
PSEUDONYMS = Pseudonyms(b"a key of this test")
# In the place of curl: writes down what the shell made of a line.
CURL = """#!/usr/bin/env python3
import json, os, sys
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
"""


def plan(**urls):
    return SimpleNamespace(
        twilio=SimpleNamespace(base_url=urls.get("twilio", "https://api.twilio.com")),
        elevenlabs=SimpleNamespace(base_url=urls.get("elevenlabs", "https://api.elevenlabs.io")),
        qdrant=SimpleNamespace(url=urls.get("qdrant", "https://q.example.com:6333")),
    )


def change(**other):
    given = {
        "service": "Twilio",
        "subject": PSEUDONYMS.of("number", "+12025550143"),
        "setting": "voice_url",
        "is_now": "https://old.example.com/",
        "should_be": "https://api.example.com/twilio/voice",
        "method": "POST",
        "url": NUMBER,
        "body": {"VoiceUrl": "https://api.example.com/twilio/voice"},
    }
    return Change(**{**given, **other})


def written(*changes, environ=ENVIRON, untold=None, service="Twilio", drill=DRILL, **urls):
    found = Reconfiguration({service: changes}, untold or {})
    secrets = tuple(value for name, value in environ.items() if name != "TWILIO_ACCOUNT_SID")
    return text(found, drill=drill, plan="acme", accesses=accesses(plan(**urls), environ), secrets=secrets)


def commands(document: str) -> list[str]:
    """The command lines that stand in a list, as somebody copies them."""
    found = []
    for line in document.splitlines():
        if line.startswith("    curl "):
            found.append(line[4:])
        elif line.startswith("      ") and found:
            found[-1] += "\n" + line[4:]
    return found


@pytest.fixture
def pasted(tmp_path):
    """Pastes a text into a shell in which curl only writes down its arguments."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "curl").write_text(CURL)
    (folder / "curl").chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()

    def paste(lines: str, shell: str = "sh") -> list[list[str]]:
        calls = tmp_path / "calls"
        calls.write_text("")
        env = {"PATH": f"{folder}:/usr/bin:/bin", "CALLS": str(calls), **KEYED}
        subprocess.run([shell], input=lines.encode(), cwd=home, env=env, capture_output=True, check=False)
        assert list(home.iterdir()) == [], "the shell ran what a value said"
        return [json.loads(line) for line in calls.read_text().splitlines()]

    return paste


def test_it_says_what_is_what_should_be_and_the_request():
    document = written(change(note="Its status callback is the same."))
    lines = document.splitlines()
    assert "Drill 20261125T030000Z-abc123 of acme, begun 2026-11-25 03:00 UTC." in lines
    assert "- Twilio: 1 change" in lines
    assert f"### 1. {change().subject!r}: voice_url" in lines
    assert "    number      '+12025550143'" in lines
    assert "    is          'https://old.example.com/'" in lines
    assert "    should be   'https://api.example.com/twilio/voice'" in lines
    assert "Its status callback is the same." in lines
    assert commands(document) == [
        f"curl --globoff --request POST {NUMBER} \\\n"
        '  --user "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" \\\n'
        "  --data-urlencode VoiceUrl=https://api.example.com/twilio/voice"
    ]


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_a_pasted_command_asks_the_service_and_no_other_thing(pasted, shell):
    (call,) = pasted(commands(written(change()))[0], shell)
    assert call == [
        "--globoff", "--request", "POST", NUMBER,
        "--user", f"{ENVIRON['TWILIO_ACCOUNT_SID']}:canary-of-twilio",
        "--data-urlencode", "VoiceUrl=https://api.example.com/twilio/voice",
    ]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
def test_whatever_a_row_holds_a_shell_takes_as_one_word(pasted, value):
    hostile = change(is_now=value, should_be=value, body={"VoiceUrl": value}, note=value)
    (call,) = pasted(commands(written(hostile))[0])
    option, field = call[-2:]
    if value.isprintable():
        assert (option, field) == ("--data-urlencode", f"VoiceUrl={value}")
    else:
        assert option == "--data"
        assert re.fullmatch(r"VoiceUrl=[A-Za-z0-9%._~-]+", field)
    body = {"name": value, "nested": [{"deep": value}]}
    there = change(
        service="ElevenLabs", method="PATCH", url="https://api.elevenlabs.io/v1/convai/agents/a1", body=body
    )
    (call,) = pasted(commands(written(there, service="ElevenLabs"))[0])
    assert call[:4] == ["--globoff", "--request", "PATCH", "https://api.elevenlabs.io/v1/convai/agents/a1"]
    assert call[5] == "xi-api-key: canary-of-elevenlabs"
    assert call[-2] == "--data-raw"
    assert json.loads(call[-1]) == body


@pytest.mark.parametrize("value", HOSTILE)
def test_whoever_pastes_the_whole_block_of_values_runs_nothing(pasted, value):
    hostile = change(subject=PSEUDONYMS.of("number", value), is_now=value, should_be=value)
    lines = [line for line in written(hostile).splitlines() if line.startswith("    ")]
    values = [line for line in lines if not line.lstrip().startswith(("curl", "--"))]
    assert len(values) == 3
    assert pasted("\n".join(values)) == []
    assert all(line.isprintable() for line in lines)


def test_no_value_leaves_its_line_or_speaks_to_a_terminal():
    for value in HOSTILE:
        document = written(change(is_now=value, should_be=value, body={"VoiceUrl": value}, note=value))
        assert all(line.isprintable() for line in document.splitlines())
        assert document.count("\n### ") == 1


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"url": "https://evil.example.com/"}, "leads elsewhere"),
        ({"url": "https://api.twilio.com.evil.example/x"}, "leads elsewhere"),
        ({"url": "https://api.twilio.com@evil.example/x"}, "leads elsewhere"),
        ({"url": "http://api.twilio.com/x"}, "leads elsewhere"),
        ({"url": "https://[api"}, "leads elsewhere"),
        ({"service": "Unknown"}, "leads elsewhere"),
        ({"service": "ElevenLabs"}, "leads elsewhere"),
        ({"url": "https://api.twilio.com/a/../../b"}, "no URL may"),
        ({"url": "https://api.twilio.com/a/%2e%2e/b"}, "no URL may"),
        ({"url": "https://api.twilio.com/a b"}, "no URL may"),
        ({"url": "https://api.twilio.com/a\nb"}, "no URL may"),
        ({"url": "https://api.twilio.com/a#/b"}, "no URL may"),
        ({"method": "GET"}, "changes nothing"),
        ({"method": "-o x; POST"}, "changes nothing"),
        ({"body": {"VoiceUrl@/etc/passwd": "x"}}, "no form may"),
        ({"body": {"": "x"}}, "no form may"),
    ],
)
def test_what_could_lead_elsewhere_has_no_command(other, why):
    document = written(change(**other))
    assert commands(document) == []
    assert "curl" not in document
    assert why in document
    assert "https://old.example.com/" in document


def test_what_no_request_does_is_said():
    document = written(change(method="", url="", body={}, note="Buy the number first."))
    assert "No single request does it." in document
    assert "Buy the number first." in document
    assert commands(document) == []


def test_nothing_and_the_empty_text_are_told_apart():
    document = written(change(is_now=None, should_be=""))
    assert "    is          nothing\n" in document
    assert "    should be   ''\n" in document


def test_an_api_key_is_named_where_the_drill_had_one(pasted):
    document = written(change(), environ=KEYED)
    assert "Its requests take TWILIO_API_KEY and TWILIO_API_SECRET from your shell's environment." in document
    (call,) = pasted(commands(document)[0])
    assert call[5] == "SKcanary:canary-of-the-key"


@pytest.mark.parametrize("where", ["is_now", "should_be", "note", "url", "body", "nested", "subject"])
def test_no_secret_stands_in_it(where):
    secret = ENVIRON["QDRANT_API_KEY"]
    other = {
        "body": {"body": {"a": f"x{secret}"}},
        "nested": {"body": {"a": [{"b": secret}]}},
        "url": {"url": f"https://api.twilio.com/{secret}"},
        "subject": {"subject": PSEUDONYMS.of("number", secret)},
    }.get(where, {where: f"about {secret}"})
    document = written(change(**other), change())
    assert "canary" not in document
    assert document.count("A credential stands in it") == 1
    assert len(commands(document)) == 1


def test_an_ordinary_list_holds_no_secret_and_no_value_of_a_credential():
    for environ in (ENVIRON, KEYED):
        document = written(change(), environ=environ)
        assert not [value for value in environ.values() if value in document]


def test_each_service_is_called_its_own_way(pasted):
    for service, method, url, login in (
        ("ElevenLabs", "PATCH", "https://api.elevenlabs.io/v1/x", "xi-api-key: canary-of-elevenlabs"),
        ("Qdrant", "PUT", "https://q.example.com:6333/collections/x", "api-key: canary-of-qdrant"),
    ):
        document = written(change(service=service, method=method, url=url, body={"a": True}), service=service)
        (call,) = pasted(commands(document)[0])
        assert call == [
            "--globoff", "--request", method, url, "--header", login,
            "--header", "Content-Type: application/json", "--data-raw", '{"a": true}',
        ]  # fmt: skip


def test_a_form_repeats_a_field_and_says_nothing_for_none(pasted):
    (call,) = pasted(commands(written(change(body={"A": ["x", "y"], "B": None, "C": True, "D": 3})))[0])
    assert call[6:] == [
        "--data-urlencode", "A=x", "--data-urlencode", "A=y", "--data-urlencode", "B=",
        "--data-urlencode", "C=true", "--data-urlencode", "D=3",
    ]  # fmt: skip


@pytest.fixture
def httpserver():
    with HTTPServer(host="127.0.0.1") as server:
        yield server


def test_the_real_curl_sends_what_the_list_says(httpserver, tmp_path):
    """A server sees the form of a change as Twilio would: method, credentials, fields."""
    seen = []

    def answer(request):
        seen.append((request.method, request.full_path, request.authorization, request.form.to_dict()))
        return Response("{}")

    httpserver.expect_request(re.compile("/.*")).respond_with_handler(answer)
    base = httpserver.url_for("").rstrip("/")
    value = "https://api.example.com/voice?a=1&b=ü'\"$(x)"
    document = written(
        change(url=f"{base}/2010-04-01/PN[1-3]{{a,b}}.json", body={"VoiceUrl": value, "Odd": "a\nb"}),
        twilio=base,
    )
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **ENVIRON}
    subprocess.run(["sh"], input=commands(document)[0].encode(), env=env, capture_output=True, check=True)
    ((method, path, login, form),) = seen
    assert (method, path) == ("POST", "/2010-04-01/PN[1-3]{a,b}.json?")
    assert (login.username, login.password) == (ENVIRON["TWILIO_ACCOUNT_SID"], "canary-of-twilio")
    assert form == {"VoiceUrl": value, "Odd": "a\nb"}


def test_a_service_that_stayed_away_is_said_and_hides_no_other():
    away = DrillError("Qdrant at q.example.com answered 503", hint="Run the drill again later.")
    document = written(change(), untold={"Qdrant": away})
    assert "- Qdrant: it could not be told (Qdrant at q.example.com answered 503)" in document
    assert len(commands(document)) == 1


def test_a_sample_says_that_it_is_one():
    sample = SimpleNamespace(**{**vars(DRILL), "sample": True})
    assert "SAMPLE: a made-up company." in written(change(), drill=sample)
    assert "SAMPLE" not in written(change())


# What is told of it elsewhere


class Away:
    @property
    def changes(self):
        raise DrillError("the phone assignments could not be told")


def agreement(services, untold):
    return SimpleNamespace(services=services, untold=untold)


def test_it_gathers_what_each_service_says():
    found = gather(
        agreement(
            {
                "twilio": SimpleNamespace(changes=[change()]),
                "webhook": SimpleNamespace(),
                "elevenlabs": Away(),
            },
            {"qdrant": DrillError("Qdrant is away")},
        )
    )
    assert found.counts == {
        "Twilio": {
            "told": True,
            "changes": 1,
            "of": [{"subject": repr(change().subject), "setting": "voice_url"}],
        },
        "ElevenLabs": {"told": False, "changes": 0, "of": []},
        "Qdrant": {"told": False, "changes": 0, "of": []},
    }
    with pytest.raises(DrillError, match="what to reconfigure at ElevenLabs could not be told"):
        _ = found.services


def test_what_is_known_of_a_service_stands_though_the_rest_could_not_be_told():
    twilio = SimpleNamespace(changes=[change()])
    found = gather(agreement({"twilio": twilio}, {"twilio_accounts": DrillError("Twilio answered 503")}))
    assert (found.counts["Twilio"]["told"], found.counts["Twilio"]["changes"]) == (False, 1)
    with pytest.raises(DrillError, match="at Twilio could not be told"):
        _ = found.services
    document = text(found, drill=DRILL, plan="acme", accesses=accesses(plan(), ENVIRON), secrets=())
    assert "- Twilio: 1 change; what else there is could not be told (Twilio answered 503)" in document
    assert len(commands(document)) == 1


def test_trunks_have_a_host_of_their_own_in_every_region():
    for base, trunking in (
        ("https://api.twilio.com", "https://trunking.twilio.com/v1/Trunks/TK1"),
        ("https://api.dublin.ie1.twilio.com", "https://trunking.dublin.ie1.twilio.com/v1/Trunks/TK1"),
    ):
        assert len(commands(written(change(url=trunking), twilio=base))) == 1
        assert commands(written(change(url=trunking), twilio="https://api.other.example")) == []


def test_nothing_that_a_report_may_hold_is_a_value():
    found = gather(agreement({"twilio": SimpleNamespace(changes=[change()])}, {}))
    assert found.services == ["Twilio"]
    shown = json.dumps(found.counts) + repr(found)
    assert not [value for value in ("+1202", "example.com", "PN1") if value in shown]


def test_a_plan_that_leaves_services_out_is_told_of_the_others():
    assert gather(agreement({"qdrant": SimpleNamespace(changes=[])}, {})).services == ["Qdrant"]


def test_it_is_written_for_its_owner_alone(tmp_path):
    path = tmp_path / "private" / "x-reconfigure.md"
    write(path, "é\ud800")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.read_text() == "é\\ud800"


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DrillError, match="cannot be written"):
        write(tmp_path / "file" / "x-reconfigure.md", "")


def test_values_are_quoted_as_a_shell_does():
    document = written(change(is_now="it's"))
    line = next(line for line in document.splitlines() if line.startswith("    is "))
    assert shlex.split(line) == ["is", "it's"]
