"""The plans that come with the project."""

import re
from datetime import date, timedelta

import pytest

from plugins.plan import Daily, load
from tests.plan.texts import MINIMAL
from tests.worlds import ROOT

PRIORITY = (
    "users organizations locations agent_configs phone_numbers google_calendar_integrations "
    "call_logs rag_documents"
)


@pytest.mark.parametrize("name", ["drill.toml", "fixtures/sample/plan.toml"])
def test_a_shipped_plan_covers_what_the_company_depends_on(name):
    plan = load(ROOT / name)
    assert set(plan.tables) == {f"public.{table}" for table in PRIORITY.split()}
    assert plan.tables["public.call_logs"].recency == "started_at"
    assert plan.objectives.rto == timedelta(hours=4)
    assert plan.objectives.rpo == timedelta(hours=24)
    assert plan.objectives.backup_age == timedelta(hours=25)
    assert plan.server.profile == "durable"
    for section in (
        "twilio.webhook", "elevenlabs", "qdrant.documents", "qdrant.key", "qdrant.vectors",
        "qdrant.snapshots_age", "google_calendar", "endpoints", "endpoints.json", "queries.within",
    ):  # fmt: skip
        assert plan.section(section), section


def test_the_production_plan_holds_the_retention_regime():
    plan = load(ROOT / "drill.toml")
    assert plan.backup.kind == "s3"
    assert plan.retention.since == date(2026, 9, 1)
    kept = [plan.retention.daily.keep, plan.retention.weekly.keep, plan.retention.monthly.keep]
    assert kept == [7, 4, 12]
    assert plan.retention.monthly.source == "s3://aidevelo-archive/monthly/"
    assert plan.backup.schedule == Daily(timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "at", "within"),
    [
        ("daily at 02:00 UTC", 120, 60),
        ("daily at 00:00 UTC", 0, 60),
        (" daily  at 23:59 UTC within 1h 30m ", 1439, 90),
        ("daily at 02:00 UTC within 12h", 120, 720),
    ],
)
def test_a_schedule_is_read_as_a_person_writes_it(text, at, within):
    assert Daily.parse(text) == Daily(timedelta(minutes=at), timedelta(minutes=within))


@pytest.mark.parametrize(
    ("section", "key", "url"),
    [
        ('[twilio]\nnumbers = "s"', "base_url", "http://127.0.0.1:4010"),
        ('[elevenlabs]\nagents = "s"', "base_url", "https://api.eu.residency.elevenlabs.io/"),
        ('[supabase]\nproject_ref = "abcdefghijklmnopqrst"', "base_url", "http://[::1]:4010"),
        ('[qdrant]\nlocations = "s"\ncollection = "{id}"', "url", "https://gateway.example.com/qdrant/"),
        ('[qdrant]\nlocations = "s"\ncollection = "{id}"', "url", "http://localhost:6333"),
    ],
)
def test_where_each_service_is_can_be_set(write, section, key, url):
    plan = load(write(f'{MINIMAL}\n{section}\n{key} = "{url}"'))
    name = section[1:].partition("]")[0]
    assert getattr(getattr(plan, name), key) == url.rstrip("/")


def test_the_samples_plan_names_hosts_that_cannot_exist():
    text = (ROOT / "fixtures/sample/plan.toml").read_text()
    hosts = set(re.findall(r"https?://([^/\"]+)", text))
    assert hosts == {"api.sample.invalid", "qdrant.sample.invalid"}
