"""A store that is wrong, slow, cut, or closed to us: a sentence, and never a backup that is not whole."""

from __future__ import annotations

import time

import pytest
from werkzeug import Request, Response

from fixtures.archive import open_archive
from fixtures.catalogue.listing import list_backups
from fixtures.places.tries import Tries
from plugins.errors import BackupError, DrillError

from .answers import BODY, KEYS, Store, cut, given, listed, refused


@pytest.fixture
def store(host) -> Store:
    return Store(host)


# Listing


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (refused(403, "AccessDenied"), "s3://bucket/daily/ may not be listed by these credentials"),
        (refused(403, "RequestTimeTooSkewed"), "s3://bucket/daily/ refused us because the clocks differ"),
        (refused(403, "InvalidAccessKeyId"), "s3://bucket/daily/ does not know the access key"),
        (
            refused(403, "SignatureDoesNotMatch"),
            "s3://bucket/daily/ refused the secret that belongs to the access key",
        ),
        (refused(400, "ExpiredToken"), "s3://bucket/daily/ refused the credential, which has expired"),
        (refused(429, "SlowDown"), "s3://bucket/daily/ asks for fewer requests (429)"),
        (
            refused(429, "TooManyRequests", **{"Retry-After": "1"}),
            "s3://bucket/daily/ asks for fewer requests (429)",
        ),
        (refused(503, "SlowDown"), "s3://bucket/daily/ asks for fewer requests (503)"),
        (refused(500, "InternalError"), "s3://bucket/daily/ answered 500"),
        (
            refused(301, "PermanentRedirect"),
            "s3://bucket/daily/ cannot be reached: it is in another region",
        ),
    ],
)
def test_a_listing_that_is_refused_is_a_sentence(store, answer, message):
    store.answer(lambda _request: answer)
    with pytest.raises(DrillError) as caught:
        store.place().items()
    assert caught.value.message == message
    assert caught.value.hint.endswith(".")
    assert not isinstance(caught.value, BackupError)
    for secret in ("canary", "AKIA", "Signature", "127.0.0.1", "Debug", "<"):
        assert secret not in str(caught.value).replace("SignatureDoesNotMatch", "")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_store_that_is_busy_is_asked_three_times(store, status):
    busy = lambda _request: refused(status, "SlowDown")  # noqa: E731
    store.answer(busy, busy, lambda _request: listed(("daily/b-20261122.sql", 3)))
    assert [item.name for item in store.place().items()] == ["b-20261122.sql"]
    assert len(store.asked) == 3


def test_a_name_with_an_empty_part_is_said(store):
    store.answer(lambda _request: listed(("daily/a//b.sql", 3)))
    with pytest.raises(DrillError, match="holds a name that cannot be read"):
        store.place().items()


def test_nobody_listens(store):
    store.environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
    with pytest.raises(DrillError) as caught:
        store.place().items()
    assert caught.value.message == "s3://bucket/daily/ cannot be reached: nothing listens at its address"


def test_a_host_that_has_no_address(store):
    store.environ["AWS_ENDPOINT_URL"] = "http://nowhere.invalid"
    with pytest.raises(DrillError) as caught:
        store.place().items()
    assert caught.value.message == "s3://bucket/daily/ cannot be reached: its host's name was not found"


def test_a_host_that_speaks_no_tls(store):
    store.environ["AWS_ENDPOINT_URL"] = store.environ["AWS_ENDPOINT_URL"].replace("http:", "https:")
    with pytest.raises(DrillError, match="cannot be reached: it does not speak TLS"):
        store.place().items()


def test_a_host_that_does_not_answer_in_time(store):
    def slowly(_request: Request) -> Response:
        time.sleep(1.0)
        return listed()

    store.answer(slowly)
    with pytest.raises(DrillError, match="cannot be reached: it did not answer in time"):
        store.place(Tries(count=1, silence=0.2)).items()


