"""No request of ours breaks what the vendor's own description says of it, and one that would is seen.

Prism (npm's @stoplight/prism-cli) judges; --prism FILE and --specs DIR say where it and the descriptions are.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from fixtures.places import place_of
from fixtures.sample import voices
from fixtures.services import elevenlabs, elevenlabs_exports, qdrant, twilio
from plugins.errors import DrillError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
# Of ElevenLabs' paths those that its description of August 2025 does not have yet; its API reference does.
NEWER = re.compile(r"/v1/convai/(settings|knowledge-base(/\w+)?|v2/phone-numbers)")
SID = "AC" + "1" * 32


def numbers(company):
    agents = {agent.id: agent.elevenlabs_agent_id for agent in company.agent_configs}
    return [
        {
            "phone_number": one.phone_number,
            "voice_url": one.webhook_url,
            "agent_id": agents.get(one.agent_config_id),
        }
        for one in company.phone_numbers
    ]


def agents(company):
    return [{"agent_id": one.elevenlabs_agent_id, "name": one.name} for one in company.agent_configs]


# ElevenLabs


def test_elevenlabs_is_asked_as_it_describes(contract, asking):
    judge = contract("elevenlabs")
    facts = asking.facts(agents=agents(asking.company), numbers=numbers(asking.company))
    found = elevenlabs.fetch(sql="agents", numbers_sql="numbers", wire=judge.tap(asking.services), **facts)
    assert (found.missing, found.silent, found.misassigned) == ([], [], [])
    assert len(judge.sent) >= 8
    assert judge.broken == []
    assert {path for path in judge.unknown if not NEWER.fullmatch(path)} == set()


def test_elevenlabs_numbers_may_come_at_once(contract, asking):
    """Its description knows no pages of numbers: what answers is the whole list, as Prism gives it."""
    judge = contract("elevenlabs")
    facts = asking.facts(agents=[], numbers=[{"phone_number": "+1234567890"}])

    def edit(request, answer):
        if request.url.path == "/v1/convai/agents":
            answer["agents"] = []

    found = elevenlabs.fetch(sql="agents", numbers_sql="numbers", wire=judge.tap(None, edit), **facts)
    assert [one.number for one in found.numbers.held] == [asking.pseudonyms.of("number", "+1234567890")]
    assert judge.broken == []
    assert "GET /v1/convai/phone-numbers" in judge.sent


def test_an_export_asks_as_elevenlabs_describes(contract, asking):
    judge = contract("elevenlabs")
    wire = judge.tap(asking.services)
    assert elevenlabs_exports.fetch(environ=asking.facts()["environ"], wire=wire, exported_at=NOW)
    assert judge.broken == []
    assert {path for path in judge.unknown if not NEWER.fullmatch(path)} == set()


def test_what_would_put_elevenlabs_right_is_as_it_describes(contract, asking, tmp_path):
    """The requests that nothing sends but people: made anew, renamed, set up and assigned again."""
    gone, *left = asking.company.agent_configs
    voices.write_export(tmp_path / "agents", asking.company, exported_at=NOW - timedelta(days=1))
    place = place_of(str(tmp_path / "agents"), folder=tmp_path, environ={})
    exports = elevenlabs_exports.read(place.read, asking.pseudonyms, now=NOW)
    rows = agents(asking.company)
    rows[2]["name"] = "Another"
    assigned = numbers(asking.company)
    assigned.append({**assigned[0], "phone_number": "+12025550199"})
    assigned[-1]["voice_url"] = "https://api.elevenlabs.io/twilio/inbound_call"
    for row in assigned:
        if row["agent_id"] == left[0].elevenlabs_agent_id:
            row["agent_id"] = left[1].elevenlabs_agent_id

    def handle(request):
        response = asking.services.handle_request(request)
        page = json.loads(response.content)
        if request.url.path == "/v1/convai/agents" and response.status_code == 200:
            page["agents"] = [
                {**one, "archived": one["agent_id"] == left[2].elevenlabs_agent_id}
                for one in page["agents"]
                if one["agent_id"] != gone.elevenlabs_agent_id
            ]
        if request.url.path.endswith(left[3].elevenlabs_agent_id) and response.status_code == 200:
            page["conversation_config"]["agent"]["prompt"]["prompt"] = "Otherwise."
        return httpx.Response(response.status_code, headers={"Retry-After": "0"}, json=page)

    judge = contract("elevenlabs")
    wire = dataclasses.replace(judge.tap(None), transport=httpx.MockTransport(handle))
    found = elevenlabs.fetch(
        sql="agents", numbers_sql="numbers", wire=wire, exports=exports,
        **asking.facts(agents=rows, numbers=assigned),
    )  # fmt: skip
    sent = set()
    for change in found.changes:
        if not change.method:
            continue
        # What a note has people add, and no report holds.
        added = {"sid": SID, "token": "x"} if change.body.get("provider") == "twilio" else {}
        judge.judge(httpx.Request(change.method, change.url, json={**change.body, **added}))
        sent.add((change.method, httpx.URL(change.url).path.split("/")[3], change.setting))
    assert sent == {
        ("POST", "agents", "agent"),
        ("PATCH", "agents", "name"),
        ("PATCH", "agents", "platform_settings.archived"),
        ("PATCH", "agents", "conversation_config.agent.prompt.prompt"),
        ("PATCH", "phone-numbers", "assigned_agent"),
        ("POST", "phone-numbers", "number"),
    }
    assert (judge.broken, judge.unknown) == ([], set())


# Twilio


def test_twilio_is_asked_as_it_describes(contract, asking):
    judge = contract("twilio")
    rows = [
        {"phone_number": one["phone_number"], "voice_url": one["voice_url"]}
        for one in numbers(asking.company)
    ]

    def handle(request):
        response = asking.services.handle_request(request)
        page = json.loads(response.content)
        # An Application takes the calls of one of them: it must be asked for.
        for number in page.get("incoming_phone_numbers", [])[:1]:
            number["voice_application_sid"] = "AP" + "2" * 32
        return httpx.Response(response.status_code, headers={"Retry-After": "0"}, json=page)

    wire = judge.tap(httpx.MockTransport(handle))
    found = twilio.fetch(sql="numbers", wire=wire, **asking.facts(numbers=rows))
    assert found.missing == []
    asked = {re.sub(r"[A-Z]{2}\w{32}", "SID", one) for one in judge.sent}
    assert asked >= {
        "GET /2010-04-01/Accounts/SID/IncomingPhoneNumbers.json",
        "GET /2010-04-01/Accounts/SID/Applications/SID.json",
    }
    assert (judge.broken, judge.unknown) == ([], set())


# Qdrant


def test_qdrant_is_asked_as_it_describes(contract, asking):
    judge = contract("qdrant")

    def edit(request, answer):
        path = request.url.path
        if path == "/collections":
            answer["result"]["collections"] = [{"name": "location_1"}]
        elif path.endswith("/scroll"):
            answer["result"]["next_page_offset"] = None

    rows = {"locations": [{"id": 1}], "documents": [{"id": 1, "location_id": 1}]}
    bodies = {}
    wire = judge.tap(None, edit)
    taken = wire.transport.handle_request

    def remembering(request):
        if request.method == "POST":
            bodies[request.url.path] = request
        return taken(request)

    wire = dataclasses.replace(wire, transport=httpx.MockTransport(remembering))
    # The description's own examples answer. They need not add up, so that how it ends says nothing.
    with contextlib.suppress(DrillError):
        qdrant.fetch(
            url="https://qdrant.sample.invalid", locations="locations", collection="location_{id}",
            documents="documents", wire=wire, **asking.facts(**rows),
        )  # fmt: skip
    assert {"GET /collections", "POST /collections/location_1/points/count"} <= set(judge.sent)
    assert len(judge.sent) >= 3
    assert (judge.broken, judge.unknown) == ([], set())
    # Prism takes a body for right where it cannot read the description of it: each of these was read.
    for request in bodies.values():
        judge.judge(request, content=b"[]")
    assert len(judge.broken) >= len(bodies) > 0


# That a wrong request is seen

AGENTS = "https://api.elevenlabs.io/v1/convai/agents"
KEY = {"xi-api-key": "key"}
ACCOUNT = f"https://api.twilio.com/2010-04-01/Accounts/{SID}"
BASIC = {"Authorization": "Basic YTpi"}
POINTS = "https://qdrant.sample.invalid/collections/location_1/points"


@pytest.mark.parametrize(
    ("name", "request_", "says"),
    [
        ("elevenlabs", httpx.Request("GET", f"{AGENTS}?page_size=101", headers=KEY),
         "page_size must be <= 100"),
        ("elevenlabs", httpx.Request("PATCH", f"{AGENTS}/a", headers=KEY, json={"name": 7}),
         "name must be string"),
        ("elevenlabs", httpx.Request("POST", f"{AGENTS}/create", headers=KEY, json={}),
         "must have required property 'conversation_config'"),
        ("elevenlabs", httpx.Request("DELETE", AGENTS), "no method matched"),
        ("twilio", httpx.Request("GET", f"{ACCOUNT}/IncomingPhoneNumbers.json?PageSize=1001", headers=BASIC),
         "pagesize must be <= 1000"),
        ("twilio", httpx.Request("GET", f"{ACCOUNT}/IncomingPhoneNumbers.json"), "Invalid security scheme"),
        ("qdrant", httpx.Request("POST", f"{POINTS}/count", json={"exact": "yes"}), "exact must be boolean"),
        ("qdrant", httpx.Request("POST", f"{POINTS}/query", json={"limit": "all"}), "limit must be integer"),
        ("qdrant", httpx.Request("POST", f"{POINTS}/scroll", content=b"{}"), "body must be object"),
    ],
)  # fmt: skip
def test_a_wrong_request_is_seen(contract, name, request_, says):
    judge = contract(name)
    judge.judge(request_)
    assert any(says in one for one in judge.broken), judge.broken


def test_a_path_that_is_not_described_is_seen(contract):
    judge = contract("qdrant")
    judge.judge(httpx.Request("GET", "https://qdrant.sample.invalid/collections/x/documents"))
    assert judge.unknown == {"/collections/x/documents"}
