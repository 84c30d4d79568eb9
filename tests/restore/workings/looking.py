"""What a look at what works found."""

from __future__ import annotations


def told(look) -> list[str]:
    return [str(finding) for finding in look.all()]
