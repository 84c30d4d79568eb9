"""Growth is no alarm and a collapse is one, and how much is stored is measured."""

from __future__ import annotations

import math
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.catalogue import Catalogue
from fixtures.catalogue import regime as room
from fixtures.catalogue.regime.trend import Sized, Usual, growth_per_month
from fixtures.catalogue.regime.usage import Usage
from fixtures.reference.past import PastDrills, Seen
from plugins.errors import NothingToCheckError
from plugins.evidence import Facts
from plugins.growth import MONTH, slope

from .regime import DAY, NOW, backup

ASK = room.usual.__wrapped__
YEAR = 365.2425


def usual(sizes, *, tolerance=0.5, every=DAY) -> Usual:
    """What is usual after backups of these sizes, one a day."""
    return Usual(NOW, [Sized(NOW - every * n, size) for n, size in enumerate(reversed(sizes), 1)], tolerance)


def holds(found: Usual, size: float) -> bool:
    return found.least <= size <= found.most


def test_of_equal_sizes_the_tolerance_is_all_the_spread():
    found = usual([1000] * 10, tolerance=0.5)
    assert found.expected == pytest.approx(1000)
    assert (found.least, found.most) == (pytest.approx(500), pytest.approx(1500))


def test_a_wide_spread_is_allowed_what_the_tolerance_does_not_allow():
    sizes = [1000, 1500, 700, 1300, 800, 1200, 900, 1400, 1000]
    assert not holds(usual(sizes, tolerance=0.1), 100)
    assert holds(usual(sizes, tolerance=0.1), 1500)
    assert not holds(usual([1000] * 9, tolerance=0.1), 1500)


def test_one_collapse_among_the_earlier_ones_changes_little():
    assert usual([1000] * 8 + [20] + [1000] * 2).expected == pytest.approx(1000, rel=0.01)


@given(
    st.floats(0, 0.05),
    st.lists(st.floats(-0.02, 0.02), min_size=8, max_size=60),
    st.integers(10_000, 10**12),
)
def test_growth_is_no_alarm_and_a_collapse_is(rate, jitter, first):
    sizes = [round(first * (1 + rate) ** n * (1 + off)) for n, off in enumerate(jitter)]
    found = usual(sizes)
    grown = first * (1 + rate) ** len(sizes)
    assert holds(found, grown)
    assert not holds(found, grown / 4)
    assert not holds(found, grown * 4)


def test_a_year_that_grew_threefold_still_sees_a_collapse():
    """The median alone, and a spread around it, would allow anything down to nothing."""
    found = usual([1000 + 150 * n for n in range(14)], every=timedelta(days=30))
    assert holds(found, 3100)
    assert not holds(found, 1000)


def test_a_burst_of_backups_says_nothing_of_next_month():
    at = NOW - timedelta(days=30)
    sizes = [Sized(at + timedelta(minutes=n), 1000 + 10 * n) for n in range(6)]
    assert Usual(NOW, sizes, 0.5).expected == pytest.approx(1080, rel=0.05)


@pytest.mark.parametrize("sizes", [[], [1000], [1000, 1000], [1000, 1000, 0]])
def test_too_few_to_compare_with(sizes):
    with pytest.raises(NothingToCheckError, match="and 3 are needed"):
        usual(sizes)


def test_only_earlier_ones_count_and_the_youngest_of_them():
    later = [Sized(NOW + DAY * n, 9) for n in range(5)]
    old = [Sized(NOW - DAY * n, 9) for n in range(50, 100)]
    found = Usual(NOW, [*later, *old, *(Sized(NOW - DAY * n, 1000) for n in range(1, 31))], 0.5)
    assert found.expected == pytest.approx(1000)
    assert len(found.recent) == 30


@pytest.mark.parametrize(
    ("size", "unusual"), [(1000, False), (1099, False), (1150, True), (850, True), (1490, True)]
)
def test_what_is_unusual_though_it_is_tolerated(size, unusual):
    found = usual([999, 1000, 1001] * 5)
    assert holds(found, size)
    assert found.is_unusual(size) is unusual


