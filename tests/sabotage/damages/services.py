"""The services around the database: what they hold no longer, and how else they can answer.

A damage of one thing changes one answer of the simulated services on its way. What a service answers instead
of anything, `FAULTS`, is tried on each of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from . import ALL, Changes, Damage, damage

if TYPE_CHECKING:
    from collections.abc import Callable

ELSEWHERE = "https://elsewhere.sample.invalid/"


def _page(_: httpx.Request) -> httpx.Response:
    return httpx.Response(
        200, text="<!doctype html><title>Sign in</title>", headers={"Content-Type": "text/html"}
    )


def _silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("no answer", request=request)


# Of the word in a damage's name: what it is, and what is answered.
FAULTS: dict[str, tuple[str, Callable[[httpx.Request], httpx.Response]]] = {
    "401": ("it refuses the credential", lambda _: httpx.Response(401, json={"message": "Unauthorized"})),
    "403": ("it forbids what is asked", lambda _: httpx.Response(403, json={"message": "Forbidden"})),
    "429": (
        "it is busy, however often it is asked",
        lambda _: httpx.Response(429, headers={"Retry-After": "0"}, json={}),
    ),
    "500": ("it has an error of its own", lambda _: httpx.Response(500, text="Internal Server Error")),
    "time-out": ("it does not answer", _silent),
    "malformed JSON": (
        "its answer ends in the middle",
        lambda _: httpx.Response(200, content=b'{"agents": [{"agent_id": "a'),
    ),
    "empty": ("it answers with an empty object", lambda _: httpx.Response(200, json={})),
    "redirect": ("it leads to another host", lambda _: httpx.Response(302, headers={"Location": ELSEWHERE})),
    "wrong content type": ("it answers with a page to sign in", _page),
}
AGREEMENT = "reconfiguration-known"


@dataclass(frozen=True)
class Service:
    """host, path: of its requests. told: the controls that are unverified when it cannot be asked.

    other: what else a fault does: by its name, how the verdicts differ then.
    """

    host: str
    told: str
    path: str = "/"
    other: dict[str, Changes] | None = None


POINTS = (
    "qdrant-agreement qdrant-orphans qdrant-green qdrant-vectors qdrant-search qdrant-documents "
    "qdrant-chunks qdrant-snapshots"
)
REFUSALS = "twilio-webhook-refuses twilio-webhook-replay"
UNWELL = Changes(fails="endpoints-answer endpoints-content")

SERVICES: dict[str, Service] = {
    "Twilio": Service(
        "api.twilio.com",
        f"twilio-account twilio-agreement twilio-call-settings {AGREEMENT}",
    ),
    "ElevenLabs": Service(
        "api.elevenlabs.io",
        "elevenlabs-agreement elevenlabs-names elevenlabs-numbers elevenlabs-configuration "
        f"elevenlabs-exports agent-exports {AGREEMENT}",
    ),
    "Qdrant": Service(
        "qdrant.sample.invalid",
        f"qdrant-key qdrant-ready {POINTS} {AGREEMENT}",
        # It answers, ready as it is, to somebody without a key too: that is known.
        other={"empty": Changes(fails="qdrant-key", unverified=f"{POINTS} {AGREEMENT}")},
    ),
    "Supabase": Service(
        "api.supabase.com",
        "platform-backup-exists platform-backup-recent platform-backup-days platform-backup-failures "
        # Of the healthy project there is nothing to say about it: recovery to a point in time is off.
        "platform-point-in-time",
    ),
    "the endpoint": Service(
        "api.sample.invalid",
        "endpoints-answer endpoints-content",
        path="/health",
        # It answered, and not with the status or the content of the plan: that is known.
        other=dict.fromkeys(("401", "403", "429", "500", "redirect"), UNWELL)
        | dict.fromkeys(
            ("malformed JSON", "empty", "wrong content type"), Changes(fails="endpoints-content")
        ),
    ),
    "the webhook": Service(
        "api.sample.invalid",
        f"twilio-webhook-answers {REFUSALS}",
        path="/twilio/voice",
        # Refusing everybody, it refuses whom it should; answering everybody, it refuses nobody.
        other=dict.fromkeys(("401", "403"), Changes(fails="twilio-webhook-answers"))
        | {"500": Changes(fails="twilio-webhook-answers", unverified=REFUSALS)}
        | dict.fromkeys(
            ("malformed JSON", "empty", "wrong content type"),
            Changes(fails=f"twilio-webhook-answers {REFUSALS}"),
        ),
    ),
}


def _is_at(request: httpx.Request, service: Service) -> bool:
    return request.url.host == service.host and request.url.path.startswith(service.path)


def _faulty(name: str, fault: str) -> Damage:
    service, (what, answer) = SERVICES[name], FAULTS[fault]

    def does(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return answer(request) if _is_at(request, service) else response

    does.__doc__ = f"Of {name}: {what}."
    changes = (service.other or {}).get(fault, Changes(unverified=service.told))
    return Damage(
        f"services/{name}: {fault}",
        does,
        changes.verdicts,
        bounded=(name, fault) in (("Twilio", "403"), ("Qdrant", "empty")),
        of_restored=True,
    )


ALL |= {made.name: made for name in SERVICES for fault in FAULTS for made in [_faulty(name, fault)]}


def _edited(response: httpx.Response, change: Callable[[Any], Any]) -> httpx.Response:
    body = json.loads(response.content)
    changed = change(body)
    return httpx.Response(response.status_code, json=body if changed is None else changed)


def _item(
    request: httpx.Request, response: httpx.Response, path: str, change: Callable[[Any], Any]
) -> httpx.Response:
    """The answer to requests of a path, with its JSON changed."""
    return (
        _edited(response, change)
        if request.url.path.endswith(path) and response.status_code == 200
        else response
    )


# Twilio


@damage(fails="twilio-agreement")
def a_number_is_gone_at_twilio(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """Twilio does not hold one of the numbers any more."""
    return _item(
        request,
        response,
        "/IncomingPhoneNumbers.json",
        lambda page: page["incoming_phone_numbers"].pop(0) and None,
    )


def _first(page: Any, **settings: object) -> None:
    if "Page=0" in page["uri"]:
        page["incoming_phone_numbers"][0].update(settings)


@damage(fails="twilio-agreement")
def a_number_calls_another_webhook(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """A number at Twilio sends its calls to an old URL."""
    return _item(
        request,
        response,
        "/IncomingPhoneNumbers.json",
        lambda page: _first(page, voice_url="https://old.sample.invalid/"),
    )


@damage(fails="twilio-call-settings")
def a_number_calls_with_another_method(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """A number at Twilio calls the webhook with GET."""
    return _item(
        request, response, "/IncomingPhoneNumbers.json", lambda page: _first(page, voice_method="GET")
    )


@damage(fails="twilio-agreement")
def an_application_leads_elsewhere(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """The Application that answers some numbers calls an old URL."""
    path = f"/Applications/AP{'5a' * 16}.json"
    return _item(request, response, path, lambda told: {**told, "voice_url": "https://old.sample.invalid/"})


@damage(fails="twilio-account")
def the_twilio_account_is_suspended(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """Twilio has suspended the account."""
    path = f"/Accounts/AC{'5a' * 16}.json"
    return _item(request, response, path, lambda told: {**told, "status": "suspended"})


@damage(fails="twilio-agreement", absent="twilio-call-settings")
def twilio_holds_no_number(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """Twilio's list of numbers is empty."""
    return _item(
        request,
        response,
        "/IncomingPhoneNumbers.json",
        lambda page: {**page, "incoming_phone_numbers": [], "next_page_uri": None},
    )


