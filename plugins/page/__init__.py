"""A page of one drill that needs nothing but a browser, in its bundle, and again from a bundle with __main__.

It makes no request (its own content security policy forbids that), runs no script and prints on two A4 pages.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.outline import not_made
from plugins.page.told import told
from plugins.pictures import PICTURES
from plugins.pictures.palette import FONTS, variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

NAME = "summary.html"
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


def page(written: Mapping[str, Any], *, pictures: dict[str, str], **more: Any) -> str:
    """The page of a drill. more: as `told` takes it."""
    # Only the end of a drill needs it.
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["css"] = _in_css
    # The page's own variables give the pictures their colours.
    inline = {name: _STYLE.sub("", picture) for name, picture in pictures.items()}
    return environment.get_template("page.html.j2").render(
        told(written, pictures=inline, **more), variables=variables(), fonts=FONTS
    )


def _in_css(text: str) -> str:
    """Text as it may stand in a string of CSS, and of the HTML around it."""
    return "".join(one if one.isalnum() or one in " ._-" else f"\\{ord(one):x} " for one in text)


def pytest_drill_bundle(config: pytest.Config, written: Mapping[str, Any]) -> dict[str, bytes]:
    try:
        return {NAME: page(written, pictures=config.stash.get(PICTURES, {})).encode()}
    except Exception as error:  # noqa: BLE001 - no evidence is lost over a page
        not_made(config, NAME, error)
        return {}
