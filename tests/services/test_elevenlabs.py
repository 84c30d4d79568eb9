"""ElevenLabs' client against the simulator, and against a simulator with exactly one thing wrong."""

from __future__ import annotations

import dataclasses
import json

import httpx
import pytest

from fixtures.services import elevenlabs
from plugins.errors import DrillError


def fetch(world, wire, **changes):
    return elevenlabs.fetch(sql="agents", wire=wire, **{**world.facts, **changes})


def test_a_company_agrees_with_its_own_elevenlabs(world):
    found = fetch(world, world.wire())
    assert len(found.agents) == len(found.expected) == 55  # more than two pages
    assert (found.missing, found.archived, found.incomplete) == ([], [], 0)


def test_an_agent_that_is_gone_is_missing(world):
    held = dataclasses.replace(world.company, agent_configs=world.company.agent_configs[1:])
    gone = world.company.agent_configs[0].elevenlabs_agent_id
    assert fetch(world, world.wire(held)).missing == [world.pseudonyms.of("agent", gone)]


def test_an_archived_agent_exists_and_is_archived(world):
    archived = world.company.agent_configs[-1].elevenlabs_agent_id

    def edit(_, response):
        page = json.loads(response.content)
        for agent in page["agents"]:
            agent["archived"] = agent["agent_id"] == archived
        return httpx.Response(200, json=page)

    found = fetch(world, world.edited(edit))
    assert found.archived == [world.pseudonyms.of("agent", archived)]
    assert found.missing == []


def test_rows_without_an_agent_are_counted(world):
    world.restored.answers["agents"] += [{"agent_id": None}, {"agent_id": ""}]
    assert fetch(world, world.wire()).incomplete == 2


def test_a_missing_key_is_named(world):
    with pytest.raises(DrillError, match=r"^ELEVENLABS_API_KEY is not set"):
        fetch(world, world.wire(), environ={})


def test_a_refused_key_is_said_and_not_shown(world):
    with pytest.raises(DrillError, match="refused the credential") as caught:
        fetch(world, world.wire(), environ={"ELEVENLABS_API_KEY": "a wrong key"})
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


def test_nothing_printable_holds_an_agent(world):
    world.restored.answers["agents"] += [{"agent_id": "agent_that_is_nowhere"}]
    found = fetch(world, world.wire())
    shown = f"{found!r} {found.missing!r} {found.agents!r} {found.expected!r}"
    assert len(found.missing) == 1
    for agent in (*world.company.agent_configs[:5], *world.company.agent_configs[-5:]):
        assert agent.elevenlabs_agent_id not in shown
    assert "agent_that_is_nowhere" not in shown
