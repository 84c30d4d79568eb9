"""The one sentence that says what is wrong with a plan."""

import pytest

from plugins.errors import PlanError
from plugins.plan import load
from tests.plan.texts import ENDPOINT, MINIMAL, QDRANT

SCALARS = 'a table of texts, numbers, true and false, such as { status = "ok", checks.database = true }'
DURATION = 'a duration such as "4h", "30m", "250ms" or "1h30m" (units w, d, h, m, s, ms)'


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
