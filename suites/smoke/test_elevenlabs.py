"""ElevenLabs agrees with the restored data: the voices that answer the calls are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.services.elevenlabs import ElevenLabs

pytestmark = [pytest.mark.control("elevenlabs-agreement"), pytest.mark.needs("elevenlabs")]


def test_every_agent_exists(elevenlabs: ElevenLabs) -> None:
    """Every agent that the restored data names exists at ElevenLabs."""
    assert elevenlabs.expected, "the restored data names no agent"
    assert elevenlabs.incomplete == 0, f"{elevenlabs.incomplete} rows of the restored data name no agent"
    missing = elevenlabs.missing
    assert not missing, f"ElevenLabs does not hold {len(missing)} agents: {missing[:10]}"


def test_no_agent_is_archived(elevenlabs: ElevenLabs) -> None:
    """No agent that the restored data names is archived: an archived one exists and cannot be used."""
    assert elevenlabs.expected, "the restored data names no agent"
    archived = elevenlabs.archived
    assert not archived, f"{len(archived)} agents are archived: {archived[:10]}"
