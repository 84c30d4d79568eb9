"""Google's and Azure's stores, as far as a small simulator on loopback goes: list, read, write."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from werkzeug import Request, Response

from fixtures.catalogue.listing import list_backups
from fixtures.places import place_of
from plugins.errors import DrillError

from .answers import HEADERS

NAMES = (
    "a-20261124.sql",
    "z-20261120.sql",
    "z-20261120.sql.sha256",
    "set-2026-11-01/data.sql",
    "set-2026-11-01/schema.sql",
)


class Simulator:
    """A bucket of objects over the parts of both vendors' protocols that are needed here."""

    def __init__(self, host) -> None:
        self.objects = {f"daily/{name}": name.encode() for name in NAMES}
        self.url = host.url_for("").rstrip("/")
        host.expect_request(re.compile(r"/bucket.*")).respond_with_handler(self.google)
        host.expect_request(re.compile(r"/acme/bucket.*")).respond_with_handler(self.azure)

    def google(self, request: Request) -> Response:
        key = unquote(request.path.removeprefix("/bucket").lstrip("/"))
        if key:
            return self._object(request, key)
        contents = "".join(
            f"<Contents><Key>{key}</Key><LastModified>2026-11-25T02:00:00.000Z</LastModified>"
            f'<ETag>"e1"</ETag><Size>{len(body)}</Size></Contents>'
            for key, body in self._below(request)
        )
        return Response(f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>")

    def azure(self, request: Request) -> Response:
        if request.headers.get("Authorization", "").partition(":")[0] != "SharedKey acme":
            return Response("<Error><Code>AuthenticationFailed</Code></Error>", 403)
        key = unquote(request.path.removeprefix("/acme/bucket").lstrip("/"))
        if key:
            return self._object(request, key)
        blobs = "".join(
            f"<Blob><Name>{key}</Name><Properties>"
            f"<Creation-Time>Wed, 25 Nov 2026 02:00:00 GMT</Creation-Time>"
            f'<Last-Modified>Wed, 25 Nov 2026 02:00:00 GMT</Last-Modified><Etag>"e1"</Etag>'
            f"<Content-Length>{len(body)}</Content-Length><Content-Type>text/plain</Content-Type>"
            f"<BlobType>BlockBlob</BlobType></Properties></Blob>"
            for key, body in self._below(request)
        )
        return Response(f"<EnumerationResults><Blobs>{blobs}</Blobs><NextMarker/></EnumerationResults>")

    def _below(self, request: Request) -> list[tuple[str, bytes]]:
        prefix = request.args.get("prefix", "")
        return [(key, body) for key, body in self.objects.items() if key.startswith(prefix)]

    def _object(self, request: Request, key: str) -> Response:
        if request.method == "PUT":
            self.objects[key] = request.get_data()
            return Response(status=201, headers=HEADERS)
        if key not in self.objects:
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404)
        body = self.objects[key]
        asked = re.fullmatch(
            r"bytes=(\d+)-(\d+)", request.headers.get("Range", request.headers.get("x-ms-range", ""))
        )
        if asked is None:
            return Response(body, 200, HEADERS)
        start, stop = int(asked[1]), min(int(asked[2]) + 1, len(body))
        return Response(
            body[start:stop], 206, {**HEADERS, "Content-Range": f"bytes {start}-{stop - 1}/{len(body)}"}
        )


@pytest.fixture(params=["gs", "az"])
def place(request, host):
    url = Simulator(host).url
    environ = {
        "STORAGE_EMULATOR_HOST": url,
        "AZURE_STORAGE_ACCOUNT_NAME": "acme",
        "AZURE_STORAGE_ACCOUNT_KEY": base64.b64encode(b"canary").decode(),
        "AZURE_STORAGE_ENDPOINT": f"{url}/acme",
    }
    return place_of(f"{request.param}://bucket/daily/", folder=Path(), environ=environ)


def test_backups_are_listed_and_read(place):
    catalogue = list_backups(place)
    assert [backup.label for backup in catalogue.backups] == [
        "set-2026-11-01",
        "z-20261120.sql",
        "a-20261124.sql",
    ]
    assert sorted(catalogue.backups[0].files) == ["data.sql", "schema.sql"]
    assert b"".join(catalogue.latest.chunks("")) == b"a-20261124.sql"


def test_a_companion_is_written_and_read(place):
    backup = list_backups(place).latest
    assert backup.place.read(backup.companion(".manifest.json")) is None
    backup.place.write(backup.companion(".manifest.json"), b"{}")
    assert backup.place.read(backup.companion(".manifest.json")) == b"{}"


def test_another_account_is_refused(host):
    environ = {
        "AZURE_STORAGE_ACCOUNT_NAME": "other",
        "AZURE_STORAGE_ACCOUNT_KEY": base64.b64encode(b"canary").decode(),
        "AZURE_STORAGE_ENDPOINT": f"{Simulator(host).url}/acme",
    }
    with pytest.raises(DrillError, match="az://bucket/daily/ may not be listed by these credentials"):
        place_of("az://bucket/daily/", folder=Path(), environ=environ).items()


def test_google_takes_the_token_of_a_workload_identity(host):
    """As a step of a workflow gets one: there is no file with credentials then."""
    simulator = Simulator(host)
    asked = []
    plain = simulator.google

    def google(request: Request) -> Response:
        asked.append(request.headers.get("Authorization"))
        return plain(request)

    host.clear()
    host.expect_request(re.compile(r"/bucket.*")).respond_with_handler(google)
    environ = {"GOOGLE_OAUTH_ACCESS_TOKEN": "ya29.canary", "GOOGLE_BASE_URL": simulator.url}
    catalogue = list_backups(place_of("gs://bucket/daily/", folder=Path(), environ=environ))
    assert len(catalogue.backups) == 3
    assert set(asked) == {"Bearer ya29.canary"}
