"""Worlds for the claims of suites/smoke/test_twilio.py: each is a Twilio, a webhook and the restored rows."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx
import pytest
from twilio.request_validator import RequestValidator

from fixtures.sample.simulators.application import TWIML, Connection
from fixtures.services.wire import Wire

from .twilio_account import (
    APPLICATION,
    AWAY,
    ENVIRON,
    OWN,
    SUBACCOUNT,
    TOKEN,
    TRUNK,
    WEBHOOK,
    Twilio,
    held,
    rows,
)

if TYPE_CHECKING:
    from collections.abc import Callable

OTHER = "https://api.sample.invalid/restore-drill/another-url"


@dataclass
class World:
    """twilio: of 300 numbers. knows: by which URLs the webhook checks a signature; "any" checks none."""

    twilio: Twilio = field(default_factory=lambda: Twilio.of(300))
    rows: list[dict[str, object]] = field(default_factory=lambda: rows(300, voice_method="POST"))
    knows: tuple[str, ...] = (WEBHOOK,)
    twiml: str = TWIML
    certificate: timedelta = timedelta(days=60)
    away: bool = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host.endswith(".twilio.com"):
            return self.twilio(request)
        if self.away:
            raise httpx.ConnectError("no route", request=request)
        if self.certificate < timedelta():
            expired = ssl.SSLCertVerificationError("certificate has expired")
            expired.verify_code = 10
            raise httpx.ConnectError("certificate has expired", request=request) from expired
        connection = {"network_stream": Connection(datetime.now(UTC) + self.certificate)}
        if request.method == "HEAD":
            return httpx.Response(404, extensions=connection)
        form = dict(parse_qsl(request.content.decode(), keep_blank_values=True))
        given = request.headers.get("X-Twilio-Signature", "")
        validator = RequestValidator(TOKEN)
        if "any" not in self.knows and not any(validator.validate(url, form, given) for url in self.knows):
            return httpx.Response(403, text="not signed by Twilio")
        return httpx.Response(200, text=self.twiml, headers={"Content-Type": "text/xml"})


def changed(*, nth: int = 267, **settings: Any) -> Twilio:
    made = Twilio.of(300)
    made.change(nth, **settings)
    return made


def by_application() -> Twilio:
    made = changed(voice_application_sid=APPLICATION)
    made.applications[APPLICATION] = {"voice_url": "https://old.sample.invalid/", "voice_method": "POST"}
    return made


def by_trunk() -> Twilio:
    made = changed(trunk_sid=TRUNK)
    made.trunks[TRUNK] = {}, [{"sip_url": "sip:old.sample.invalid", "priority": 1, "enabled": True}]
    return made


def in_a_subaccount() -> Twilio:
    made = Twilio.of(299)
    made.numbers[SUBACCOUNT] = [held(299)]
    return made


def suspended() -> Twilio:
    made = Twilio.of(300)
    made.statuses[OWN] = "suspended"
    return made


def down() -> Twilio:
    made = Twilio.of(300)
    made.instead["/"] = AWAY["500"]
    return made


WORLDS: dict[str, Callable[[], World]] = {
    "healthy": World,
    "a wrong URL on page 3": lambda: World(changed(voice_url="https://old.sample.invalid/")),
    "an Application overrides": lambda: World(by_application()),
    "a Trunk overrides": lambda: World(by_trunk()),
    "in a subaccount that is not listed": lambda: World(in_a_subaccount()),
    "another method": lambda: World(changed(voice_method="GET")),
    "suspended": lambda: World(suspended()),
    "no numbers": lambda: World(Twilio({OWN: []})),
    "no rows": lambda: World(rows=[]),
    "more numbers than rows": lambda: World(rows=rows(290, voice_method="POST")),
    "Twilio is down": lambda: World(down()),
    "13 days left": lambda: World(certificate=timedelta(days=13, hours=23)),
    "expired": lambda: World(certificate=timedelta(days=-1)),
    "accepts anything": lambda: World(knows=("any",)),
    "accepts what was signed for another URL": lambda: World(knows=(WEBHOOK, OTHER)),
    "refuses everything": lambda: World(knows=()),
    "a leading blank": lambda: World(twiml=" " + TWIML),
    "the webhook is down": lambda: World(away=True),
}


class Stand:
    """A plugin whose fixtures take the place of the sample's: every claim is judged once in each world."""

    @pytest.fixture(scope="session", params=list(WORLDS), ids=str)
    @classmethod
    def world(cls, request: pytest.FixtureRequest) -> World:
        return WORLDS[request.param]()

    @pytest.fixture(scope="session")
    @classmethod
    def wire(cls, world: World) -> Wire:
        return Wire(transport=httpx.MockTransport(world))

    @pytest.fixture(scope="session")
    @classmethod
    def restored(cls, world: World) -> Restored:
        return Restored(world.rows)

    @pytest.fixture(scope="session")
    @classmethod
    def environ(cls) -> dict[str, str]:
        return ENVIRON


@dataclass
class Restored:
    """A restored database that knows the numbers."""

    rows: list[dict[str, object]]

    def select(self, sql: str) -> list[dict[str, object]]:
        assert "public.phone_numbers" in sql
        return self.rows
