"""The made-up company is the same for a seed, and dated by its instant."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import pytest

from fixtures.sample import words
from fixtures.sample.company import WEBHOOK_URL, Company, canonical_json, newest_backup_time

COUNTS = {
    "organizations": 12,
    "locations": 40,
    "users": 150,
    "agent_configs": 55,
    "phone_numbers": 60,
    "google_calendar_integrations": 25,
    "call_logs": 12_000,
    "rag_documents": 300,
}


@pytest.fixture(scope="module")
def company(now):
    return Company.make(now=now)


def undated(company):
    """Every value of every row that is no instant."""
    return {
        table: [
            [value for value in map(row.__getattribute__, row.__slots__) if not isinstance(value, datetime)]
            for row in getattr(company, table)
        ]
        for table in COUNTS
    }


def test_equal_seed_and_instant_give_an_equal_company(company, now):
    assert Company.make(seed=1, now=now) == company


def test_only_instants_depend_on_now(company, now):
    earlier = Company.make(now=now - timedelta(days=2, hours=7))
    assert undated(earlier) == undated(company)
    assert earlier.recovery_point == company.recovery_point - timedelta(days=2)
    assert earlier.call_logs[-1].started_at == company.call_logs[-1].started_at - timedelta(days=2)


def test_another_seed_is_another_company(company, now):
    other = Company.make(seed=2, now=now)
    ids = {row.id for table in COUNTS if table != "call_logs" for row in getattr(company, table)}
    assert not any(row.id in ids for table in COUNTS for row in getattr(other, table))


def test_row_counts(company):
    assert {table: len(getattr(company, table)) for table in COUNTS} == COUNTS
    assert {field.name for field in fields(company)} == {*COUNTS, "seed", "now", "recovery_point"}


def test_newest_call_is_20_to_60_minutes_before_the_recovery_point(company):
    for seed in range(1, 6):
        made = Company.make(seed=seed, now=company.now)
        age = made.recovery_point - max(call.started_at for call in made.call_logs)
        assert timedelta(minutes=20) <= age <= timedelta(minutes=60)


def test_nothing_is_created_after_the_recovery_point(company):
    created = [
        row.created_at for table in COUNTS for row in getattr(company, table) if hasattr(row, "created_at")
    ]
    assert len(created) == sum(COUNTS.values()) - COUNTS["call_logs"] - COUNTS["google_calendar_integrations"]
    assert max(created) < company.recovery_point - timedelta(days=40)


@pytest.mark.parametrize(
    ("now", "taken_at"),
    [
        ("2026-11-24T01:59:59+00:00", "2026-11-23T02:00:00+00:00"),
        ("2026-11-24T02:00:00+00:00", "2026-11-24T02:00:00+00:00"),
        ("2026-11-24T02:30:00+01:00", "2026-11-23T02:00:00+00:00"),
        ("2026-11-23T22:30:00-05:00", "2026-11-24T02:00:00+00:00"),
    ],
)
def test_the_newest_backup_is_of_the_last_two_o_clock_utc(now, taken_at):
    assert newest_backup_time(datetime.fromisoformat(now)) == datetime.fromisoformat(taken_at)


def test_offset_of_now_does_not_matter(company, now):
    zone = timezone(timedelta(hours=9))
    assert Company.make(now=now.astimezone(zone)).call_logs == company.call_logs
    assert company.recovery_point.tzinfo is UTC


def test_references_hold(company):
    locations = {row.id: row for row in company.locations}
    agents = {row.id: row for row in company.agent_configs}
    numbers = {row.id: row for row in company.phone_numbers}
    assert {row.organization_id for row in company.locations} == {row.id for row in company.organizations}
    # Each location is staffed, reachable and documented: otherwise a smoke test would have nothing to find.
    for rows in (company.agent_configs, company.phone_numbers, company.rag_documents):
        assert {row.location_id for row in rows} == set(locations)
    for number in company.phone_numbers:
        assert (
            number.agent_config_id is None or agents[number.agent_config_id].location_id == number.location_id
        )
    assert {call.phone_number_id for call in company.call_logs} <= {*numbers, None}
    assert any(call.phone_number_id is None for call in company.call_logs)


def test_numbers_are_fictional_and_unique(company):
    numbers = [row.phone_number for row in company.phone_numbers]
    assert len(set(numbers)) == len(numbers)
    assert all(len(number) == 12 and number[:2] == "+1" and number[5:10] == "55501" for number in numbers)
    assert {row.webhook_url for row in company.phone_numbers} == {WEBHOOK_URL}


def test_tokens_say_that_they_are_samples(company):
    for row in company.google_calendar_integrations:
        assert row.access_token.startswith("sample-token-")
        assert row.refresh_token is None or row.refresh_token.startswith("sample-token-")


def test_hard_texts_are_all_used(company):
    assert set(words.HARD_TEXTS) <= {row.full_name for row in company.users}
    assert set(words.HARD_TEXTS) <= {row.title for row in company.rag_documents}
    transcripts = {row.transcript for row in company.call_logs}
    assert {None, "", "\\."} <= transcripts


def test_json_is_spelt_as_postgres_does():
    value = {"bb": [1, None, True], "c": "é\n", "ä": {"z": 1.5, "y": "\\"}}
    assert canonical_json(value) == '{"c": "é\\n", "bb": [1, null, true], "ä": {"y": "\\\\", "z": 1.5}}'
    assert json.loads(canonical_json(value)) == value
