"""The retention as a calendar: a square for each day, week and month, and under the pointer what fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.pictures.canvas import SMALL, as_svg, canvas, headed, words
from plugins.pictures.palette import LIGHT
from plugins.words import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

# As the evidence has them.
KINDS = {"daily": "day", "weekly": "week", "monthly": "month"}
IN_A_ROW = 24
SIDE, GAP, LEFT, HEAD, LABEL = 15, 3.5, 72, 34, 11
# Fill, edge and sign: who does not tell the colours apart sees the sign.
LOOKS = {
    "held": ("pass", "pass", "✓"),
    "missing": ("paper", "fail", "✕"),
    "before": ("soft", "line", ""),
}
TOLD = {"missing": "missing", "before": "before the regime began"}


def draw(kept: Mapping[str, Any]) -> str | None:
    """The picture, the youngest slot of each kind at the left; None where the plan keeps nothing.

    kept: `retention` of the evidence.
    """
    kinds = {unit: slots for kind, unit in KINDS.items() if (slots := (kept.get(kind) or {}).get("slots"))}
    if not kinds:
        return None
    lines = {unit: 1 + (len(slots) - 1) // IN_A_ROW for unit, slots in kinds.items()}
    height = HEAD + sum(count * (SIDE + GAP) + LABEL + 4 for count in lines.values())
    sums = [
        f"{sum(look == 'held' for look in map(_look, slots))} of {counted(len(slots), unit)}"
        for unit, slots in kinds.items()
    ]
    missing = [slot["slot"] for slots in kinds.values() for slot in slots if _look(slot) == "missing"]
    caption = f"held: {', '.join(sums)}" + (f"; {len(missing)} missing" if missing else "")
    told = f"{caption}." + (f" Missing: {', '.join(missing)}." if missing else "")
    with canvas(height, top=HEAD) as (figure, field):
        field.set_axis_off()
        field.set_xlim(0, figure.get_figwidth() * 72)
        field.set_ylim(height - HEAD, 0)
        under: dict[str, str] = {}
        top = 0.0
        for unit, slots in kinds.items():
            words(field, 0, top + SIDE / 2, f"{unit}s", color=LIGHT["ink"])
            for number, slot in enumerate(slots):
                row, column = divmod(number, IN_A_ROW)
                gid = f"{unit}-{number}"
                _square(field, LEFT + column * (SIDE + GAP), top + row * (SIDE + GAP), _look(slot), gid)
                under[gid] = f"{slot['slot']}: {slot['backup'] or TOLD[_look(slot)]}"
            bottom = top + lines[unit] * (SIDE + GAP) + LABEL / 2 - 1
            oldest = f" back to {slots[-1]['slot']}" if len(slots) > 1 else ""
            words(field, LEFT, bottom, f"{slots[0]['slot']}{oldest}", fontsize=SMALL - 1)
            top += lines[unit] * (SIDE + GAP) + LABEL + 4
        headed(figure, "Backups kept, by the retention policy", caption, alarming=bool(missing))
        return as_svg(figure, title="Backups kept, by the retention policy", told=told, under=under)


def _look(slot: Mapping[str, Any]) -> str:
    if slot["backup"]:
        return "held"
    return "missing" if slot["required"] else "before"


def _square(field: Axes, x: float, y: float, look: str, gid: str) -> None:
    from matplotlib.patches import Rectangle

    fill, edge, sign = LOOKS[look]
    square = Rectangle(
        (x, y), SIDE, SIDE, facecolor=LIGHT[fill], edgecolor=LIGHT[edge], linewidth=1.2, gid=gid
    )
    field.add_patch(square)
    if sign:
        color = LIGHT["paper"] if look == "held" else LIGHT[edge]
        words(field, x + SIDE / 2, y + SIDE / 2 + 0.5, sign, ha="center", color=color, weight="bold")
