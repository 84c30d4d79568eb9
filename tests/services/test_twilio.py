"""Twilio's client against the simulator, and against a simulator with exactly one thing wrong."""

from __future__ import annotations

import dataclasses
import json

import httpx
import pytest

from fixtures.services import twilio
from plugins.errors import DrillError


def fetch(world, wire, **changes):
    return twilio.fetch(sql="numbers", wire=wire, **{**world.facts, **changes})


def json_edit(change):
    """An edit of answers: `change` gets each page of numbers and may return a number's replacement."""

    def edit(request, response):
        if response.status_code != 200:
            return response
        page = json.loads(response.content)
        page["incoming_phone_numbers"] = [
            change(number) or number for number in page["incoming_phone_numbers"]
        ]
        return httpx.Response(200, json=page)

    return edit


def test_a_company_agrees_with_its_own_twilio(world):
    found = fetch(world, world.wire())
    assert len(found.expected) == 60
    assert len(found.numbers) == 62  # with the spare ones: every page was read
    assert (found.missing, found.misdirected, found.incomplete) == ([], [], 0)
    assert found.elapsed.total_seconds() > 0


def test_a_number_that_twilio_lost_is_missing(world):
    held = dataclasses.replace(world.company, phone_numbers=world.company.phone_numbers[:-1])
    found = fetch(world, world.wire(held))
    assert found.missing == [world.pseudonyms.of("number", world.company.phone_numbers[-1].phone_number)]
    assert found.misdirected == []


def test_a_wrong_url_on_the_second_page_is_found(world):
    numbers = list(world.company.phone_numbers)
    numbers[25] = dataclasses.replace(numbers[25], webhook_url="https://old.sample.invalid/voice")
    found = fetch(world, world.wire(dataclasses.replace(world.company, phone_numbers=tuple(numbers))))
    assert found.misdirected == [world.pseudonyms.of("number", numbers[25].phone_number)]
    assert found.missing == []


def test_a_part_of_a_number_is_not_the_number(world):
    world.restored.answers["numbers"] = [{"phone_number": "+1202555", "voice_url": ""}]
    assert len(fetch(world, world.wire()).missing) == 1


@pytest.mark.parametrize("unset", ["", None])
def test_a_number_without_a_url_is_misdirected(world, unset):
    number = world.company.phone_numbers[3].phone_number

    def change(held):
        return {**held, "voice_url": unset} if held["phone_number"] == number else None

    assert fetch(world, world.edited(json_edit(change))).misdirected == [
        world.pseudonyms.of("number", number)
    ]


@pytest.mark.parametrize("unset", ["", None])
def test_no_url_on_either_side_agrees(world, unset):
    world.restored.answers["numbers"] = [
        {"phone_number": number.phone_number, "voice_url": None} for number in world.company.phone_numbers
    ]
    found = fetch(world, world.edited(json_edit(lambda held: {**held, "voice_url": unset})))
    assert found.misdirected == []


def test_a_trunk_takes_the_calls_whatever_the_url_says(world):
    number = world.company.phone_numbers[3].phone_number

    def change(held):
        return {**held, "trunk_sid": "TK1"} if held["phone_number"] == number else None

    assert fetch(world, world.edited(json_edit(change))).misdirected == [
        world.pseudonyms.of("number", number)
    ]


@pytest.mark.parametrize(
    ("url", "misdirected"),
    [("https://api.sample.invalid/twilio/voice", 0), ("https://old.sample.invalid/voice", 60)],
)
def test_an_application_takes_the_calls_whatever_the_url_says(world, url, misdirected):
    base = world.edited(json_edit(lambda held: {**held, "voice_application_sid": "AP1", "voice_url": "x"}))

    def handler(request):
        if request.url.path.endswith("/Applications/AP1.json"):
            return httpx.Response(200, json={"sid": "AP1", "voice_url": url})
        return base.transport.handle_request(request)

    assert len(fetch(world, world.answering(handler)).misdirected) == misdirected


