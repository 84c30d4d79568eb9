"""What one run hands to the next: a plan's history, the report's trends; each an artifact of the repository.

An artifact, because it stays for as long as it says (90 days at most in a public repository), and a cache is
evicted after 7 days in which nobody asked for it: no monthly drill would find one. The file grows by a line a
drill, so the newest artifact holds them all. `[evidence] archive` of the plan is better: it is for ever.
"""

from __future__ import annotations

import io
import os
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from plugins.errors import DrillError
from plugins.files import write_atomically
from plugins.github.commands import api, gh

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def bring(name: str, into: Path, *, environ: Mapping[str, str] = os.environ) -> str:
    """Write the file of the newest artifact of a name; return what was found, in words.

    Raises DrillError when it cannot be told whether there is one: a drill without its history would begin a
    new one, and what is newest is what counts.
    """
    listed = api(f"actions/artifacts?per_page=100&name={quote(name, safe='')}")
    kept = [found for found in listed["artifacts"] if _is_ours(found, environ["GITHUB_REF_NAME"])]
    if not kept:
        return f"no artifact {name} is kept: this is the first run here, or the last one is too long ago"
    newest = max(kept, key=lambda found: str(found["created_at"]))
    packed = gh("api", f"repos/{environ['GITHUB_REPOSITORY']}/actions/artifacts/{newest['id']}/zip")
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            data = archive.read(into.name)
    except (zipfile.BadZipFile, KeyError):
        raise DrillError(
            f"the artifact {name} holds no {into.name}", hint="Delete the artifact to begin anew."
        ) from None
    into.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(into, data, mode=0o644)
    return f"{len(data.splitlines())} lines of {name}, as of {newest['created_at']}"


def _is_ours(artifact: Mapping[str, Any], branch: str) -> bool:
    """Whether a run of this branch made it; one of a fork's is written by whoever owns the fork."""
    run = artifact.get("workflow_run") or {}
    return (
        not artifact.get("expired")
        and run.get("head_branch") == branch
        and run.get("repository_id") == run.get("head_repository_id")
    )
