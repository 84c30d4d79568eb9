"""What all sections of the plan have in common."""
# Without `from __future__ import annotations`: pydantic wants the types, not their names.

from pydantic import BaseModel, ConfigDict

# What an error says is allowed where a query belongs.
SELECT = "a SELECT statement"


class Section(BaseModel):
    """What all sections have in common: frozen, no unknown key, no conversion between types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
