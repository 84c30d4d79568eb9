"""What a workflow's step calls: python3 -m plugins.github plans|bring|verdict|issue."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from plugins.errors import DrillError
from plugins.github.issue import tell_all
from plugins.github.kept import bring
from plugins.github.plans import planned
from plugins.lifetime import ROOT
from plugins.message import run_url, titles_of

USAGE = """\
usage: python3 -m plugins.github plans [FILE]         the plans, as a line for $GITHUB_OUTPUT
       python3 -m plugins.github bring ARTIFACT FILE  write the file that the newest artifact of a name holds
       python3 -m plugins.github verdict NAME CODE    say what an exit code means, and end with it
       python3 -m plugins.github issue KIND FOLDER    open, update or close the issues of $PLANS, by the
                                                      evidence below a folder; KIND is drill or checklist
"""
# What ./drill ends with: the annotation's kind, and what it means.
CODES = {
    0: ("notice", "PASS: every claim holds (or could not be checked, and was allowed to)"),
    1: ("error", "FAIL: a claim does not hold; the backup, the regime or a service is bad"),
    2: ("error", "INTERRUPTED: the run was stopped before its end"),
    4: ("error", "PLAN OR OPTION WRONG: nothing was drilled"),
    6: ("error", "UNVERIFIED: nothing was found bad, but something could not be checked"),
}


def main(argv: list[str]) -> int:
    """Run a command; the exit code. A trouble is one line of the log, which GitHub shows with the run."""
    try:
        match argv:
            case ["plans"] | ["plans", _]:
                found = planned(ROOT, argv[1].strip() if len(argv) > 1 else "")
                say(f"plans={json.dumps([asdict(plan) for plan in found])}")
            case ["bring", name, path]:
                say(f"::notice title={name}::{bring(name, Path(path))}")
            case ["verdict", name, code] if code.isdecimal():
                return verdict(name, int(code))
            case ["issue", ("drill" | "checklist") as kind, folder]:
                names = [plan["name"] for plan in json.loads(os.environ["PLANS"])]
                titles = titles_of(ROOT / "reports" / "controls.toml")
                for line in tell_all(names, kind, Path(folder), titles, url=run_url(os.environ)):
                    say(line)
            case _:
                sys.stderr.write(USAGE)
                return 4
    except DrillError as error:
        # Not with what is printed for $GITHUB_OUTPUT. GitHub reads both.
        sys.stderr.write(f"::error::{error.message}{'. ' + error.hint if error.hint else ''}\n")
        return 4 if argv[0] == "plans" else 1
    return 0


def verdict(name: str, code: int) -> int:
    """Say what an exit code of ./drill means, and return it."""
    kind, meaning = CODES.get(code, ("error", f"ENDED WITH {code}: no verdict was reached"))
    say(f"::{kind} title={name}::{meaning}")
    return code


def say(line: str) -> None:
    """One line on the standard output."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
