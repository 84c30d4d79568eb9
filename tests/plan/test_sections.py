"""What a plan says, and what it asks for."""

import pickle

import pytest
from pydantic import ValidationError

from plugins.errors import PlanError
from plugins.plan import load
from tests.plan.texts import ENDPOINT, MINIMAL, QDRANT


def test_a_plan_knows_where_it_came_from(write):
    path = write(MINIMAL)
    plan = load(path)
    assert plan.path == path
    assert plan.folder == path.parent
    assert len(plan.sha256) == 64
    assert plan.local_path(plan.backup.source) == path.parent / "backups"
    copy = pickle.loads(pickle.dumps(plan))
    assert copy == plan
    assert copy.path == path


def test_a_plan_is_frozen(write):
    with pytest.raises(ValidationError):
        load(write(MINIMAL)).name = "other"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("backups", "path"),
        ("/srv/db_cluster-22-11-2026@02-00-00.backup.gz", "path"),
        ("file:db_cluster-22-11-2026@02-00-00.backup.gz", "path"),
        ("file:///srv/backups", "path"),
        ("s3://bucket/daily/", "s3"),
        ("gs://bucket", "gs"),
        ("az://container/x", "az"),
        ("https://example.com/backup.sql.gz", "https"),
        ("http://127.0.0.1:8000/backup.sql", "https"),
        ("http://[::1]/backup.sql", "https"),
    ],
)
def test_a_source_has_a_kind(write, source, kind):
    plan = load(write(MINIMAL.replace("backups", source)))
    assert (plan.backup.source, plan.backup.kind) == (source, kind)


def test_a_dump_taken_now_needs_the_variable_of_its_url(write, message):
    text = MINIMAL.replace("backups", "postgres:")
    assert load(write(text + 'url_env = "DATABASE_URL"\n')).backup.kind == "postgres"
    assert message(text) == (
        "drill.toml: backup.url_env is missing; "
        "allowed is the name of the environment variable that holds the database's URL"
    )


def test_a_signed_url_stands_in_a_variable(write, message):
    text = MINIMAL.replace("backups", "https:")
    plan = load(write(text + 'url_env = "BACKUP_URL"\n'))
    assert (plan.backup.source, plan.backup.kind, plan.backup.url_env) == ("https:", "https", "BACKUP_URL")
    assert "the name of the environment variable that holds the backup's URL" in message(text)
    with pytest.raises(PlanError) as caught:
        load(write(MINIMAL.replace("backups", "https://example.com/b.sql?X-Amz-Signature=canary")))
    assert 'write source = "https:"' in caught.value.hint
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("source", ["backups", "s3://bucket/x", "https://example.com/b.sql"])
@pytest.mark.parametrize("key", ["url_env", "keep"])
def test_what_belongs_to_other_sources_is_refused(message, source, key):
    text = MINIMAL.replace("backups", source) + f'{key} = "BACKUP_URL"\n'
    assert f"backup.{key} is" in message(text)
    assert "nothing here unless source is" in message(text)


@pytest.mark.parametrize(
    "production", ["arn:aws:iam::123456789012:role/ops/app", "arn:aws:iam::123456789012:user/app", "app_role"]
)
def test_what_the_store_must_do_is_asked_for(write, production):
    plan = load(
        write(MINIMAL + f'[storage]\nversioned = true\nlocked = false\nproduction = "{production}"\n')
    )
    assert plan.section("storage.versioned")
    assert plan.section("storage.production")
    assert not plan.section("storage.locked")
    assert not plan.section("storage.encrypted")


@pytest.mark.parametrize("production", ["AKIA IOSF", "arn:aws:s3:::bucket", "postgresql://app:canary@h/d"])
def test_who_production_is_is_an_identity(message, production):
    said = message(MINIMAL + f'[storage]\nproduction = "{production}"\n')
    assert "storage.production" in said
    assert "canary" not in said


@pytest.mark.parametrize(
    ("source", "path"),
    [("backups", "{}/backups"), ("/srv/b", "/srv/b"), ("file:b", "{}/b"), ("file:///srv/a%20b", "/srv/a b")],
)
def test_a_path_is_relative_to_the_plan(write, source, path):
    plan = load(write(MINIMAL))
    assert str(plan.local_path(source)) == path.format(plan.folder)


def test_a_table_without_a_schema_is_publics(write):
    plan = load(write(MINIMAL + '[tables.users]\n[tables."auth.users"]\nmin_rows = 3\n'))
    assert set(plan.tables) == {"public.users", "auth.users"}
    assert plan.tables["auth.users"].min_rows == 3


@pytest.mark.parametrize(
    ("more", "name", "asked"),
    [
        ("", "objectives", False),
        ("", "objectives.rto", False),
        ('[objectives]\nrto = "4h"', "objectives.rto", True),
        ('[objectives]\nrto = "4h"', "objectives.rpo", False),
        ("", "tables", False),
        ("[tables.a]", "tables", True),
        ("[tables.a]", "tables.recency", False),
        ('[tables.a]\n[tables.b]\nrecency = "x"', "tables.recency", True),
        ("[tables.a]\nmin_rows = 0", "tables.min_rows", True),
        ("", "queries", False),
        ('[[queries]]\nname = "a"\nsql = "b"\nexpect = "= 0"', "queries", True),
        ('[[queries]]\nname = "a"\nsql = "b"\nexpect = "= 0"', "queries.within", False),
        ('[twilio]\nnumbers = "a"', "twilio", True),
        ('[twilio]\nnumbers = "a"', "twilio.webhook", False),
        ('[twilio]\nnumbers = "a"', "twilio.exercise", False),
        ('[twilio]\nnumbers = "a"\nwebhook = "https://a.b/"\nexercise = true', "twilio.exercise", True),
        ("", "twilio.webhook", False),
        ("", "qdrant.documents", False),
        (QDRANT, "qdrant.key", True),
        (f"{QDRANT}key = false", "qdrant.key", False),
        (QDRANT, "qdrant.snapshots_age", False),
        (f'{ENDPOINT}json = {{ a.b = true, "c.0" = 1.5 }}', "endpoints.json", True),
        (ENDPOINT, "endpoints.json", False),
        ("[retention]\ndaily = 7", "retention", True),
        ("[retention]\ndaily = 7", "retention.monthly", False),
        ("[self_check]\nenabled = false", "self_check", False),
        ("[self_check]\nenabled = true", "self_check", True),
        ("", "backup.min_size", False),
    ],
)
def test_a_plan_says_what_it_asks_for(write, more, name, asked):
    assert load(write(MINIMAL + more)).section(name) is asked


@pytest.mark.parametrize("name", ["objectives.rto2", "tables.users", "nothing", "", "name.x"])
def test_a_section_that_no_plan_has_is_a_mistake_in_the_claim(write, name):
    with pytest.raises(ValueError, match="no plan has a section"):
        load(write(MINIMAL)).section(name)
