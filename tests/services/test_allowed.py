"""The list of what may be sent to a service is held against the code: no client sends anything else."""

from __future__ import annotations

import ast
from pathlib import Path

import httpx
import pytest

from fixtures.services import http
from fixtures.services.allowed import READS, Posts
from plugins.errors import DrillError

SERVICES = Path(http.__file__).parent
URL = "https://service.invalid/hook?a=1"
METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "MERGE")
# What each vendor's API changes things by, and what is only a little away from what the list lets pass.
PATHS = (
    "/",
    "/hook",
    "/hook?a=2",
    "/hook/?a=1",
    "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers/PN1.json",
    "/v1/convai/agents/create",
    "/v1/convai/agents/a1",
    "/v1/projects/p/database/backups/restore-pitr",
    "/collections/c",
    "/collections/c/points",
    "/collections/c/points/delete",
    "/collections/c/points/payload",
    "/collections/c/points/count/delete",
    "/collections/c/points/recount",
    "/collections/c/snapshots",
    "/collections/c/snapshots/recover?x=/points/count",
    "/collections/c/delete?/points/count",
    "/elsewhere/collections/c/points/count",
    "/collections/a/b/points/count",
    "/points/count",
    "/collections/c/points/facet",
    "/collections/c/index",
    "/collections/aliases",
)
ALLOWED = {
    Posts.NONE: (),
    Posts.WEBHOOK: (URL,),
    Posts.QDRANT: (
        "https://service.invalid/collections/c/points/count",
        "https://service.invalid/collections/a%2Fb/points/scroll?timeout=3",
        "https://service.invalid/collections/c/points/query",
        "https://service.invalid/collections/c/facet",
    ),
}
# What sends a request by itself.
SENDING = {"Client", "AsyncClient", "HTTPTransport", "AsyncHTTPTransport"}
SENDING |= {"get", "post", "put", "patch", "delete", "request", "stream"}
OTHERS = {"urlopen", "HTTPConnection", "HTTPSConnection"}


def calls(path: Path):
    return [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]


def makers() -> dict[str, Posts]:
    """Each place that makes a client, or the transport of one, with what of the list it names."""
    found = {}
    for path in sorted(SERVICES.rglob("*.py")):
        if path.name == "http.py":
            continue
        for call in calls(path):
            if ast.unparse(call.func) not in ("http.client", "http.transport"):
                continue
            named = [ast.unparse(word.value) for word in call.keywords if word.arg == "posts"]
            assert all(name.startswith("Posts.") for name in named), (
                f"{path.name}: {named} is not on the list"
            )
            posts = Posts[named[0].removeprefix("Posts.")] if named else Posts.NONE
            found[f"{path.relative_to(SERVICES)}:{call.lineno}"] = posts
    return found


def test_every_client_there_is_was_found():
    found = {place.partition(":")[0].removesuffix(".py").partition("/")[0] for place in makers()}
    assert found >= {
        "twilio",
        "webhook",
        "elevenlabs",
        "qdrant",
        "endpoints",
        "supabase",
    }


def test_there_is_no_other_way_to_send_a_request():
    others = []
    for path in sorted(SERVICES.rglob("*.py")):
        for call in calls(path):
            module, _, function = ast.unparse(call.func).rpartition(".")
            if (
                (module == "httpx" and function in SENDING)
                or function in OTHERS
                or (function == "QdrantClient" and "transport" not in {word.arg for word in call.keywords})
            ):
                others.append(f"{path.relative_to(SERVICES)}: {module}.{function}")
    # The client that all of them get, and the one transport below its guard.
    assert others == ["http.py: httpx.Client", "transports.py: httpx.HTTPTransport"]


@pytest.mark.parametrize(("place", "posts"), makers().items())
def test_a_client_sends_what_is_on_the_list_and_nothing_else(world, place, posts):
    sent = []
    wire = world.answering(lambda request: sent.append(request) or httpx.Response(200))
    passed = ALLOWED[posts]
    with http.client(wire, service="it", url=URL if posts is Posts.WEBHOOK else "https://service.invalid",
                     posts=posts) as client:  # fmt: skip
        for method in METHODS:
            for url in (*(f"https://service.invalid{path}" for path in PATHS), *passed):
                if (method, url) in {("POST", url) for url in passed}:
                    continue
                with pytest.raises(DrillError, match="a drill only reads"):
                    client.send(httpx.Request(method, url))
        assert sent == [], f"{place} sends what is not on the list"
        for url in passed:
            client.post(url)
        for method in READS:
            client.request(method, "https://service.invalid/anything")
    assert len(sent) == len(passed) + 2


def test_a_prefix_of_the_services_url_comes_first(world):
    wire = world.answering(lambda _: httpx.Response(200))
    with http.client(wire, service="it", url="https://h.invalid/q/", posts=Posts.QDRANT) as client:
        assert client.post("https://h.invalid/q/collections/c/points/count").status_code == 200
        with pytest.raises(DrillError, match="only reads"):
            client.post("https://h.invalid/collections/c/points/count")


def test_what_is_not_on_the_list_cannot_be_named(world):
    for posts in (lambda _url: True, "/collections/.*", True):
        with pytest.raises(ValueError, match="not a valid Posts"):
            http.client(world.wire(), service="it", url=URL, posts=posts)
