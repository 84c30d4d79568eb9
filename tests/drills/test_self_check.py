"""The self-check: a drill whose claims cannot turn red says so, and a healthy one is not troubled."""

from __future__ import annotations

import pytest

SELF_CHECK = "[self_check]\nenabled = true\n"
# A table that refers to another one, with a sequence; what is partitioned; and one open to nobody.
SHOP = """\
CREATE TABLE public.shops (id integer NOT NULL, name text);
CREATE TABLE public.orders (id integer, shop integer, at timestamp with time zone)
PARTITION BY LIST (shop);
CREATE TABLE public.orders_1 (id integer, shop integer, at timestamp with time zone);
ALTER TABLE ONLY public.orders ATTACH PARTITION public.orders_1 FOR VALUES IN (1);
CREATE SEQUENCE public.numbers;
ALTER TABLE ONLY public.orders_1 ALTER COLUMN id SET DEFAULT nextval('public.numbers'::regclass);
ALTER SEQUENCE public.numbers OWNED BY public.orders_1.id;
COPY public.shops (id, name) FROM stdin;
1\tcanary-of-a-row
\\.
COPY public.orders_1 (id, shop, at) FROM stdin;
1\t1\t2026-11-22 01:00:00+01
2\t1\t2026-11-22 01:30:00+01
\\.
SELECT pg_catalog.setval('public.numbers', 2, true);
ALTER TABLE ONLY public.shops ADD CONSTRAINT shops_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.orders_1 ADD CONSTRAINT orders_1_fkey FOREIGN KEY (shop) REFERENCES public.shops(id);
ALTER TABLE public.shops ENABLE ROW LEVEL SECURITY;
"""
NAMES = (
    "the backup is cut off",
    "a row is missing",
    "a row is an orphan",
    "a row was changed",
    "a sequence was set back",
    "row level security is off",
)


def noticed(run) -> dict[str, bool]:
    return {one["name"]: one["noticed"] for one in run.evidence["self_check"]["damages"]}


@pytest.fixture
def drill_small(small, drill_run, tmp_path):
    """Drills a small backup. broken: a module's text that breaks the product."""

    def run(*args: str, more: str = SHOP, plan: str = "", broken: str = ""):
        small.write(more=more, plan=SELF_CHECK + plan)
        (tmp_path / "broken.py").write_text("import importlib\n" + broken)
        given = small.args("--drill-server", "embedded", "-p", "broken", *args)
        return drill_run(*given, env={"PYTHONPATH": str(tmp_path)})

    return run


def test_every_damage_is_noticed(drill_small):
    run = drill_small()
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert noticed(run) == dict.fromkeys(NAMES, True)
    told = run.evidence["self_check"]
    assert (told["applied"], told["noticed"]) == (6, 6)
    assert "\nself-check  6 of 6 damages noticed\n" in run.output
    assert "canary-of-a-row" not in run.output + str(run.evidence)
    # It comes last, and what it takes is none of the restore's.
    last = [check["test"] for check in run.evidence["checks"] if "suites/restore" in check["test"]][-1]
    assert last.startswith("suites/restore/test_self_check.py")
    assert run.left() == []


def test_a_drill_that_cannot_fail_is_unverified(drill_small):
    module = 'importlib.import_module("fixtures.restore.content.comparison")'
    run = drill_small(broken=f"{module}.Comparison._differing = lambda self, found: []")
    assert run.not_green() == {"self-check": "unverified"}, run.output
    assert noticed(run) == {**dict.fromkeys(NAMES, True), "a row was changed": False}
    said = "1 of 6 damages done to a small copy went unnoticed: a row was changed (control row-content)"
    assert f"  {said}\n" in run.output
    assert run.code == 6


# Of each control that is asked, the fact that its claims judge: as if nothing were ever wrong.
BLIND = """
def of(module, name):
    return getattr(importlib.import_module(module), name)
of("fixtures.archive", "Archive").complete = property(lambda self: True)
restored = of("fixtures.restore", "Restored")
restored.count, restored.found = restored.expected_in, lambda self, table: self.expected.get(table)
look = of("fixtures.restore.look", "Look")
look.of = look.but_of = look.all = lambda self, *of: []
of("fixtures.restore.content.comparison", "Comparison")._differing = lambda self, found: []
of("fixtures.restore.content", "Content").sequences_elsewhere = lambda self: []
of("fixtures.restore.findings", "Findings").all = lambda self: []
"""


def test_each_damage_is_missed_by_claims_that_see_nothing(drill_small):
    run = drill_small(broken=BLIND)
    assert run.not_green() == {"self-check": "unverified"}, run.output
    assert noticed(run) == dict.fromkeys(NAMES, False)
    assert "\nself-check  0 of 6 damages noticed\n" in run.output
    assert "6 of 6 damages done to a small copy went unnoticed: the backup is cut off" in run.output
    assert run.code == 6


def test_a_control_that_is_red_already_needs_no_proof(drill_small):
    # An orphan that the backup itself brings, by a key that production never checked.
    orphan = SHOP.replace("1\t1\t2026", "1\t9\t2026").replace(
        "REFERENCES public.shops(id)", "REFERENCES public.shops(id) NOT VALID"
    )
    orphan = orphan.replace(
        "ATTACH PARTITION public.orders_1 FOR VALUES IN (1)",
        "ATTACH PARTITION public.orders_1 FOR VALUES IN (1, 9)",
    )
    run = drill_small(more=orphan)
    assert run.not_green() == {"foreign-keys": "fail"}, run.output
    assert noticed(run) == {name: True for name in NAMES if name != "a row is an orphan"}


def test_a_copy_that_is_red_undamaged_proves_nothing(drill_small):
    run = drill_small(
        broken='module = importlib.import_module("fixtures.restore.self_check")\n'
        "come_back, module.come_back = module.come_back, lambda *given, **more: module.replace(\n"
        "    come_back(*given, **more), expected={'public.shops': 9})"
    )
    assert run.not_green() == {"self-check": "unverified"}, run.output
    assert run.evidence["self_check"] is None
    assert "a small copy to which nothing was done does not pass control row-counts" in run.output


def test_without_time_it_stops_and_says_so(drill_small):
    run = drill_small(
        broken='module = importlib.import_module("fixtures.restore.self_check")\n'
        "module.SHARE = module.LEAST_SECONDS = 0"
    )
    assert (run.code, run.not_green()) == (0, {}), run.output
    assert "self-check  1 of 1 damage noticed\n" in run.output
    assert "that more damages are noticed: the self-check had no more time" in run.evidence["not_proven"]
