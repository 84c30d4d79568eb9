"""What a query's one number must be: "= 0", "between 10 and 20", "within 5% of last"."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import PlainValidator

from plugins.errors import DrillError
from plugins.plan.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

Relation = Literal["=", "!=", "<", "<=", ">", ">=", "between", "within"]

_RELATIONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ALLOWED = 'one of "= 0", "!= 0", "> 0", ">= 3", "< 5", "<= 5", "between 10 and 20", "within 5% of last"'
_NUMBER = r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?"
_COMPARE = re.compile(rf"\s*(=|!=|<=|<|>=|>)\s*({_NUMBER})\s*")
_BETWEEN = re.compile(rf"\s*between\s+({_NUMBER})\s+and\s+({_NUMBER})\s*")
_WITHIN = re.compile(rf"\s*within\s+({_NUMBER})\s*%\s+of\s+last\s*")


@dataclass(frozen=True, slots=True)
class Expectation:
    """A relation and its numbers: a bound, the inclusive ends of "between", or the percent of "within"."""

    relation: Relation
    numbers: tuple[Decimal, ...]

    @classmethod
    def parse(cls, value: object) -> Expectation:
        """From what the plan says. Raises RefusedError."""
        if isinstance(value, str):
            if found := _COMPARE.fullmatch(value):
                return cls(_relation(found[1]), (Decimal(found[2]),))
            if found := _BETWEEN.fullmatch(value):
                low, high = Decimal(found[1]), Decimal(found[2])
                if low > high:
                    raise RefusedError("whose first number is the larger one", allowed=_ALLOWED)
                return cls("between", (low, high))
            if found := _WITHIN.fullmatch(value):
                percent = Decimal(found[1])
                if not 0 <= percent <= 100:
                    raise RefusedError("whose percentage is not from 0 to 100", allowed=_ALLOWED)
                return cls("within", (percent,))
        raise RefusedError(allowed=_ALLOWED)

    @property
    def needs_last(self) -> bool:
        """Whether the value of the last good drill takes part."""
        return self.relation == "within"

    def holds(self, value: Decimal | float, last: Decimal | int | None = None) -> bool:
        """Whether `value` is as expected; NaN never is. `last` is the last good drill's value.

        Raises DrillError (unverified) when `last` is needed and there is none.
        """
        if self.needs_last and last is None:
            raise DrillError(
                f"nothing to compare with: the expectation is {self} and no earlier drill has a value",
                hint="Run the drill with a history that holds a good one (--drill-history).",
            )
        value = Decimal(value)
        if value.is_nan():
            return False
        if self.relation == "between":
            low, high = self.numbers
            return low <= value <= high
        if last is not None and self.needs_last:
            base = Decimal(last)
            if not value.is_finite() or not base.is_finite():
                return False
            # Fractions: Decimal would round a difference of large numbers to 28 digits.
            tolerance = Fraction(self.numbers[0]) / 100 * abs(Fraction(base))
            return abs(Fraction(value) - Fraction(base)) <= tolerance
        return _RELATIONS[self.relation](value, self.numbers[0])

    def __str__(self) -> str:
        numbers = [f"{number:f}" for number in self.numbers]
        if self.relation == "between":
            return f"between {numbers[0]} and {numbers[1]}"
        if self.relation == "within":
            return f"within {numbers[0]}% of last"
        return f"{self.relation} {numbers[0]}"


def _relation(text: str) -> Relation:
    for relation in ("=", "!=", "<", "<=", ">", ">="):
        if text == relation:
            return relation
    raise AssertionError(text)


Expect = Annotated[Expectation, PlainValidator(Expectation.parse)]
