"""The recovery point: what tells it, what it costs, and how fresh the rows are beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from fixtures.restore.recovery import TOLERANCE, Recency, RecoveryPoint, recency, recovery_point
from plugins.errors import BackupError, DrillError
from plugins.evidence import Facts

NOW = datetime(2026, 11, 24, tzinfo=UTC)
HOUR = timedelta(hours=1)


def point(
    *, taken_at=NOW - HOUR, told_by="name", dumped_at=None, overridden=False, ours=False, restored=None
):
    evidence = Facts()
    made = recovery_point.__wrapped__(
        SimpleNamespace(backup=SimpleNamespace(taken_by_the_drill=ours)),
        SimpleNamespace(restored=restored),
        SimpleNamespace(label="b.sql", taken_at=taken_at, taken_at_from=told_by),
        SimpleNamespace(dumped_at=dumped_at),
        SimpleNamespace(now=NOW, now_overridden=overridden),
        evidence,
    )
    return made, evidence.known


@pytest.mark.parametrize("told_by", ["name", "name and file time"])
def test_the_name_speaks_before_the_dump(told_by):
    made, known = point(told_by=told_by, dumped_at=NOW - 9 * HOUR)
    assert (made.instant, made.told_by, made.data_loss) == (NOW - HOUR, told_by, HOUR)
    assert known["backup"] == {"recovery_point": "2026-11-23T23:00:00Z", "recovery_point_from": told_by}
    assert known["measurements"] == {"data_loss_seconds": 3600.0}


def test_the_dump_speaks_before_the_files_time():
    made, _ = point(told_by="file time", dumped_at=NOW - 9 * HOUR)
    assert (made.instant, made.told_by, made.data_loss) == (NOW - 9 * HOUR, "archive header", 9 * HOUR)


def test_the_files_time_speaks_last():
    made, _ = point(told_by="file time")
    assert (made.told_by, made.data_loss) == ("file time", HOUR)


@pytest.mark.parametrize("how", [{"ours": True}, {"restored": "postgresql://"}], ids=["taken", "restored"])
def test_no_data_loss_is_measured_of_a_backup_that_waited_for_the_drill_or_was_not_restored(how):
    made, known = point(told_by="snapshot", **how)
    assert made.instant == NOW - HOUR
    assert "measurements" not in known


def test_a_files_time_after_the_now_that_was_set_tells_nothing():
    with pytest.raises(DrillError, match=r"the age of b\.sql cannot be told") as caught:
        point(told_by="file time", taken_at=NOW + HOUR, overridden=True)
    assert not isinstance(caught.value, BackupError)
    assert point(told_by="name", taken_at=NOW + HOUR, overridden=True)[0].is_future
    assert point(told_by="file time", taken_at=NOW + HOUR)[0].is_future
    assert point(told_by="file time", taken_at=NOW + HOUR, dumped_at=NOW, overridden=True)[0].instant == NOW


@pytest.mark.parametrize(
    ("ahead", "future"), [(timedelta(0), False), (TOLERANCE, False), (TOLERANCE + timedelta(seconds=1), True)]
)
def test_clocks_may_differ_by_five_minutes(ahead, future):
    assert timedelta(minutes=5) == TOLERANCE
    assert RecoveryPoint(instant=NOW + ahead, told_by="name", data_loss=-ahead).is_future is future


def fresh(newest: dict, **quiet) -> Recency:
    return Recency(
        newest=newest, quiet={**dict.fromkeys(newest), **quiet}, recovery_point=NOW - HOUR, now=NOW
    )


def test_recency_is_of_the_newest_row_of_all_tables():
    made = fresh({"a": NOW - 5 * HOUR, "b": NOW - 2 * HOUR, "c": None})
    assert made.data_recency == 2 * HOUR


def test_only_tables_that_are_never_quiet_must_be_recent():
    made = fresh({"a": NOW - 5 * HOUR, "b": NOW - 2 * HOUR}, b=timedelta(days=3))
    assert (made.data_recency, made.of_tables_never_quiet) == (2 * HOUR, 5 * HOUR)


@pytest.mark.parametrize("newest", [{}, {"a": None}, {"a": None, "b": NOW}])
def test_over_no_row_there_is_no_recency(newest):
    with pytest.raises(BackupError, match="no table with a recency column has a row"):
        _ = fresh(newest, b=timedelta(days=3)).of_tables_never_quiet


def test_a_table_is_judged_by_the_recovery_point_and_not_by_now():
    made = fresh({"a": NOW - 3 * HOUR, "none": None}, a=2 * HOUR)
    assert made.lag("a") == 2 * HOUR
    assert not made.is_too_quiet("a")
    assert fresh({"a": NOW - 3 * HOUR}, a=2 * HOUR - timedelta(seconds=1)).is_too_quiet("a")
    assert not fresh({"a": NOW - 9999 * HOUR}).is_too_quiet("a")
    with pytest.raises(BackupError, match="none has no row"):
        made.lag("none")


@pytest.mark.parametrize(("ahead", "later"), [(TOLERANCE, False), (TOLERANCE + timedelta(seconds=1), True)])
def test_a_row_later_than_the_backup(ahead, later):
    assert fresh({"a": NOW - HOUR + ahead}).is_later_than_the_backup("a") is later


def recency_of(newest: dict, *, from_archive: bool = True):
    evidence = Facts()
    tables = {
        name: SimpleNamespace(recency="at", max_quiet=None) for name in newest
    } | {"plain": SimpleNamespace(recency=None, max_quiet=None)}  # fmt: skip
    made = recency.__wrapped__(
        SimpleNamespace(newest=lambda table, _column: newest[table], from_archive=from_archive),
        SimpleNamespace(tables=tables),
        SimpleNamespace(now=NOW, once=lambda _name, make: make()),
        evidence,
        SimpleNamespace(getfixturevalue=lambda _name: SimpleNamespace(instant=NOW - HOUR)),
    )
    return made, evidence.known


def test_recency_is_written_down():
    made, known = recency_of({"a": NOW - 2 * HOUR})
    assert (set(made.newest), made.recovery_point) == ({"a"}, NOW - HOUR)
    assert known["measurements"] == {"data_recency_seconds": 7200.0}


def test_recency_over_no_row_is_not_written_down():
    made, known = recency_of({"a": None})
    assert (made.newest, known) == ({"a": None}, {})


def test_what_somebody_else_restored_is_compared_with_now():
    assert recency_of({"a": NOW}, from_archive=False)[0].recovery_point == NOW


def test_no_row_is_shown():
    assert "2026" not in repr(fresh({"a": NOW})).partition("recovery_point")[0]
