"""The report: one HTML file that Allure 3 makes of the results of one drill, or of several plans' drills.

`python -m plugins.report` (`./drill report`) needs Node. What Allure makes asks a statistics service when
it is opened; that is taken out (see `page`). Earlier drills show as trends (see `trends`).
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.files import write_atomically
from plugins.report import page, trends
from plugins.report.results import merge, title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plugins.report.allure import Allure
    from plugins.report.results import Results

REPORTS = Path(__file__).resolve().parent.parent.parent / "reports"

# By what the claims may stand together, as labels of Allure's; a report of several plans has these first.
GROUPS = {
    "suite": ("parentSuite", "suite", "subSuite"),
    "control": ("story",),
    "framework": ("feature", "story"),
    "runbook": ("runbook", "story"),
}


def configuration(drills: Sequence[Results], *, by: str) -> dict[str, Any]:
    """Allure's configuration for these drills: that of reports/allurerc.json, with what depends on them."""
    config: dict[str, Any] = json.loads((REPORTS / "allurerc.json").read_text(encoding="utf-8"))
    config["name"] = title(drills)
    options = config["plugins"]["awesome"]["options"]
    options["groupBy"] = [*(["epic"] if len(drills) > 1 else []), *GROUPS[by]]
    # What is hidden cannot be grouped by, either.
    config["hideLabels"] = [name for name in config["hideLabels"] if name not in options["groupBy"]]
    return config


def make(drills: Sequence[Results], *, allure: Allure, by: str, history: Path, output: Path) -> int:
    """Write the report of these drills to `output`; return how many earlier ones it shows trends over.

    Raises DrillError when Allure fails, or made something that this version of the suite does not know.
    """
    with tempfile.TemporaryDirectory(prefix="restore-drill-report-") as temporary:
        folder = Path(temporary)
        config = configuration(drills, by=by) | {"historyPath": str(folder / "history.jsonl")}
        earlier = trends.earlier(history, drills)
        trends.write(folder / "history.jsonl", earlier)
        (folder / "allurerc.json").write_text(json.dumps(config), encoding="utf-8")
        # A copy, also of one: Allure takes what it is given for a pattern.
        results = merge(drills, folder / "results")
        allure.generate(results, config=folder / "allurerc.json", output=folder / "out", cwd=folder)
        html = (folder / "out" / "index.html").read_text(encoding="utf-8")
        output.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(output, page.closed(html).encode(), mode=0o644)
        trends.add(history, trends.read(folder / "history.jsonl")[-1], drills)
    return len(earlier)
