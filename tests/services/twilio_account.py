"""A Twilio of a test's own: accounts, numbers in pages, Applications and Trunks, each to be changed."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = "AC" + "1" * 32
SUBACCOUNT = "AC" + "2" * 32
ANOTHER = "AC" + "3" * 32
APPLICATION = "AP" + "4" * 32
TRUNK = "TK" + "5" * 32
TOKEN = "token-of-the-sample"
ENVIRON = {"TWILIO_ACCOUNT_SID": OWN, "TWILIO_AUTH_TOKEN": TOKEN}
KEY = {"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "secret-of-the-key"}
WEBHOOK = "https://api.sample.invalid/twilio/voice"


def telephone(nth: int) -> str:
    return f"+120255{nth:05d}"


def held(nth: int, **settings: Any) -> dict[str, Any]:
    """A number as Twilio describes it, led to the webhook; its SID and its number come from `nth`."""
    return {
        "sid": f"PN{nth:032x}",
        "phone_number": telephone(nth),
        "voice_url": WEBHOOK,
        "voice_method": "POST",
        "voice_fallback_url": None,
        "status_callback": "",
        "voice_application_sid": "",
        "trunk_sid": None,
        **settings,
    }


def rows(count: int, **settings: object) -> list[dict[str, object]]:
    """What the restored data says of the first `count` numbers."""
    return [{"phone_number": telephone(nth), "voice_url": WEBHOOK, **settings} for nth in range(count)]


@dataclass
class Twilio:
    """Answers as Twilio does, page by page, to the account's token and to an API key.

    instead: answers for requests whose path has such a part, in the place of Twilio's own.
    """

    numbers: dict[str, list[dict[str, Any]]]
    statuses: dict[str, str] = field(default_factory=lambda: {OWN: "active", SUBACCOUNT: "active"})
    applications: dict[str, dict[str, Any]] = field(default_factory=dict)
    trunks: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = field(default_factory=dict)
    page: int = 100
    instead: dict[str, Callable[[httpx.Request], httpx.Response]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, count: int) -> Twilio:
        """A healthy one with so many numbers."""
        return cls({OWN: [held(nth) for nth in range(count)]})

    def change(self, nth: int, **settings: Any) -> None:
        self.numbers[OWN][nth].update(settings)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(f"{request.method} {request.url.host}{path}")
        for part, answer in self.instead.items():
            if part in path:
                return answer(request)
        user, _, secret = (
            base64.b64decode(request.headers.get("Authorization", "").removeprefix("Basic "))
            .decode()
            .partition(":")
        )
        is_key = (user, secret) == ("SK1", "secret-of-the-key")
        if not is_key and (user, secret) != (OWN, TOKEN):
            return _refused()
        if request.url.host.startswith("trunking."):
            return self._trunk(path)
        _, _, _, account, *rest = path.removesuffix(".json").split("/")
        # A Standard key reads no account, and nothing of another account than its own.
        if is_key and (not rest or account != OWN):
            return _refused()
        if account not in self.statuses:
            return httpx.Response(404, json={"code": 20404})
        if not rest:
            answer = {"sid": account, "status": self.statuses[account], "auth_token": "never-to-be-shown"}
            return httpx.Response(200, json=answer)
        if rest == ["IncomingPhoneNumbers"]:
            return self._page(path, account, int(request.url.params.get("Page", 0)))
        if rest[0] == "Applications" and rest[1] in self.applications:
            return httpx.Response(200, json={"sid": rest[1], **self.applications[rest[1]]})
        return httpx.Response(404, json={"code": 20404})

    def _page(self, path: str, account: str, page: int) -> httpx.Response:
        numbers = self.numbers.get(account, [])
        following = f"{path}?PageSize={self.page}&Page={page + 1}&PageToken=PA{page}"
        return httpx.Response(
            200,
            json={
                "incoming_phone_numbers": numbers[page * self.page : (page + 1) * self.page],
                "next_page_uri": following if (page + 1) * self.page < len(numbers) else None,
            },
        )

    def _trunk(self, path: str) -> httpx.Response:
        _, _, _, sid, *rest = path.split("/")
        if sid not in self.trunks:
            return httpx.Response(404, json={"code": 20404})
        trunk, urls = self.trunks[sid]
        if not rest:
            return httpx.Response(200, json={"sid": sid, **trunk})
        return httpx.Response(200, json={"origination_urls": urls, "meta": {"next_page_url": None}})


def _refused() -> httpx.Response:
    return httpx.Response(401, json={"code": 20003, "message": "Authenticate"})


def _times_out(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("too slow", request=request)


# What a service may answer that says nothing of what it holds.
AWAY: dict[str, Callable[[httpx.Request], httpx.Response]] = {
    "401": lambda _: httpx.Response(401),
    "403": lambda _: httpx.Response(403, json={"code": 20008}),
    "429": lambda _: httpx.Response(429),
    "429 with Retry-After": lambda _: httpx.Response(429, headers={"Retry-After": "0"}),
    "500": lambda _: httpx.Response(500),
    "503": lambda _: httpx.Response(503),
    "time-out": _times_out,
    "malformed JSON": lambda _: httpx.Response(200, text='{"status": "act'),
    "an empty list": lambda _: httpx.Response(200, json=[]),
    "a redirect": lambda _: httpx.Response(302, headers={"Location": "https://elsewhere.invalid/"}),
    "wrong content type": lambda _: httpx.Response(200, html="<p>Welcome</p>"),
    "another shape": lambda _: httpx.Response(200, content=json.dumps({"status": 7, "voice_url": 7})),
}
