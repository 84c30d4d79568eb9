"""Twilio's client against the sample's simulator, and against a Twilio with exactly one thing wrong."""

from __future__ import annotations

import dataclasses
import re

import httpx
import pytest

from fixtures.services import twilio
from fixtures.services.twilio import accounts
from plugins.errors import DrillError, NothingToCheckError
from plugins.evidence import Facts

from .twilio_account import (
    ANOTHER,
    APPLICATION,
    AWAY,
    ENVIRON,
    KEY,
    OWN,
    SUBACCOUNT,
    TOKEN,
    TRUNK,
    WEBHOOK,
    Twilio,
    held,
    rows,
    telephone,
)

NUMBERS = f"{OWN}/IncomingPhoneNumbers"


def fetch(world, wire, **changes):
    return twilio.fetch(sql="numbers", wire=wire, **{**world.facts, **changes})


@pytest.fixture
def ask(world):
    """Has a Twilio of the test's own asked, against so many rows or against those given."""

    def asked(service, expected=None, **changes):
        count = len(service.numbers[OWN])
        world.restored.answers["numbers"] = rows(count) if expected is None else expected
        return fetch(world, world.answering(service), **changes)

    return asked


def shown(numbers):
    return [number.reveal() for number in numbers]


def test_a_company_agrees_with_its_own_twilio(world):
    found = fetch(world, world.wire())
    assert len(found.expected) == 60
    assert len(found.numbers) == 62  # with the spare ones: every page was read
    assert (found.missing, found.misdirected, found.incomplete, found.changes) == ([], [], 0, [])
    assert {number.at.by for number in found.numbers} == {"number", "application"}
    assert found.elapsed.total_seconds() > 0


def test_a_number_that_twilio_lost_is_missing(world):
    lost = dataclasses.replace(world.company, phone_numbers=world.company.phone_numbers[:-1])
    found = fetch(world, world.wire(lost))
    assert found.missing == [world.pseudonyms.of("number", world.company.phone_numbers[-1].phone_number)]
    assert found.misdirected == []


def test_a_wrong_url_on_the_third_page_is_found(ask):
    service = Twilio.of(300)
    service.change(267, voice_url="https://old.sample.invalid/voice")
    found = ask(service)
    assert len(found.numbers) == 300
    assert shown(found.misdirected) == [telephone(267)]
    assert found.missing == []


def test_a_part_of_a_number_is_not_the_number(ask):
    found = ask(Twilio.of(3), [{"phone_number": "+1202555", "voice_url": ""}])
    assert shown(found.missing) == ["+1202555"]


@pytest.mark.parametrize("unset", ["", None])
def test_a_number_without_a_url_is_misdirected(ask, unset):
    service = Twilio.of(3)
    service.change(1, voice_url=unset)
    assert shown(ask(service).misdirected) == [telephone(1)]


@pytest.mark.parametrize("unset", ["", None])
@pytest.mark.parametrize("said", ["", None])
def test_unset_is_written_in_two_ways(ask, unset, said):
    service = Twilio.of(1)
    service.change(0, voice_url=unset, voice_fallback_url=unset, status_callback=unset, voice_method=unset)
    names = ("voice_url", "voice_fallback_url", "status_callback", "voice_method")
    found = ask(service, [{"phone_number": telephone(0), **dict.fromkeys(names, said)}])
    assert (found.misdirected, found.otherwise) == ([], [])


@pytest.mark.parametrize(
    ("setting", "is_now"),
    [("voice_method", "GET"), ("voice_fallback_url", "https://x.invalid/"), ("status_callback", None)],
)
def test_the_other_settings_are_compared_where_the_data_has_them(ask, setting, is_now):
    service = Twilio.of(3)
    service.change(1, **{setting: is_now})
    said = {"voice_method": "post", "voice_fallback_url": "", "status_callback": ""}
    if setting == "status_callback":
        said[setting] = "https://status.invalid/"
        service.change(0, status_callback=said[setting])
        service.change(2, status_callback=said[setting])
    found = ask(service, rows(3, **said))
    assert found.misdirected == []
    assert [(name, number.reveal()) for name, number in found.otherwise] == [(setting, telephone(1))]
    del said[setting]
    assert ask(service, rows(3, **said)).otherwise == []


def test_without_a_column_of_settings_there_is_nothing_to_compare(ask):
    with pytest.raises(NothingToCheckError, match=r"numbers yields none of voice_method, voice_fallback_url"):
        _ = ask(Twilio.of(1)).otherwise


