"""The catalogue and what was promised of it: backups that are missing, too small, too large, too old."""

from __future__ import annotations

import os
import random
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
from moto.server import ThreadedMotoServer

from . import damage
from .file import UNRESTORED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.worlds import World


def _of(world: World, day: str) -> str:
    return f"db_cluster-{day}@02-00-00.backup.gz"


@damage(
    fails="backup-schedule retention-daily",
    compared="backup-deleted",
    # An earlier drill saw it: it was taken as planned, and deleted.
    compared_without="backup-schedule",
    bounded=True,
)
def a_day_is_missing(world: World) -> None:
    """There is no backup of one of the last days."""
    (world.folder / "backups" / _of(world, "19-11-2026")).unlink()


@damage(fails="retention-weekly", compared="backup-deleted")
def a_week_is_missing(world: World) -> None:
    """There is no backup of one of the last weeks."""
    (world.folder / "backups" / _of(world, "08-11-2026")).unlink()


@damage(fails="retention-monthly", compared="backup-deleted")
def a_month_is_missing(world: World) -> None:
    """There is no backup of one of the last months."""
    (world.folder / "archive" / _of(world, "01-06-2026")).unlink()


@damage(fails="backup-size-usual")
def far_smaller_than_usual(world: World) -> None:
    """The newest backup has a fraction of the bytes of those before it."""
    for older in world.backups[:-1]:
        older.write_bytes(older.read_bytes() + random.Random(1).randbytes(400_000))
    _as_they_were(world)


@damage(fails="backup-size-usual")
def far_larger_than_usual(world: World) -> None:
    """The newest backup has several times the bytes of those before it."""
    newest = world.newest
    kept = newest.stat().st_mtime
    comment = "".join(f"-- {random.Random(2).randbytes(60).hex()}{n}\n" for n in range(20_000))
    noise = random.Random(3)
    comment = "".join(f"-- {noise.randbytes(60).hex()}\n" for _ in range(8_000))
    world.damage(lambda text: text.replace("\n-- Roles\n", f"\n-- Roles\n{comment}", 1))
    os.utime(newest, (kept, kept))


@damage(fails="backup-size")
def smaller_than_it_can_be(world: World) -> None:
    """The newest backup is smaller than the plan says that it can be."""
    world.replan('min_size = "100 kB"', 'min_size = "1 MB"')


@damage(fails="backup-recent data-loss backup-schedule retention-daily")
def no_backup_for_two_days(world: World) -> None:
    """The newest backups are missing: the last one is older than the data that may be lost."""
    for newest in world.backups[-2:]:
        newest.unlink()


@damage(fails="backup-recent data-loss backup-schedule retention-daily")
def an_old_backup_with_a_fresh_file_time(world: World) -> None:
    """The newest backups are missing, and an older one was copied, so that its file is of today."""
    for newest in world.backups[-2:]:
        newest.unlink()
    now = world.now.timestamp() - 600
    os.utime(world.newest, (now, now))


@damage(fails="data-recency critical-queries", compared="backup-manifest restored-manifest")
def an_old_backup_under_a_fresh_name(world: World) -> None:
    """The newest backup holds what the one of three weeks ago does, under its own name."""
    old = world.folder / "backups" / _of(world, "01-11-2026")
    newest = world.newest
    kept = newest.stat().st_mtime
    newest.write_bytes(old.read_bytes())
    os.utime(newest, (kept, kept))


@damage(
    fails="backup-exists backup-recent backup-age backup-not-empty backup-size backup-size-usual "
    f"backup-complete backup-holds-data backup-schedule retention-daily retention-weekly "
    f"data-loss backup-deleted backup-manifest backup-sums manifest-signature {UNRESTORED}"
)
def no_backup_at_all(world: World) -> None:
    """The place where backups are kept is empty."""
    for backup in world.backups:
        backup.unlink()


@damage(compared="drilled-often")
def not_drilled_for_longer_than_promised(world: World) -> None:
    """The last good drill is longer ago than the plan allows."""
    world.replan('drill_every = "365d"', 'drill_every = "30m"')


@damage(fails="storage-credentials", passes="backup-sums")
def shared_credentials(world: World) -> Iterator[dict[str, Any]]:
    """Whoever reads the backups, in a bucket, is the very account that production is.

    The bucket keeps sums of its files, which are compared then.
    """
    keys = {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "us-east-1",
    }
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        given = {"endpoint_url": url, "region_name": "us-east-1"}
        keyed = {"aws_access_key_id": keys["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": "x"}
        s3 = boto3.client("s3", **given, **keyed)
        s3.create_bucket(Bucket="backups")
        for backup in world.backups:
            s3.put_object(Bucket="backups", Key=backup.name, Body=backup.read_bytes())
        world.replan('source = "backups"', 'source = "s3://backups/"')
        identity = boto3.client("sts", **given, **keyed).get_caller_identity()["Arn"]
        with world.plan.open("a", encoding="utf-8") as plan:
            plan.write(f'\n[storage]\nproduction = "{identity}"\n')
        yield {"prepare": partial(have_keys, {**keys, "AWS_ENDPOINT_URL": url})}
    finally:
        server.stop()


def have_keys(keys: Mapping[str, str]) -> None:
    """In the process of a drill: let the made-up company have these credentials, too."""
    from fixtures import sample

    sample.CREDENTIALS |= keys


def _as_they_were(world: World) -> None:
    """Give each file the time that its name tells."""
    for path in world.backups:
        stamp = path.name.removeprefix("db_cluster-").partition(".")[0]
        taken = datetime.strptime(f"{stamp}+0000", "%d-%m-%Y@%H-%M-%S%z").timestamp()
        os.utime(path, (taken, taken))
