"""What the tests of the services share: a company, its services, and a database that never was."""

from __future__ import annotations

import dataclasses
import inspect
import runpy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest
from httpx_retries import Retry

from fixtures.sample.company import Company
from fixtures.sample.simulators import make
from fixtures.services.pseudonyms import Pseudonyms
from fixtures.services.wire import Wire
from plugins.errors import BackupError, DrillError, NothingToCheckError

from .certificates import Authority

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

ENVIRON = {
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "token-of-the-sample",
    "ELEVENLABS_API_KEY": "key-of-elevenlabs",
    "QDRANT_API_KEY": "key-of-qdrant",
}


@dataclass
class FakeRestored:
    """A restored database that answers the names of the queries below with rows."""

    answers: dict[str, list[dict[str, object]]]

    def select(self, sql: str) -> list[dict[str, object]]:
        return self.answers[sql]


def hasty() -> Retry:
    """As patient as the real one, without the waiting."""
    return Retry(total=3, backoff_factor=0, allowed_methods=("GET", "HEAD", "POST"))


@dataclass
class World:
    """One company twice: as it is in the restored data, and as the services know it."""

    company: Company
    environ: Mapping[str, str]
    restored: FakeRestored
    pseudonyms: Pseudonyms

    def wire(self, company: Company | None = None, environ: Mapping[str, str] | None = None) -> Wire:
        """The services of a company; the one that was restored if none is given."""
        made = make(company or self.company, self.environ if environ is None else environ)
        return Wire(transport=made.transport, retry=hasty())

    def edited(self, edit: Callable[[httpx.Request, httpx.Response], httpx.Response]) -> Wire:
        """The company's services with answers that `edit` changed on their way."""
        wire = self.wire()
        below = wire.transport
        transport = httpx.MockTransport(lambda request: edit(request, below.handle_request(request)))
        return dataclasses.replace(wire, transport=transport)

    def answering(self, handler: Callable[[httpx.Request], httpx.Response]) -> Wire:
        """A wire at whose end `handler` answers everything."""
        return Wire(transport=httpx.MockTransport(handler), retry=hasty())

    @property
    def facts(self) -> dict[str, object]:
        """What every fetch that reads the restored data takes, but for the wire."""
        return {"environ": self.environ, "restored": self.restored, "pseudonyms": self.pseudonyms}


@pytest.fixture(scope="session")
def company() -> Company:
    return Company.make(now=datetime(2026, 11, 23, 12, tzinfo=UTC))


@pytest.fixture
def world(company: Company) -> World:
    rows = {
        "numbers": [
            {"phone_number": number.phone_number, "voice_url": number.webhook_url}
            for number in company.phone_numbers
        ],
        "agents": [{"agent_id": agent.elevenlabs_agent_id} for agent in company.agent_configs],
        "locations": [{"id": location.id} for location in company.locations],
        "documents": [
            {"id": document.id, "location_id": document.location_id} for document in company.rag_documents
        ],
    }
    return World(company, ENVIRON, FakeRestored(rows), Pseudonyms(b"a key of this test"))


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that this test's drill trusts, and no other."""
    made = Authority.make(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
    return made


@pytest.fixture(scope="session")
def judge(pytestconfig: pytest.Config) -> Callable[..., dict[str, str]]:
    """Judge facts by the claims of a smoke suite: the controls that are not green, with their verdicts.

    A fact is given by its fixture's name; one that is an exception is raised by its fixture. Claims that need
    a fact that is not given are left out.
    """

    def judge(suite: str, **facts: object) -> dict[str, str]:
        verdicts: dict[str, str] = {}
        module = runpy.run_path(f"{pytestconfig.rootpath}/suites/smoke/{suite}.py")
        for name, claim in module.items():
            if not name.startswith("test_") or not inspect.signature(claim).parameters.keys() <= facts.keys():
                continue
            of_module = module.get("pytestmark", [])
            of_module = of_module if isinstance(of_module, list) else [of_module]
            marks = [*getattr(claim, "pytestmark", []), *of_module]
            control = next(mark.args[0] for mark in marks if mark.name == "control")
            try:
                given = {parameter: facts[parameter] for parameter in inspect.signature(claim).parameters}
                for fact in given.values():
                    if isinstance(fact, Exception):
                        raise fact
                claim(**given)
            except NothingToCheckError:
                verdicts.setdefault(control, "nothing")
            except (AssertionError, BackupError):
                verdicts[control] = "fail"
            except DrillError:
                verdicts.setdefault(control, "unverified")
        return verdicts

    return judge
