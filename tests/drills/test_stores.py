"""A drill whose backups lie in a bucket: from the listing to the evidence, on loopback."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

SECRET = "canary-of-a-secret-access-key"


@pytest.fixture(scope="module")
def moto_url():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def env(moto_url):
    """What opens the bucket. No file of the user's is looked at."""
    return {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_ENDPOINT_URL": moto_url,
        "AWS_REGION": "us-east-1",
    }


@dataclass(frozen=True)
class Bucket:
    name: str
    s3: Any

    @property
    def source(self) -> str:
        return f"s3://{self.name}/daily/"

    def put(self, name: str, body: bytes) -> None:
        self.s3.put_object(Bucket=self.name, Key=f"daily/{name}", Body=body)


@pytest.fixture
def bucket(env, tmp_path) -> Bucket:
    s3 = boto3.client(
        "s3",
        endpoint_url=env["AWS_ENDPOINT_URL"],
        aws_access_key_id="a",
        aws_secret_access_key="b",
        region_name="us-east-1",
    )
    name = re.sub(r"[^a-z0-9]", "-", tmp_path.name)
    s3.create_bucket(Bucket=name)
    return Bucket(name, s3)


def test_the_backups_of_a_bucket_are_drilled(drill_run, small, bucket, env):
    small.write(source=bucket.source, plan="[tables.users]\nmin_rows = 2\n")
    bucket.put(small.backup.name, small.backup.read_bytes())
    run = drill_run(*small.args("--drill-server", "embedded"), env=env)
    assert run.code == 0, run.output
    assert run.evidence["backup"]["source"] == bucket.source
    assert run.verdicts()["backup-sums"] == "pass", "moto keeps a CRC-32"
    assert run.left() == []
    assert SECRET not in run.output
    for path in run.folder.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()


def test_a_backup_that_is_not_what_was_written_down_is_not_restored(drill_run, small, bucket, env):
    small.write(source=bucket.source)
    bucket.put(small.backup.name, small.backup.read_bytes())
    bucket.put(f"{small.backup.name}.sha256", b"0" * 64)
    run = drill_run(*small.args("--drill-server", "embedded"), env=env)
    assert run.code == 1, run.output
    assert f"{small.backup.name} has another SHA-256 than {small.backup.name}.sha256 says" in run.output
    assert run.verdicts()["backup-sums"] == run.verdicts()["row-counts"] == "fail"
    assert run.verdicts()["backup-complete"] == "pass"
    assert run.evidence["server"] is None
    assert run.left() == []


def test_a_manifest_is_written_to_the_bucket_and_what_the_plan_asks_of_it_is_judged(
    drill_run, small, bucket, env
):
    """On the backup's suite alone, which restores nothing."""
    small.write(source=bucket.source, plan="[storage]\nversioned = true\nlocked = true\n")
    bucket.put(small.backup.name, small.backup.read_bytes())
    bucket.s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    args = ["suites/backup", *small.args()[1:]]
    assert drill_run(*args, "--drill-write-manifest", env=env).not_green() == {"storage-locked": "fail"}
    run = drill_run(*args, env=env)
    assert run.not_green() == {"storage-locked": "fail"}
    assert {run.verdicts()[name] for name in ("backup-manifest", "storage-versioned")} == {"pass"}
