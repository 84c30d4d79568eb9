"""ElevenLabs' client and its claims against the simulator, and against one with exactly one thing wrong."""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import runpy
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from fixtures.places import place_of
from fixtures.sample import voices
from fixtures.services import elevenlabs
from fixtures.services import elevenlabs_exports as exports
from plugins.errors import BackupError, DrillError, NothingToCheckError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SUITE = Path(__file__).resolve().parents[2] / "suites" / "smoke" / "test_elevenlabs.py"
CLAIMS = {name: claim for name, claim in runpy.run_path(str(SUITE)).items() if name.startswith("test_")}
EXISTS, ARCHIVED, ANSWERS = "test_every_agent_exists", "test_no_agent_is_archived", "test_every_agent_answers"
NAMES, NUMBERS = "test_every_agent_has_its_name", "test_every_number_is_assigned_to_its_agent"
SET_UP = "test_every_agent_is_set_up_as_in_the_last_export"
EXPORTED = "test_every_agent_has_an_export"

LIST, NUMBERS_LIST = r"/v1/convai/agents", r"/v1/convai/v2/phone-numbers"
NATIVE = "https://api.eu.residency.elevenlabs.io/twilio/inbound_call"


@pytest.fixture(scope="module")
def exported(company, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("exports") / "agents"
    voices.write_export(folder, company, exported_at=NOW - timedelta(days=1))
    return folder


def rows_of(world, agents):
    """The restored data, as far as it names these agents or none: what the sample's plan selects of it."""
    ids = {agent.id: agent.elevenlabs_agent_id for agent in agents}
    world.restored.answers["agents"] = [
        {"agent_id": agent.elevenlabs_agent_id, "name": agent.name} for agent in agents
    ]
    world.restored.answers["numbers"] = [
        {
            "phone_number": number.phone_number,
            "voice_url": number.webhook_url,
            "agent_id": ids.get(number.agent_config_id),
        }
        for number in world.company.phone_numbers
        if number.agent_config_id is None or number.agent_config_id in ids
    ]
    return world


@pytest.fixture
def whole(world):
    """With the names of all agents, and the agent of each number."""
    return rows_of(world, world.company.agent_configs)


@pytest.fixture
def world(world):
    """The same of some agents, the first and the last among them: each is asked for by itself."""
    return rows_of(world, (*world.company.agent_configs[:8], world.company.agent_configs[-1]))


@pytest.fixture
def last(world, exported):
    """The company's last export."""
    place = place_of(str(exported), folder=exported, environ={})
    return exports.read(place.read, world.pseudonyms, now=NOW, allowed_age=timedelta(days=7))


def fetch(world, wire=None, **changes):
    given = {"sql": "agents", "numbers_sql": "numbers", "wire": wire or world.wire(), **world.facts}
    return elevenlabs.fetch(**{**given, **changes})


def changed(world, path, change):
    """The company's ElevenLabs with what it answers at a path changed: in place, or to what `change` returns.

    Of a list only the first page.
    """

    def edit(request, response):
        if not re.fullmatch(path, request.url.path) or response.status_code != 200:
            return response
        if "cursor" in request.url.params:
            return response
        answer = json.loads(response.content)
        other = change(answer)
        if isinstance(other, httpx.Response):
            return other
        return httpx.Response(200, json=answer if other is None else other)

    return world.edited(edit)


def verdicts(found, last):
    """What each claim says, but for those that pass."""
    told = {}
    given = {"elevenlabs": found, "agent_exports": last}
    for name, claim in CLAIMS.items():
        asked = {one: given[one] for one in inspect.signature(claim).parameters}
        if None in asked.values():
            continue
        try:
            claim(**asked)
        except NothingToCheckError:
            told[name] = "nothing"
        except (AssertionError, BackupError):
            told[name] = "fail"
        except DrillError:
            told[name] = "unverified"
    return told


def agent_path(world, nth=0):
    return f"{LIST}/{world.company.agent_configs[nth].elevenlabs_agent_id}"


def row(world, nth):
    return world.restored.answers["numbers"][nth]


def test_a_company_agrees_with_its_own_elevenlabs(whole, last):
    found = fetch(whole, exports=last)
    assert len(found.agents) == len(found.expected) == 55  # more than two pages
    assert len(found.numbers.held) == 57  # as well
    assert (found.missing, found.archived, found.silent, found.renamed) == ([], [], [], [])
    assert (found.misassigned, found.numbers.unknown, found.changed_since_export) == ([], [], {})
    assert (found.incomplete, found.changes) == (0, [])
    assert verdicts(found, last) == {}


# Worlds in which one thing is wrong


def gone(world):
    return world.wire(dataclasses.replace(world.company, agent_configs=world.company.agent_configs[1:]))


def archived_in_the_list(world):
    return changed(world, LIST, lambda page: page["agents"][0].update(archived=True))


def archived_in_its_settings(world):
    return changed(world, agent_path(world), lambda agent: agent["platform_settings"].update(archived=True))


def listed_and_gone(world):
    return changed(world, agent_path(world), lambda _: httpx.Response(404, json={"detail": {}}))


def answers_as_another(world):
    return changed(world, agent_path(world), lambda agent: agent.update(agent_id="agent_of_somebody"))


def answers_without_a_configuration(world):
    return changed(world, agent_path(world), lambda agent: agent.pop("conversation_config") and None)


def called_otherwise(world):
    world.restored.answers["agents"][0]["name"] = "Another purpose"
    return world.wire()


def assigned_to_another(world):
    other = world.company.agent_configs[-1].elevenlabs_agent_id

    def change(page):
        page["phone_numbers"][0]["assigned_agent"] = {"agent_id": other, "agent_name": "X"}

    return changed(world, NUMBERS_LIST, change)


def assigned_to_nobody(world):
    return changed(world, NUMBERS_LIST, lambda page: page["phone_numbers"][0].update(assigned_agent=None))


def assigned_to_somebody(world):
    """No row says whose number it is; that the restored data does not name its agent is enough."""
    for one in world.restored.answers["numbers"]:
        del one["agent_id"]

    def change(page):
        page["phone_numbers"][0]["assigned_agent"] = {"agent_id": "agent_of_somebody", "agent_name": "X"}

    return changed(world, NUMBERS_LIST, change)


def leads_there_and_is_not_held(world):
    row(world, 0)["voice_url"] = NATIVE
    first = row(world, 0)["phone_number"]

    def change(page):
        page["phone_numbers"] = [one for one in page["phone_numbers"] if one["phone_number"] != first]

    return changed(world, NUMBERS_LIST, change)


def leads_there_and_has_no_agent(world):
    row(world, 0).update(voice_url=NATIVE, agent_id=None)
    return assigned_to_nobody(world)


def prompt_changed(world):
    def change(agent):
        agent["conversation_config"]["agent"]["prompt"]["prompt"] = "Say what is in the safe."

    return changed(world, agent_path(world), change)


def setting_added(world):
    return changed(world, agent_path(world), lambda agent: agent["platform_settings"].update(call_limits=7))


def not_exported(world):
    agent = dataclasses.replace(world.company.agent_configs[0], elevenlabs_agent_id="agent_new")
    world.restored.answers["agents"].append({"agent_id": "agent_new", "name": agent.name})
    agents = (*world.company.agent_configs, agent)
    return world.wire(dataclasses.replace(world.company, agent_configs=agents))


WORLDS = [
    (gone, EXISTS),
    (archived_in_the_list, ARCHIVED),
    (archived_in_its_settings, ARCHIVED),
    (listed_and_gone, ANSWERS),
    (answers_as_another, ANSWERS),
    (answers_without_a_configuration, ANSWERS),
    (called_otherwise, NAMES),
    (assigned_to_another, NUMBERS),
    (assigned_to_nobody, NUMBERS),
    (assigned_to_somebody, NUMBERS),
    (leads_there_and_is_not_held, NUMBERS),
    (leads_there_and_has_no_agent, NUMBERS),
    (prompt_changed, SET_UP),
    (setting_added, SET_UP),
    (not_exported, EXPORTED),
]


@pytest.mark.parametrize(("wrong", "claim"), WORLDS, ids=[wrong.__name__ for wrong, _ in WORLDS])
def test_one_thing_wrong_turns_exactly_its_claim_red(world, last, wrong, claim):
    found = fetch(world, wrong(world), exports=last)
    assert verdicts(found, last) == {claim: "fail"}
    # What an export lacks is written anew, and changes nothing at ElevenLabs.
    assert len(found.changes) == (0 if claim == EXPORTED else 1)
    shown = (
        f"{found!r} {found.changes!r} {found.numbers!r} {found.renamed!r} {found.missing!r} {found.silent!r}"
    )
    shown += f"{found.misassigned!r} {found.changed_since_export!r} {found.agents!r} {found.expected!r}"
    for agent in world.company.agent_configs:
        assert agent.elevenlabs_agent_id not in shown
        assert agent.name not in shown
    assert not [number for number in world.company.phone_numbers if number.phone_number in shown]
    assert "safe" not in shown


# What is right all the same


def the_whole_list_at_once(world):
    """A workspace of before there were pages of numbers."""

    def answer(request, response):
        if request.url.path == NUMBERS_LIST:
            return httpx.Response(404, json={"detail": "Not Found"})
        return response

    return world.edited(answer)


def answered_in_another_order(world):
    def change(agent):
        agent["conversation_config"]["agent"]["prompt"]["tool_ids"].reverse()
        agent["conversation_config"]["agent"]["prompt"]["knowledge_base"].reverse()
        agent["conversation_config"] = dict(reversed(agent["conversation_config"].items()))

    return changed(world, f"{LIST}/.+", change)


def answered_with_what_is_not_set(world):
    def change(agent):
        agent["conversation_config"]["vad"] = None
        agent["conversation_config"]["agent"]["prompt"]["mcp_server_ids"] = []
        agent["platform_settings"]["overrides"] = {"custom_llm": None}
        agent |= {"version_id": "v2", "branch_id": "b2", "whatsapp_accounts": [{"id": 1}], "procedures": {}}

    return changed(world, f"{LIST}/.+", change)


def numbers_that_call_a_webhook_and_are_not_held(world):
    return changed(world, NUMBERS_LIST, lambda page: page.update(phone_numbers=page["phone_numbers"][1:]))


@pytest.mark.parametrize(
    "right",
    [
        the_whole_list_at_once,
        answered_in_another_order,
        answered_with_what_is_not_set,
        numbers_that_call_a_webhook_and_are_not_held,
    ],
)
def test_what_makes_no_difference_is_green(world, last, right):
    found = fetch(world, right(world), exports=last)
    assert verdicts(found, last) == {}
    assert found.changes == []


def test_there_may_be_nothing_to_check(world, last):
    for one in world.restored.answers["agents"]:
        del one["name"]
    wire = changed(world, NUMBERS_LIST, lambda page: page.update(phone_numbers=[], has_more=False))
    found = fetch(world, wire, exports=dataclasses.replace(last, fresh=True))
    assert verdicts(found, last) == {NAMES: "nothing", NUMBERS: "nothing", SET_UP: "nothing"}


def test_numbers_that_no_row_knows_are_told_apart(whole):
    del whole.restored.answers["numbers"][0]
    found = fetch(whole)
    assert found.numbers.unknown == [
        whole.pseudonyms.of("number", whole.company.phone_numbers[0].phone_number)
    ]
    assert found.misassigned == []


def test_rows_without_an_agent_are_counted(world):
    world.restored.answers["agents"] += [{"agent_id": None, "name": None}, {"agent_id": "", "name": ""}]
    found = fetch(world)
    assert (found.incomplete, len(found.expected)) == (2, 9)
    assert verdicts(found, None)[EXISTS] == "fail"


@pytest.mark.parametrize("claim", [EXISTS, ARCHIVED, ANSWERS, NAMES])
def test_no_agent_in_the_data_is_no_pass(world, claim):
    world.restored.answers["agents"] = []
    assert verdicts(fetch(world), None)[claim] == "fail"


def test_an_empty_workspace_is_missed_and_nothing_else_is_said(world, last):
    wire = changed(world, LIST, lambda page: page.update(agents=[], has_more=False))
    assert verdicts(fetch(world, wire, exports=last), last) == {
        EXISTS: "fail", ARCHIVED: "nothing", ANSWERS: "nothing", NAMES: "nothing", SET_UP: "nothing",
    }  # fmt: skip


# Faults


def busy(status):
    detail = {"status": status, "message": "later"}
    return httpx.Response(429, headers={"Retry-After": "0"}, json={"detail": detail})


FAULTS = {
    "401": httpx.Response(401, json={"detail": {"status": "missing_permissions"}}),
    "403": httpx.Response(403),
    "429": busy("system_busy"),
    "500": httpx.Response(500),
    "redirect": httpx.Response(302, headers={"Location": "https://evil.invalid/"}),
    "half an answer": httpx.Response(200, text='{"agents": [', headers={"Content-Type": "application/json"}),
    "a page": httpx.Response(200, text="<html>Sign in</html>", headers={"Content-Type": "text/html"}),
    "time-out": httpx.ReadTimeout("https://api.elevenlabs.io/?key=secret"),
}


def failing(world, path, fault):
    def edit(request, response):
        if not re.fullmatch(path, request.url.path):
            return response
        if isinstance(fault, Exception):
            raise fault
        return fault

    return world.edited(edit)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_list_that_cannot_be_had_is_unverified(world, fault):
    with pytest.raises(DrillError) as caught:
        fetch(world, failing(world, LIST, FAULTS[fault]))
    assert type(caught.value) is DrillError
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("fault", FAULTS)
def test_an_agent_that_cannot_be_asked_leaves_the_other_claims_alone(world, last, fault):
    found = fetch(world, failing(world, agent_path(world, 5), FAULTS[fault]), exports=last)
    assert verdicts(found, last) == {ANSWERS: "unverified", SET_UP: "unverified"}
    assert found.changes == []


@pytest.mark.parametrize("fault", FAULTS)
def test_numbers_that_cannot_be_had_leave_the_other_claims_alone(world, last, fault):
    found = fetch(world, failing(world, NUMBERS_LIST, FAULTS[fault]), exports=last)
    assert verdicts(found, last) == {NUMBERS: "unverified"}
    assert found.changes == []


@pytest.mark.parametrize(
    "answer", [{}, {"phone_numbers": None}, {"phone_numbers": [{"label": "x"}]}, [], {"phone_numbers": [7]}]
)
def test_numbers_of_another_shape_are_no_empty_list(world, answer):
    found = fetch(world, changed(world, NUMBERS_LIST, lambda _: answer))
    with pytest.raises(DrillError, match="JSON of an unknown shape"):
        _ = found.misassigned


@pytest.mark.parametrize("status", ["too_many_concurrent_requests", "system_busy"])
def test_a_busy_elevenlabs_is_asked_again(world, last, status):
    asked = set()

    def edit(request, response):
        first = request.url not in asked
        asked.add(request.url)
        return busy(status) if first else response

    assert verdicts(fetch(world, world.edited(edit), exports=last), last) == {}


def test_a_missing_key_is_named(world):
    with pytest.raises(DrillError, match=r"^ELEVENLABS_API_KEY is not set"):
        fetch(world, environ={})


def test_a_refused_key_is_said_and_not_shown(world):
    with pytest.raises(DrillError, match="refused the credential") as caught:
        fetch(world, environ={"ELEVENLABS_API_KEY": "a wrong key"})
    assert "wrong key" not in str(caught.value)


@pytest.mark.parametrize("cursor", [None, "the same"])
def test_more_that_leads_nowhere_is_an_error_and_no_end(world, cursor):
    page = {"agents": [], "has_more": True, "next_cursor": cursor}
    with pytest.raises(DrillError, match="lead nowhere"):
        fetch(world, world.answering(lambda _: httpx.Response(200, json=page)))


@pytest.mark.parametrize("answer", [[], {}, {"agents": []}, {"agents": [{}], "has_more": False}])
def test_json_of_another_shape_is_no_empty_list(world, answer):
    with pytest.raises(DrillError, match="JSON of an unknown shape"):
        fetch(world, world.answering(lambda _: httpx.Response(200, json=answer)))


def test_an_id_that_would_lead_elsewhere_is_not_asked_for(world):
    world.restored.answers["agents"] = [{"agent_id": "../../user"}]
    page = {"agents": [{"agent_id": "../../user"}], "has_more": False}
    found = fetch(world, changed(world, LIST, lambda _: page))
    with pytest.raises(DrillError, match="names an id that is none"):
        _ = found.silent


def test_every_request_goes_to_the_host_of_the_plan_and_only_reads(world):
    sent = []
    below = world.wire().transport

    def handler(request):
        sent.append(request)
        url = request.url.copy_with(host="api.elevenlabs.io")
        return below.handle_request(httpx.Request(request.method, url, headers=request.headers))

    fetch(world, world.answering(handler), base_url="https://api.eu.residency.elevenlabs.io")
    assert len(sent) > 9
    assert {(request.method, request.headers["host"]) for request in sent} == {
        ("GET", "api.eu.residency.elevenlabs.io")
    }


def test_agents_are_asked_side_by_side_and_never_more_than_four_at_once(world):
    template = voices.agents(world.company)[world.company.agent_configs[0].elevenlabs_agent_id]
    ids = [f"agent_{nth}" for nth in range(100)]
    world.restored.answers["agents"] = [{"agent_id": one, "name": "A"} for one in ids]
    at_once, most, lock = 0, 0, threading.Lock()
    # Nobody is answered before four have asked, but for the pages of the list: those follow each other.
    together = threading.Barrier(4)

    def handler(request):
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        if not request.url.path.endswith("/agents"):
            together.wait(timeout=60)
        with lock:
            at_once -= 1
        name = request.url.path.rpartition("/")[2]
        if name != "agents":
            return httpx.Response(200, json={**template, "agent_id": name})
        start = int(request.url.params.get("cursor", 0))
        page = [{"agent_id": one, "name": "A"} for one in ids[start : start + 25]]
        more = {"has_more": start < 75, "next_cursor": str(start + 25)}
        return httpx.Response(200, json={"agents": page, **more})

    found = fetch(world, world.answering(handler), numbers_sql=None)
    assert (len(found.answers), found.missing, found.silent) == (100, [], [])
    assert most == 4


# What would put it right


def only_change(world, last, wrong):
    (change,) = fetch(world, wrong(world), exports=last).changes
    return change


def test_an_agent_is_made_anew_from_its_export(world, last, exported):
    agent = world.company.agent_configs[0]
    change = only_change(world, last, gone)
    assert (change.method, change.url) == ("POST", "https://api.elevenlabs.io/v1/convai/agents/create")
    assert change.body == json.loads((exported / f"agents/{agent.elevenlabs_agent_id}.json").read_bytes())
    assert (change.is_now, change.should_be) == (None, agent.elevenlabs_agent_id)
    assert "It gets a new id: change agent_id in the rows that elevenlabs.agents of the plan" in change.note
    assert (
        f"agents/{agent.elevenlabs_agent_id}.json: conversation_config.tts.voice_id: a voice" in change.note
    )
    assert (change.service, change.subject) == (
        "ElevenLabs",
        world.pseudonyms.of("agent", agent.elevenlabs_agent_id),
    )


def test_without_an_export_it_is_made_by_hand(world):
    change = only_change(world, None, gone)
    assert (change.method, change.url, change.body) == (
        "", "", {"name": world.company.agent_configs[0].name},
    )  # fmt: skip
    assert change.note.startswith("No export holds it, so it must be set up by hand.")


@pytest.mark.parametrize(
    ("wrong", "setting", "is_now", "should_be", "body"),
    [
        (archived_in_the_list, "platform_settings.archived", "true", "false",
         {"platform_settings": {"archived": False}}),
        (called_otherwise, "name", None, "Another purpose", {"name": "Another purpose"}),
        (prompt_changed, "conversation_config.agent.prompt.prompt", '"Say what is in the safe."', None, None),
        (setting_added, "platform_settings.call_limits", "7", None,
         {"platform_settings": {"call_limits": None}}),
    ],
)  # fmt: skip
def test_a_setting_is_put_right_by_its_path(world, last, wrong, setting, is_now, should_be, body):
    agent = world.company.agent_configs[0]
    change = only_change(world, last, wrong)
    prompt = f"You answer the telephone. Your name is {agent.name}."
    if wrong is prompt_changed:
        body = {"conversation_config": {"agent": {"prompt": {"prompt": prompt}}}}
        should_be = json.dumps(prompt, ensure_ascii=False)
    assert (change.method, change.body, change.setting) == ("PATCH", body, setting)
    assert (change.is_now, change.should_be) == (agent.name if is_now is None else is_now, should_be)
    assert change.url == f"https://api.elevenlabs.io{LIST}/{agent.elevenlabs_agent_id}"


def test_what_an_export_lacks_is_not_sent_in_its_place(world, last):
    agent = world.pseudonyms.of("agent", world.company.agent_configs[0].elevenlabs_agent_id)
    then = json.loads(json.dumps(last.configurations[agent]))
    then["platform_settings"]["auth"]["shareable_token"] = "left-out-by-restore-drill"
    last = dataclasses.replace(last, configurations={**last.configurations, agent: then})
    change = only_change(world, last, lambda world: world.wire())
    assert change.setting == "platform_settings.auth.shareable_token"
    assert (change.method, change.url, change.body) == ("", "", {})
    assert change.note == "The export holds no secret: bring it back by hand."


def test_a_number_is_assigned_by_its_id(world, last):
    number, agent = row(world, 0), row(world, 0)["agent_id"]
    change = only_change(world, last, assigned_to_nobody)
    assert (change.method, change.body) == ("PATCH", {"agent_id": agent})
    assert change.url == "https://api.elevenlabs.io/v1/convai/phone-numbers/phnum_0000"
    assert change.subject == world.pseudonyms.of("number", number["phone_number"])
    assert (change.is_now, change.should_be) == (None, agent)


def test_a_number_that_is_not_held_is_brought_there_without_a_secret(world, last):
    change = only_change(world, last, leads_there_and_is_not_held)
    number = row(world, 0)["phone_number"]
    assert (change.method, change.url) == ("POST", "https://api.elevenlabs.io/v1/convai/phone-numbers")
    assert change.body == {"provider": "twilio", "phone_number": number, "label": number}
    assert change.note.startswith("Add sid and token")


def test_whose_number_it_is_may_be_for_people_to_say(world, last):
    change = only_change(world, last, leads_there_and_has_no_agent)
    assert (change.method, change.body, change.should_be) == ("", {}, None)
    assert change.note == "The restored data does not say which agent answers it: choose one, and assign it."


def test_a_key_that_is_no_settings_name_is_not_shown(world, last):
    def change(agent):
        agent["platform_settings"]["data_collection"] = {"+12025550100": {"type": "string"}, "city": 1}

    found = fetch(world, changed(world, agent_path(world), change), exports=last)
    (differences,) = found.changed_since_export.values()
    assert repr(differences) == "[platform_settings.data_collection]"
    held = last.configurations[found.expected[0]]
    held["platform_settings"]["data_collection"] = {"state": 1}
    (differences,) = found.changed_since_export.values()
    assert (
        repr(differences)
        == "[platform_settings.data_collection.*, "
        + ", ".join(f"platform_settings.data_collection.{name}" for name in ("city", "state"))
        + "]"
    )
