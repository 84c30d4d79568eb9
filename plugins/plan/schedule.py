"""When backups are to be taken: "daily at 02:00 UTC", "daily at 02:00 UTC within 3h"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import PlainValidator

from plugins.plan.values import RefusedError, parse_duration

_ALLOWED = 'a schedule such as "daily at 02:00 UTC" or "daily at 02:00 UTC within 3h"'
_DAILY = re.compile(r"daily\s+at\s+([01][0-9]|2[0-3]):([0-5][0-9])\s+UTC(?:\s+within\s+(\S.*))?")
LATE = timedelta(hours=1)
_LATEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Daily:
    """One backup a day. at: since midnight UTC. within: so much later it may be there without being late."""

    at: timedelta
    within: timedelta = LATE

    @classmethod
    def parse(cls, value: object) -> Daily:
        """From what the plan says. Raises RefusedError.

        UTC must be written: a time of day without a zone is somebody else's an hour later.
        """
        found = _DAILY.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            raise RefusedError(allowed=_ALLOWED)
        try:
            within = LATE if found[3] is None else parse_duration(found[3])
        except RefusedError as error:
            raise RefusedError(error.why, allowed=_ALLOWED) from None
        if within > _LATEST:
            raise RefusedError("which is late by more than half a day", allowed=_ALLOWED)
        return cls(timedelta(hours=int(found[1]), minutes=int(found[2])), within)

    def __str__(self) -> str:
        hours, minutes = divmod(int(self.at.total_seconds()) // 60, 60)
        return f"daily at {hours:02}:{minutes:02} UTC"


Schedule = Annotated[Daily, PlainValidator(Daily.parse)]