# The slope


@given(
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
    st.lists(st.integers(0, 10**6), min_size=2, max_size=30, unique=True),
)
def test_points_on_a_line_have_its_slope(rise, start, xs):
    found = slope([(float(x), start + rise * x) for x in xs])
    assert found == pytest.approx(rise, rel=1e-6, abs=1e-3)


def test_a_quarter_of_wild_points_does_not_bend_the_slope():
    points = [(float(x), 5.0 * x) for x in range(40)]
    wild = [(x, -1e9) if n % 4 == 0 else (x, y) for n, (x, y) in enumerate(points)]
    assert slope(wild) == pytest.approx(5.0)


def test_points_at_one_place_have_no_slope():
    assert slope([(1.0, 1.0), (1.0, 2.0)]) is None
    assert slope([]) is None


def test_a_hundred_thousand_points_are_thinned_out():
    assert slope([(float(x), 2.0 * x) for x in range(100_000)]) == pytest.approx(2.0)


def test_growth_is_per_month():
    sizes = [Sized(NOW - DAY * n, 1_000_000 - 1000 * n) for n in range(60)]
    assert growth_per_month(sizes) == pytest.approx(1000 * YEAR / 12)
    assert growth_per_month(sizes[:2]) is None
    assert growth_per_month([Sized(NOW - timedelta(hours=n), n + 1) for n in range(20)]) is None


def test_storage_and_its_growth():
    backups = [backup(NOW - DAY * n, size=1000 - n) for n in range(10, -1, -1)]
    storage = Usage(NOW, backups, [(NOW - MONTH * n, 10_945 - 500 * n) for n in (2, 1)])
    assert storage.stored == 10_945
    assert storage.growth == pytest.approx(500)
    assert storage.growth_of_a_backup == pytest.approx(YEAR / 12)
    assert Usage(NOW, backups[:2]).growth_of_a_backup is None


# The fixture


def ask(sizes, size, *, drilled=(), tolerance=0.5):
    """The fixture over a catalogue of these sizes and a last one; with what it wrote down."""
    backups = [backup(NOW - DAY * (len(sizes) - n), size=one) for n, one in enumerate(sizes)]
    last = backup(NOW + timedelta(milliseconds=500), size=size)
    facts = Facts()
    plan = SimpleNamespace(backup=SimpleNamespace(size_tolerance=tolerance))
    found = ASK(Catalogue("backups", (*backups, last)), last, plan, PastDrills(NOW, drilled=drilled), facts)
    return found, facts


def test_an_unusual_size_is_an_alert_and_a_fail_is_none():
    assert ask([1000] * 9, 1005)[1].alert_texts == []
    _, facts = ask([1000] * 9, 1400)
    assert facts.alert_texts == [
        "the size is unusual: the backup has 1.4 kB, and the 9 before it lead one to expect about 1 kB"
    ]
    assert facts.known["catalogue"]["usual_size"] == {
        "expected_bytes": 1000,
        "least_bytes": 500,
        "most_bytes": 1500,
        "compared_with": 9,
    }
    assert ask([1000] * 9, 400)[1].alert_texts == []


def test_backups_that_were_drilled_and_are_gone_since_count_too():
    drilled = tuple(Seen(f"b{n}", NOW - DAY * (20 + n), 1000) for n in range(3))
    found, _ = ask([], 1000, drilled=drilled)
    assert found.expected == pytest.approx(1000)
    # One that is still there counts once, and the drilled one itself is nothing to compare with.
    there = Seen(backup(NOW - DAY).label, NOW - DAY, 1000)
    self = Seen(backup(NOW).label, NOW, 1000)
    with pytest.raises(NothingToCheckError, match="1 earlier backup to"):
        ask([1000], 1000, drilled=(there, self))


def test_the_numbers_stay_finite():
    found = usual([1, 10**15] * 5, tolerance=10.0)
    assert math.isfinite(found.most)
    assert found.least < 0
