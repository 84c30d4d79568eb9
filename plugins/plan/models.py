"""The whole plan as one frozen model."""
# Without `from __future__ import annotations`: pydantic wants the types, not their names.

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator

from plugins import identifiers
from plugins.plan import places
from plugins.plan.sections import (
    Backup,
    Elevenlabs,
    Endpoint,
    Evidence,
    Exemption,
    GoogleCalendar,
    Notify,
    Objectives,
    Qdrant,
    Query,
    Retention,
    Section,
    SelfCheck,
    Server,
    Storage,
    Structure,
    Supabase,
    Table,
    Twilio,
)
from plugins.plan.shape import asked, dotted
from plugins.plan.values import RefusedError, Slug


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a plan was read from: its validation context. sha256: of the file's bytes."""

    path: Path
    sha256: str


Named = TypeVar("Named", Query, Endpoint)


class Plan(Section):
    """The whole plan. Read one with `plugins.plan.load`."""

    name: Slug = Field(description='a short name such as "acme-production"')
    objectives: Objectives = Objectives()
    backup: Backup = Field(description="a table [backup] that says where the backup is")
    retention: Retention | None = None
    storage: Storage | None = None
    supabase: Supabase | None = None
    server: Server = Server()
    # pydantic has a method of the name that the section has in the file.
    schema_: Structure | None = Field(default=None, alias="schema")
    tables: Mapping[str, Table] = Field(default_factory=dict, description="a table such as [tables.users]")
    queries: tuple[Query, ...] = Field(default=(), strict=False, description="sections such as [[queries]]")
    twilio: Twilio | None = None
    elevenlabs: Elevenlabs | None = None
    qdrant: Qdrant | None = None
    google_calendar: GoogleCalendar | None = None
    endpoints: tuple[Endpoint, ...] = Field(
        default=(), strict=False, description="sections such as [[endpoints]]"
    )
    exemptions: tuple[Exemption, ...] = Field(
        default=(), strict=False, description="sections such as [[exemptions]]"
    )
    evidence: Evidence | None = None
    self_check: SelfCheck = SelfCheck()
    notify: Notify | None = None

    _path: Path = PrivateAttr(default=Path())
    _sha256: str = PrivateAttr(default="")

    def model_post_init(self, context: object) -> None:
        if isinstance(context, Origin):
            self._path, self._sha256 = context.path, context.sha256

    @property
    def path(self) -> Path:
        """The plan's file, absolute."""
        return self._path

    @property
    def sha256(self) -> str:
        """Of the file's bytes, in hexadecimal digits."""
        return self._sha256

    @property
    def folder(self) -> Path:
        """The folder of the plan's file; relative sources are relative to it."""
        return self._path.parent

    def local_path(self, source: str) -> Path:
        """The path of a source of kind "path" in this plan."""
        return places.local_path(source, folder=self.folder)

    def section(self, name: str) -> bool:
        """Whether the plan asks for something: "objectives.rto", "twilio", "tables.recency" (of any table).

        Raises ValueError for a name that no plan can have.
        """
        return asked(self, name)

    @field_validator("tables", mode="after")
    @classmethod
    def _qualified(cls, tables: Mapping[str, Table]) -> Mapping[str, Table]:
        written: dict[str, str] = {}
        for key in tables:
            name = qualified(key)
            if name in written:
                raise RefusedError(
                    f"the same as {dotted(('tables', written[name]))}",
                    allowed="one section per table",
                    at=(key,),
                )
            written[name] = key
        return {name: tables[key] for name, key in written.items()}

    @field_validator("supabase", mode="after")
    @classmethod
    def _read_by_anon(cls, supabase: Supabase | None) -> Supabase | None:
        if supabase is None:
            return None
        names = []
        for index, key in enumerate(supabase.anon_may_read):
            try:
                names.append(qualified(key))
            except RefusedError as error:
                at = ("anon_may_read", index)
                raise RefusedError(error.why, allowed=error.allowed, at=at) from None
        return supabase.model_copy(update={"anon_may_read": tuple(names)})

    @field_validator("queries", "endpoints", mode="after")
    @classmethod
    def _named_once(cls, items: tuple[Named, ...], info: ValidationInfo) -> tuple[Named, ...]:
        seen: dict[str, int] = {}
        for index, item in enumerate(items):
            if item.name in seen:
                first = f"{info.field_name}[{seen[item.name]}]"
                raise RefusedError(
                    f"which is the name of {first} too", allowed="a name used once", at=(index, "name")
                )
            seen[item.name] = index
        return items


_PART = re.compile(r"[^\s.\0\"](?:[^.\0\"\n]{0,61}[^\s.\0\"])?")


def qualified(key: str) -> str:
    """A table's key in the plan as SQL writes it; without a schema it is public's. Raises RefusedError."""
    parts = key.split(".")
    if len(parts) > 2 or not all(_PART.fullmatch(part) for part in parts):
        raise RefusedError(
            "which is no table's name", allowed='a table\'s name, or "schema.table" in quotes', at=(key,)
        )
    return identifiers.qualified(parts if len(parts) == 2 else ("public", key))
