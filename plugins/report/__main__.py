"""`./drill report`: make the report of the newest drill, or one of several plans' drills."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from plugins.errors import DrillError, PlanError
from plugins.report import GROUPS, REPORTS, make, trends
from plugins.report.allure import Allure
from plugins.report.results import find, newest, title
from plugins.words import counted, size


def main(arguments: list[str]) -> int:
    """Make a report. Exit codes: 0, 1 when it could not be made, 4 for a wrong option or no results."""
    parser = argparse.ArgumentParser(
        prog="./drill report",
        description="Make one HTML file of a drill's results, with Allure 3 (Node 20 or 22).",
    )
    parser.add_argument(
        "results",
        nargs="*",
        type=Path,
        metavar="DIR",
        help="folders of results, one drill a plan, also in folders below; the newest drill by default",
    )
    parser.add_argument("--by", choices=GROUPS, default="suite", help="by what the claims stand together")
    parser.add_argument(
        "--output",
        type=Path,
        default=REPORTS / "allure-report" / "index.html",
        metavar="FILE",
        help="reports/allure-report/index.html by default",
    )
    parser.add_argument(
        "--history",
        type=Path,
        default=REPORTS / "allure-history.jsonl",
        metavar="FILE",
        help="earlier drills, for the trends; reports/allure-history.jsonl by default",
    )
    parser.add_argument(
        "--allure",
        type=Path,
        metavar="FILE",
        help="cli.js of an Allure that is installed; npx brings it by default",
    )
    try:
        given = parser.parse_args(arguments)
    except SystemExit as ended:
        return 4 if ended.code else 0
    try:
        return _report(given)
    except DrillError as error:
        sys.stderr.write(f"{error}\n")
        return 4 if isinstance(error, PlanError) else 1
    except OSError as error:
        sys.stderr.write(f"the report could not be written ({error.strerror})\n")
        return 1


def _report(given: argparse.Namespace) -> int:
    drills = find(given.results or [newest(REPORTS / "allure-results").path])
    allure = Allure(installed=given.allure)
    for number in trends.unreadable(given.history):
        sys.stderr.write(f"line {number} of {given.history} is no drill of Allure's history, and left out\n")
    earlier = make(drills, allure=allure, by=given.by, history=given.history, output=given.output)
    told = (
        f"trends over {counted(earlier + 1, 'drill')}" if earlier else "no earlier drill to show trends over"
    )
    sys.stdout.write(
        f"{title(drills)}\n{_short(given.output)}, {size(given.output.stat().st_size)}, {told}\n"
    )
    return 0


def _short(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
