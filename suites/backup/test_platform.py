"""The platform's own backups, as Supabase lists them: that they are there, not that they restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fixtures.services.supabase import Platform
    from plugins.plan import Objectives, Plan

pytestmark = pytest.mark.needs("supabase.project_ref")


@pytest.mark.control("platform-backup-exists")
def test_the_platform_holds_a_backup(platform: Platform):
    """Supabase lists a completed backup of the project, or an instant that it can be recovered to."""
    assert platform.newest, "Supabase lists no completed backup, and no instant to recover to"


@pytest.mark.control("platform-backup-recent")
@pytest.mark.needs("objectives.rpo")
def test_the_platforms_newest_backup_is_recent(platform: Platform, objectives: Objectives):
    """The newest backup at Supabase is no older than the RPO allows, and not of the future."""
    assert not platform.is_future, "the newest backup at Supabase says that it is of the future"
    assert platform.age <= objectives.rpo


@pytest.mark.control("platform-backup-days")
def test_the_platform_keeps_a_backup_of_each_day(platform: Platform, plan: Plan):
    """Supabase holds a completed backup of every day that it should keep, or can recover to that day."""
    since = plan.retention.since if plan.retention else None
    missing = platform.days_missing(plan.supabase.keep_days, since=since)
    assert not missing, f"no backup at Supabase of {', '.join(map(str, missing))}"


@pytest.mark.control("platform-backup-failures")
def test_no_backup_of_the_platform_failed(platform_failures: list[str]):
    """No backup at Supabase has failed since the last good drill; before the first, none of all it lists."""
    assert not platform_failures, f"at Supabase failed the backups of {', '.join(platform_failures)}"


@pytest.mark.control("platform-point-in-time")
@pytest.mark.needs("objectives.rpo")
def test_point_in_time_recovery_reaches_up_to_now(platform: Platform, objectives: Objectives):
    """Point-in-time recovery, where it is on, ends no longer ago than the recovery point objective (RPO)."""
    assert platform.point_in_time_age <= objectives.rpo
