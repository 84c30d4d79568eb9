"""The colours of pictures and pages: a name for each use, with a tone for light, for dark and for paper.

Each tone of a text has a contrast of at least 4.5 to its ground, in light and in dark (WCAG 2.2, 1.4.3). No
colour stands for itself: what it says is also said by a sign or a word.
"""

from __future__ import annotations

import re

# name: light, dark. On paper the light ones are used, whatever the screen has.
TONES = {
    "paper": ("#ffffff", "#14171c"),
    "soft": ("#f2f4f7", "#1f242c"),
    "line": ("#d4d9e0", "#3a424e"),
    "muted": ("#586474", "#a7b1bf"),
    "ink": ("#1b222c", "#e8ebf0"),
    "accent": ("#2459b3", "#84b1ff"),
    "second": ("#7a3fb0", "#c49bf5"),
    "third": ("#0b6e75", "#56c7cf"),
    "pass": ("#17703a", "#55c47b"),
    "fail": ("#b3261e", "#ff8a80"),
    "unverified": ("#855800", "#e6b450"),
}
LIGHT = {name: light for name, (light, _) in TONES.items()}
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_DRAWN = re.compile(r"(fill|stroke): (#[0-9a-f]{6})")


def variables() -> str:
    """The tones as CSS variables of the root, for the screen that is there and for paper."""

    def declared(which: int) -> str:
        return "".join(f"--{name}:{tones[which]};" for name, tones in TONES.items())

    return (
        f":root{{color-scheme:light dark;{declared(0)}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{declared(1)}}}}}"
    )


def by_name(svg: str) -> str:
    """An SVG text with its light tones called by their names. A viewer that knows no variables keeps them."""
    names = {light: name for name, light in LIGHT.items()}

    def named(match: re.Match[str]) -> str:
        name = names.get(match[2])
        return f"{match[0]}; {match[1]}: var(--{name})" if name else match[0]

    return _DRAWN.sub(named, svg)
