"""Carries a message to the addresses, and a ping to a dead-man's switch, in a process of its own.

A process, because it can be ended: libraries wait for name services and slow servers longer than any timeout
says, and a thread that waits holds the interpreter's end up. All are told at once, each within `seconds`.

This is the one place of `plugins/` that opens sockets. They lead to whom the plan's variables name, and never
to what is drilled.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit, urlunsplit

from plugins.lifetime import ROOT, environ

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# What an interpreter and its libraries take to start on a machine that has much to do.
START_SECONDS = 10.0
# How the addresses are reached. What they need of secrets stands in them.
WAYS = (
    *(
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
    ),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
)


@dataclass(frozen=True)
class Order:
    """What to send. addresses: as Apprise writes them; each is looked at, and told only if there is a title.

    kind: Apprise's: "failure", "warning", "success". ping: the URL of a dead-man's switch; suffix: what is
    put after its path, nothing for a success. seconds: that each has. Its repr shows no address.
    """

    addresses: Sequence[str] = ()
    title: str = ""
    body: str = ""
    kind: str = "info"
    ping: str = ""
    suffix: Literal["", "/start", "/fail"] = ""
    seconds: float = 10.0

    @property
    def timed_out(self) -> str:
        """What is said of whom the time was too short for."""
        return f"did not answer within {self.seconds:.0f} s"

    def __repr__(self) -> str:
        return f"<an order for {len(self.addresses)} addresses>"


class Delivery:
    """An order that is being carried out. What became of it is told by `troubles`, within a bounded time."""

    def __init__(self, order: Order) -> None:
        self._order, self._until = order, time.monotonic() + START_SECONDS + order.seconds
        self._process = subprocess.Popen(
            [sys.executable, "-m", "plugins.delivery"],
            cwd=ROOT,
            env=environ(*WAYS),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What libraries log holds URLs.
            stderr=subprocess.DEVNULL,
            # A Ctrl-C that ends the drill does not end the news of it.
            start_new_session=True,
        )
        # Small, and read at once or never: it fits into the pipe.
        with contextlib.suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(asdict(order)).encode())
            self._process.stdin.close()
        self._process.stdin = None

    def troubles(self) -> dict[str, str]:
        """Why what could not be told: of "ping", or of an address by its place, from "1". Waits for it."""
        try:
            told, _ = self._process.communicate(timeout=max(self._until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self._process.kill()
            told, _ = self._process.communicate()
        outcomes = dict.fromkeys(_parts(self._order), self._order.timed_out)
        for line in told.splitlines():
            outcomes |= json.loads(line)
        return {part: trouble for part, trouble in outcomes.items() if trouble}


def _parts(order: Order) -> list[str]:
    places = [str(place) for place, _ in enumerate(order.addresses, start=1)]
    return [*places, *(["ping"] if order.ping else [])]


def _ping(order: Order) -> str:
    """Ask a dead-man's switch as healthchecks.io has it: https://healthchecks.io/docs/http_api/ ."""
    import httpx

    parts = urlsplit(order.ping)
    url = urlunsplit(parts._replace(path=parts.path.rstrip("/") + order.suffix))
    trouble = ""
    for _ in range(2):  # a lost packet is no reason for an alarm
        try:
            status = httpx.get(url, timeout=order.seconds).status_code
        except httpx.TimeoutException:
            return order.timed_out
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            trouble = "could not be reached"
        else:
            return "" if 200 <= status < 300 else f"answered {status}"
    return trouble


def _tellers(order: Order) -> dict[str, Callable[[], str]]:
    """What tells each address, by its place."""
    import apprise

    # One after the other, for there is but one: Apprise's own threads would hold the end up.
    asset = apprise.AppriseAsset(async_mode=False, storage_mode="memory", app_id="Restore Drill")

    def tell(service: apprise.NotifyBase | None) -> str:
        if service is None:
            return "is no address that Apprise knows"
        if not order.title:
            return ""
        sender = apprise.Apprise(asset=asset)
        sender.add(service)
        told = sender.notify(
            title=order.title,
            body=order.body,
            notify_type=apprise.NotifyType(order.kind),
            body_format=apprise.NotifyFormat.TEXT,
        )
        return "" if told else "did not take the message"

    return {
        str(place): partial(tell, apprise.Apprise.instantiate(address, asset=asset))
        for place, address in enumerate(order.addresses, start=1)
    }


def main() -> None:
    """Carry out the order of the standard input, and end, whoever still waits."""
    order = Order(**json.load(sys.stdin))
    # Before the clock runs: to start Apprise takes longer than a message does.
    calls = _tellers(order) if order.addresses else {}
    if order.ping:
        calls["ping"] = partial(_ping, order)
    ended: queue.Queue[tuple[str, str]] = queue.Queue()

    def carry_out(part: str, call: Callable[[], str]) -> None:
        trouble = "could not be told"
        # Whatever a library raises, an address is in it or not: nobody sees it.
        with contextlib.suppress(Exception):
            trouble = call()
        ended.put((part, trouble))

    until = time.monotonic() + order.seconds
    for part, call in calls.items():
        threading.Thread(target=carry_out, args=(part, call), daemon=True).start()
    with contextlib.suppress(queue.Empty):
        for _ in calls:
            part, trouble = ended.get(timeout=max(until - time.monotonic(), 0))
            sys.stdout.write(json.dumps({part: trouble}) + "\n")
            sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
