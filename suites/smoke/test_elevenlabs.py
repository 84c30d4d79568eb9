"""ElevenLabs agrees with the restored data: the voices that answer the calls are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.services.elevenlabs import ElevenLabs
    from fixtures.services.elevenlabs_exports import Exports

pytestmark = pytest.mark.needs("elevenlabs")


@pytest.mark.control("elevenlabs-agreement", part="each exists")
def test_every_agent_exists(elevenlabs: ElevenLabs) -> None:
    """Every agent that the restored data names exists at ElevenLabs."""
    assert elevenlabs.expected, "the restored data names no agent"
    assert elevenlabs.incomplete == 0, f"{elevenlabs.incomplete} rows of the restored data name no agent"
    missing = elevenlabs.missing
    assert not missing, f"agents that ElevenLabs does not hold: {len(missing)}, {missing[:10]}"


@pytest.mark.control("elevenlabs-agreement", part="none is archived")
def test_no_agent_is_archived(elevenlabs: ElevenLabs) -> None:
    """No agent that the restored data names is archived: an archived one exists and cannot be used."""
    assert elevenlabs.expected, "the restored data names no agent"
    archived = elevenlabs.archived
    assert not archived, f"agents that are archived: {len(archived)}, {archived[:10]}"


@pytest.mark.control("elevenlabs-agreement", part="each answers")
def test_every_agent_answers(elevenlabs: ElevenLabs) -> None:
    """Every agent that ElevenLabs lists is there when it is asked for by the id of the restored data."""
    assert elevenlabs.expected, "the restored data names no agent"
    silent = elevenlabs.silent
    assert not silent, f"agents that are listed and do not answer: {len(silent)}, {silent[:10]}"


@pytest.mark.control("elevenlabs-names")
def test_every_agent_has_its_name(elevenlabs: ElevenLabs) -> None:
    """ElevenLabs calls every agent as the restored data does: no row leads to an agent of another purpose."""
    assert elevenlabs.expected, "the restored data names no agent"
    renamed = elevenlabs.renamed
    assert not renamed, f"agents that ElevenLabs calls otherwise: {len(renamed)}, {renamed[:10]}"


@pytest.mark.control("elevenlabs-numbers")
@pytest.mark.needs("twilio")
def test_every_number_is_assigned_to_its_agent(elevenlabs: ElevenLabs) -> None:
    """The phone numbers of the restored data that ElevenLabs holds are assigned to the agents of their rows.

    Where a row names none, any agent of the restored data will do. A number whose calls go straight to
    ElevenLabs must be held there and have an agent; one whose calls go to a webhook need not be held.
    """
    wrong = elevenlabs.misassigned
    assert not wrong, f"phone numbers that are assigned wrongly: {len(wrong)}, {wrong[:10]}"


@pytest.mark.control("elevenlabs-configuration")
@pytest.mark.needs("agent exports")
def test_every_agent_is_set_up_as_in_the_last_export(elevenlabs: ElevenLabs, agent_exports: Exports) -> None:
    """No setting of an agent differs from the last export: prompt, voice, tools, documents, limits, workflow.

    Left out is what ElevenLabs only answers and never takes. What differs is told by the setting's path.
    """
    assert agent_exports.agents, "the export holds no agent"
    changed = elevenlabs.changed_since_export
    assert not changed, (
        f"agents that are set up otherwise: {len(changed)}, {dict(list(changed.items())[:10])}"
    )


@pytest.mark.control("elevenlabs-exports")
@pytest.mark.needs("agent exports")
def test_every_agent_has_an_export(elevenlabs: ElevenLabs, agent_exports: Exports) -> None:
    """Every agent that the restored data names is in the export that agents are made again from."""
    assert elevenlabs.expected, "the restored data names no agent"
    missing = agent_exports.missing(elevenlabs.expected)
    assert not missing, f"agents of the restored data without an export: {len(missing)}, {missing[:10]}"
