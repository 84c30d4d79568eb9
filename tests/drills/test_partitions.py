"""Backups with partitioned tables, in both ways that pg_dump brings their rows."""

from __future__ import annotations

import pytest

TREE = """\
CREATE TABLE public.calls (id bigint, at timestamp with time zone)
PARTITION BY HASH (id);
CREATE TABLE public.calls_0 (id bigint, at timestamp with time zone);
CREATE TABLE public.calls_1 (id bigint, at timestamp with time zone);
ALTER TABLE ONLY public.calls ATTACH PARTITION public.calls_0 FOR VALUES WITH (modulus 2, remainder 0);
ALTER TABLE ONLY public.calls ATTACH PARTITION public.calls_1 FOR VALUES WITH (modulus 2, remainder 1);
"""
ROWS = {1: "1\t2026-11-22 01:00:00+00", 2: "2\t2026-11-22 01:30:00+00", 3: "3\t2026-11-22 01:40:00+00"}


def copy(table: str, *numbers: int) -> str:
    return "\n".join([f"COPY public.{table} (id, at) FROM stdin;", *map(ROWS.__getitem__, numbers), "\\.\n"])


@pytest.fixture
def partitioned(small):
    """A backup whose rows come as told, and a plan that names the partitioned table."""

    def write(rows: str) -> tuple[object, ...]:
        plan = '[objectives]\nrpo = "24h"\n[tables.calls]\nmin_rows = 3\nrecency = "at"\n'
        small.write(more=TREE + rows, plan=plan)
        return small.args("--drill-server", "embedded")

    return write


def test_rows_that_come_through_the_partitioned_table(partitioned, drill_run):
    run = drill_run(*partitioned(copy("calls", 1, 2, 3)))
    assert (run.code, run.not_green()) == (0, {}), run.output
    told = {table["name"]: table for table in run.evidence["tables"]}
    assert (told["public.calls"]["rows_in_backup"], told["public.calls"]["rows_restored"]) == (3, 3)
    assert told["public.calls_0"]["rows_in_backup"] is None
    assert "restored    5 rows in 3 tables, each as in the backup\n" in run.output
    assert any("how many rows public.calls_0" in text for text in run.evidence["not_proven"])


def test_a_row_that_no_partition_takes_is_missed(partitioned, drill_run):
    run = drill_run(*partitioned(copy("calls", 1, 2, 3).replace("\n3\t", "\n4\tnever\n3\t")))
    # A value that is no instant: the server refuses the whole COPY.
    assert run.not_green()["row-counts"] == "fail"
    assert run.code == 1


def test_the_plan_names_a_partitioned_table_whose_rows_come_by_partition(small, drill_run):
    tree = TREE.replace("HASH (id)", "LIST (id)").replace(
        "WITH (modulus 2, remainder 0)", "IN (1, 2)"
    ).replace("WITH (modulus 2, remainder 1)", "IN (3)")  # fmt: skip
    plan = '[objectives]\nrpo = "24h"\n[tables.calls]\nmin_rows = 3\nrecency = "at"\n'
    small.write(more=tree + copy("calls_0", 1, 2) + copy("calls_1", 3), plan=plan)
    run = drill_run(*small.args("--drill-server", "embedded"))
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert "restored    5 rows in 3 tables, each as in the backup\n" in run.output
    small.write(more=tree + copy("calls_0", 1, 2) + copy("calls_1"), plan=plan)
    run = drill_run(*small.args("--drill-server", "embedded"))
    assert run.not_green() == {"minimum-rows": "fail"}
