"""The sections of the services around the database."""
# Without `from __future__ import annotations`: pydantic wants the types, not their names.

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, PlainValidator, model_validator

from plugins.plan.places import ArchiveSource, BaseUrl, TrustedUrl, Url
from plugins.plan.sections.section import SELECT, Section
from plugins.plan.values import (
    Duration,
    Name,
    RefusedError,
    Scalar,
    Text,
    matching,
    parse_scalars,
)


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


class Twilio(Section):
    """numbers: yields phone_number and voice_url, and may yield more: voice_method, voice_fallback_url,
    status_callback, and agent_id, of the agent that answers it.

    account_sids: the accounts whose numbers count. exercise: also make a signed request to the webhook.
    """

    numbers: Text = Field(description=SELECT)
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

    agents: Text = Field(description=SELECT)
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
    locations: Text = Field(description=SELECT)
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

    integrations: Text = Field(description=SELECT)


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
