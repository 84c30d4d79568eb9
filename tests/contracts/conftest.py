"""The vendors' descriptions as judges: Prism serves each on loopback, and is sent what a client sends."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import subprocess
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from httpx_retries import Retry

from fixtures.sample.company import Company
from fixtures.sample.simulators import make
from fixtures.services.pseudonyms import Pseudonyms
from fixtures.services.wire import Wire
from plugins.errors import DrillError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

ENVIRON = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "token-of-the-sample",
    "ELEVENLABS_API_KEY": "key-of-elevenlabs",
    "QDRANT_API_KEY": "key-of-qdrant",
}
LISTENING = re.compile(r"listening on (http://127\.0\.0\.1:\d+)")
READING = re.compile(r"/points/(count|scroll|query)$|/facet$")
OWN_ERROR = "https://stoplight.io/prism/errors#"


@dataclass
class Contract:
    """A vendor's description, and what was held against it. sent: each request, as "METHOD /path".

    broken: of what it says of a request, what one broke. unknown: paths that it does not have.
    """

    client: httpx.Client
    sent: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    def judge(self, request: httpx.Request, *, content: bytes | None = None) -> httpx.Response:
        """Send Prism what a client sends, note what it says, and return its answer."""
        headers = {
            name: value for name, value in request.headers.items() if name not in ("host", "content-length")
        }
        answer = self.client.request(
            request.method,
            request.url.raw_path.decode(),
            headers=headers,
            content=request.read() if content is None else content,
        )
        what = f"{request.method} {request.url.path}"
        self.sent.append(what)
        told = json.loads(answer.headers.get("sl-violations", "[]"))
        self.broken += [f"{what}: {one['message']}" for one in told if one["location"][0] == "request"]
        if answer.headers.get("content-type", "").startswith("application/problem+json"):
            problem = answer.json()
            kind = problem["type"].removeprefix(OWN_ERROR)
            if kind == "NO_PATH_MATCHED_ERROR":
                self.unknown.add(request.url.path)
            # Its own examples may break the description: that is not the request's doing.
            elif kind != "VIOLATIONS":
                said = [one["message"] for one in problem.get("validation", [])] or [problem["title"]]
                self.broken += [f"{what}: {message}" for message in said]
        return answer

    def tap(self, below: httpx.BaseTransport | None, edit: Callable[..., Any] | None = None) -> Wire:
        """A wire on which every request is judged on its way. `below` answers, and Prism where that cannot.

        edit: changes the JSON of Prism's answer, in place.
        """

        def handle(request: httpx.Request) -> httpx.Response:
            prisms = self.judge(request)
            if below is not None:
                with contextlib.suppress(DrillError):
                    return below.handle_request(request)
            if edit is None or "json" not in prisms.headers.get("content-type", ""):
                return httpx.Response(prisms.status_code, content=prisms.content)
            answer = prisms.json()
            edit(request, answer)
            return httpx.Response(prisms.status_code, json=answer)

        transport = httpx.MockTransport(handle)
        return Wire(
            transport=transport, retry=Retry(total=3, backoff_factor=0, allowed_methods=("GET", "POST"))
        )


def nullable_for_prism(value: Any) -> Any:
    """A description without a bare `{"nullable": true}`, which means null.

    Prism's validator refuses a schema that holds one ("nullable" cannot be used without "type"), and Prism
    then takes every body for right.
    """
    if value == {"nullable": True}:
        return {"type": "string", "maxLength": 0, "nullable": True}
    if isinstance(value, dict):
        return {name: nullable_for_prism(item) for name, item in value.items()}
    return [nullable_for_prism(item) for item in value] if isinstance(value, list) else value


def for_prism(description: dict[str, Any]) -> dict[str, Any]:
    """A description that Prism can read whole, and soon."""
    found: dict[str, Any] = nullable_for_prism(description)
    if "Qdrant" in found["info"]["title"]:
        # Each operation takes its time, and the guard of the clients lets none pass that writes.
        for path, operations in found["paths"].items():
            for method in ("put", "patch", "delete", *(() if READING.search(path) else ("post",))):
                operations.pop(method, None)
        # The recursion that Prism cannot resolve, and then takes every body for right. We prefetch nothing.
        for name in ("QueryRequest", "Prefetch"):
            del found["components"]["schemas"][name]["properties"]["prefetch"]
    return found


@pytest.fixture(scope="session")
def contract(prism: Path, specs: Path, tmp_path_factory: pytest.TempPathFactory):
    """Gives the contract of a description by its name; one Prism serves it until the tests end."""
    folder = tmp_path_factory.mktemp("descriptions")
    with contextlib.ExitStack() as stack:
        clients: dict[str, httpx.Client] = {}

        def of(name: str) -> Contract:
            if name not in clients:
                description = json.loads((specs / f"{name}.json").read_bytes())
                path = folder / f"{name}.json"
                path.write_text(json.dumps(for_prism(description)), encoding="utf-8")
                url = stack.enter_context(serving(prism, path))
                clients[name] = stack.enter_context(httpx.Client(base_url=url, trust_env=False, timeout=30))
            return Contract(clients[name])

        yield of


@contextlib.contextmanager
def serving(prism: Path, description: Path):
    """Prism's URL for a description. It takes a free port, and says when it listens."""
    command = [str(prism), "mock", "--errors", "--host", "127.0.0.1", "--port", "0", str(description)]
    told: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True
    ) as process:
        try:
            for line in process.stdout:
                told.append(line)
                if found := LISTENING.search(line):
                    break
            else:
                pytest.fail(f"prism did not start: {''.join(told[-20:])}")
            # A pipe that nobody empties would stop it.
            emptied = threading.Thread(target=process.stdout.read)
            emptied.start()
            yield found[1]
            process.terminate()
            emptied.join(timeout=20)
        finally:
            process.kill()


@dataclass(frozen=True)
class Rows:
    """A restored database that answers the names of queries with rows."""

    answers: Mapping[str, list[dict[str, object]]]

    def select(self, sql: str) -> list[dict[str, object]]:
        return self.answers[sql]


@dataclass(frozen=True)
class Asking:
    """What the clients are given, but for the wire. services: the sample's, by HTTP."""

    company: Company
    services: httpx.BaseTransport
    pseudonyms: Pseudonyms

    def facts(self, **answers: list[dict[str, object]]) -> dict[str, Any]:
        """For every fetch that reads the restored data."""
        return {"environ": ENVIRON, "restored": Rows(answers), "pseudonyms": self.pseudonyms}


@pytest.fixture(scope="session")
def company() -> Company:
    """A small one: each of its agents is asked for by itself."""
    whole = Company.make(now=datetime(2026, 11, 23, 12, tzinfo=UTC))
    agents = whole.agent_configs[:6]
    held = {agent.id for agent in agents}
    numbers = tuple(one for one in whole.phone_numbers if one.agent_config_id in held)
    return dataclasses.replace(whole, agent_configs=agents, phone_numbers=numbers)


@pytest.fixture
def asking(company: Company) -> Asking:
    return Asking(company, make(company, ENVIRON).transport, Pseudonyms(b"a key of this test"))