def test_without_a_number_that_is_there_no_setting_agrees(ask):
    with pytest.raises(NothingToCheckError, match="Twilio holds no number of the restored data"):
        _ = ask(Twilio({OWN: []}), rows(2, voice_method="POST")).otherwise


@pytest.mark.parametrize(("url", "misdirected"), [(WEBHOOK, 0), ("https://old.sample.invalid/voice", 3)])
def test_an_application_takes_the_calls_whatever_the_url_says(ask, url, misdirected):
    service = Twilio.of(3)
    for nth in range(3):
        service.change(nth, voice_application_sid=APPLICATION, voice_url="x", voice_method="GET")
    service.applications[APPLICATION] = {"voice_url": url, "voice_method": "POST"}
    found = ask(service, rows(3, voice_method="POST"))
    assert len(found.misdirected) == misdirected
    assert found.otherwise == []
    assert len([path for path in service.asked if APPLICATION in path]) == 1


def test_an_application_that_is_gone_answers_no_call(ask):
    service = Twilio.of(2)
    service.change(1, voice_application_sid=APPLICATION)
    assert shown(ask(service).misdirected) == [telephone(1)]


SIP = "sip:calls.sample.invalid"


def origination(url, priority, *, enabled=True):
    return {"sip_url": url, "priority": priority, "weight": 1, "enabled": enabled}


@pytest.mark.parametrize(
    ("urls", "leads_to"),
    [
        ([origination(SIP, 1)], SIP),
        ([origination("sip:second.invalid", 20), origination(SIP, 10)], SIP),
        ([origination("sip:off.invalid", 1, enabled=False), origination(SIP, 2)], SIP),
        ([origination("sip:b.invalid", 1), origination("sip:a.invalid", 1)], "sip:a.invalid, sip:b.invalid"),
        ([], ""),
    ],
)
def test_a_trunk_takes_the_calls_whatever_the_url_says(ask, urls, leads_to):
    service = Twilio.of(2)
    service.change(1, trunk_sid=TRUNK, voice_application_sid=None)
    service.trunks[TRUNK] = {"disaster_recovery_url": "https://rescue.invalid/"}, urls
    assert shown(ask(service).misdirected) == [telephone(1)]
    said = [rows(1)[0], {"phone_number": telephone(1), "voice_url": leads_to}]
    assert ask(service, said).misdirected == []
    said[1] |= {"voice_method": "GET", "voice_fallback_url": "https://rescue.invalid/", "status_callback": ""}
    said[0] |= {"voice_method": "POST", "voice_fallback_url": "", "status_callback": ""}
    assert ask(service, said).otherwise == []  # a Trunk has no HTTP method
    assert f"GET trunking.twilio.com/v1/Trunks/{TRUNK}" in service.asked


def test_a_subaccounts_trunk_is_not_told_to_its_parent(ask):
    service = Twilio.of(2)
    service.numbers[SUBACCOUNT] = [held(7, trunk_sid=TRUNK)]
    found = ask(
        service, [*rows(2), {"phone_number": telephone(7), "voice_url": SIP}], accounts=(OWN, SUBACCOUNT)
    )
    assert found.missing == []
    with pytest.raises(DrillError, match="a subaccount's Trunk leads to") as caught:
        _ = found.misdirected
    assert type(caught.value) is DrillError
    # What is known to be wrong is wrong all the same.
    service.change(0, voice_url="https://old.sample.invalid/")
    said = [*rows(2), {"phone_number": telephone(7), "voice_url": SIP}]
    assert shown(ask(service, said, accounts=(OWN, SUBACCOUNT)).misdirected) == [telephone(0)]


