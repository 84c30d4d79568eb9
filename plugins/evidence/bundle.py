"""The bundle of a drill: a folder with the evidence, the files that it names, and a statement on all."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rfc8785

from plugins.evidence import dsse
from plugins.lifetime import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from plugins.signing import Key

EVIDENCE = "evidence.json"
STATEMENT = "evidence.dsse.json"
KIND = "urn:restore-drill:evidence:1"
# What the statement repeats of the evidence, for who reads statements only.
REPEATED = ("drill_id", "sample", "scope", "started_at", "finished_at", "plan", "verdict", "previous")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A bundle that was written. evidence: the path of its evidence. sha256: of that file, in hex."""

    evidence: Path
    sha256: str


def write(folder: Path, written: dict[str, Any], files: Mapping[str, bytes], *, key: Key | None) -> Sealed:
    """Write a bundle, the evidence last but for the statement on it; `written` gets the digests of the files.

    Raises DrillError when the disk is full.
    """
    folder.mkdir(parents=True)
    written["files"] = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    for name, content in files.items():
        write_atomically(folder / name, content, mode=0o644)  # meant to be read by others
    evidence = rfc8785.dumps(written)
    sha256 = hashlib.sha256(evidence).hexdigest()
    statement = dsse.sealed(
        {EVIDENCE: sha256, **written["files"]},
        kind=KIND,
        predicate={name: written[name] for name in REPEATED},
        key=key,
    )
    write_atomically(folder / EVIDENCE, evidence, mode=0o644)
    write_atomically(folder / STATEMENT, statement, mode=0o644)
    return Sealed(folder / EVIDENCE, sha256)


def point(link: Path, name: str) -> None:
    """Have the link `latest` beside the bundles lead to one of them."""
    fresh = link.with_name(f".latest.{name}")
    with contextlib.suppress(OSError):  # a file system without links: `latest` is a convenience
        if link.is_dir() and not link.is_symlink():
            # A download of artifacts makes a folder of the link. Any other folder is somebody's own.
            if (link / EVIDENCE).is_file():
                shutil.rmtree(link)
            else:
                link.rmdir()
        fresh.symlink_to(name)
        fresh.replace(link)
