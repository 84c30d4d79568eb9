"""What asking the services costs, at the size of a large company and with a network's latency.

The simulators of the sample answer for a company of AMOUNT numbers, agents and locations, each answer after
LATENCY. Each is asked as a drill asks it, with everything that its claims need.
"""

from __future__ import annotations

import dataclasses
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx

from fixtures.sample.company import Company
from fixtures.sample.simulators import make
from fixtures.services import elevenlabs, qdrant, twilio
from fixtures.services.pseudonyms import Pseudonyms
from fixtures.services.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable

AMOUNT = 500
LATENCY = 0.05
ENVIRON = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "token",
    "ELEVENLABS_API_KEY": "key",
    "QDRANT_API_KEY": "key",
}
QDRANT = "https://qdrant.sample.invalid:6333"


class Rows:
    """A restored database that answers the name of a query with rows."""

    def __init__(self, company: Company) -> None:
        self._rows: dict[str, list[dict[str, object]]] = {
            "numbers": [
                {"phone_number": one.phone_number, "voice_url": one.webhook_url}
                for one in company.phone_numbers
            ],
            "agents": [{"agent_id": one.elevenlabs_agent_id} for one in company.agent_configs],
            "locations": [{"id": one.id} for one in company.locations],
            "documents": [{"id": one.id, "location_id": one.location_id} for one in company.rag_documents],
        }

    def select(self, sql: str) -> list[dict[str, object]]:
        return self._rows[sql]


class Slow(httpx.BaseTransport):
    """Answers what another one does, after LATENCY; counts the requests."""

    def __init__(self, below: httpx.BaseTransport) -> None:
        self._below, self.requests = below, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        time.sleep(LATENCY)
        return self._below.handle_request(request)


def large() -> Company:
    """The sample's company, with AMOUNT locations, agents, numbers and documents, one of each a location."""
    small = Company.make(now=datetime.now(UTC))
    numbered = [UUID(int=nth + 1) for nth in range(AMOUNT)]
    location, agent, number = small.locations[0], small.agent_configs[0], small.phone_numbers[0]
    return dataclasses.replace(
        small,
        locations=tuple(dataclasses.replace(location, id=one) for one in numbered),
        agent_configs=tuple(
            dataclasses.replace(
                agent, id=one, location_id=one, elevenlabs_agent_id=f"agent_{nth:026d}", name=f"Agent {nth}"
            )
            for nth, one in enumerate(numbered)
        ),
        phone_numbers=tuple(
            dataclasses.replace(
                number, id=one, location_id=one, agent_config_id=one, phone_number=f"+1202555{nth:04d}"
            )
            for nth, one in enumerate(numbered)
        ),
        rag_documents=tuple(
            dataclasses.replace(small.rag_documents[0], id=one, location_id=one, chunk_count=2)
            for one in numbered
        ),
    )


def measure(*, times: int) -> list[dict[str, Any]]:
    """Ask each service so many times: seconds, and how many requests it took."""
    company = large()
    restored, pseudonyms = Rows(company), Pseudonyms(b"a key of this benchmark")
    slow = Slow(make(company, ENVIRON).transport)
    facts = {"environ": ENVIRON, "restored": restored, "wire": Wire(transport=slow), "pseudonyms": pseudonyms}
    ask: dict[str, Callable[[], object]] = {
        "Twilio": lambda: twilio.fetch(sql="numbers", **facts),
        "ElevenLabs": lambda: elevenlabs.fetch(sql="agents", **facts),
        "Qdrant": lambda: qdrant.fetch(
            url=QDRANT, locations="locations", collection="location_{id}", documents="documents", **facts
        ),
    }
    found = []
    for service in ask:
        for nth in range(times):
            before, started = slow.requests, time.perf_counter()
            ask[service]()
            took = time.perf_counter() - started
            found.append({"service": service, "wall": took, "requests": slow.requests - before})
            print(f"  {nth + 1}/{times} {service}: {took:.1f} s", flush=True)
    return found
