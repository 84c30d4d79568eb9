"""The sections of the restored database, and of the server that it is restored on."""
# Without `from __future__ import annotations`: pydantic wants the types, not their names.

from typing import Annotated, Literal, Self

from pydantic import Field, PlainValidator, model_validator

from plugins.plan.expectation import Expect
from plugins.plan.sections.section import SELECT, Section
from plugins.plan.values import (
    Column,
    Duration,
    Name,
    RefusedError,
    Text,
    matching,
)


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


class Structure(Section):
    """What the structure of the database should be. reference: a file of --drill-write-schema."""

    reference: (
        Annotated[str, PlainValidator(matching(r"[^\0\r\n]+", allowed='a file such as "schema.txt"'))] | None
    ) = Field(default=None, description='a file such as "schema.txt"')


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
    sql: Text = Field(repr=False, description=SELECT)
    expect: Expect = Field(repr=False, description='an expectation such as "= 0" or "> 0"')
    within: Duration | None = Field(default=None, repr=False)
