"""The sections of where backups lie and which must be there."""
# Without `from __future__ import annotations`: pydantic wants the types, not their names.

from datetime import date
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, PlainValidator, model_validator

from plugins.plan import places
from plugins.plan.places import ArchiveSource, Source
from plugins.plan.schedule import Schedule
from plugins.plan.sections.section import Section
from plugins.plan.values import (
    RefusedError,
    Size,
    Text,
    Variable,
    Zone,
    matching,
)


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
