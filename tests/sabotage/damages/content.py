"""The rows of the newest backup: what is missing, extra, changed or old in them. The file itself is whole.

Rows that contradict nothing else in the backup are as good as others to whoever has only the backup: such a
damage is found by what was written down before, the manifest and the earlier drills.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from . import damage
from .edits import column, copy_of, lines_of, replaced, rows, statements
from .file import UNRESTORED

# What is not as the manifest says once a row is not what it was.
NOTED = "backup-manifest restored-manifest"
# One row that the server refuses takes all rows of its table with it.
REFUSED = "restored-without-loss row-counts row-content minimum-rows critical-queries"
FEWER = f"{NOTED} rows-since-last-drill"


@damage(compared=NOTED, bounded=True)
def one_row_missing(text: str) -> str:
    """One call is missing in the middle of its table."""
    return rows(text, "public.call_logs", lambda calls: calls[:70] + calls[71:])


@damage(compared=NOTED)
def one_row_extra(text: str) -> str:
    """One call more than there was, in a gap of the numbers."""

    def more(calls: list[str]) -> list[str]:
        numbers = {int(call.split("\t")[0]) for call in calls}
        free = str(min(set(range(1, max(numbers))) - numbers))
        return [*calls, column(column(calls[0], 0, free), 4, "CA" + "f" * 32)]

    return rows(text, "public.call_logs", more)


@damage(compared=NOTED)
def one_value_changed(text: str) -> str:
    """The duration of one call is another one."""
    return rows(
        text,
        "public.call_logs",
        lambda calls: [column(call, 6, "899") if n == 5 else call for n, call in enumerate(calls)],
    )


@damage(compared=NOTED)
def one_secret_changed(text: str) -> str:
    """One calendar's refresh token is another one."""
    return rows(
        text,
        "public.google_calendar_integrations",
        lambda known: [column(known[0], 4, "sample-token-refresh-x"), *known[1:]],
    )


@damage(compared=NOTED)
def null_for_empty(text: str) -> str:
    """A user's name became NULL."""
    return rows(text, "public.users", lambda users: [column(users[0], 3, "\\N"), *users[1:]])


@damage(fails=REFUSED, compared=FEWER)
def one_column_shifted(text: str) -> str:
    """The values of one user stand one column further left."""

    def shift(users: list[str]) -> list[str]:
        values = users[3].removesuffix("\n").split("\t")
        return [*users[:3], "\t".join([*values[1:], values[0]]) + "\n", *users[4:]]

    return rows(text, "public.users", shift)


@damage(compared=NOTED)
def two_columns_swapped(text: str) -> str:
    """Title and MIME type of every document are swapped."""

    def swap(row: str) -> str:
        values = row.removesuffix("\n").split("\t")
        values[2], values[3] = values[3], values[2]
        return "\t".join(values) + "\n"

    return rows(text, "public.rag_documents", lambda documents: [swap(row) for row in documents])


@damage(
    fails="minimum-rows qdrant-documents qdrant-chunks",
    compared=f"{NOTED} rows-since-last-drill",
    source="TRUNCATE public.rag_documents",
)
def all_rows_of_a_table_missing(text: str) -> str:
    """The table of documents is there, and empty."""
    return rows(text, "public.rag_documents", lambda _: [])


@damage(
    fails=REFUSED.replace("restored-without-loss ", "")
    + " google-calendar-tokens physical-integrity check-constraints vector-dimensions unique-keys "
    "sequences-ahead foreign-keys",
    compared=f"{FEWER} tables-vanished schema-reference",
)
def a_table_missing(text: str) -> str:
    """The table of calendars is not in the backup at all."""
    name = "public.google_calendar_integrations"
    text = copy_of(name).sub("", text)
    lines = [line for line in text.split("\n") if f"TABLE {name}" not in line or "CREATE TABLE" in line]
    text = statements(
        "\n".join(lines),
        f"CREATE TABLE {name}",
        'CREATE POLICY "Service role does all',
    )
    for constraint in ("location_id_calendar_id_key UNIQUE", "pkey PRIMARY", "location_id_fkey FOREIGN"):
        text = statements(text, f"    ADD CONSTRAINT google_calendar_integrations_{constraint}")
    return text.replace(f"ALTER TABLE ONLY {name}\n", "")


@damage(
    fails=f"{REFUSED} schema-complete qdrant-agreement qdrant-orphans qdrant-green qdrant-snapshots "
    "qdrant-documents qdrant-chunks qdrant-search qdrant-vectors",
    compared=f"{FEWER} schema-reference",
)
def two_tables_swapped(text: str) -> str:
    """The rows of the organizations stand in the table of locations, and the other way round."""
    first, second = copy_of("public.organizations").search(text), copy_of("public.locations").search(text)
    assert first
    assert second
    return (
        text.replace(first[0], "@1@").replace(second[0], "@2@")
        .replace("@1@", first[1] + second[2] + first[3]).replace("@2@", second[1] + first[2] + second[3])
    )  # fmt: skip


