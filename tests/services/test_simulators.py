"""The simulators are as strict as the services, and nothing gets past them."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest

from fixtures.sample.simulators import make
from plugins.errors import DrillError

NUMBERS = "https://api.twilio.com/2010-04-01/Accounts/AC" + "1" * 32 + "/IncomingPhoneNumbers.json"
AGENTS = "https://api.elevenlabs.io/v1/convai/agents"
QDRANT = "https://qdrant.sample.invalid"


@pytest.fixture
def client(world):
    with httpx.Client(transport=world.wire().transport) as opened:
        yield opened


@pytest.fixture
def account(world):
    return world.environ["TWILIO_ACCOUNT_SID"], world.environ["TWILIO_AUTH_TOKEN"]


def test_twilio_is_busy_once(client, account):
    first = client.get(NUMBERS, auth=account)
    assert (first.status_code, first.json()["code"], first.headers["Retry-After"]) == (429, 20429, "0")
    assert client.get(NUMBERS, auth=account).status_code == 200


def test_twilios_pages_are_smaller_than_asked_for_and_lead_to_the_next(client, account):
    client.get(NUMBERS, auth=account)
    first = client.get(NUMBERS, params={"PageSize": 1000}, auth=account).json()
    assert len(first["incoming_phone_numbers"]) == 20
    assert first["next_page_uri"].startswith("/2010-04-01/")
    second = client.get("https://api.twilio.com" + first["next_page_uri"], auth=account).json()
    assert second["page"] == 1
    assert first["incoming_phone_numbers"] != second["incoming_phone_numbers"]


@pytest.mark.parametrize("auth", [None, ("AC" + "1" * 32, ""), ("", ""), ("AC" + "1" * 32, "wrong")])
def test_twilio_refuses_others(client, auth):
    assert client.get(NUMBERS, auth=auth).status_code == 401


@pytest.mark.parametrize("headers", [{}, {"xi-api-key": ""}, {"xi-api-key": "wrong"}])
def test_elevenlabs_refuses_others(client, headers):
    assert client.get(AGENTS, headers=headers).status_code == 401


def test_without_credentials_of_its_own_a_simulator_refuses_everybody(world):
    with httpx.Client(transport=make(world.company, {}).transport) as client:
        assert client.get(AGENTS, headers={"xi-api-key": ""}).status_code == 401
        assert client.get(NUMBERS.replace("AC" + "1" * 32, ""), auth=("", "")).status_code == 401
        assert client.post("https://api.sample.invalid/twilio/voice").status_code == 403
        assert client.get(f"{QDRANT}/collections", headers={"api-key": ""}).status_code == 401


@pytest.mark.parametrize("url", ["https://api.twilio.com/2010-04-01/Accounts.json", "https://www.invalid/"])
def test_what_is_not_simulated_fails_loudly_and_leaves_nothing(client, url):
    with pytest.raises(DrillError, match="the sample simulates no GET to"):
        client.get(url)


@pytest.mark.parametrize("headers", [{}, {"api-key": ""}, {"api-key": "wrong"}])
def test_qdrant_refuses_others_and_is_healthy_for_everybody(client, headers):
    assert client.get(f"{QDRANT}/collections", headers=headers).status_code == 401
    assert client.get(f"{QDRANT}/readyz", headers=headers).status_code == 200


def test_qdrant_answers_for_no_alias_without_an_index_and_of_nothing_else(client, world):
    client.headers["api-key"] = world.environ["QDRANT_API_KEY"]
    (name, *others) = [
        held["name"] for held in client.get(f"{QDRANT}/collections").json()["result"]["collections"]
    ]
    assert len(others) == 39
    assert client.post(f"{QDRANT}/collections/{name}/facet", json={"key": "chunk"}).status_code == 400
    assert client.get(f"{QDRANT}/collections/unknown").status_code == 404
    assert client.delete(f"{QDRANT}/collections/{name}").status_code == 404


def test_nothing_heavy_is_imported_before_it_is_used(pytestconfig):
    code = (
        "import sys, fixtures.sample.simulators, fixtures.services.qdrant, fixtures.services.wire\n"
        "print(sorted({'qdrant_client', 'respx', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=pytestconfig.rootpath, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
