"""The plan's sections as frozen models. A section or a key that is left out asks for nothing.

`Field(description=...)` is what an error says is allowed, where the key's type does not say it by itself.
"""
# Without `from __future__ import annotations`, as is models.py: pydantic wants the types, not their names.

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator

from plugins.plan import places
from plugins.plan.expectation import Expect
from plugins.plan.places import ArchiveSource, BaseUrl, LocalPath, Source, TrustedUrl, Url, UrlTemplate
from plugins.plan.schedule import Schedule
from plugins.plan.values import (
    Column,
    Duration,
    DurationOrZero,
    Name,
    RefusedError,
    Scalar,
    Size,
    Text,
    Variable,
    Zone,
    matching,
    parse_scalars,
)

_SQL = "a SELECT statement"


class Section(BaseModel):
    """What all sections have in common: frozen, no unknown key, no conversion between types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Objectives(Section):
    """What was promised. None: nothing was, and the claim is out of scope."""

    rto: Duration | None = None
    rpo: Duration | None = None
    backup_age: Duration | None = None
    manual_allowance: DurationOrZero = timedelta()
    drill_every: Duration | None = None

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.rto is not None and self.manual_allowance >= self.rto:
            raise RefusedError(
                "which leaves nothing of the rto",
                allowed="less than objectives.rto",
                at=("manual_allowance",),
            )
        return self


class Backup(Section):
    """Where the backup is and what it looks like. min_size: bytes. size_tolerance: a fraction of the median.
    schedule: when backups are to be taken.

    url_env belongs to source "postgres:" and to "https:": the variable that holds the URL, which is a secret.
    keep: where the dump that "postgres:" took is kept, if anywhere. timezone: of the session that took the
    dump: no dump says it. database: which of a cluster's databases is restored, where several hold something.
    manifest: whether there must be one beside the backup, signed where the plan names the key.
    """

    source: Source = Field(description="a folder, a file, or an s3:, gs:, az:, https: or postgres: source")
    min_size: Size | None = None
    size_tolerance: float | None = Field(
        default=None, gt=0, le=10, description="a number above 0 and up to 10 (0.5 is 50 percent)"
    )
    schedule: Schedule | None = None
    identity_env: Variable | None = None
    database: Text | None = None
    timezone: Zone | None = None
    url_env: Variable | None = None
    keep: ArchiveSource | None = None
    manifest: bool = Field(default=False, description="true or false")

    @property
    def kind(self) -> places.Kind:
        """What `source` is; http (to this machine) counts as https, file: as path."""
        return places.kind_of(self.source)

    @property
    def taken_by_the_drill(self) -> bool:
        """Whether the drill takes the backup itself; it then says nothing of any that others take."""
        return self.kind == "postgres"

    @property
    def session_zone(self) -> str | None:
        """The time zone of the session that took the dump, where it is known."""
        return "UTC" if self.taken_by_the_drill else self.timezone

    @model_validator(mode="after")
    def _fits_the_source(self) -> Self:
        in_environment = self.source in ("postgres:", "https:")
        if in_environment and self.url_env is None:
            whose = "database's" if self.kind == "postgres" else "backup's"
            allowed = f"the name of the environment variable that holds the {whose} URL"
            raise RefusedError(allowed=allowed, at=("url_env",))
        if self.url_env is not None and not in_environment:
            raise RefusedError(
                allowed='nothing here unless source is "postgres:" or "https:"', at=("url_env",)
            )
        if self.keep is not None and self.kind != "postgres":
            raise RefusedError(allowed='nothing here unless source is "postgres:"', at=("keep",))
        return self


class Storage(Section):
    """What must hold where the backups lie; S3 tells it. production: who production is there, by an ARN.

    For source "postgres:" it is the role with which the application signs in to the database.
    """

    versioned: bool = Field(default=False, description="true or false")
    locked: bool = Field(default=False, description="true or false")
    encrypted: bool = Field(default=False, description="true or false")
    production: (
        Annotated[
            str,
            PlainValidator(
                matching(
                    r"arn:aws[\w-]*:(?:iam|sts)::\d{12}:(?:user|role|assumed-role)/[\w+=,.@/-]+"
                    r"|[a-z_][a-z0-9_$-]{0,62}",
                    allowed='an ARN such as "arn:aws:iam::123456789012:role/app", or a role of the database',
                )
            ),
        ]
        | None
    ) = Field(
        default=None,
        description='an ARN such as "arn:aws:iam::123456789012:role/app", or a role of the database',
    )


class Kept(Section):
    """How many distinct days, weeks or months must hold a backup, and where, if not at backup.source."""

    keep: int = Field(ge=1, le=10_000, description="a whole number from 1 to 10000")
    source: ArchiveSource | None = None


def _kept(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 10_000:
        return {"keep": value}
    if isinstance(value, dict):
        return value
    raise RefusedError(allowed="a whole number from 1 to 10000, or a table { keep = 12, source = ... }")


Keep = Annotated[Kept, BeforeValidator(_kept)]


class Retention(Section):
    """The retention regime. since: its first day; nothing is missing before it."""

    since: date | None = None
    daily: Keep | None = None
    weekly: Keep | None = None
    monthly: Keep | None = None

    @model_validator(mode="after")
    def _asks(self) -> Self:
        # A regime that keeps nothing would pass on nothing.
        if self.daily is None and self.weekly is None and self.monthly is None:
            raise RefusedError("which keeps nothing", allowed="at least one of daily, weekly, monthly")
        return self


class Supabase(Section):
    """A project of Supabase. project_ref: the one whose own list of backups is looked at.

    keep_days: for how many days it keeps backups; 7 is the Pro plan's. base_url: of the Management API.
    exposed_schemas: those that the project's API serves, to whoever has its public key. anon_may_read: the
    tables and views there that anybody may read.
    """

    project_ref: (
        Annotated[str, PlainValidator(matching("[a-z]{20}", allowed="the project's 20 lower-case letters"))]
        | None
    ) = Field(default=None, description="the project's 20 lower-case letters")
    keep_days: int = Field(default=7, ge=1, le=366, description="a whole number of days from 1 to 366")
    base_url: BaseUrl = "https://api.supabase.com"
    exposed_schemas: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        default=("public",), strict=False, description='a list of schemas such as ["public"]'
    )
    anon_may_read: tuple[Text, ...] = Field(
        default=(), strict=False, description='a list of tables such as ["plans", "storage.buckets"]'
    )

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if not self.model_fields_set:
            raise RefusedError("which asks for nothing", allowed="project_ref or exposed_schemas")
        for key in ("keep_days", "base_url"):
            if key in self.model_fields_set and self.project_ref is None:
                raise RefusedError(allowed="nothing here without project_ref", at=(key,))
        return self


class Structure(Section):
    """What the structure of the database should be. reference: a file of --drill-write-schema."""

    reference: (
        Annotated[str, PlainValidator(matching(r"[^\0\r\n]+", allowed='a file such as "schema.txt"'))] | None
    ) = Field(default=None, description='a file such as "schema.txt"')


class Server(Section):
    """What the backup is restored on, and how."""

    image: (
        Annotated[
            str,
            PlainValidator(
                matching(
                    r"[a-z0-9][A-Za-z0-9._/:@-]{0,254}", allowed='a container image such as "postgres:17"'
                )
            ),
        ]
        | None
    ) = None
    profile: Literal["durable", "fast"] = Field(default="durable", description='"durable" or "fast"')


class Table(Section):
    """A priority table. recency: the column whose newest value tells how fresh the data is."""

    min_rows: int | None = Field(default=None, ge=0, description="a whole number, 0 or more")
    recency: Column | None = None
    max_drop: float | None = Field(
        default=None, ge=0, le=1, description="a number from 0 to 1 (0.2 is 20 percent)"
    )
    max_quiet: Duration | None = None

    @model_validator(mode="after")
    def _quiet_by_recency(self) -> Self:
        if self.max_quiet is not None and self.recency is None:
            raise RefusedError(allowed="nothing here without recency", at=("max_quiet",))
        return self


class Query(Section):
    """A critical query: it yields one number. within: its time budget."""

    name: Name = Field(description="a name that no other query has")
    sql: Text = Field(repr=False, description=_SQL)
    expect: Expect = Field(repr=False, description='an expectation such as "= 0" or "> 0"')
    within: Duration | None = Field(default=None, repr=False)


class Twilio(Section):
    """numbers: yields phone_number and voice_url, and may yield more: voice_method, voice_fallback_url,
    status_callback, and agent_id, of the agent that answers it.

    account_sids: the accounts whose numbers count. exercise: also make a signed request to the webhook.
    """

    numbers: Text = Field(description=_SQL)
    webhook: Url | None = None
    account_sids: tuple[
        Annotated[
            str, PlainValidator(matching("AC[0-9a-f]{32}", allowed='an account SID ("AC" and 32 digits)'))
        ],
        ...,
    ] = Field(default=(), strict=False)
    exercise: bool = False
    base_url: BaseUrl = "https://api.twilio.com"

    @model_validator(mode="after")
    def _webhook_to_exercise(self) -> Self:
        if self.exercise and self.webhook is None:
            raise RefusedError(allowed="nothing here without webhook", at=("exercise",))
        return self


class Elevenlabs(Section):
    """agents: yields agent_id, and may yield name. exports: where the copies of the agents are kept.

    exports_age: how old they may be; without it, as old as the data that may be lost (objectives.rpo).
    """

    agents: Text = Field(description=_SQL)
    base_url: BaseUrl = "https://api.elevenlabs.io"
    exports: ArchiveSource | None = None
    exports_age: Duration | None = None

    @model_validator(mode="after")
    def _age_of_exports(self) -> Self:
        if self.exports_age is not None and self.exports is None:
            raise RefusedError(allowed="nothing here without exports", at=("exports_age",))
        return self


class Vectors(Section):
    """What the vectors of a collection must be. name: which of them; without one, its only dense one."""

    size: int = Field(ge=1, le=65_536, description="a whole number from 1 to 65536")
    distance: Literal["Cosine", "Dot", "Euclid", "Manhattan"] = Field(
        description='"Cosine", "Dot", "Euclid" or "Manhattan"'
    )
    name: Name | None = None


class Qdrant(Section):
    """locations: yields id. documents: yields id, location_id, and chunks where it is known how many.

    collection: named after a location `{id}`. aliases: whether an alias of that name counts as well. key:
    whether Qdrant asks for one. document_key: names a point's document in its payload, from key to key with
    dots. vectors: what they must be; without it, the same everywhere. snapshots_age: how old the latest
    snapshot of a collection may be; without it, none is asked for.
    """

    url: TrustedUrl = Field(description="a URL such as https://qdrant.example.com:6333")
    locations: Text = Field(description=_SQL)
    collection: Annotated[
        str,
        PlainValidator(
            matching(
                r"[^{}\s/\0]*\{id\}[^{}\s/\0]*",
                allowed='a name with {id} in it once, such as "location_{id}"',
            )
        ),
    ] = Field(description='a name with {id} in it once, such as "location_{id}"')
    key: bool = Field(default=True, description="true or false")
    aliases: bool = Field(default=False, description="true or false")
    vectors: Vectors | None = Field(
        default=None, description='a table such as { size = 1536, distance = "Cosine" }'
    )
    documents: Text | None = None
    document_key: Annotated[
        str,
        PlainValidator(
            matching(
                r"[\w-]+(\.[\w-]+)*",
                allowed='a key of the payload such as "document_id" or "metadata.document_id"',
            )
        ),
    ] = "document_id"
    snapshots_age: Duration | None = None

    @model_validator(mode="after")
    def _key_of_documents(self) -> Self:
        if "document_key" in self.model_fields_set and self.documents is None:
            raise RefusedError(allowed="nothing here without documents", at=("document_key",))
        return self


class GoogleCalendar(Section):
    """integrations: yields id, has_token, expires_at and has_refresh: no token leaves the database."""

    integrations: Text = Field(description=_SQL)


class Endpoint(Section):
    """A URL of the application and the status that it must answer with. within: its time budget.

    holds (`json` in the file): values that the JSON of the answer must hold, each by the way to it.
    """

    name: Name = Field(description="a name that no other endpoint has")
    url: Url = Field(repr=False, description="a URL such as https://api.example.com/health")
    status: int = Field(default=200, ge=100, le=599, repr=False, description="an HTTP status from 100 to 599")
    within: Duration | None = Field(default=None, repr=False)
    # pydantic has a method of the name that the key has in the file.
    holds: Annotated[Mapping[str, Scalar], PlainValidator(parse_scalars)] | None = Field(
        default=None,
        alias="json",
        repr=False,
        description='a table such as { status = "ok", checks.database = true }',
    )


class Exemption(Section):
    """A written exception to one control or one rule, for one object. until: its last day."""

    control: Name | None = None
    rule: Name | None = None
    object: Name = Field(description='what is exempt, such as "extension pg_graphql"')
    reason: Text = Field(description="why, in words")
    owner: Text = Field(description="who answers for it")
    until: date = Field(description="a date such as 2027-03-31")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.control is None) == (self.rule is None):
            named = "neither control nor rule" if self.rule is None else "both control and rule"
            raise RefusedError(f"which names {named}", allowed="exactly one of the two")
        return self


class Evidence(Section):
    """Where bundles, history and the head of the chain outlive the machine of the drill.

    public_key: the file of the key that signatures are checked with, where only others hold the private one.
    runbook: where the report's links to the runbook lead; {section} and {item} in it are those of
    reports/runbook.toml.
    """

    archive: ArchiveSource | None = Field(default=None, description="a folder, or an s3:, gs: or az: place")
    public_key: LocalPath | None = None
    runbook: UrlTemplate | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.archive is None and self.public_key is None and self.runbook is None:
            raise RefusedError("which says nothing", allowed="archive, public_key or runbook")
        return self


class SelfCheck(Section):
    """Whether each drill shows that it can fail: by damage to a small copy, which its claims must notice."""

    enabled: bool = False


Occasion = Literal["fail", "unverified", "recovery", "pass"]
_OCCASIONS = 'a list of "fail", "unverified", "recovery" and "pass"'


class Notify(Section):
    """Who is told of a full drill, and of what.

    urls_env: the variable that holds the addresses, as Apprise writes them. on: of which drills they are
    told; recovery is the first pass after something else, and alerts are told of in any case. checklist: they
    are told of runs of suites/backup, too. ping_env: the variable that holds the URL of a dead-man's switch.
    """

    urls_env: Variable | None = Field(default=None, description="the name of an environment variable")
    on: tuple[Occasion, ...] = Field(
        default=("fail", "unverified", "recovery"), strict=False, description=_OCCASIONS
    )
    checklist: bool = Field(default=False, description="true or false")
    ping_env: Variable | None = Field(default=None, description="the name of an environment variable")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.urls_env is None and self.ping_env is None:
            raise RefusedError("which tells nobody", allowed="urls_env, ping_env, or both")
        for key in ("on", "checklist"):
            if key in self.model_fields_set and self.urls_env is None:
                raise RefusedError(allowed="nothing here without urls_env", at=(key,))
        if not self.on:
            raise RefusedError("which is empty", allowed=_OCCASIONS, at=("on",))
        return self
