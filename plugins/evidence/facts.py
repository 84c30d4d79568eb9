"""What the fixtures found out, to be written into the evidence."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.words import visible


class Facts:
    """What the fixtures found out, to be written into the evidence."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.not_proven_texts: list[str] = []
        self.alert_texts: list[str] = []

    def record(self, key: str, value: Any) -> None:
        """Write a fact down: a mapping adds to what is known under `key`, anything else replaces it."""
        if isinstance(value, dict):
            self.known.setdefault(key, {}).update(value)
        else:
            self.known[key] = value

    def not_proven(self, text: str) -> None:
        """Write down what this drill does not prove, as one lower-case sentence."""
        if (text := visible(text)) not in self.not_proven_texts:
            self.not_proven_texts.append(text)

    def alert(self, text: str) -> None:
        """Write down what a person should look into though it fails nothing, as one lower-case sentence."""
        if (text := visible(text)) not in self.alert_texts:
            self.alert_texts.append(text)


FACTS = pytest.StashKey[Facts]()
