"""What a look says of one table, of the others and of all; and where there is nothing to look at."""

from __future__ import annotations

import pytest

from fixtures.restore import Restored
from fixtures.restore.database import Database
from fixtures.restore.findings import Finding, Findings
from fixtures.restore.look import Look
from plugins.errors import BackupError, DrillError, NothingToCheckError

ROWS = dict.fromkeys(["public.a", "public.b", "public.p1", "public.p2", "public.none"], 1)
FOUND = Finding("k ON public.a", "has 2 orphans", "public.a")
IN_PARTITION = Finding("k ON public.p2", "has 1 orphan", "public.p2")
UNTOLD = Finding("k ON public.b", "could not be checked", "public.b")


def looked(
    *found: Finding, untold: tuple[Finding, ...] = (), tables: tuple[str, ...] = ("a", "b", "p1", "p2")
):
    restored = Restored(
        Database({}, "restored"), rows=ROWS, diagnoses=(), phases={}, stand_ins=(),
        partitions={"public.p": ("public.p1", "public.p2")},
    )  # fmt: skip
    names = frozenset(f"public.{name}" for name in tables)
    return Look("foreign keys", Findings(found, untold), names).within(restored)


def test_of_one_table_and_of_the_others():
    made = looked(FOUND, IN_PARTITION)
    assert made.of("public.a") == [FOUND]
    assert made.of("public.b") == []
    assert made.but_of(["public.a"]) == [IN_PARTITION]
    assert made.all() == [FOUND, IN_PARTITION]


def test_a_partitioned_table_is_all_that_lies_below_it():
    made = looked(FOUND, IN_PARTITION)
    assert made.of("public.p") == [IN_PARTITION]
    assert made.but_of(["public.p"]) == [FOUND]


def test_what_is_not_told_is_no_pass_and_is_that_tables_own():
    made = looked(untold=(UNTOLD,))
    with pytest.raises(DrillError, match=r"k ON public\.b could not be checked"):
        made.of("public.b")
    assert made.of("public.a") == []
    assert made.but_of(["public.b"]) == []
    with pytest.raises(DrillError):
        made.all()


def test_what_was_found_outweighs_what_is_not_told():
    assert looked(FOUND, untold=(UNTOLD,)).all() == [FOUND]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda made: made.of("public.none"), r"public\.none has no foreign keys"),
        (lambda made: made.but_of(["public.a"]), "the other tables have no foreign keys"),
    ],
)
def test_nothing_of_the_kind_is_no_pass(ask, said):
    with pytest.raises(NothingToCheckError, match=said):
        ask(looked(tables=("a",)))


def test_nothing_at_all_is_no_pass():
    with pytest.raises(NothingToCheckError, match="the database has no foreign keys"):
        looked(tables=()).all()


def test_a_table_that_is_not_there_is_missed():
    with pytest.raises(BackupError, match=r"no table public\.gone"):
        looked().of("public.gone")
