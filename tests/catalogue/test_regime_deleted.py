"""Backups that an earlier drill saw and that are gone: wanted, given up by right, or only renamed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fixtures.catalogue.regime.deleted import gone, looked_for
from fixtures.reference.past import Seen
from plugins.errors import NothingToCheckError

from .regime import DAY, NOW, backup, daily, kept

TODAY = NOW.replace(hour=2)
YEAR = daily(TODAY - DAY * 390, TODAY)
POLICY = {"daily": 7, "weekly": 4, "monthly": 12}


def seen(one) -> Seen:
    return Seen(one.label, one.taken_at, one.size_bytes)


SEEN = [seen(one) for one in YEAR]


def missed(backups, *, policy=POLICY, saw=SEEN, **options) -> list[str]:
    kinds = [kept(kind, keep, backups, **options) for kind, keep in policy.items()]
    return [one.label for one in gone(saw, kinds, backups)]


def old(one, days: int) -> bool:
    return one.taken_at <= TODAY - DAY * days


def test_nothing_is_gone():
    assert missed(YEAR) == []


def test_a_backup_of_the_last_days_is_gone():
    assert missed([one for one in YEAR if one is not YEAR[-3]]) == [YEAR[-3].label]


def test_what_the_policy_gives_up_may_go():
    ends = {(one.taken_at.year, one.taken_at.month): one for one in YEAR}.values()
    weeks = {one.taken_at.isocalendar()[:2]: one for one in YEAR}.values()
    left = [one for one in YEAR if not old(one, 7) or one in ends or one in weeks]
    assert missed(left) == []


def test_which_of_a_month_is_kept_may_be_chosen():
    firsts = [one for one in YEAR if one.taken_at.day == 1]
    left = [one for one in YEAR if not old(one, 40) or one in firsts]
    assert missed(left) == []


def test_the_last_of_a_month_is_gone():
    left = [one for one in YEAR if (one.taken_at.year, one.taken_at.month) != (2026, 3)]
    assert set(missed(left)) == {one.label for one in YEAR if one not in left}


def test_a_younger_one_of_the_same_day_may_take_its_place_and_an_older_may_not():
    noon = backup(YEAR[-3].taken_at + timedelta(hours=10))
    both = [*YEAR, noon]
    saw = [seen(one) for one in both]
    assert missed([one for one in both if one is not YEAR[-3]], saw=saw) == []
    left = [one for one in both if one is not noon]
    # Exactly this claim: the day itself still has its backup.
    assert missed(left, saw=saw) == [noon.label]
    assert kept("daily", 7, left).missing == []


@pytest.mark.parametrize(
    "now_there",
    [
        {"label": "renamed.sql"},
        {"taken_at": NOW},  # a copy, whose only date is the file's
        {"size": 1234},
    ],
)
def test_renamed_copied_or_packed_anew_is_not_gone(now_there):
    given = {"taken_at": YEAR[-3].taken_at, "label": YEAR[-3].label, "size": 1000, **now_there}
    again = backup(given["taken_at"], label=given["label"], size=given["size"])
    left = [again if one is YEAR[-3] else one for one in YEAR]
    assert missed(left) == []


def test_a_label_that_was_given_to_another_backup_does_not_cover_for_it():
    again = backup(TODAY, label=YEAR[-3].label, size=999)
    left = [again if one is YEAR[-3] else one for one in YEAR]
    assert missed(left) == [YEAR[-3].label]


def test_half_a_second_is_not_kept_in_the_history():
    noon = TODAY - DAY * 2 + timedelta(hours=10)
    exact = backup(noon + timedelta(milliseconds=500), label="exact.sql", size=77)
    assert missed([*YEAR, exact], saw=[Seen("was.sql", noon, 77)]) == []
    assert missed(YEAR, saw=[Seen("was.sql", noon, 77)]) == ["was.sql"]


def test_what_the_regime_does_not_cover_may_go():
    left = YEAR[-2:]
    assert missed(left, since=date(2026, 11, 24)) == []
    assert missed(left, policy={"daily": 2}) == []
    assert missed(left, saw=[Seen("empty.sql", TODAY - DAY * 3, 0)]) == []


def test_without_an_earlier_sight_there_is_nothing_to_check():
    kinds = [kept("daily", 7, YEAR)]
    for saw in ((), [Seen("old.sql", TODAY - DAY * 9, 1000)]):
        with pytest.raises(NothingToCheckError, match="no earlier drill"):
            looked_for(saw, kinds)
    assert looked_for(SEEN, kinds) == SEEN[-7:]