def _webhook(request: httpx.Request) -> bool:
    return request.url.path == "/twilio/voice"


@damage(fails="twilio-webhook-refuses twilio-webhook-replay", bounded=True)
def the_webhook_accepts_anything(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """The webhook answers whoever calls it, whoever signed."""
    if not _webhook(request):
        return response
    return httpx.Response(
        200, text="<Response><Say>Yes.</Say></Response>", headers={"Content-Type": "text/xml"}
    )


@damage(fails="twilio-webhook-answers")
def the_webhook_answers_with_no_twiml(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """The webhook answers a signed call with what Twilio cannot act on."""
    return httpx.Response(200, text="OK") if _webhook(request) and response.status_code == 200 else response


@damage(fails="twilio-webhook-answers")
def the_webhook_refuses_everything(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """The webhook has another token: it refuses Twilio's own calls."""
    return httpx.Response(403, text="no") if _webhook(request) else response


# ElevenLabs


def _agents(
    request: httpx.Request, response: httpx.Response, change: Callable[[list[Any]], Any]
) -> httpx.Response:
    return _item(request, response, "/v1/convai/agents", lambda page: change(page["agents"]) and None)


@damage(fails="elevenlabs-agreement", bounded=True)
def an_agent_is_gone_at_elevenlabs(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """ElevenLabs does not hold one of the agents any more."""
    return _agents(request, response, lambda agents: agents.pop(0))


@damage(fails="elevenlabs-agreement")
def an_agent_is_archived(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """One agent at ElevenLabs is archived."""
    return _agents(request, response, lambda agents: agents[0].update(archived=True))


@damage(fails="elevenlabs-names")
def an_agent_has_another_name(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """ElevenLabs calls an agent by another name."""
    return _agents(request, response, lambda agents: agents[0].update(name="another"))


@damage(fails="elevenlabs-configuration")
def an_agent_has_another_prompt(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """The prompt of every agent is another one than in the export."""
    if "/v1/convai/agents/" not in request.url.path or response.status_code != 200:
        return response
    return _edited(
        response, lambda agent: agent["conversation_config"]["agent"]["prompt"].update(prompt="Be rude.")
    )


@damage(fails="elevenlabs-numbers")
def a_number_has_another_agent(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """A number at ElevenLabs is assigned to an agent that nobody knows."""
    return _item(
        request,
        response,
        "/v2/phone-numbers",
        lambda page: page["phone_numbers"][0]["assigned_agent"].update(agent_id="agent_of_somebody_else"),
    )


# Qdrant


def _qdrant(request: httpx.Request) -> bool:
    return request.url.host == "qdrant.sample.invalid"


@damage(fails="qdrant-agreement qdrant-documents")
def a_collection_is_gone(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """Qdrant does not list one of the collections any more."""
    if not _qdrant(request):
        return response
    return _item(
        request, response, "/collections", lambda told: told["result"]["collections"].pop(0) and None
    )


@damage(fails="qdrant-orphans")
def a_collection_of_nobody(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """Qdrant holds a collection of a location that the data does not hold."""
    if not _qdrant(request):
        return response
    name = "location_00000000-0000-4000-8000-000000000000"
    return _item(
        request, response, "/collections", lambda told: told["result"]["collections"].append({"name": name})
    )


@damage(fails="qdrant-agreement qdrant-search qdrant-documents qdrant-chunks")
def the_collections_are_empty(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """No collection holds a point."""
    if not _qdrant(request) or request.method != "POST":
        return response
    path = request.url.path.rpartition("/")[2]
    nothing = {
        "count": {"count": 0},
        "scroll": {"points": [], "next_page_offset": None},
        "query": {"points": []},
        "facet": {"hits": []},
    }
    return httpx.Response(200, json={"result": nothing[path], "status": "ok", "time": 0.0})


@damage(fails="qdrant-green")
def a_collection_is_not_green(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """Qdrant says of its collections that they are not optimized."""
    if not _qdrant(request) or "/collections/location_" not in request.url.path or request.method != "GET":
        return response
    return (
        response
        if request.url.path.endswith("/snapshots")
        else _edited(response, lambda told: told["result"].update(status="yellow"))
    )


@damage(fails="qdrant-key")
def qdrant_is_open_to_all(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """Qdrant lists its collections to whoever asks, without a key."""
    if not _qdrant(request) or request.headers.get("api-key"):
        return response
    return httpx.Response(200, json={"result": {"collections": []}, "status": "ok", "time": 0.0})


@damage(fails="qdrant-ready")
def qdrant_is_not_ready(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """Qdrant says that some of its shards are not loaded."""
    return (
        httpx.Response(503, text="not ready")
        if _qdrant(request) and request.url.path == "/readyz"
        else response
    )


@damage(fails="qdrant-snapshots")
def the_snapshots_are_old(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """The latest snapshots at Qdrant are three days old."""
    if not _qdrant(request) or not request.url.path.endswith("/snapshots"):
        return response
    return _edited(
        response,
        lambda told: [one.update(creation_time="2026-11-19T02:00:00") for one in told["result"]] and None,
    )


# Supabase, and the application


@damage(fails="platform-backup-days platform-backup-failures")
def a_backup_of_the_platform_failed(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """One of the backups at Supabase has failed."""
    return _item(
        request, response, "/database/backups", lambda told: told["backups"][2].update(status="FAILED")
    )


@damage(
    fails="platform-backup-recent platform-backup-days",
)
def the_platform_took_no_backup_lately(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """The newest backups at Supabase are missing."""
    return _item(
        request, response, "/database/backups", lambda told: told.update(backups=told["backups"][2:])
    )


@damage(fails="platform-backup-exists platform-backup-recent platform-backup-days")
def the_platform_holds_no_backup(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """Supabase lists no backup."""
    return _item(request, response, "/database/backups", lambda told: told.update(backups=[]))


@damage(fails="endpoints-answer")
def the_endpoint_answers_503(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """The application says that it is out of service, with the JSON of a healthy one."""
    if request.url.path != "/health":
        return response
    return httpx.Response(503, json={"status": "ok", "checks": {"database": True}})


@damage(fails="endpoints-content")
def the_endpoint_is_not_well(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """The application answers 200, and says that it has no database."""
    return _item(request, response, "/health", lambda told: told["checks"].update(database=False))


@damage(fails="twilio-webhook-tls endpoints-tls")
def the_certificate_ends_soon(request: httpx.Request, response: httpx.Response) -> httpx.Response:
    """The certificate of the application is valid for a few more days."""
    if request.method != "HEAD":
        return response
    from datetime import UTC, datetime, timedelta

    from fixtures.sample.simulators.application import Connection

    soon = datetime(2026, 11, 22, 4, tzinfo=UTC) + timedelta(days=9)
    return httpx.Response(404, extensions={"network_stream": Connection(soon)})


class Edited(httpx.BaseTransport):
    """A transport whose answers pass through a damage on their way."""

    def __init__(self, transport: httpx.BaseTransport, does: Callable[..., httpx.Response]) -> None:
        self.transport, self.does = transport, does

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self.does(request, self.transport.handle_request(request))


def install(name: str) -> None:
    """In the process of a drill: have the sample's services answer through a damage."""
    from fixtures.sample import simulators

    make = simulators.make

    def made(*args: Any, **options: Any) -> simulators.Simulators:
        return simulators.Simulators(Edited(make(*args, **options).transport, ALL[name].does))

    simulators.make = made