def test_a_hundred_thousand_backups(store):
    """The youngest is told by its recovery point: it stands in the middle."""
    names = [f"b-{number:06d}-20{10 + number % 15}1122T020000Z.sql" for number in range(100_000)]
    names[51_234] = "b-051234-20261121T020000Z.sql"

    pages = [
        listed(
            *((f"daily/{name}", 5) for name in names[start : start + 1000]),
            more=str(start + 1000) if start + 1000 < len(names) else "",
        ).get_data()
        for start in range(0, len(names), 1000)
    ]
    store.answer(lambda request: Response(pages[int(request.args.get("continuation-token", 0)) // 1000]))
    catalogue = list_backups(store.place())
    assert len(catalogue.backups) == 100_000
    assert catalogue.latest.label == names[51_234]


# Reading


def test_a_body_that_is_cut_is_taken_up_where_it_was(store):
    store.answer(lambda request: cut(given(request), 3000), given)
    assert store.read() == BODY
    assert store.ranges == [f"bytes=0-{len(BODY) - 1}", f"bytes=3000-{len(BODY) - 1}"]
    assert store.asked[1].headers["If-Match"] == '"e1"'


def test_a_body_that_is_cut_for_ever_is_given_up(store):
    store.answer(lambda request: cut(given(request), 10))
    with pytest.raises(DrillError, match="cannot be reached: its answer was cut, more than once"):
        store.read()
    assert len(store.asked) == 3


def test_a_body_that_stops_coming(store):
    def stops(request: Request) -> Response:
        def pieces():
            yield BODY[:100]
            time.sleep(1.0)
            yield BODY[100:]

        return Response(pieces(), 206, given(request).headers)

    store.answer(stops, given)
    assert store.read(tries=Tries(silence=0.2, first_wait=0.01)) == BODY


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_store_is_asked_again_for_a_part(store, status):
    store.answer(lambda _request: refused(status, "SlowDown"), given)
    assert store.read() == BODY


def test_an_object_that_was_replaced(store):
    store.answer(lambda _request: refused(412, "PreconditionFailed"))
    with pytest.raises(DrillError) as caught:
        store.read()
    assert caught.value.message == "b-20261122.sql in s3://bucket/daily/ was replaced while it was read"
    assert not isinstance(caught.value, BackupError)


def test_an_object_that_is_replaced_after_a_cut(store):
    store.answer(
        lambda request: cut(given(request), 3000), lambda _request: refused(412, "PreconditionFailed")
    )
    with pytest.raises(DrillError, match="was replaced while it was read"):
        store.read()


def test_a_store_that_heeds_no_condition(store):
    store.answer(lambda request: given(request, ETag='"e2"'))
    with pytest.raises(DrillError, match="was replaced while it was read"):
        store.read()


def test_an_object_that_is_gone(store):
    store.answer(lambda _request: refused(404, "NoSuchKey"))
    with pytest.raises(BackupError, match=r"b-20261122\.sql in s3://bucket/daily/ is gone"):
        store.read()


@pytest.mark.parametrize("listed_bytes", [len(BODY) - 1, len(BODY) + 1])
def test_an_object_of_another_size_than_listed(store, listed_bytes, tmp_path):
    def answer(request: Request) -> Response:
        if "list-type" in request.args:
            return listed(("daily/b-20261122.sql", listed_bytes))
        return given(request)

    store.answer(answer)
    (backup,) = list_backups(store.place()).backups
    with pytest.raises(BackupError, match=f"has 10,240 bytes, and was listed with {listed_bytes:,}"):
        open_archive(backup, folder=tmp_path)


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (403, "AccessDenied", "b-20261122.sql in s3://bucket/daily/ may not be read by these credentials"),
        (403, "InvalidObjectState", "s3://bucket/daily/ has the object in an archive tier"),
    ],
)
def test_an_object_that_may_not_be_read(store, status, code, message):
    store.answer(lambda _request: refused(status, code))
    with pytest.raises(DrillError) as caught:
        store.read()
    assert caught.value.message == message


def test_what_may_not_be_written(store):
    store.answer(lambda _request: refused(403, "AccessDenied"))
    with pytest.raises(DrillError) as caught:
        store.place().write("m.json", b"{}")
    assert caught.value.message == "m.json in s3://bucket/daily/ may not be written by these credentials"


def test_nothing_is_left_of_a_backup_that_did_not_come(store, tmp_path):
    def answer(request: Request) -> Response:
        if "list-type" in request.args:
            return listed(("daily/b-20261122.sql", len(BODY)))
        return refused(500, "InternalError")

    store.answer(answer)
    (backup,) = list_backups(store.place()).backups
    with pytest.raises(DrillError, match="answered 500"):
        open_archive(backup, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_redirect_takes_no_signature_to_another_host(store, host):
    there: list[Request] = []

    def elsewhere(request: Request) -> Response:
        there.append(request)
        return refused(403, "AccessDenied")

    host.expect_request("/elsewhere").respond_with_handler(elsewhere)
    at = f"http://localhost:{host.port}/elsewhere"
    store.answer(lambda _request: Response(status=307, headers={"Location": at}))
    with pytest.raises(DrillError, match="may not be read"):
        store.read()
    (request,) = there
    assert "Authorization" not in request.headers
    assert KEYS["AWS_ACCESS_KEY_ID"] not in str(request.headers)
