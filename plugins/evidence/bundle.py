"""The bundle of a drill: a folder with the evidence, the files that it names, and a statement on all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rfc8785

from plugins import unfinished
from plugins.evidence import dsse
from plugins.files import write_atomically
from plugins.history import append, drills, last_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from plugins.signing import Key

EVIDENCE = "evidence.json"
STATEMENT = "evidence.dsse.json"
# What stands beside the bundles where evidence is kept: the lines of the history, and the head of the chain.
HISTORY, HEAD = "history", "head.json"
KIND = "urn:restore-drill:evidence:1"
# What the statement repeats of the evidence, for who reads statements only.
REPEATED = ("drill_id", "sample", "scope", "started_at", "finished_at", "plan", "verdict", "previous")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A bundle that was written. evidence: the path of its evidence. sha256: of that file, in hex."""

    evidence: Path
    sha256: str


def write(folder: Path, written: dict[str, Any], files: Mapping[str, bytes], *, key: Key | None) -> Sealed:
    """Write a bundle, as a whole or not at all; `written` gets the digests of the files.

    Raises DrillError when the disk is full.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished.remove_old(folder.parent, ".")
    fresh = folder.with_name(f".{folder.name}{unfinished.SUFFIX}")
    fresh.mkdir()
    written["files"] = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    evidence = rfc8785.dumps(written)
    sha256 = hashlib.sha256(evidence).hexdigest()
    statement = dsse.sealed(
        {EVIDENCE: sha256, **written["files"]},
        kind=KIND,
        predicate={name: written[name] for name in REPEATED},
        key=key,
    )
    try:
        for name, content in {**files, EVIDENCE: evidence, STATEMENT: statement}.items():
            write_atomically(fresh / name, content, mode=0o644)  # meant to be read by others
        fresh.rename(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return Sealed(folder / EVIDENCE, sha256)


def adopt(beside: Path, history: Path, plan: str, *, sample: bool) -> None:
    """Tell the history of bundles of a plan that it does not know, and that come after all that it knows.

    Their drills were killed before they told it themselves. Without them two drills would say that they
    follow the same one. The history must be taken.
    """
    last = last_of(history, plan, sample=sample)
    # Of two drills at once the one that began first may end last: a younger one is in the history already.
    known = {drill["drill_id"] for drill in drills(history)}
    for folder in sorted(beside.iterdir()) if beside.is_dir() else ():
        if folder.is_symlink() or folder.name in known:
            continue
        try:
            data = (folder / EVIDENCE).read_bytes()
            told = json.loads(data)
            ours = told["plan"]["name"] == plan and told["sample"] == sample
            sha256 = hashlib.sha256(data).hexdigest()
            later = last is None or folder.name > last["drill_id"] or told["previous"] == last
            if ours and later and told["drill_id"] == folder.name:
                append(history, told, sha256=sha256)
                last = {"drill_id": folder.name, "sha256": sha256}
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            continue  # no bundle of ours


def point(link: Path, name: str) -> None:
    """Have the link `latest` beside the bundles lead to one of them."""
    fresh = link.with_name(f".latest.{name}{unfinished.SUFFIX}")
    with contextlib.suppress(OSError):  # a file system without links: `latest` is a convenience
        if link.is_dir() and not link.is_symlink():
            # A download of artifacts makes a folder of the link. Any other folder is somebody's own.
            if (link / EVIDENCE).is_file():
                shutil.rmtree(link)
            else:
                link.rmdir()
        fresh.symlink_to(name)
        fresh.replace(link)