@pytest.mark.parametrize(
    ("base", "trunking"),
    [
        ("https://api.twilio.com", "https://trunking.twilio.com"),
        ("https://api.dublin.ie1.twilio.com", "https://trunking.dublin.ie1.twilio.com"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
        ("https://api.twilio.com.evil.invalid", "https://api.twilio.com.evil.invalid"),
    ],
)
def test_trunks_are_told_by_a_host_of_their_own(base, trunking):
    assert twilio.api.trunking_url(base) == trunking


@pytest.mark.parametrize(
    ("url", "misdirected"),
    [
        ("https://api.elevenlabs.io/twilio/inbound_call", 0),
        ("https://api.us.elevenlabs.io/twilio/inbound_call", 0),
        ("https://api.eu.residency.elevenlabs.io/twilio/inbound_call", 0),
        ("https://api.elevenlabs.io.evil.invalid/twilio/inbound_call", 2),
        ("https://api.elevenlabs.io/twilio/outbound_call", 2),
        ("https://api.elevenlabs.io/twilio/inbound_call.evil", 2),
    ],
)
def test_elevenlabs_itself_is_a_way_of_routing(ask, url, misdirected):
    service = Twilio.of(3)
    for nth in range(2):
        service.change(nth, voice_url=url, status_callback="https://what.elevenlabs.set.invalid/")
    found = ask(service, rows(3, status_callback=""))
    assert len(found.misdirected) == misdirected
    assert len(found.otherwise) == misdirected


def test_rows_without_a_number_are_counted(ask):
    found = ask(Twilio.of(2), [*rows(2), {"phone_number": None, "voice_url": "x"}])
    assert (found.incomplete, len(found.expected)) == (1, 2)


def test_no_number_in_the_data_is_nothing_expected(ask):
    assert ask(Twilio.of(2), []).expected == ()


def test_an_empty_account_lacks_every_number(ask):
    assert len(ask(Twilio({OWN: []}), rows(3)).missing) == 3


def test_a_query_without_the_column_is_an_error(ask):
    with pytest.raises(DrillError, match="numbers of the plan yields no column voice_url"):
        ask(Twilio.of(1), [{"phone_number": "+1", "webhook_url": "x"}])


def test_a_number_of_a_subaccount_counts_where_the_plan_lists_it(ask):
    service = Twilio.of(2)
    service.numbers[SUBACCOUNT] = [held(7)]
    said = [*rows(2), {"phone_number": telephone(7), "voice_url": WEBHOOK}]
    assert shown(ask(service, said).missing) == [telephone(7)]
    found = ask(service, said, accounts=(OWN, SUBACCOUNT, SUBACCOUNT))
    assert (found.missing, found.misdirected, len(found.numbers)) == ([], [], 3)
    assert len([path for path in service.asked if SUBACCOUNT in path]) == 1


def test_numbers_that_no_row_knows_are_said_and_fail_nothing(ask):
    service = Twilio.of(4)
    service.change(3, voice_url="https://another.product.invalid/")
    found = ask(service, rows(2))
    assert (found.missing, found.misdirected) == ([], [])
    assert shown(found.stray) == [telephone(2)]
    evidence = Facts()
    twilio.tell(found, evidence)
    [alert], [note] = evidence.alert_texts, evidence.not_proven_texts
    stray, spare = (number.phone_number for number in found.unknown)
    assert alert == (
        f"1 number at Twilio that the restored data does not know leads to the application: {stray!r}"
    )
    assert note == f"what 1 number at Twilio that the restored data does not know is for: {spare!r}"
    assert "+1" not in alert + note


def test_an_api_key_is_preferred_to_the_token(ask):
    environ = {**ENVIRON, **KEY, "TWILIO_AUTH_TOKEN": "an old one"}
    assert ask(Twilio.of(2), environ=environ).missing == []


def test_a_subaccount_is_asked_with_the_token_as_no_key_opens_it(ask):
    service = Twilio.of(1)
    service.numbers[SUBACCOUNT] = [held(7)]
    found = ask(service, environ={**ENVIRON, **KEY}, accounts=(OWN, SUBACCOUNT))
    assert len(found.numbers) == 2


@pytest.mark.parametrize("name", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"])
@pytest.mark.parametrize("kind", ["absent", "empty"])
def test_a_missing_credential_is_named(ask, name, kind):
    environ = {**ENVIRON, name: ""}
    if kind == "absent":
        del environ[name]
    with pytest.raises(DrillError, match=f"^{name} is not set"):
        ask(Twilio.of(1), environ=environ)


def test_a_refused_credential_is_said_and_not_shown(ask):
    with pytest.raises(DrillError, match=r"Twilio at api\.twilio\.com refused the credential") as caught:
        ask(Twilio.of(1), environ={**ENVIRON, "TWILIO_AUTH_TOKEN": "a wrong token"})
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


@pytest.mark.parametrize("answer", AWAY)
@pytest.mark.parametrize("part", ["IncomingPhoneNumbers", "Applications", "v1/Trunks", "OriginationUrls"])
def test_a_service_that_stays_away_leaves_it_untold(ask, part, answer):
    service = Twilio.of(3)
    service.change(1, voice_application_sid=APPLICATION)
    service.change(2, trunk_sid=TRUNK)
    service.applications[APPLICATION] = {"voice_url": WEBHOOK}
    service.trunks[TRUNK] = {}, [origination(SIP, 1)]
    service.instead[part] = AWAY[answer]
    if (part, answer) == ("v1/Trunks", "another shape"):
        service.instead[part] = lambda _: httpx.Response(200, json={"disaster_recovery_url": 7})
    with pytest.raises(DrillError) as caught:
        ask(service)
    assert type(caught.value) is DrillError


@pytest.mark.parametrize(
    "answer", [{}, {"incoming_phone_numbers": None}, {"incoming_phone_numbers": [{"sid": "PN1"}]}]
)
def test_json_of_another_shape_is_no_empty_list(world, answer):
    with pytest.raises(DrillError, match="JSON of an unknown shape"):
        fetch(world, world.answering(lambda _: httpx.Response(200, json=answer)))


def test_a_twilio_that_is_busy_for_a_moment_is_asked_again(ask):
    service = Twilio.of(2)

    def once(request):
        service.instead.clear()
        return httpx.Response(429, headers={"Retry-After": "0"}, json={"code": 20429})

    service.instead["IncomingPhoneNumbers"] = once
    assert ask(service).missing == []


def test_nothing_printable_holds_a_number_or_a_url(ask):
    service = Twilio.of(20)
    for nth in range(5):
        service.change(nth, voice_url=f"https://old.sample.invalid/{nth}")
    found = ask(service, rows(25, voice_method="GET"))
    evidence = Facts()
    twilio.tell(found, evidence)
    text = (
        f"{found!r} {found.missing!r} {found.misdirected} {found.otherwise} {found.numbers!r} "
        f"{found.expected!s} {found.changes!r} {evidence.alert_texts} {evidence.not_proven_texts}"
    )
    assert (len(found.missing), len(found.misdirected), len(found.otherwise)) == (5, 5, 20)
    assert not re.search(r"\+1\d|https://|PN0", text)


class TestAccounts:
    @pytest.fixture
    def status(self, world):
        def asked(service, *, environ=ENVIRON, **changes):
            return accounts.fetch(
                environ=environ, wire=world.answering(service), pseudonyms=world.pseudonyms, **changes
            )

        return asked

    def test_an_active_account_is(self, status):
        found = status(Twilio.of(0))
        assert list(found.statuses.values()) == ["active"]
        assert (found.inactive, found.changes) == ([], [])

    @pytest.mark.parametrize("said", ["suspended", "closed"])
    def test_one_that_is_not_is_found_among_others(self, status, world, said):
        service = Twilio.of(0)
        service.statuses[SUBACCOUNT] = said
        found = status(service, accounts=(OWN, SUBACCOUNT))
        assert found.inactive == [(world.pseudonyms.of("account", SUBACCOUNT), said)]
        [change] = found.changes
        assert (change.is_now, change.should_be) == (said, "active")
        path = f"https://api.twilio.com/2010-04-01/Accounts/{SUBACCOUNT}.json"
        assert (change.method, change.url) == (("POST", path) if said == "suspended" else ("", ""))
        assert SUBACCOUNT not in repr(found)
        assert "never-to-be-shown" not in repr(found)

    def test_the_token_is_taken_first_as_a_standard_key_reads_no_account(self, status):
        assert status(Twilio.of(0), environ={**ENVIRON, **KEY}).inactive == []
        without = {"TWILIO_ACCOUNT_SID": OWN, **KEY}
        with pytest.raises(
            DrillError, match=r"does not tell this credential the status .* \(401\)"
        ) as caught:
            status(Twilio.of(0), environ=without)
        assert "a Standard key may not" in caught.value.hint

    def test_an_account_that_is_not_there_is_no_active_one(self, status):
        with pytest.raises(DrillError, match="answered 404"):
            status(Twilio.of(0), accounts=(ANOTHER,))

    @pytest.mark.parametrize("answer", AWAY)
    def test_a_service_that_stays_away_leaves_it_untold(self, status, answer):
        service = Twilio.of(0)
        service.instead[OWN] = AWAY[answer]
        with pytest.raises(DrillError) as caught:
            status(service)
        assert type(caught.value) is DrillError
        assert TOKEN not in str(caught.value)


class TestChanges:
    """What would put Twilio right, and that doing it does."""

    def test_a_numbers_own_url(self, ask):
        service = Twilio.of(3)
        service.change(1, voice_url="https://old.sample.invalid/", voice_method="GET")
        url, method = ask(service, rows(3, voice_method="POST")).changes
        assert (url.subject.reveal(), url.setting) == (telephone(1), "voice_url")
        assert (url.is_now, url.should_be) == ("https://old.sample.invalid/", WEBHOOK)
        number = f"https://api.twilio.com/2010-04-01/Accounts/{NUMBERS}/PN{1:032x}.json"
        assert (url.method, url.url, url.body) == ("POST", number, {"VoiceUrl": WEBHOOK})
        assert (method.setting, method.body) == ("voice_method", {"VoiceMethod": "POST"})

    def test_an_application_whose_numbers_all_should_lead_elsewhere(self, ask):
        service = Twilio.of(3)
        for nth in range(2):
            service.change(nth, voice_application_sid=APPLICATION)
        service.applications[APPLICATION] = {"voice_url": "https://old.sample.invalid/"}
        [change] = ask(service).changes
        application = f"https://api.twilio.com/2010-04-01/Accounts/{OWN}/Applications/{APPLICATION}.json"
        assert (change.method, change.url, change.body) == ("POST", application, {"VoiceUrl": WEBHOOK})
        assert "every number that has it" in change.note

    def test_an_application_that_is_right_for_others_is_left(self, ask):
        service = Twilio.of(2)
        for nth in range(2):
            service.change(nth, voice_application_sid=APPLICATION)
        service.applications[APPLICATION] = {"voice_url": WEBHOOK, "status_callback": "https://s.invalid/"}
        elsewhere = {"phone_number": telephone(1), "voice_url": "https://new.sample.invalid/"}
        [change] = ask(service, [rows(1)[0], elsewhere]).changes
        assert change.url.endswith(f"/IncomingPhoneNumbers/PN{1:032x}.json")
        assert change.body == {
            "VoiceApplicationSid": "",
            "VoiceUrl": "https://new.sample.invalid/",
            "VoiceMethod": "POST",
            "VoiceFallbackUrl": "",
            "StatusCallback": "https://s.invalid/",
        }

    def test_a_trunk(self, ask):
        service = Twilio.of(2)
        service.change(0, trunk_sid=TRUNK)
        service.trunks[TRUNK] = {}, [origination(SIP, 1)]
        [change] = ask(service).changes
        assert (change.is_now, change.should_be) == (SIP, WEBHOOK)
        assert change.body == {
            "TrunkSid": "",
            "VoiceUrl": WEBHOOK,
            "VoiceFallbackUrl": "",
            "StatusCallback": "",
        }
        said = {"phone_number": telephone(0), "voice_url": SIP, "voice_fallback_url": "https://f.invalid/"}
        change = ask(service, [said]).changes[0]
        assert change.url == f"https://trunking.twilio.com/v1/Trunks/{TRUNK}"
        assert change.body == {"DisasterRecoveryUrl": "https://f.invalid/"}

    def test_what_no_single_request_does_says_so(self, ask):
        service = Twilio.of(3)
        service.change(2, voice_url="https://another.invalid/")
        said = [
            {"phone_number": telephone(0), "voice_url": SIP},
            {"phone_number": "+1", "voice_url": WEBHOOK},
        ]
        lost, sip, stray = ask(service, said).changes
        assert [change.method for change in (lost, sip, stray)] == ["", "", ""]
        assert (lost.is_now, lost.should_be) == (None, "+1")
        assert (stray.is_now, stray.should_be) == (telephone(1), None)
        assert all(change.note.endswith(".") for change in (lost, sip, stray))

    def test_doing_them_puts_it_right(self, ask):
        service = Twilio.of(6)
        service.change(0, voice_url="https://old.sample.invalid/", status_callback="https://s.invalid/")
        service.change(1, voice_application_sid=APPLICATION)
        service.change(2, voice_application_sid=APPLICATION)
        service.change(3, trunk_sid=TRUNK)
        service.applications[APPLICATION] = {
            "voice_url": "https://old.sample.invalid/",
            "voice_method": "GET",
        }
        service.trunks[TRUNK] = {}, [origination(SIP, 1)]
        said = rows(6, voice_method="POST", voice_fallback_url="https://f.invalid/", status_callback=None)
        before = ask(service, said)
        assert len(before.misdirected) == 4
        fields = {
            "VoiceUrl": "voice_url",
            "VoiceMethod": "voice_method",
            "VoiceFallbackUrl": "voice_fallback_url",
            "StatusCallback": "status_callback",
            "VoiceApplicationSid": "voice_application_sid",
            "TrunkSid": "trunk_sid",
        }
        by_sid = {number["sid"]: number for number in service.numbers[OWN]} | service.applications
        for change in before.changes:
            if "/Trunks/" not in change.url:
                sid = change.url.rpartition("/")[2].removesuffix(".json")
                by_sid[sid].update({fields[name]: value for name, value in change.body.items()})
        after = ask(service, said)
        assert (after.misdirected, after.otherwise, after.changes) == ([], [], [])
        assert all(asked.startswith("GET ") for asked in service.asked)