@pytest.mark.parametrize(
    ("url", "misdirected"),
    [
        ("https://api.elevenlabs.io/twilio/inbound_call", 0),
        ("https://api.us.elevenlabs.io/twilio/inbound_call", 0),
        ("https://api.eu.residency.elevenlabs.io/twilio/inbound_call", 0),
        ("https://api.elevenlabs.io.evil.invalid/twilio/inbound_call", 60),
        ("https://api.elevenlabs.io/twilio/outbound_call", 60),
        ("https://api.elevenlabs.io/twilio/inbound_call.evil", 60),
    ],
)
def test_elevenlabs_itself_is_a_way_of_routing(world, url, misdirected):
    found = fetch(world, world.edited(json_edit(lambda held: {**held, "voice_url": url})))
    assert len(found.misdirected) == misdirected


def test_rows_without_a_number_are_counted(world):
    world.restored.answers["numbers"] += [{"phone_number": None, "voice_url": "x"}]
    found = fetch(world, world.wire())
    assert (found.incomplete, len(found.expected)) == (1, 60)


def test_no_number_in_the_data_is_nothing_expected(world):
    world.restored.answers["numbers"] = []
    assert fetch(world, world.wire()).expected == ()


def test_a_query_without_the_column_is_an_error(world):
    world.restored.answers["numbers"] = [{"phone_number": "+1", "webhook_url": "x"}]
    with pytest.raises(DrillError, match="numbers of the plan yields no column voice_url"):
        fetch(world, world.wire())


def test_subaccounts_are_asked_each_by_itself(world):
    asked = []

    def handler(request):
        asked.append(request.url.path.split("/")[3])
        return httpx.Response(200, json={"incoming_phone_numbers": [], "next_page_uri": None})

    fetch(world, world.answering(handler), accounts=("AC" + "2" * 32, "AC" + "3" * 32))
    assert asked == ["AC" + "2" * 32, "AC" + "3" * 32]


def test_an_api_key_is_preferred_to_the_token(world):
    key = {"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "secret"}
    accepted = {"TWILIO_ACCOUNT_SID": world.environ["TWILIO_ACCOUNT_SID"], **key}
    environ = {**accepted, "TWILIO_AUTH_TOKEN": "an old one"}
    assert fetch(world, world.wire(environ=accepted), environ=environ).missing == []


@pytest.mark.parametrize("name", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"])
@pytest.mark.parametrize("kind", ["absent", "empty"])
def test_a_missing_credential_is_named(world, name, kind):
    environ = {**world.environ, name: ""}
    if kind == "absent":
        del environ[name]
    with pytest.raises(DrillError, match=f"^{name} is not set"):
        fetch(world, world.wire(), environ=environ)


def test_a_refused_credential_is_said_and_not_shown(world):
    environ = {**world.environ, "TWILIO_AUTH_TOKEN": "a wrong token"}
    with pytest.raises(DrillError, match=r"Twilio at api\.twilio\.com refused the credential") as caught:
        fetch(world, world.wire(), environ=environ)
    assert "wrong token" not in str(caught.value)
    assert type(caught.value) is DrillError


def test_a_circle_of_pages_ends(world):
    def handler(request):
        uri = f"{request.url.path}?PageSize=1000"
        return httpx.Response(200, json={"incoming_phone_numbers": [], "next_page_uri": uri})

    with pytest.raises(DrillError, match="lead in a circle"):
        fetch(world, world.answering(handler))


def test_a_link_to_another_host_gets_no_credential(world):
    def handler(request):
        assert request.url.host == "api.twilio.com"
        uri = "https://evil.invalid/2010-04-01/more"
        return httpx.Response(200, json={"incoming_phone_numbers": [], "next_page_uri": uri})

    with pytest.raises(DrillError, match=r"led to another host, evil\.invalid"):
        fetch(world, world.answering(handler))


@pytest.mark.parametrize(
    "answer", [[], {}, {"incoming_phone_numbers": None}, {"incoming_phone_numbers": [{"sid": "PN1"}]}]
)
def test_json_of_another_shape_is_no_empty_list(world, answer):
    with pytest.raises(DrillError, match="JSON of an unknown shape"):
        fetch(world, world.answering(lambda _: httpx.Response(200, json=answer)))


def test_nothing_printable_holds_a_number(world):
    held = dataclasses.replace(world.company, phone_numbers=world.company.phone_numbers[:-5])
    found = fetch(world, world.wire(held))
    shown = f"{found!r} {found.missing!r} {found.misdirected} {found.numbers!r} {found.expected!s}"
    assert len(found.missing) == 5
    for number in world.company.phone_numbers:
        assert number.phone_number not in shown
        assert number.webhook_url not in shown
