"""The cases of the matrix: each damage with each world that it is done to, and what must come of it."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.sabotage.damages import ALL, FAMILIES, of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.sabotage.damages import Damage

for _family in FAMILIES:
    importlib.import_module(f"tests.sabotage.damages.{_family}")

ALONE, COMPARED, RESTORED = "alone", "compared", "restored"
# On every format by the newest server, and on every server in one format.
FORMATS = ("plain", "gz", "custom", "tar", "directory", "dashboard cluster", "CLI set", "INSERTs")
PLACES = (*((form, 18) for form in FORMATS), ("custom", 17), ("custom", 15))


@dataclass(frozen=True)
class Case:
    """world: "alone" or "compared"."""

    damage: Damage
    world: str

    @property
    def id(self) -> str:
        return f"{self.damage.name} [{self.world}]"

    @property
    def is_bounded(self) -> bool:
        """Whether every run of the tests tries it: alone, or compared where it changes nothing alone."""
        return self.damage.bounded and (self.world == ALONE) == bool(
            self.damage.changes or self.damage.compared is None
        )

    @property
    def healthy(self) -> str:
        """The name of the healthy world that it is held against."""
        return RESTORED if self.damage.of_restored else self.world

    @property
    def expected(self) -> Mapping[str, str]:
        """Of each control with another verdict than in the healthy world, that verdict."""
        return (self.damage.compared or {}) if self.world == COMPARED else self.damage.changes


def main_cases() -> list[Case]:
    """Each damage on the dashboard's cluster dump and the embedded server, without and with references."""
    return [
        Case(damage, world)
        for family in FAMILIES
        for damage in of(family)
        for world in (ALONE, COMPARED)
        if world == ALONE or damage.compared is not None
    ]


def everywhere() -> list[Damage]:
    """The damages that are tried on every format and server."""
    return [damage for damage in ALL.values() if damage.everywhere]
