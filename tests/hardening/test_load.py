"""Much of everything in one backup: its drill ends green, in little memory, with a report to read.

Small, so that each run of the tests has it; `python -m tests.benchmarks --only load` has the full amounts.
"""

from __future__ import annotations

from tests.benchmarks import drills, load

# The kinds are of one backup, so that only one server is started to make it, and one to restore it.
AMOUNTS = {
    "tables": 40,
    "partitions": 200,
    "indexes": 200,
    "functions": 2_000,
    "foreign-keys": 100,
    "large-objects": 200,
    "block": 96,
    "text": 32,
}
# Of its process, in bytes: what any drill takes, and less than half of this backup.
MEMORY = 208 << 20
FORMS = {"evidence_bytes": 1 << 20, "page_bytes": 400_000, "terminal_lines": 80, "terminal_bytes": 10_000}


def test_a_drill_of_much_of_everything_ends_green_in_bounds(tmp_path):
    big = load.made(AMOUNTS, tmp_path / "made", server="embedded", major=None, image=None)
    assert big.size > 120_000_000
    took = drills.drill(big.path, big, kind="embedded", image=None, plan=load.PLAN)
    assert took["peak"] < MEMORY, f"it took {took['peak'] >> 20} MB of memory"
    report = {what: took["report"][what] for what in FORMS}
    assert all(report[what] < most for what, most in FORMS.items()), report
