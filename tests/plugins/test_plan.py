"""The plan: what a person may write, and the one sentence that says what is wrong with it."""

import os
import pickle
import re
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from plugins.errors import DrillError, PlanError
from plugins.plan import Daily, Expectation, load
from plugins.plan.values import RefusedError, parse_duration, parse_duration_or_zero, parse_size

ROOT = Path(__file__).parents[2]
SHIPPED = (ROOT / "drill.toml").read_bytes()
PRIORITY = (
    "users organizations locations agent_configs phone_numbers google_calendar_integrations "
    "call_logs rag_documents"
)
QDRANT = '[qdrant]\nurl = "https://q.example.com"\nlocations = "s"\ncollection = "location_{id}"\n'
ENDPOINT = '[[endpoints]]\nname = "a"\nurl = "https://a.example.com"\n'
SCALARS = 'a table of texts, numbers, true and false, such as { status = "ok", checks.database = true }'
MINIMAL = 'name = "tiny"\n[backup]\nsource = "backups"\n'
DURATION = 'a duration such as "4h", "30m", "250ms" or "1h30m" (units w, d, h, m, s, ms)'


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a plan into the current folder; its name is then all that a message says of its path."""
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes) -> Path:
        path = tmp_path / "drill.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def message(write):
    """The message, without its hint, that a plan is refused with."""

    def message(content: str | bytes) -> str:
        with pytest.raises(PlanError) as caught:
            load(write(content))
        assert caught.value.hint.endswith(".")
        assert caught.value.__cause__ is None
        return caught.value.message

    return message


# Durations and sizes


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4h", 14_400),
        ("30m", 1_800),
        ("90s", 90),
        ("250ms", 0.25),
        ("35d", 35 * 86_400),
        ("1w", 7 * 86_400),
        ("1h30m", 5_400),
        ("1h 30m", 5_400),
        ("2 hours", 7_200),
        ("1.5h", 5_400),
        (" 1 day 2 min ", 86_520),
    ],
)
def test_a_duration_is_read_as_a_person_writes_it(text, seconds):
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    [
        *(
            4,
            4.0,
            "4",
            True,
            "",
            " ",
            "h",
            "-4h",
            "+4h",
            "0m",
            "0h0m",
            "4H",
            "4 parsecs",
            "1m1h",
            "1h1h",
            "nanh",
            "infs",
        ),
        *("1.0001ms", "101y", "5300w", "9" * 400 + "h", "٤h", "4h\n;", None, [], float("nan"), timedelta(1)),
    ],
)
def test_no_other_duration_is_read(value):
    with pytest.raises(RefusedError):
        parse_duration(value)


def test_zero_is_a_duration_only_where_it_makes_sense():
    assert parse_duration_or_zero("0m") == timedelta()


@given(st.lists(st.integers(0, 99), min_size=6, max_size=6).filter(any))
def test_a_duration_is_the_sum_of_its_parts(parts):
    written = "".join(
        f"{n}{unit}" for n, unit in zip(parts, ("w", "d", "h", "m", "s", "ms"), strict=True) if n
    )
    w, d, h, m, s, ms = parts
    assert parse_duration(written) == timedelta(
        weeks=w, days=d, hours=h, minutes=m, seconds=s, milliseconds=ms
    )


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1 MB", 10**6),
        ("1 MiB", 2**20),
        ("500 kB", 500_000),
        ("10GB", 10**10),
        ("0 B", 0),
        ("1.5 KiB", 1536),
        ("2 TiB", 2**41),
    ],
)
def test_a_size_is_read_in_bytes(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "value",
    [
        1,
        "1",
        "1.5 B",
        "-1 MB",
        "1 mb",
        "1 Mb",
        "1 XB",
        "MB",
        "",
        True,
        None,
        "1 MB 2 kB",
        "9999999 TB",
        "nan B",
    ],
)
def test_no_other_size_is_read(value):
    with pytest.raises(RefusedError):
        parse_size(value)


# Expectations


@pytest.mark.parametrize(
    ("text", "true_of", "false_of"),
    [
        ("= 0", [0, Decimal("0.00")], [1, -1]),
        ("> 0", [1], [0, -1]),
        (">= 3", [3, 4], [2, Decimal("2.99")]),
        ("< 5", [4], [5]),
        ("<= 5", [5], [6]),
        ("!= 0", [1], [0, Decimal("NaN")]),
        ("between 10 and 20", [10, 15, 20], [9, 21, Decimal("NaN")]),
        ("> -1.5", [-1], [-2, Decimal("NaN")]),
    ],
)
def test_an_expectation_holds(text, true_of, false_of):
    expectation = Expectation.parse(text)
    assert str(expectation) == text
    assert not expectation.needs_last
    assert [value for value in true_of if not expectation.holds(value)] == []
    assert [value for value in false_of if expectation.holds(value)] == []


@pytest.mark.parametrize(
    ("value", "last", "holds"),
    [
        (105, 100, True),
        (106, 100, False),
        (95, 100, True),
        (94, 100, False),
        (-105, -100, True),
        (0, 0, True),
        (1, 0, False),
        (10**40 + 1, 10**40, True),
        (Decimal("Infinity"), 1, False),
    ],
)
def test_an_expectation_compares_with_the_last_drill(value, last, holds):
    assert Expectation.parse("within 5% of last").holds(value, last) is holds


def test_an_expectation_without_a_last_drill_cannot_tell():
    expectation = Expectation.parse("within 5% of last")
    assert expectation.needs_last
    with pytest.raises(DrillError, match="no earlier drill has a value"):
        expectation.holds(5)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "0",
        "== 0",
        "=",
        "=> 3",
        "> x",
        "between 20 and 10",
        "within 101% of last",
        "within -1% of last",
        0,
        None,
        "> 1e9",
    ],
)
def test_no_other_expectation_is_read(value):
    with pytest.raises(RefusedError):
        Expectation.parse(value)


NUMBERS = st.decimals(-(10**9), 10**9, places=3)


@given(
    st.one_of(
        st.builds("{} {}".format, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), NUMBERS),
        st.tuples(NUMBERS, NUMBERS).map(lambda ends: f"between {min(ends)} and {max(ends)}"),
        st.builds("within {}% of last".format, st.decimals(0, 100, places=2)),
    )
)
def test_an_expectation_says_what_was_written(text):
    expectation = Expectation.parse(text)
    assert Expectation.parse(str(expectation)) == expectation
    assert str(expectation) == text


# The plans that come with the project


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


# What a plan says


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


# Errors


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("[objectives]\nrto = 4", f"objectives.rto is 4, which says no unit; allowed is {DURATION}"),
        ('[objectives]\nrto = "4 parsecs"', f'objectives.rto is "4 parsecs"; allowed is {DURATION}'),
        (
            '[objectives]\nrto = "0h"',
            f'objectives.rto is "0h", which is no time at all; allowed is {DURATION}',
        ),
        (
            '[objectives]\nrto = "1h"\nmanual_allowance = "2h"',
            'objectives.manual_allowance is "2h", which leaves nothing of the rto; '
            "allowed is less than objectives.rto",
        ),
        (
            '[objectives]\nrot = "4h"',
            "objectives.rot is not a key of the plan (nearest: rto); "
            "allowed are rto, rpo, backup_age, manual_allowance, drill_every",
        ),
        (
            '[tables.users]\nmin_rows = "1"',
            'tables.users.min_rows is "1"; allowed is a whole number, 0 or more',
        ),
        (
            "[tables.users]\nmin_rows = true",
            "tables.users.min_rows is true; allowed is a whole number, 0 or more",
        ),
        (
            "[tables.users]\nmax_drop = 20",
            "tables.users.max_drop is 20; allowed is a number from 0 to 1 (0.2 is 20 percent)",
        ),
        (
            '[tables.users]\nmax_quiet = "1h"',
            'tables.users.max_quiet is "1h"; allowed is nothing here without recency',
        ),
        (
            '[tables.users]\n[tables."public.users"]',
            'tables."public.users" is a table, the same as tables.users; allowed is one section per table',
        ),
        (
            "[tables.auth.users]",
            "tables.auth.users is not a key of a table; a table of another schema is written "
            '[tables."auth.users"]',
        ),
        (
            "[retention]\nsince = 2026-09-01",
            "retention is a table, which keeps nothing; allowed is at least one of daily, weekly, monthly",
        ),
        (
            "[retention]\ndaily = 0",
            "retention.daily is 0; "
            "allowed is a whole number from 1 to 10000, or a table { keep = 12, source = ... }",
        ),
        (
            "[supabase]",
            "supabase is a table, which asks for nothing; allowed is project_ref or exposed_schemas",
        ),
        (
            '[supabase]\nproject_ref = "Short"',
            'supabase.project_ref is "Short"; allowed is the project\'s 20 lower-case letters',
        ),
        (
            "[supabase]\nkeep_days = 7",
            "supabase.keep_days is 7; allowed is nothing here without project_ref",
        ),
        (
            '[supabase]\nproject_ref = "abcdefghijklmnopqrst"\nkeep_days = 0',
            "supabase.keep_days is 0; allowed is a whole number of days from 1 to 366",
        ),
        (
            '[supabase]\nproject_ref = "abcdefghijklmnopqrst"\nbase_url = "http://api.example.com"',
            'supabase.base_url is "http://api.example.com", which is not encrypted; '
            "allowed is an https:// URL, or http:// to this machine",
        ),
        *(
            (
                f'{section}\n{key} = "http://api.example.com"',
                f'{section[1:].partition("]")[0]}.{key} is "http://api.example.com", which is not encrypted; '
                "allowed is an https:// URL, or http:// to this machine",
            )
            for section, key in (
                ('[twilio]\nnumbers = "s"', "base_url"),
                ('[elevenlabs]\nagents = "s"', "base_url"),
                ('[qdrant]\nlocations = "s"\ncollection = "{id}"', "url"),
            )
        ),
        (
            '[twilio]\nnumbers = "s"\nbase_url = "https://gateway.example.com/twilio"',
            'twilio.base_url is "https://gateway.example.com/twilio", which has a path; '
            "allowed is an https:// URL, or http:// to this machine, and no path",
        ),
        (
            '[qdrant]\nurl = "https://q.example.com/?a=1"\nlocations = "s"\ncollection = "{id}"',
            "qdrant.url is not shown here, which goes on after its path; "
            "allowed is an https:// URL, or http:// to this machine",
        ),
        (
            '[elevenlabs]\nagents = "SELECT 1"\nexports_age = "7d"',
            'elevenlabs.exports_age is "7d"; allowed is nothing here without exports',
        ),
        (
            "[supabase]\nexposed_schemas = []",
            'supabase.exposed_schemas is a list; allowed is a list of schemas such as ["public"]',
        ),
        (
            '[supabase]\nanon_may_read = ["ok", "a.b.c"]',
            'supabase.anon_may_read[1] is "a.b.c", which is no table\'s name; '
            'allowed is a table\'s name, or "schema.table" in quotes',
        ),
        (
            "[schema]\nreferense = 'x'",
            "schema.referense is not a key of the plan (nearest: reference); allowed are reference",
        ),
        ("[schema]\nreference = 3", 'schema.reference is 3; allowed is a file such as "schema.txt"'),
        ('[server]\nprofile = "quick"', 'server.profile is "quick"; allowed is "durable" or "fast"'),
        (
            '[[exemptions]]\nobject = "o"\nreason = "r"\nowner = "w"\nuntil = 2027-01-01',
            "exemptions[0] is a table, which names neither control nor rule; "
            "allowed is exactly one of the two",
        ),
        (
            '[[exemptions]]\ncontrol = "c"\nobject = "o"\nreason = " "\nowner = "w"\nuntil = 2027-01-01',
            'exemptions[0].reason is " "; allowed is a text that is not empty',
        ),
        (
            '[[exemptions]]\ncontrol = "c"\nobject = "o"\nreason = "r"\nowner = "w"\nuntil = "soon"',
            'exemptions[0].until is "soon"; allowed is a date such as 2027-03-31',
        ),
        (
            '[qdrant]\nurl = "https://q.example.com"\nlocations = "s"\ncollection = "location"',
            'qdrant.collection is "location"; '
            'allowed is a name with {id} in it once, such as "location_{id}"',
        ),
        (
            "[twilio]\nnumbers = 's'\nexercise = true",
            "twilio.exercise is true; allowed is nothing here without webhook",
        ),
        (
            "[twilio]\nnumbers = 's'\nobjectives = 3",
            "twilio.objectives is not a key of the plan; "
            "allowed are numbers, webhook, account_sids, exercise, base_url",
        ),
        (
            f"{QDRANT}vectors = {{ size = 4 }}",
            'qdrant.vectors.distance is missing; allowed is "Cosine", "Dot", "Euclid" or "Manhattan"',
        ),
        (
            f'{QDRANT}vectors = {{ size = 0, distance = "Dot" }}',
            "qdrant.vectors.size is 0; allowed is a whole number from 1 to 65536",
        ),
        (
            f'{QDRANT}document_key = "a"',
            'qdrant.document_key is "a"; allowed is nothing here without documents',
        ),
        (
            f'{QDRANT}documents = "s"\ndocument_key = "a..b"',
            'qdrant.document_key is "a..b"; '
            'allowed is a key of the payload such as "document_id" or "metadata.document_id"',
        ),
        *(
            (f"{ENDPOINT}json = {json}", f"endpoints[0].json is {shown}; allowed is {SCALARS}")
            for json, shown in (
                ("true", "true"),
                ("{}", "a table"),
                ("{ a = {} }", "a table"),
                ("{ a = [1] }", "a table"),
                ("{ a = nan }", "a table"),
                ("{ a = 2026-11-25 }", "a table"),
                ('{ "a." = 1 }', "a table, which has a key without a name"),
                ('{ "a.b" = 1, a = { b = 1 } }', "a table, which says a.b twice"),
            )
        ),
        (
            '[[endpoints]]\nname = "a"\nurl = "ftp://a"\n',
            'endpoints[0].url is "ftp://a"; allowed is a URL such as https://api.example.com/health',
        ),
    ],
)
def test_an_error_names_file_key_value_and_what_is_allowed(message, more, expected):
    assert message(MINIMAL + more) == f"drill.toml: {expected}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("daily at 02:00", ""),
        ("daily at 24:00 UTC", ""),
        ("hourly", ""),
        ("daily at 02:00 UTC within 3", ", which says no unit"),
        ("daily at 02:00 UTC within 13h", ", which is late by more than half a day"),
    ],
)
def test_a_schedule_that_is_none_is_refused(message, text, why):
    assert message(f'{MINIMAL}schedule = "{text}"') == (
        f'drill.toml: backup.schedule is "{text}"{why}; '
        'allowed is a schedule such as "daily at 02:00 UTC" or "daily at 02:00 UTC within 3h"'
    )


def test_a_query_is_named_by_its_place(message):
    query = '[[queries]]\nname = "{}"\nsql = "s"\nexpect = "= 0"\n'
    twice = query.format("a") + query.format("b") + query.format("a")
    assert message(MINIMAL + twice) == (
        'drill.toml: queries[2].name is "a", which is the name of queries[0] too; allowed is a name used once'
    )
    slow = query.format("a") + query.format("b") + "within = 2\n"
    assert message(MINIMAL + slow) == (
        f"drill.toml: queries[1].within is 2, which says no unit; allowed is {DURATION}"
    )


def test_several_errors_stand_on_a_line_each(message):
    tables = "".join(f"[tables.t{n}]\nmin_rows = -1\n" for n in range(13))
    lines = message(MINIMAL + tables).splitlines()
    assert lines[0] == "drill.toml: 13 errors"
    assert lines[1] == "  tables.t0.min_rows is -1; allowed is a whole number, 0 or more"
    assert len(lines) == 12
    assert lines[-1] == "  and 3 more"


def test_a_number_too_long_to_print_is_not_printed(message):
    found = message(MINIMAL.replace('"tiny"', "0x" + "f" * 5000))
    assert found.startswith("drill.toml: name is a number of more than 40 digits; ")


def test_a_found_value_is_shortened_and_cannot_write_to_the_terminal(message):
    assert f'is "{"x" * 37}..."; allowed' in message(MINIMAL.replace("tiny", "x y".replace(" y", "x" * 99)))
    assert '"\\x1b[31m"' in message(MINIMAL.replace("tiny", "\\u001b[31m"))


@pytest.mark.parametrize(
    "text",
    [
        MINIMAL.replace("backups", "postgresql://me:hunter2@db.example.com/app"),
        MINIMAL.replace("backups", "postgres://db.example.com/app?password=hunter2"),
        MINIMAL.replace("backups", "https://me:hunter2@example.com/x"),
        MINIMAL.replace("backups", "https://me:hun/hunter2@example.com/x"),
        MINIMAL.replace("backups", "https://example.com/x?X-Amz-Signature=hunter2"),
        MINIMAL.replace("backups", "https://example.com:x/x?session=hunter2"),
        MINIMAL.replace("backups", "host=db password=hunter2"),
        MINIMAL.replace("backups", "me:hunter2@db.example.com"),
        MINIMAL.replace("backups", "ftp://me:hunter2@example.com"),
        MINIMAL + 'identity_env = "AGE-hunter2"',
        MINIMAL + 'password = "hunter2"',
        MINIMAL + '[twilio]\nnumbers = "s"\nauth_token = "hunter2"',
        MINIMAL + '[twilio]\nnumbers = "s"\nwebhook = "https://me:hunter2@example.com"',
        MINIMAL + '[notify]\nurls_env = "https://hooks.example.com/hunter2"',
        MINIMAL + '[evidence]\narchive = "s3://me:hunter2@bucket"',
    ],
)
def test_no_secret_is_repeated(message, text):
    assert "hunter2" not in message(text)


@pytest.mark.parametrize(
    "url",
    [
        "runbook.md#{section}",
        "https://a.example.com/#{heading}",
        "https://a.example.com/{section",
        "ftp://a.example.com",
    ],
)
def test_a_link_to_the_runbook_leaves_open_what_is_known(message, url):
    assert "{section} and {item} may stand in it" in message(f'{MINIMAL}[evidence]\nrunbook = "{url}"')


def test_a_plan_may_say_of_the_evidence_where_the_runbook_is(write):
    plan = load(write(MINIMAL + '[evidence]\nrunbook = "https://a.example.com/{item}#{section}"'))
    assert plan.evidence.runbook.format(item="i", section="s") == "https://a.example.com/i#s"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("", "notify is a table, which tells nobody; allowed is urls_env, ping_env, or both"),
        ('urls_env = "A"\non = []', 'notify.on is a list, which is empty; allowed is a list of "fail", '),
        ('urls_env = "A"\non = ["fial"]', 'notify.on[0] is "fial"; allowed is a list of "fail", '),
        ('ping_env = "A"\non = ["pass"]', "notify.on is a list; allowed is nothing here without urls_env"),
        (
            'ping_env = "A"\nchecklist = true',
            "notify.checklist is true; allowed is nothing here without urls",
        ),
        (
            'ping_env = "https://hc.example.com/x"',
            "notify.ping_env is not shown here; allowed is the name of",
        ),
    ],
)
def test_notifications_that_nobody_would_get_are_refused(message, lines, why):
    assert message(f"{MINIMAL}[notify]\n{lines}").startswith(f"drill.toml: {why}")


def test_what_is_told_of_without_a_word(write):
    notify = load(write(MINIMAL + '[notify]\nurls_env = "A"')).notify
    assert notify is not None
    assert (notify.on, notify.checklist, notify.ping_env) == (("fail", "unverified", "recovery"), False, None)


def test_a_database_url_is_pointed_to_the_environment(write):
    with pytest.raises(PlanError) as caught:
        load(write(MINIMAL.replace("backups", "postgresql://db.example.com/app")))
    assert caught.value.message.startswith(
        "drill.toml: backup.source is a database's URL and is not shown here; "
    )
    assert "Secrets come from the environment" in caught.value.hint


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("", "empty;"),
        ("http://example.com/backup.sql", "which is not encrypted"),
        ("ftp://example.com/x", "whose kind is unknown"),
        ("s3:bucket", "allowed is"),
        ("https://", "allowed is"),
        ("https://[::1/x", "which is no valid URL"),
        ("file:", "allowed is"),
        ("file://server/share", "allowed is"),
    ],
)
def test_a_source_of_another_kind_is_refused(message, source, why):
    assert why in message(MINIMAL.replace("backups", source))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "plan drill.toml is empty"),
        (b"\xef\xbb\xbf" + MINIMAL.encode(), "plan drill.toml starts with a byte order mark"),
        (b'\nname = "\xff"', "plan drill.toml is not UTF-8 (at line 2)"),
        (MINIMAL.encode("utf-16"), "plan drill.toml is not UTF-8 (at line 1)"),
        (b"a = " + b"[" * 9000, "plan drill.toml is not valid TOML: nested too deeply"),
        (b"a = " + b"9" * 9000, "plan drill.toml is not valid TOML: a number has too many digits"),
        (b"#" * 1_000_001, "plan drill.toml is larger than a megabyte"),
    ],
)
def test_a_file_that_is_no_plan_is_one_sentence(message, content, expected):
    assert message(content) == expected


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('name = "a"\nname = "b"\n', 2),
        ("[tables.users]\n[tables.users]\n", 2),
        ("[backup]\n\nsource = backups\n", 3),
    ],
)
def test_a_syntax_error_names_its_line(message, content, line):
    assert re.match(
        rf"plan drill\.toml is not valid TOML: [^A-Z].*\(at line {line}, column \d+\)$", message(content)
    )


def test_an_absent_plan_points_to_the_options(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in (Path("drill.toml"), tmp_path / "drill.toml"):
        with pytest.raises(PlanError) as caught:
            load(path)
        assert caught.value.message == "plan drill.toml not found"
        assert "--drill-plan" in caught.value.hint
        assert "--drill-sample" in caught.value.hint


def test_what_is_no_file_is_no_plan(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    for path, sentence in (
        (tmp_path, "is a folder"),
        (Path("pipe"), "is not a regular file"),
        (Path("/dev/zero"), "is not a regular file"),
        (Path("a\0b"), "cannot be read"),
        (Path("pipe/drill.toml"), "not found"),
        (Path("x" * 999), "cannot be read: file name too long"),
    ):
        with pytest.raises(PlanError, match=sentence):
            load(path)


def test_an_unreadable_plan_says_why(write, monkeypatch):
    path = write(MINIMAL)

    def denied(*_args, **_kwargs):  # root reads everything, so the mode of the file would not do
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(PlanError, match=r"plan drill\.toml cannot be read: permission denied"):
        load(path)


LINES = SHIPPED.splitlines(keepends=True)
VALUES = st.sampled_from(
    [
        *b'0|-1|nan|inf|1e400|true|""|"x"|[]|{}|[[]]|[{}]|{ a = 1 }|2026-01-01|2026-13-01|07:32:00'.split(
            b"|"
        ),
        b"2026-01-01T00:00:00Z",
        b'"\\u0000"',
        b'"https://[::1"',
        b"0x" + b"f" * 5000,
    ]
)


@st.composite
def mutated(draw):
    """The shipped plan with a few lines lost, doubled, exchanged, given another value, or damaged."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 4)):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, draw(st.sampled_from(LINES)))
            case 2:
                key = lines[at].split(b"=")[0]
                lines[at] = key + b"= " + draw(VALUES) + b"\n"
            case 3:
                column = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:column] + draw(st.binary(max_size=4)) + lines[at][column + 1 :]
            case _:
                lines[at] = b"[" + lines[at].strip() + b"]\n"
    return b"".join(lines)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(mutated(), st.binary(max_size=200)))
