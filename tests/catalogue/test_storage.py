"""What a store tells of itself, against moto's server; what it does not tell is never a pass."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from werkzeug import Request, Response

from fixtures.catalogue.listing import list_backups
from fixtures.catalogue.storage import Storage
from fixtures.places import place_of
from plugins.errors import BackupError, DrillError, NothingToCheckError

from .answers import KEYS

NAME = "daily/b-20261122.sql"
NOW = datetime.now(UTC)


@pytest.fixture
def storage_of():
    def make(bucket, environ: dict[str, str] | None = None) -> Storage:
        bucket.put(NAME)
        backup = list_backups(bucket.place("daily/")).latest
        return Storage(backup, "s3", {**bucket.environ, **(environ or {})}, NOW)

    return make


def test_a_bucket_as_it_comes_keeps_nothing(bucket, storage_of):
    storage = storage_of(bucket)
    assert not storage.is_versioned
    assert not storage.is_locked
    assert not storage.is_encrypted


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
def test_versions(bucket, storage_of, status):
    bucket.s3.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": status})
    assert storage_of(bucket).is_versioned is (status == "Enabled")


def test_encryption(bucket, storage_of):
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    bucket.s3.put_bucket_encryption(Bucket=bucket.name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert storage_of(bucket).is_encrypted


@pytest.mark.parametrize(
    ("retention", "locked"),
    [
        (NOW + timedelta(days=1), True),
        (NOW - timedelta(seconds=2), False),
        (None, False),
    ],
)
def test_a_lock_is_one_that_holds_something(bucket, storage_of, host, retention, locked):
    """moto's server tells no retention of an object: this one answers for it."""

    def answer(request: Request) -> Response:
        if "object-lock" in request.args:
            return Response(
                "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>"
            )
        assert request.path == f"/{bucket.name}/{NAME}"
        assert "retention" in request.args
        if retention is None:
            return Response("<Error><Code>NoSuchObjectLockConfiguration</Code></Error>", 404)
        return Response(
            f"<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>{retention.isoformat()}</RetainUntilDate></Retention>"
        )

    host.expect_request(re.compile(f"/{bucket.name}.*")).respond_with_handler(answer)
    storage = storage_of(bucket, {"AWS_ENDPOINT_URL_S3": host.url_for("").rstrip("/")})
    assert storage.is_locked is locked


def test_a_lock_by_default(make_bucket, storage_of):
    bucket = make_bucket(ObjectLockEnabledForBucket=True)
    bucket.s3.put_object_lock_configuration(
        Bucket=bucket.name,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 7}},
        },
    )
    assert storage_of(bucket).is_locked


@pytest.mark.parametrize("fact", ["is_versioned", "is_locked", "is_encrypted", "identity", "may_delete"])
def test_a_folder_tells_none_of_it(fact, tmp_path):
    (tmp_path / "b.sql").write_bytes(b"x")
    backup = list_backups(place_of("b.sql", folder=tmp_path, environ={})).latest
    with pytest.raises(DrillError, match=r"cannot be told of b\.sql") as caught:
        getattr(Storage(backup, "path", {}, NOW), fact)
    assert not isinstance(caught.value, BackupError | NothingToCheckError)


def test_a_store_that_speaks_another_language_is_unverified(bucket, storage_of, host):
    host.expect_request(f"/{bucket.name}").respond_with_data("<!doctype html>canary", 501)
    storage = storage_of(bucket, {"AWS_ENDPOINT_URL_S3": host.url_for("").rstrip("/")})
    with pytest.raises(DrillError, match="could not be asked") as caught:
        _ = storage.is_versioned
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("fact", ["is_versioned", "is_locked", "is_encrypted"])
def test_a_store_that_does_not_let_us_ask_is_unverified(bucket, storage_of, host, fact):
    text = "<Error><Code>AccessDenied</Code><Message>canary</Message></Error>"
    host.expect_request("/").respond_with_data(text, 403)
    host.expect_request(f"/{bucket.name}").respond_with_data(text, 403)
    storage = storage_of(bucket, {"AWS_ENDPOINT_URL_S3": host.url_for("").rstrip("/")})
    with pytest.raises(DrillError, match=r"could not be asked \(AccessDenied\)") as caught:
        getattr(storage, fact)
    assert "canary" not in str(caught.value)


# Who reads them


def test_who_reads_backups_is_told_by_the_store(bucket, storage_of):
    storage = storage_of(bucket)
    assert storage.identity == "arn:aws:sts::123456789012:user/moto"
    assert storage.is_identity("arn:aws:iam::123456789012:user/division/moto")
    assert not storage.is_identity("arn:aws:iam::123456789012:user/app")
    assert not storage.is_identity("arn:aws:iam::999999999999:user/moto")


def test_keys_of_another_vendors_are_not_sent_to_amazon(bucket, storage_of):
    storage = storage_of(bucket)
    environ = {**KEYS, "AWS_ENDPOINT_URL_S3": bucket.environ["AWS_ENDPOINT_URL"]}
    with pytest.raises(DrillError, match="cannot be told: the store is not Amazon's"):
        _ = Storage(storage.backup, "s3", environ, NOW).identity