@damage(fails="qdrant-orphans", compared=NOTED)
def all_rows_of_a_tenant_missing(text: str) -> str:
    """All that belongs to one organization is missing, in every table."""
    organization = copy_of("public.organizations").search(text)[2].split("\t")[0]
    text = rows(text, "public.organizations", lambda known: known[1:])
    gone = {organization}
    # Whose rows are known by a row that is gone, from table to table.
    for table, key in (
        ("public.locations", 1), ("public.agent_configs", 1), ("public.phone_numbers", 1),
        ("public.google_calendar_integrations", 1), ("public.call_logs", 1), ("public.rag_documents", 1),
        ("public.users", 1), ("auth.users", -1), ("auth.identities", 1),
    ):  # fmt: skip
        kept: list[str] = []
        for row in lines_of(copy_of(table).search(text)[2]):
            values = row.split("\t")
            own = values[1] if table == "auth.users" else values[0]
            if (own if key == -1 else values[key]) in gone:
                gone.add(own)
            else:
                kept.append(row)
        text = rows(text, table, lambda _, kept=kept: kept)
    return text


@damage(fails="restored-without-loss schema-complete", compared=f"{NOTED} schema-reference")
def a_block_duplicated(text: str) -> str:
    """The rows of the calls stand twice in the backup."""
    return rows(text, "public.call_logs", lambda calls: calls + calls)


@damage(compared=f"{NOTED} schema-reference")
def a_block_duplicated_without_a_key(text: str) -> str:
    """The rows of a table without a key stand twice in the backup."""
    text = statements(text, "    ADD CONSTRAINT schema_migrations_pkey")
    text = text.replace("ALTER TABLE ONLY supabase_migrations.schema_migrations\n", "")
    return rows(text, "supabase_migrations.schema_migrations", lambda known: known + known)


@damage(fails=f"{REFUSED} data-recency", compared=FEWER)
def invalid_utf8(text: str) -> str:
    """A transcript holds a byte that is no UTF-8."""
    return rows(text, "public.call_logs", lambda calls: [column(calls[0], 8, "\\xff"), *calls[1:]])


@damage(fails=f"backup-complete {UNRESTORED}", compared="backup-manifest schema-reference")
def a_zero_in_text(text: str) -> str:
    """A transcript holds a byte of zero, which no text of PostgreSQL can."""
    return rows(text, "public.call_logs", lambda calls: [column(calls[0], 8, "a\0b"), *calls[1:]])


def _earlier(by: timedelta):
    def earlier(stamp: str) -> str:
        moved = datetime.fromisoformat(stamp) - by
        # As the server prints it: without zeros at the end.
        whole, _, parts = moved.replace(tzinfo=None).isoformat(" ").partition(".")
        return f"{whole}.{parts.rstrip('0')}+00" if parts else f"{whole}+00"

    return lambda calls: [column(call, 5, earlier) for call in calls]


@damage(
    fails="data-recency critical-queries",
    compared=NOTED,
    source="UPDATE public.call_logs SET started_at = started_at - interval '30 days'; "
    "REFRESH MATERIALIZED VIEW public.daily_calls",
)
def stale_data_in_a_fresh_file(text: str) -> str:
    """The newest call is a month older than the backup says that it is."""
    return rows(text, "public.call_logs", _earlier(timedelta(days=30)))


@damage(fails="data-recency", compared=NOTED)
def timestamps_of_the_future(text: str) -> str:
    """Calls are later than the backup."""
    return rows(text, "public.call_logs", _earlier(-timedelta(days=3)))


@damage(compared=NOTED)
def constant_timestamps(text: str) -> str:
    """All calls began at one instant: the newest one's."""

    def same(calls: list[str]) -> list[str]:
        newest = calls[-1].split("\t")[5]
        return [column(call, 5, newest) for call in calls]

    return rows(text, "public.call_logs", same)


@damage(
    fails="restored-without-loss schema-complete critical-queries",
    compared=f"{NOTED} schema-reference",
    # There the key is made of no rows, and is not checked as they come.
    in_form={"CLI set": "foreign-keys critical-queries"},
    source="SET session_replication_role = replica; UPDATE public.call_logs SET location_id = "
    "'00000000-0000-4000-8000-000000000000' WHERE id = (SELECT min(id) FROM public.call_logs); "
    "REFRESH MATERIALIZED VIEW public.daily_calls",
)
def orphans(text: str) -> str:
    """A call names a location that is not there, and the key that forbids it cannot be made."""
    nobody = "00000000-0000-4000-8000-000000000000"
    return rows(text, "public.call_logs", lambda calls: [column(calls[0], 1, nobody), *calls[1:]])


@damage(compared=f"{NOTED} rows-since-last-drill")
def values_lost_in_many_rows(text: str) -> str:
    """Every transcript is gone; the rows are there."""
    return rows(text, "public.call_logs", lambda calls: [column(call, 8, "\\N") for call in calls])


@damage(fails="row-content", compared=f"{NOTED} schema-reference")
def a_value_that_the_server_rounds(text: str) -> str:
    """A duration has places that its column does not keep, and the server changes it without a word."""
    text = replaced(text, "    duration_seconds integer,", "    duration_seconds numeric(6,0),")
    return rows(text, "public.call_logs", lambda calls: [column(calls[0], 6, "12.4"), *calls[1:]])
