"""One way of drawing: matplotlib makes the shapes, and an SVG comes out that is at home in a page.

Equal inputs give equal text: no date, no name of a program, ids by content. Text stays text, colours are
called by name (see palette), and what is under the pointer is told.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import warnings
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from plugins.pictures.palette import FONTS, LIGHT, by_name, variables
from plugins.words import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Points, as matplotlib has them: an A4 page between its margins.
WIDTH = 518
TEXT, SMALL = 9.5, 8.5
_HEAD = re.compile(r'\A.*?<svg [^>]*?viewBox="([^"]*)"[^>]*>', re.DOTALL)
_FONT = re.compile(r"font-family: [^;\"]*")
_ID = re.compile(r' id="([^"]+)"')
_USED = re.compile(r'(?:href="#|url\(#)([^")]+)')
_COORDINATE = re.compile(r"(?<![\w#])-?\d+\.\d{3,}")


@contextlib.contextmanager
def canvas(height: float, **margins: float) -> Iterator[tuple[Figure, Axes]]:
    """A figure of so many points, with one field between its margins (left, right, top, bottom; points)."""
    # A second to import, and only the end of a drill draws.
    import matplotlib
    from matplotlib.figure import Figure

    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # that it has found no folder for its fonts
    style: Any = {
        "svg.fonttype": "none",
        "font.size": TEXT,
        "text.color": LIGHT["ink"],
        "text.parse_math": False,  # a name may hold dollars
        "axes.edgecolor": LIGHT["line"],
        "axes.linewidth": 0.8,
        "xtick.color": LIGHT["line"],
        "ytick.color": LIGHT["line"],
        "xtick.labelcolor": LIGHT["muted"],
        "ytick.labelcolor": LIGHT["muted"],
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "lines.solid_capstyle": "round",
    }
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(WIDTH / 72, height / 72))
        left, right = margins.get("left", 0), margins.get("right", 0)
        top, bottom = margins.get("top", 0), margins.get("bottom", 0)
        field = figure.add_axes(
            (
                left / WIDTH,
                bottom / height,
                (WIDTH - left - right) / WIDTH,
                (height - top - bottom) / height,
            )
        )
        for side in ("top", "right", "left"):
            field.spines[side].set_visible(False)
        field.tick_params(length=0, pad=5)
        yield figure, field


def as_svg(figure: Figure, *, title: str, told: str, under: Mapping[str, str] | None = None) -> str:
    """The SVG of a figure. told: what it shows, in sentences, for who cannot see it.

    under: what is told of an element, by the gid that was given to it.
    """
    import matplotlib

    drawn = io.StringIO()
    with (
        matplotlib.rc_context({"svg.hashsalt": title}),  # a page holds several, and each id once
        warnings.catch_warnings(),
    ):
        # Text stays text, which the reader's own fonts draw: what matplotlib's has no glyph for matters not.
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)
        figure.savefig(drawn, format="svg", transparent=True)
    svg = drawn.getvalue()
    head = _HEAD.match(svg)
    if head is None:  # pragma: no cover - matplotlib writes one
        raise ValueError("matplotlib wrote no SVG")
    body = svg[head.end() :]
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>|<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    for gid, text in (under or {}).items():
        body = body.replace(f'<g id="{gid}">', f'<g id="{gid}"><title>{escape(visible(text))}</title>', 1)
    used = set(_USED.findall(body))
    body = _ID.sub(lambda match: match[0] if match[1] in used else "", body)
    body = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", body)
    body = _FONT.sub(f"font-family: {FONTS}", body)
    body = _COORDINATE.sub(lambda match: f"{float(match[0]):.2f}", body)
    body = by_name(re.sub(r"\s*\n\s*", "\n", body))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'viewBox="{head[1]}" width="{WIDTH}pt">\n'
        f"<title>{escape(title)}</title><desc>{escape(told)}</desc>\n"
        f"<style>{variables()}</style>"
        f'<rect width="100%" height="100%" style="fill: {LIGHT["paper"]}; fill: var(--paper)"/>'
        f"{body.strip()}\n"
    )


def words(field: Axes, x: float, y: float, text: str, *, right: float = 0.0, **how: Any) -> None:
    """Text at a place of the field, so many points to its right; muted, small and centred in height."""
    how = {"color": LIGHT["muted"], "fontsize": SMALL, "va": "center", "annotation_clip": False, **how}
    field.annotate(text, (x, y), (right, 0), textcoords="offset points", **how)


def headed(figure: Figure, title: str, caption: str, *, alarming: bool = False) -> None:
    """What the figure is, and what it says, at its top (30 points)."""
    height = figure.get_figheight() * 72
    figure.text(0, 1 - 8 / height, title, fontsize=TEXT + 1, weight="bold", va="center")
    color = LIGHT["fail" if alarming else "muted"]
    figure.text(0, 1 - 23 / height, caption, fontsize=TEXT - 0.5, va="center", color=color)
