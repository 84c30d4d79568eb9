"""The backup has the shape of a dashboard download, equal bytes for equal inputs, and restores."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta

import pytest

from fixtures.sample.company import Company
from fixtures.sample.dump import write_backup, write_world

BLOCK = re.compile(r"^COPY (\S+) (\([^\n]+\)) FROM stdin;\n((?:(?!\\\.\n)[^\n]*\n)*)\\\.\n", re.MULTILINE)
COUNTS = {
    "auth.identities": 150,
    "auth.refresh_tokens": 0,
    "auth.users": 150,
    "public.agent_configs": 55,
    "public.call_logs": 12_000,
    "public.google_calendar_integrations": 25,
    "public.locations": 40,
    "public.organizations": 12,
    "public.phone_numbers": 60,
    "public.rag_documents": 300,
    "public.users": 150,
    "storage.buckets": 3,
    "storage.objects": 300,
    "supabase_migrations.schema_migrations": 3,
}
# What the wheel's server cannot do; everything else of the text must go through.
EMBEDDED_ERRORS = {
    'role "supabase_admin" already exists',
    'extension "pgcrypto" is not available',
    'extension "pgcrypto" does not exist',
    'extension "uuid-ossp" is not available',
    'extension "uuid-ossp" does not exist',
}
STAND_IN = """
CREATE FUNCTION extensions.uuid_generate_v4() RETURNS uuid LANGUAGE sql
AS 'SELECT pg_catalog.gen_random_uuid()';
"""


def read(path):
    return gzip.decompress(path.read_bytes()).decode()


def blocks(text):
    """Table -> (its columns, its lines); the block in the body of public.log_note is none."""
    found = BLOCK.finditer(text, text.index("Type: TABLE DATA"))
    return {match[1]: (match[2], match[3].split("\n")[:-1]) for match in found}


@pytest.fixture(scope="module")
def newest(world):
    return world / "backups" / "db_cluster-24-11-2026@02-00-00.backup.gz"


@pytest.fixture(scope="module")
def text(newest):
    return read(newest)


@pytest.fixture(scope="module")
def restored(psql, text):
    """psql, after the text went through it once; with its complaints."""
    before, comment, after = text.partition('COMMENT ON EXTENSION "uuid-ossp"')
    assert comment
    done = psql(f"{before}{comment}{after.replace(';', ';' + STAND_IN, 1)}")
    return psql, re.findall(r"^ERROR:  (.*)$", done.stderr, re.MULTILINE)


# Eight daily backups, and one of each of the two weeks before.
DAYS = (3, 10, *range(17, 25))


def test_world_holds_daily_and_weekly_backups_stamped_with_their_time(world):
    paths = sorted((world / "backups").iterdir())
    assert [path.name for path in paths] == [
        f"db_cluster-{day:02}-11-2026@02-00-00.backup.gz" for day in DAYS
    ]
    for day, path in zip(DAYS, paths, strict=True):
        assert datetime.fromtimestamp(path.stat().st_mtime, UTC) == datetime(2026, 11, day, 2, tzinfo=UTC)


def test_older_backups_are_smaller_and_hold_no_call_after_their_time(world):
    paths = sorted((world / "backups").iterdir())
    sizes = [path.stat().st_size for path in paths]
    assert sizes == sorted(set(sizes))
    assert sizes[-8] > 0.8 * sizes[-1]
    for day, path in zip(DAYS, paths, strict=True):
        newest_call = max(line.split("\t")[5] for line in blocks(read(path))["public.call_logs"][1])
        assert f"2026-11-{day - 1:02} 02" < newest_call < f"2026-11-{day:02} 02:00:00"


def test_the_archive_holds_a_backup_of_each_of_twelve_months(world):
    paths = sorted((world / "archive").iterdir(), key=lambda path: path.stat().st_mtime)
    months = [f"{month:02}-{year}" for year in (2025, 2026) for month in range(1, 13)][11:23]
    assert [path.name for path in paths] == [f"db_cluster-01-{month}@02-00-00.backup.gz" for month in months]
    assert len(blocks(read(paths[0]))["public.users"][1]) == COUNTS["public.users"]


def test_equal_inputs_give_equal_bytes(world, tmp_path, now):
    write_world(tmp_path / "again", now=now)
    for path in (world / "backups").iterdir():
        assert (tmp_path / "again" / "backups" / path.name).read_bytes() == path.read_bytes()


def test_share_keeps_the_leading_rows(newest, text, tmp_path, now):
    company = Company.make(now=now)
    path = write_backup(company, tmp_path, taken_at=company.recovery_point, share=0.5)
    assert path.name == newest.name
    whole, half = blocks(text), blocks(read(path))
    for table in ("public.call_logs", "public.rag_documents"):
        assert half[table][1] == whole[table][1][: COUNTS[table] // 2]
    assert half["public.users"] == whole["public.users"]


@pytest.mark.parametrize("backups", [0, 41])
def test_a_world_older_than_the_company_is_refused(tmp_path, now, backups):
    with pytest.raises(ValueError, match=f"backups is {backups}"):
        write_world(tmp_path, now=now, backups=backups)


def test_text_has_the_shape_of_pg_dumpall(text):
    assert text.startswith("--\n-- PostgreSQL database cluster dump\n--\n\n\\restrict ")
    assert text.endswith("--\n-- PostgreSQL database cluster dump complete\n--\n\n")
    assert text.count("\n-- PostgreSQL database dump complete\n") == 2
    assert re.findall(r"^\\connect (.*)$", text, re.MULTILINE) == ["template1", "postgres"]
    opened = re.findall(r"^\\restrict (\w{63})$", text, re.MULTILINE)
    assert len(set(opened)) == 3
    assert re.findall(r"^\\unrestrict (\w{63})$", text, re.MULTILINE) == opened
    assert "PASSWORD" not in text
    assert "@TOKEN" not in text
    versions = re.findall(r"^-- Dumped .*$", text, re.MULTILINE)
    assert versions[:2] == versions[2:]
    assert versions[0] == "-- Dumped from database version 17.4"
    assert versions[1].startswith("-- Dumped by pg_dump version 17.6 (")


def test_data_has_every_row_of_every_table(text):
    assert {table: len(lines) for table, (_, lines) in blocks(text).items()} == COUNTS
    for columns, lines in blocks(text).values():
        assert {line.count("\t") for line in lines} <= {columns.count(",")}


def test_data_has_lines_that_look_like_comments_and_ends(text):
    lines = [line for _, lines in blocks(text).values() for line in lines]
    comments = [line.split("\t")[0] for line in lines if line.startswith("--")]
    assert comments == ["-- old exports", "-- no version, and no comment"]
    assert any(line.startswith("\\\\.") for line in lines)


def test_restore_reports_only_what_the_server_lacks(restored):
    _, errors = restored
    assert len(errors) == len(EMBEDDED_ERRORS)
    assert set(errors) == EMBEDDED_ERRORS


def test_restored_rows_read_back_as_they_were_written(restored, text):
    psql, _ = restored
    assert len(blocks(text)) == len(COUNTS)
    for table, (columns, lines) in blocks(text).items():
        read_back = psql(f"COPY {table} {columns} TO STDOUT;").stdout
        assert sorted(read_back.split("\n")[:-1]) == sorted(lines), table


def test_restored_objects_are_there(restored, now):
    psql, _ = restored
    found = psql(
        """
        \\pset tuples_only on
        \\pset format unaligned
        SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated;
        SELECT count(*) FROM pg_policies;
        SELECT string_agg(evtname, ' ' ORDER BY evtname) FROM pg_event_trigger;
        SELECT count(*) FROM pg_publication_tables WHERE pubname = 'supabase_realtime';
        SELECT sum(calls) FROM public.daily_calls;
        SELECT nextval('public.call_logs_id_seq') - max(id) FROM public.call_logs;
        SELECT max(started_at) FROM public.call_logs;
        """
    ).stdout.split("\n")[:-1]
    # Ten keys join the eight tables, one leads to auth.users, and two are Supabase's own.
    assert found[:6] == ["13", "6", "issue_pg_net_access pgrst_ddl_watch", "2", "12000", "1"]
    newest_call = datetime.fromisoformat(found[6])
    assert now - timedelta(hours=9) < newest_call < now.replace(hour=2, minute=0)
