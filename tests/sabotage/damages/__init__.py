"""Damages of a healthy world, a small function each, and the controls whose verdicts each must change.

Importing the families registers them. A control that loses its object says neither pass nor fail, it is gone
from the verdicts: `absent` tells these.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

FAMILIES = ("file", "content", "structure", "restore", "regime", "services")
# Of each damage, by its name of the form "family/what happened".
ALL: dict[str, Damage] = {}


@dataclass(frozen=True)
class Damage:
    """One thing that is wrong.

    does: damages the text of the newest backup (content, structure) and returns it, or a world (file,
    restore, regime); or it gives what a service answers instead. One that damages a world may return
    options of the drill, or yield them and put things right after it.
    changes: verdicts by control, of a drill that has nothing to compare with but the backup itself.
    compared: the same with a manifest, a schema reference and an earlier drill at hand; None: not tried.
    in_form: the same as `changes`, by the formats where these are others.
    bounded: whether it is among those that every run of the tests tries.
    source: SQL that does the same to the database itself, before the backup is taken.
    torn: what does the same to any backup, to the largest of its files that have rows.
    args: of the drill.
    """

    name: str
    does: Callable[..., Any] = field(repr=False)
    changes: Mapping[str, str]
    compared: Mapping[str, str] | None = None
    in_form: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    bounded: bool = False
    source: str = ""
    torn: Callable[[bytes], bytes] | None = field(default=None, repr=False)
    args: tuple[str, ...] = ()
    of_restored: bool = False
    engine: bool = False

    @property
    def everywhere(self) -> bool:
        """Whether it is tried on every format and server."""
        return bool(self.source) or self.torn is not None

    @property
    def family(self) -> str:
        return self.name.partition("/")[0]

    @property
    def what(self) -> str:
        """The damage in a sentence: the first line of the function's docstring."""
        return (self.does.__doc__ or "").strip().partition("\n")[0].removesuffix(".")


@dataclass(frozen=True)
class Changes:
    """Which verdicts change; each is a set of controls, in words.

    passes: of what was not looked at before.
    """

    fails: str = ""
    unverified: str = ""
    absent: str = ""
    passes: str = ""

    @property
    def verdicts(self) -> dict[str, str]:
        told = {}
        for verdict, names in (
            ("fail", self.fails),
            ("unverified", self.unverified),
            ("absent", self.absent),
            ("pass", self.passes),
        ):
            for name in names.split():
                assert name not in told, f"{name} is named twice"
                told[name] = verdict
        return told


def damage(
    *,
    fails: str = "",
    unverified: str = "",
    absent: str = "",
    passes: str = "",
    compared: str | None = None,
    compared_unverified: str = "",
    compared_without: str = "",
    in_form: Mapping[str, str] | None = None,
    bounded: bool = False,
    source: str = "",
    torn: Callable[[bytes], bytes] | None = None,
    args: tuple[str, ...] = (),
    of_restored: bool = False,
    engine: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as a damage.

    compared: what fails more with the references; None: not tried with them. compared_without: what is not
    red then, for an earlier drill knows better. in_form: what fails there.
    """

    def register(does: Callable[..., Any]) -> Callable[..., Any]:
        family = does.__module__.rpartition(".")[2]
        made = Damage(
            name=f"{family}/{does.__name__.strip('_').replace('_', ' ')}",
            does=does,
            changes=Changes(fails, unverified, absent, passes).verdicts,
            in_form={form: Changes(fails).verdicts for form, fails in (in_form or {}).items()},
            bounded=bounded,
            source=source,
            torn=torn,
            args=args,
            of_restored=of_restored or family == "services",
            engine=engine,
        )
        if compared is not None:
            more = Changes(compared, compared_unverified).verdicts
            kept = {name: said for name, said in made.changes.items() if name not in compared_without.split()}
            made = replace(made, compared={**kept, **more})
        assert made.name not in ALL, f"there are two damages named {made.name}"
        assert made.what, f"{made.name} has no docstring"
        ALL[made.name] = made
        return does

    return register


def of(family: str) -> Iterator[Damage]:
    """The damages of a family, in the order in which they are written down."""
    return (each for each in ALL.values() if each.family == family)
