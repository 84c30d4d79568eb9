"""Earlier drills: appended by many, read in spite of what a crash left."""

from __future__ import annotations

import json
import multiprocessing

import pytest

from plugins.history import KEPT, append, drills, last_of


def evidence(drill_id: str, *, plan: str = "p", sample: bool = False, **more) -> dict:
    return {
        **dict.fromkeys(KEPT),
        "drill_id": drill_id,
        "sample": sample,
        "plan": {"name": plan, "sha256": "00"},
        "verdict": "pass",
        **more,
    }


@pytest.fixture
def history(tmp_path):
    return tmp_path / "reports" / "history.jsonl"


def ids(history) -> list[str]:
    return [drill["drill_id"] for drill in drills(history)]


def test_there_is_no_history_at_first(history):
    assert list(drills(history)) == []
    assert last_of(history, "p", sample=False) is None


def test_a_drill_is_one_line_with_the_digest_of_its_evidence(history):
    checks = [{"control": "b", "verdict": "fail"}, {"control": "a", "verdict": "unverified"}] * 2
    append(history, evidence("one", checks=[*checks, {"control": "c", "verdict": "pass"}]), sha256="ab")
    (line,) = history.read_text().splitlines()
    assert set(json.loads(line)) == {*KEPT, "answers", "not_passed", "sha256"}
    assert json.loads(line)["not_passed"] == ["a", "b"]
    assert json.loads(line)["sha256"] == "ab"


def test_of_a_table_the_line_has_what_a_later_drill_asks_for(history):
    """Of thousands of tables the digests would be most of it."""
    table = {"name": "public.t", "rows_restored": 2, "bytes_restored": 8192, "partitioned": False}
    append(history, evidence("one", tables=[{**table, "digest_restored": "00" * 16}]), sha256="1")
    (drill,) = drills(history)
    assert drill["tables"] == [table]


def test_drills_are_told_oldest_first(history):
    for name in ("b", "a", "c"):
        append(history, evidence(name), sha256=name)
    assert ids(history) == ["b", "a", "c"]


def test_a_torn_last_line_costs_itself_only(history):
    append(history, evidence("one"), sha256="1")
    with history.open("ab") as handle:
        handle.write(b'{"drill_id": "torn", "pl')
    append(history, evidence("two"), sha256="2")
    assert ids(history) == ["one", "two"]
    assert last_of(history, "p", sample=False) == {"drill_id": "two", "sha256": "2"}


def test_a_last_line_that_is_cut_within_a_letter(history):
    append(history, evidence("one"), sha256="1")
    with history.open("ab") as handle:
        handle.write('{"drill_id": "ü'.encode()[:-1])
    append(history, evidence("two"), sha256="2")
    assert ids(history) == ["one", "two"]


def test_lines_that_are_no_drills_are_left_out(history):
    append(history, evidence("one"), sha256="1")
    with history.open("a") as handle:
        handle.write('\n[]\n"text"\n7\nnull\n{"note": "by hand"}\n# a comment\n')
    append(history, evidence("two"), sha256="2")
    assert ids(history) == ["one", "two"]


@pytest.mark.parametrize("odd", ['{"drill_id": "odd"}', '{"drill_id": "odd", "plan": null}'])
def test_a_drill_of_another_version_is_not_the_one_before(history, odd):
    append(history, evidence("one"), sha256="1")
    with history.open("a") as handle:
        handle.write(odd + "\n")
    assert last_of(history, "p", sample=False) == {"drill_id": "one", "sha256": "1"}


def test_a_name_with_odd_letters_stays_on_its_line(history):
    append(history, evidence("one", plan="line\u2028and\x85next\n"), sha256="1")
    append(history, evidence("two"), sha256="2")
    assert ids(history) == ["one", "two"]


def test_the_drill_before_is_of_the_same_plan_and_as_real(history):
    append(history, evidence("real"), sha256="1")
    append(history, evidence("sample", sample=True), sha256="2")
    append(history, evidence("other", plan="q"), sha256="3")
    assert last_of(history, "p", sample=False) == {"drill_id": "real", "sha256": "1"}
    assert last_of(history, "p", sample=True) == {"drill_id": "sample", "sha256": "2"}
    assert last_of(history, "q", sample=False) == {"drill_id": "other", "sha256": "3"}
    assert last_of(history, "q", sample=True) is None


def append_many(history, start, worker: int) -> None:
    start.wait()
    for number in range(20):
        # Longer than what a buffer holds, so that an append without a lock comes in pieces.
        append(history, evidence(f"{worker}-{number}", tables=["x" * 20_000]), sha256="0")


def test_many_processes_append_at_once(history):
    context = multiprocessing.get_context("fork")
    start = context.Barrier(4)
    processes = [context.Process(target=append_many, args=(history, start, worker)) for worker in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    assert [process.exitcode for process in processes] == [0] * 4
    assert len(history.read_bytes().splitlines()) == 80
    assert sorted(ids(history)) == sorted(f"{worker}-{number}" for worker in range(4) for number in range(20))
