"""ElevenLabs agrees with the restored data: the voices that answer the calls are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.services.elevenlabs import ElevenLabs
    from fixtures.services.elevenlabs_exports import Exports

pytestmark = pytest.mark.needs("elevenlabs")


@pytest.mark.control("elevenlabs-agreement")
def test_every_agent_exists(elevenlabs: ElevenLabs) -> None:
    """Every agent that the restored data names exists at ElevenLabs."""
    assert elevenlabs.expected, "the restored data names no agent"
    assert elevenlabs.incomplete == 0, f"{elevenlabs.incomplete} rows of the restored data name no agent"
    missing = elevenlabs.missing
    assert not missing, f"ElevenLabs does not hold {len(missing)} agents: {missing[:10]}"


@pytest.mark.control("elevenlabs-agreement")
def test_no_agent_is_archived(elevenlabs: ElevenLabs) -> None:
    """No agent that the restored data names is archived: an archived one exists and cannot be used."""
    assert elevenlabs.expected, "the restored data names no agent"
    archived = elevenlabs.archived
    assert not archived, f"{len(archived)} agents are archived: {archived[:10]}"


@pytest.mark.control("elevenlabs-exports")
@pytest.mark.needs("agent exports")
def test_every_agent_has_an_export(elevenlabs: ElevenLabs, agent_exports: Exports) -> None:
    """Every agent that the restored data names is in the export that agents are made again from."""
    assert elevenlabs.expected, "the restored data names no agent"
    missing = agent_exports.missing(elevenlabs.expected)
    assert not missing, f"{len(missing)} agents of the restored data have no export: {missing[:10]}"
