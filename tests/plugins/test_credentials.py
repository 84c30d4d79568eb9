"""Missing credentials: all named together, once, before anything is connected to."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.credentials import SERVICES, STORES

ALL = {name for table in (SERVICES, STORES) for rows in table.values() for row in rows for name in row}

CLAIMS = """
@pytest.fixture(scope="session")
def connected():
    open("connected", "a").write("x")
@pytest.fixture(scope="session")
def twilio(connected): pass
@pytest.fixture(scope="session")
def elevenlabs(connected): pass
@pytest.fixture(scope="session")
def catalogue(connected): pass
@pytest.fixture(scope="session")
def restored(connected): pass
@bad
def test_twilio(twilio): pass
@bad
def test_elevenlabs(elevenlabs): pass
@good
def test_other(): pass
"""
SECTIONS = '\n[twilio]\nnumbers = "SELECT 1"\n[elevenlabs]\nagents = "SELECT 1"\n'


@pytest.fixture
def bare(mini, monkeypatch):
    """A mini drill of Twilio and ElevenLabs, in an environment without a credential."""
    for name in ALL:
        monkeypatch.delenv(name, raising=False)
    with (mini.path / "drill.toml").open("a") as plan:
        plan.write(SECTIONS)
    return mini


def connected(mini) -> bool:
    return (mini.path / "connected").exists()


@pytest.mark.parametrize("workers", [[], ["-n2"]])
def test_all_that_are_missing_are_named_together_and_once(bare, workers):
    run = bare.run(CLAIMS, "suites", *workers)
    sentence = "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, ELEVENLABS_API_KEY are not set"
    assert run.stdout.str().count("TWILIO_ACCOUNT_SID") == 1
    run.stdout.fnmatch_lines(
        [f"*{sentence}", "*HINT: Set them in the environment*--drill-sample needs nothing."]
    )
    assert bare.verdicts == {
        "test_twilio": "unverified",
        "test_elevenlabs": "unverified",
        "test_other": "pass",
    }
    assert run.ret == 6
    assert not connected(bare)


def test_one_that_is_missing_stops_nothing_else(bare, monkeypatch):
    monkeypatch.setenv("ELEVENLABS_API_KEY", "canary")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "canary")
    run = bare.run(CLAIMS)
    run.stdout.fnmatch_lines(["*TWILIO_AUTH_TOKEN is not set"])
    assert bare.verdicts == {"test_twilio": "unverified", "test_elevenlabs": "pass", "test_other": "pass"}
    assert "canary" not in run.stdout.str() + bare.written()


@pytest.mark.parametrize("row", SERVICES["twilio"])
def test_one_whole_alternative_is_enough(bare, monkeypatch, row):
    for name in (*row, "ELEVENLABS_API_KEY"):
        monkeypatch.setenv(name, "canary")
    run = bare.run(CLAIMS)
    assert (run.ret, connected(bare)) == (0, True)


def test_parts_of_two_alternatives_are_none(bare, monkeypatch):
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_API_KEY", "ELEVENLABS_API_KEY"):
        monkeypatch.setenv(name, "canary")
    bare.run(CLAIMS)
    assert bare.verdicts["test_twilio"] == "unverified"


def test_a_variable_set_to_nothing_is_not_set(bare, monkeypatch):
    monkeypatch.setenv("ELEVENLABS_API_KEY", "")
    for name in SERVICES["twilio"][0]:
        monkeypatch.setenv(name, "canary")
    run = bare.run(CLAIMS)
    run.stdout.fnmatch_lines(["*ELEVENLABS_API_KEY is not set"])
    assert run.ret == 6


def test_what_no_selected_claim_needs_is_not_asked_for(bare):
    run = bare.run(CLAIMS, "suites", "-k", "test_other")
    assert run.ret == 0
    assert "not set" not in run.stdout.str()


def test_the_agreement_of_the_services_needs_all_of_the_plans(bare):
    run = bare.run(
        "@pytest.fixture\ndef recovery_time(): open('connected', 'a')\n"
        "@bad\ndef test_it(recovery_time): pass\n"
    )
    run.stdout.fnmatch_lines(["*TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, ELEVENLABS_API_KEY are not set"])
    assert "QDRANT" not in run.stdout.str()
    assert not connected(bare)


def test_a_qdrant_that_asks_for_no_key_needs_none(bare):
    section = '[qdrant]\nurl = "https://q.example.com"\nlocations = "s"\ncollection = "c_{id}"\n'
    claims = "@pytest.fixture\ndef qdrant_door(): pass\n@bad\ndef test_it(qdrant_door): pass\n"
    plan = (bare.path / "drill.toml").read_text()
    (bare.path / "drill.toml").write_text(plan + section)
    bare.run(claims).stdout.fnmatch_lines(["*QDRANT_API_KEY is not set"])
    (bare.path / "drill.toml").write_text(plan + section + "key = false\n")
    assert bare.run(claims).ret == 0


# The sample


def test_the_sample_needs_none(bare):
    assert bare.run(CLAIMS, "suites", "--drill-sample", "--drill-plan", "drill.toml").ret == 0


def test_a_variable_set_to_nothing_is_taken_from_the_sample(bare, monkeypatch):
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "")
    run = bare.run(CLAIMS, "suites", "--drill-sample", "--drill-plan", "drill.toml")
    run.stdout.fnmatch_lines(["*TWILIO_AUTH_TOKEN is not set"])
    assert bare.verdicts == {"test_twilio": "unverified", "test_elevenlabs": "pass", "test_other": "pass"}
    assert run.ret == 6


# The backup


BACKUP = "@bad\ndef test_it({fixture}): pass\n@good\ndef test_other(): pass\n"
FIXTURES = CLAIMS.partition("@bad")[0]


def plan_of(mini, source: str) -> None:
    (mini.path / "drill.toml").write_text(f'name = "mini"\n[backup]\n{source}\n')


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ('source = "s3://bucket/daily/"', "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY are not set"),
        ('source = "gs://bucket/daily/"', "GOOGLE_APPLICATION_CREDENTIALS is not set"),
        (
            'source = "az://bucket/daily/"',
            "AZURE_STORAGE_ACCOUNT_NAME, AZURE_STORAGE_ACCOUNT_KEY are not set",
        ),
        ('source = "postgres:"\nurl_env = "BACKUP_URL"', "BACKUP_URL is not set"),
        ('source = "https:"\nurl_env = "BACKUP_URL"', "BACKUP_URL is not set"),
        ('source = "backups"\nidentity_env = "AGE_ID"', "AGE_ID is not set"),
        (
            'source = "s3://bucket/daily/"\nidentity_env = "AGE_ID"',
            "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AGE_ID are not set",
        ),
    ],
)
@pytest.mark.parametrize("fixture", ["catalogue", "restored"])
def test_a_source_says_what_it_needs(bare, source, named, fixture):
    plan_of(bare, source)
    run = bare.run(FIXTURES + BACKUP.format(fixture=fixture))
    run.stdout.fnmatch_lines([f"*{named}"])
    assert bare.verdicts == {"test_it": "unverified", "test_other": "pass"}
    assert not connected(bare)


@pytest.mark.parametrize("name", ["credentials", "config"])
def test_who_has_signed_in_with_a_tool_of_the_vendors_needs_no_variable(bare, name):
    plan_of(bare, 'source = "s3://bucket/daily/"')
    (Path.home() / ".aws").mkdir()
    (Path.home() / ".aws" / name).write_text("")
    assert bare.run(FIXTURES + BACKUP.format(fixture="catalogue")).ret == 0


@pytest.mark.parametrize(
    "names",
    STORES["s3"],
)
def test_a_store_takes_any_whole_alternative(bare, monkeypatch, names):
    plan_of(bare, 'source = "s3://bucket/daily/"')
    for name in names:
        monkeypatch.setenv(name, "canary")
    assert bare.run(FIXTURES + BACKUP.format(fixture="catalogue")).ret == 0


def test_the_identity_is_needed_beside_a_whole_alternative(bare, monkeypatch):
    plan_of(bare, 'source = "s3://bucket/daily/"\nidentity_env = "AGE_ID"')
    monkeypatch.setenv("AWS_PROFILE", "canary")
    run = bare.run(FIXTURES + BACKUP.format(fixture="catalogue"))
    assert run.ret == 6
    run.stdout.fnmatch_lines(["*AGE_ID*not set"])
    assert "AWS_ACCESS_KEY_ID" not in run.stdout.str(), "what is set otherwise is not missing"


def test_a_folder_needs_none(bare):
    plan_of(bare, 'source = "backups"')
    assert bare.run(FIXTURES + BACKUP.format(fixture="catalogue")).ret == 0


def test_what_somebody_else_restored_needs_none_of_the_source(bare):
    plan_of(bare, 'source = "s3://bucket/daily/"')
    url = "postgresql://nobody@localhost/x"
    run = bare.run(FIXTURES + BACKUP.format(fixture="restored"), "suites", "--drill-restored", url)
    assert run.ret == 0


@pytest.mark.parametrize(
    ("section", "fixture"),
    [
        ('[retention]\nmonthly = {{ keep = 2, source = "{}" }}\n', "kept_months"),
        ('[elevenlabs]\nagents = "SELECT 1"\nexports = "{}"\n', "agent_exports"),
    ],
)
def test_other_places_than_the_source_are_opened_too(mini, monkeypatch, section, fixture):
    for name in ALL:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(mini.path))
    with (mini.path / "drill.toml").open("a") as plan:
        plan.write("\n" + section.format("s3://bucket/place/"))
    mini.run(f"""
@pytest.fixture(scope="session")
def {fixture}(): pass
@bad
def test_place({fixture}): pass
@good
def test_other(): pass
""").stdout.fnmatch_lines(["*AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY are not set"])
    assert mini.verdicts == {"test_place": "unverified", "test_other": "pass"}
