"""The plan's sections as frozen models. A section or a key that is left out asks for nothing.

`Field(description=...)` is what an error says is allowed, where the key's type does not say it by itself.
"""

from plugins.plan.sections.backups import Backup, Kept, Retention, Storage
from plugins.plan.sections.database import Query, Server, Structure, Table
from plugins.plan.sections.drills import Evidence, Exemption, Notify, Objectives, SelfCheck
from plugins.plan.sections.section import Section
from plugins.plan.sections.services import (
    Elevenlabs,
    Endpoint,
    GoogleCalendar,
    Qdrant,
    Supabase,
    Twilio,
    Vectors,
)

__all__ = [
    "Backup",
    "Elevenlabs",
    "Endpoint",
    "Evidence",
    "Exemption",
    "GoogleCalendar",
    "Kept",
    "Notify",
    "Objectives",
    "Qdrant",
    "Query",
    "Retention",
    "Section",
    "SelfCheck",
    "Server",
    "Storage",
    "Structure",
    "Supabase",
    "Table",
    "Twilio",
    "Vectors",
]
