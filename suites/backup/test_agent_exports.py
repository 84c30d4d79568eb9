"""The exports of the ElevenLabs agents: how the voice agents are set up is in no database backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.services.elevenlabs_exports import Exports
    from fixtures.services.pseudonyms import Pseudonym

pytestmark = pytest.mark.needs("agent exports")


@pytest.mark.control("agent-exports", part="each has one")
def test_every_agent_has_an_export(agent_exports: Exports, listed_agents: list[Pseudonym]):
    """Every agent that ElevenLabs holds, but for those that are archived, is in the export."""
    assert listed_agents, "ElevenLabs holds no agent"
    missing = agent_exports.missing(listed_agents)
    assert not missing, f"{len(missing)} agents have no export: {missing[:10]}"


@pytest.mark.control("agent-exports", part="each export holds what it takes")
def test_every_export_holds_what_it_takes(agent_exports: Exports):
    """Each agent can be made again: its configuration, and the tools, documents and agents that it names."""
    assert agent_exports.agents, "the export holds no agent"
    assert agent_exports.incomplete == {}


@pytest.mark.control("agent-exports-recent")
def test_the_exports_are_recent(agent_exports: Exports):
    """The export is no older than the plan allows (exports_age, else the RPO), and not of the future."""
    assert not agent_exports.is_future, "the export says that it was made in the future"
    assert agent_exports.age <= agent_exports.allowed_age