class Amazon:
    """STS and IAM as far as they are asked, behind real HTTP."""

    def __init__(self, host, arn: str, decision: str) -> None:
        self.arn, self.decision = arn, decision
        self.asked: list[dict[str, list[str]]] = []
        self.environ = {
            "AWS_ENDPOINT_URL_STS": host.url_for("/sts"),
            "AWS_ENDPOINT_URL_IAM": host.url_for("/iam"),
        }
        host.expect_request("/sts").respond_with_handler(self.answer)
        host.expect_request("/iam").respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        asked = parse_qs(request.get_data(as_text=True))
        self.asked.append(asked)
        (action,) = asked["Action"]
        if self.decision == "refused" and action != "GetCallerIdentity":
            return Response(
                "<ErrorResponse><Error><Code>AccessDenied</Code><Message>canary</Message></Error></ErrorResponse>",
                403,
            )
        inner = {
            "GetCallerIdentity": f"<Arn>{self.arn}</Arn><UserId>x</UserId><Account>123456789012</Account>",
            "GetRole": "<Role><Path>/ops/</Path><RoleName>drill</RoleName><RoleId>x</RoleId>"
            "<CreateDate>2026-01-01T00:00:00Z</CreateDate><Arn>arn:aws:iam::123456789012:role/ops/drill</Arn></Role>",
            "SimulatePrincipalPolicy": "<EvaluationResults><member>"
            f"<EvalActionName>s3:DeleteObject</EvalActionName><EvalDecision>{self.decision}</EvalDecision></member></EvaluationResults>",
        }[action]
        return Response(f"<{action}Response><{action}Result>{inner}</{action}Result></{action}Response>")


ROLE = "arn:aws:sts::123456789012:assumed-role/drill/session-17"
USER = "arn:aws:iam::123456789012:user/drill"


@pytest.mark.parametrize(
    ("arn", "source"), [(ROLE, "arn:aws:iam::123456789012:role/ops/drill"), (USER, USER)]
)
@pytest.mark.parametrize(
    ("decision", "may"), [("allowed", True), ("implicitDeny", False), ("explicitDeny", False)]
)
def test_whether_they_may_be_deleted_is_simulated(bucket, storage_of, host, arn, source, decision, may):
    amazon = Amazon(host, arn, decision)
    storage = storage_of(bucket, amazon.environ)
    assert storage.may_delete is may
    asked = amazon.asked[-1]
    assert asked["PolicySourceArn"] == [source]
    assert asked["ResourceArns.member.1"] == [f"arn:aws:s3:::{bucket.name}/{NAME}"]
    assert bucket.get(NAME) == b"xyz", "nothing is deleted to find out"


def test_the_root_of_an_account_may_delete(bucket, storage_of, host):
    amazon = Amazon(host, "arn:aws:iam::123456789012:root", "implicitDeny")
    assert storage_of(bucket, amazon.environ).may_delete


def test_what_may_not_be_simulated_is_unverified(bucket, storage_of, host):
    amazon = Amazon(host, USER, "refused")
    with pytest.raises(
        DrillError, match=r"SimulatePrincipalPolicy\) of .* could not be asked \(AccessDenied\)"
    ):
        _ = storage_of(bucket, amazon.environ).may_delete


@pytest.mark.parametrize(
    ("decision", "effect", "action", "told"),
    [
        ("implicitDeny", "Allow", "s3:DeleteObject", False),
        ("implicitDeny", "Allow", "s3:*", False),
        ("implicitDeny", "Allow", ["s3:GetObject", "s3:ListBucket"], True),
        ("implicitDeny", "Deny", "s3:DeleteObject", True),
        ("allowed", "Deny", "s3:Delete*", False),
        ("allowed", "Allow", "s3:DeleteObject", True),
    ],
)
def test_a_policy_of_the_bucket_may_say_otherwise(bucket, storage_of, host, decision, effect, action, told):
    statement = {
        "Effect": effect,
        "Principal": "*",
        "Action": action,
        "Resource": f"arn:aws:s3:::{bucket.name}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    storage = storage_of(bucket, Amazon(host, USER, decision).environ)
    bucket.s3.put_bucket_policy(Bucket=bucket.name, Policy=json.dumps(policy))
    if told:
        assert storage.may_delete is (decision == "allowed")
    else:
        with pytest.raises(DrillError, match="the bucket's own policy speaks of it, too"):
            _ = storage.may_delete


@pytest.mark.parametrize(
    ("url", "role"),
    [
        ("postgresql://drill@db.example.com/postgres", "drill"),
        ("postgresql://drill.abcdefghijklmnopqrst:canary@pooler.example.com/postgres", "drill"),
    ],
)
def test_who_takes_a_dump_is_a_role_of_the_database(url, role, tmp_path):
    (tmp_path / "b.sql").write_bytes(b"x")
    backup = list_backups(place_of("b.sql", folder=tmp_path, environ={})).latest
    storage = Storage(backup, "postgres", {"URL": url}, NOW, "URL")
    assert storage.identity == role
    assert storage.is_identity(role)
    assert not storage.is_identity("app")
    with pytest.raises(NothingToCheckError):
        _ = storage.may_delete


@pytest.mark.parametrize("url", ["postgresql://db.example.com/postgres", "host=db user=canary", ""])
def test_a_url_without_a_role(url, tmp_path):
    (tmp_path / "b.sql").write_bytes(b"x")
    backup = list_backups(place_of("b.sql", folder=tmp_path, environ={})).latest
    with pytest.raises(DrillError, match="URL names no role") as caught:
        _ = Storage(backup, "postgres", {"URL": url}, NOW, "URL").identity
    assert "canary" not in str(caught.value)
