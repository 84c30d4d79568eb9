"""What the tests of stores share: a bucket of their own, and a store whose answers they say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from werkzeug import Request, Response

from fixtures.places import Item
from fixtures.places.store import StorePlace, store_place
from fixtures.places.tries import Tries

if TYPE_CHECKING:
    from collections.abc import Callable

# As patient as a drill, and quicker.
QUICK = Tries(first_wait=0.01, longest_wait=0.05, connect=2.0, silence=2.0)
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "canary-of-a-secret"}
WRITTEN = "2026-11-22T02:00:00.000Z"
HEADERS = {"ETag": '"e1"', "Last-Modified": "Sun, 22 Nov 2026 02:00:00 GMT", "Accept-Ranges": "bytes"}
BODY = bytes(range(256)) * 40


def listed(*objects: tuple[str, int], more: str = "") -> Response:
    contents = "".join(
        f'<Contents><Key>{key}</Key><LastModified>{WRITTEN}</LastModified><ETag>"e1"</ETag>'
        f"<Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
        for key, size in objects
    )
    token = f"<NextContinuationToken>{more}</NextContinuationToken>" if more else ""
    return Response(
        f"<ListBucketResult><Name>bucket</Name><IsTruncated>{str(bool(more)).lower()}</IsTruncated>"
        f"{token}{contents}</ListBucketResult>",
        content_type="application/xml",
    )


def refused(status: int, code: str, **headers: str) -> Response:
    text = f"<Error><Code>{code}</Code><Message>canary in a message</Message></Error>"
    return Response(text, status, headers, content_type="application/xml")


def given(request: Request, body: bytes = BODY, **headers: str) -> Response:
    """A part of the body, as the request's Range asks for it."""
    asked = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers["Range"])
    start, stop = int(asked[1]), min(int(asked[2]) + 1, len(body))
    said = {"Content-Range": f"bytes {start}-{stop - 1}/{len(body)}", **HEADERS, **headers}
    return Response(body[start:stop], 206, said)


def cut(response: Response, after: int) -> Response:
    """The same answer, of which only some bytes come."""
    body = response.get_data()
    return Response(iter([body[:after]]), response.status_code, {**response.headers, "Connection": "close"})


@dataclass(frozen=True)
class Bucket:
    """A bucket of its own for a test, and the environment that opens it."""

    name: str
    environ: dict[str, str]
    s3: Any = field(repr=False)

    def put(self, key: str, body: bytes = b"xyz", **options: Any) -> None:
        self.s3.put_object(Bucket=self.name, Key=key, Body=body, **options)

    def get(self, key: str) -> bytes:
        return self.s3.get_object(Bucket=self.name, Key=key)["Body"].read()

    def source(self, key: str = "") -> str:
        return f"s3://{self.name}/{key}"

    def place(self, key: str = "") -> StorePlace:
        return store_place(self.source(key), environ=self.environ, tries=QUICK)


class Store:
    """A bucket whose answers are what a test says, one for each request; the last stays."""

    def __init__(self, host: Any) -> None:
        self.asked: list[Request] = []
        self.environ = {**KEYS, "AWS_ENDPOINT_URL": host.url_for("").rstrip("/")}
        self._host = host

    def answer(self, *answers: Callable[[Request], Response]) -> None:
        queue = list(answers)

        def handle(request: Request) -> Response:
            self.asked.append(request)
            return (queue.pop(0) if len(queue) > 1 else queue[0])(request)

        self._host.expect_request(re.compile(r"/bucket.*")).respond_with_handler(handle)

    def place(self, tries: Tries = QUICK):
        return store_place("s3://bucket/daily/", environ=self.environ, tries=tries)

    def read(self, size: int = len(BODY), tries: Tries = QUICK) -> bytes:
        item = Item("b-20261122.sql", size, None, '"e1"')
        return b"".join(self.place(tries).chunks(item))

    @property
    def ranges(self) -> list[str]:
        return [request.headers["Range"] for request in self.asked]