def test_whatever_the_file_holds_it_is_a_plan_or_a_plan_error(write, content):
    path, refusal = write(content), None
    try:
        plan = load(path)
    except PlanError as error:
        refusal = error
    if refusal is None:
        assert plan.name
    else:
        assert refusal.message.startswith(("drill.toml: ", "plan drill.toml "))
        assert all(line.isprintable() for line in str(refusal).split("\n"))


# In pytest


def test_the_models_need_no_pytest():
    code = "import sys, plugins.plan; assert 'pytest' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.fixture
def project(tmp_path):
    """A project with claims of each kind beside a test that is none."""
    (tmp_path / "suites").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "fixtures/sample").mkdir(parents=True)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ("plugins.plan", "plugins.drill")\n')
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib -p no:cacheprovider\n")
    (tmp_path / "suites/test_claims.py").write_text(
        "def test_table(planned_table): print('T', planned_table)\n"
        "def test_recency(recency_table): print('R', recency_table)\n"
        "def test_query(query): print('Q', query)\n"
        "def test_endpoint(endpoint): print('E', endpoint)\n"
        "def test_name(plan): print('N', plan.name)\n"
    )
    (tmp_path / "tests/test_own.py").write_text("def test_own(): pass\n")

    def run(*args):
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-s", "-W", "ignore", *args],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    run.path = tmp_path
    return run


