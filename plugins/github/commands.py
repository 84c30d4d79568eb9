"""GitHub through its own command, `gh`, as the workflow's token lets it."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

from plugins.errors import DrillError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def gh(*args: str, stdin: str = "") -> bytes:
    """What `gh` prints. Raises DrillError when it fails; its own words stand in the log."""
    try:
        # Its errors go to the log: they name what the token may not.
        done = subprocess.run(
            ["gh", *args], input=stdin.encode(), stdout=subprocess.PIPE, timeout=120, check=False
        )
    except FileNotFoundError:
        raise DrillError(
            "there is no command gh", hint="GitHub's runners have it; install it on your own."
        ) from None
    except subprocess.TimeoutExpired:
        raise DrillError(f"gh {_named(args)} did not end within 2 min") from None
    if done.returncode:
        raise DrillError(
            f"gh {_named(args)} failed with {done.returncode}",
            hint="The lines above say why. Look at the job's permissions.",
        )
    return done.stdout


def api(path: str, *, method: str = "GET", send: Mapping[str, Any] | None = None) -> Any:
    """What GitHub's REST interface answers. path: below repos/OWNER/NAME/ of this repository.

    Not by the commands of gh that know of issues: they ask for projects, too, which a token may not see.
    """
    repository = os.environ["GITHUB_REPOSITORY"]
    more = ("--input", "-") if send is not None else ()
    told = gh("api", "--method", method, f"repos/{repository}/{path}", *more, stdin=json.dumps(send or {}))
    return json.loads(told)


def _named(args: Sequence[str]) -> str:
    return " ".join(args[:2])
