"""The sections of the drill itself: what was promised, what is exempt, what it leaves, whom it tells."""
# Without `from __future__ import annotations`: pydantic wants the types, not their names.

from datetime import date, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from plugins.plan.places import ArchiveSource, LocalPath, UrlTemplate
from plugins.plan.sections.section import Section
from plugins.plan.values import (
    Duration,
    DurationOrZero,
    Name,
    RefusedError,
    Text,
    Variable,
)


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
