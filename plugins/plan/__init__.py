"""The plan: what was promised, where the backup is, and what must be true of it once it is restored.

The models and `load` need no pytest; the option, the fixture and the hooks are in `plugins.plan.hooks`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.plan.expectation import Expectation
from plugins.plan.models import Plan
from plugins.plan.places import Kind
from plugins.plan.reading import load
from plugins.plan.schedule import Daily
from plugins.plan.sections import (
    Backup,
    Elevenlabs,
    Endpoint,
    Exemption,
    GoogleCalendar,
    Kept,
    Notify,
    Objectives,
    Qdrant,
    Query,
    Retention,
    Server,
    Structure,
    Supabase,
    Table,
    Twilio,
    Vectors,
)

if TYPE_CHECKING:
    from plugins.plan.hooks import PLAN

__all__ = [
    "PLAN",
    "Backup",
    "Daily",
    "Elevenlabs",
    "Endpoint",
    "Exemption",
    "Expectation",
    "GoogleCalendar",
    "Kept",
    "Kind",
    "Notify",
    "Objectives",
    "Plan",
    "Qdrant",
    "Query",
    "Retention",
    "Server",
    "Structure",
    "Supabase",
    "Table",
    "Twilio",
    "Vectors",
    "load",
]

pytest_plugins = ("plugins.plan.hooks",)


def __getattr__(name: str) -> object:
    # PLAN is a key of pytest's: who asks for it has pytest, who only reads plans need not.
    if name == "PLAN":
        from plugins.plan.hooks import PLAN

        return PLAN
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