def test_a_claim_is_made_once_for_each_thing_of_the_plan(project):
    (project.path / "drill.toml").write_text(
        MINIMAL
        + '[tables.a]\nrecency = "x"\n[tables."b.c"]\n[[queries]]\nname = "q 1"\nsql = "s"\nexpect = "= 0"\n'
    )
    done = project("suites", "--collect-only")
    ids = re.findall(r"::(\S+\[.*\])", done.stdout)
    assert ids == [
        "test_table[public.a]",
        "test_table[b.c]",
        "test_recency[public.a]",
        "test_query[q 1]",
        "test_endpoint[none]",
    ]


def test_the_plan_is_a_fixture(project):
    (project.path / "other.toml").write_text(MINIMAL)
    done = project("suites", "--drill-plan", "other.toml", "-k", "test_name")
    assert "N tiny" in done.stdout, done.stdout + done.stderr


def test_the_sample_has_a_plan_of_its_own(project):
    (project.path / "fixtures/sample/plan.toml").write_text(MINIMAL.replace("tiny", "made-up"))
    assert "N made-up" in project("suites", "--drill-sample", "-k", "test_name").stdout


def test_a_bad_plan_is_a_usage_error_before_anything_runs(project):
    done = project("suites")
    assert done.returncode == 4
    assert done.stderr.splitlines()[0] == "ERROR: plan drill.toml not found"
    assert "Traceback" not in done.stdout + done.stderr
    assert "HINT: " in done.stderr


def test_the_projects_own_tests_need_no_plan(project):
    assert project("tests").returncode == 0
