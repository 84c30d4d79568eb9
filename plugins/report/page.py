"""What is done to Allure's HTML, so that it is complete in itself and asks nobody for anything."""

from __future__ import annotations

import re

from plugins.errors import DrillError

# Allure 3 counts how often its reports are opened, by Google, and has no option against it.
_STATISTICS = re.compile(
    r'<script async src="https://www\.googletagmanager\.com/[^"]*"></script>\s*<script>.*?</script>',
    re.DOTALL,
)
# A browser that obeys this asks for nothing from outside, whatever an attachment holds.
_POLICY = (
    "default-src 'none'; script-src data: blob: 'unsafe-inline' 'unsafe-eval'; "
    "style-src data: 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:; "
    "connect-src data: blob:; frame-src data: blob:; worker-src data: blob:; form-action 'none'"
)
# Allure's program looks for its data in the page only if this is there when it begins, and else in files that
# do not exist. Its own line that says so stands below the program, which now and then begins before it.
_DATA_FOLLOWS = "<script>window.allureReportData = {}; window.allureReportDataReady = false;</script>"
# Pages that are attached are shown in frames, which would be as high as five lines.
_FRAMES = '<style>iframe:not([data-testid="test-result-description-frame"]) { min-height: 70vh }</style>'
_HEAD = '<meta charset="utf-8">'


def closed(html: str) -> str:
    """The page without the request to a statistics service, with a policy that lets none out.

    Raises DrillError when the page is not as this version of Allure makes it.
    """
    html, found = _STATISTICS.subn("", html)
    if found != 1 or html.count(_HEAD) != 1 or re.search(r'(?:src|href)="(?:https?:)?//', html):
        raise DrillError(
            "Allure's page is not as it was expected to be, and may ask for something from outside",
            hint="Use the version of Allure that ./drill report takes by itself.",
        )
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    return html.replace(_HEAD, f"{_HEAD}\n    {policy}\n    {_DATA_FOLLOWS}\n    {_FRAMES}")
