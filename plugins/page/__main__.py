"""`python -m plugins.page BUNDLE -o FILE`: the page of a drill made again, from its bundle alone.

The bundle is only read. Whether it is what the drill wrote is for the verification of the evidence to say.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from plugins.evidence import reviewing
from plugins.evidence.composing import SCHEMA
from plugins.evidence.dsse import EnvelopeError
from plugins.files import write_atomically
from plugins.page import page


def main(argv: list[str]) -> int:
    """Exit code 0; 4 for a bundle that cannot be read, or a file that cannot be written."""
    parser = argparse.ArgumentParser(prog="python -m plugins.page", description="the page of a drill")
    parser.add_argument("bundle", metavar="BUNDLE", type=Path, help="the folder with the evidence.json")
    parser.add_argument("-o", metavar="FILE", type=Path, required=True, help="where the page goes")
    given = parser.parse_args(argv)
    bundle, file = given.bundle, given.o
    if bundle.resolve() in file.resolve().parents:
        return _refuse(f"{file} lies in the bundle", "Name a file outside of it: a bundle stays as it is.")
    try:
        data = (bundle / "evidence.json").read_bytes()
    except OSError as error:
        return _refuse(
            f"no evidence.json can be read in {bundle} ({error.strerror})", "Name the folder of one drill."
        )
    written = _evidence(data)
    if written is None:
        return _refuse(
            f"{bundle} holds no evidence of schema {SCHEMA}", "Use the version of the suite that wrote it."
        )
    try:
        made = page(
            written,
            pictures=_pictures(bundle, written),
            reviews=_reviews(bundle),
            sha256=hashlib.sha256(data).hexdigest(),
        )
    except EnvelopeError as error:
        return _refuse(f"a review of {bundle} cannot be used: {error}", "Verify the bundle.")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return _refuse(
            f"the evidence lacks what the page shows ({type(error).__name__})",
            "Verify the bundle: a drill does not write such evidence.",
        )
    try:
        write_atomically(file, made.encode(), mode=0o644)
    except OSError as error:
        return _refuse(f"{file} cannot be written ({error.strerror})", "Name a file that you may write to.")
    return 0


def _evidence(data: bytes) -> dict[str, Any] | None:
    try:
        written = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return written if isinstance(written, dict) and written.get("schema") == SCHEMA else None


def _pictures(bundle: Path, written: dict[str, Any]) -> dict[str, str]:
    """The bundle's pictures, of those that are what the evidence names."""
    found = {}
    for name, digest in written["files"].items():
        path = bundle / name
        if path.suffix != ".svg" or path.parent != bundle or not path.is_file():
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == digest:
            found[name] = content.decode()
        else:
            sys.stderr.write(f"{name} is not what the evidence names, and is left out\n")
    return found


def _reviews(bundle: Path) -> list[dict[str, Any]]:
    return [
        {
            "reviewed_by": one.reviewed_by,
            "reviewed_at": one.reviewed_at.isoformat(),
            "note": one.note,
            "actions": [
                "".join((action.text, f", by {action.owner}" if action.owner else "",
                         f", until {action.until}" if action.until else ""))
                for action in one.actions
            ],
            "signed": one.signed,
        }
        for one in reviewing.reviews(bundle)
    ]  # fmt: skip


def _refuse(message: str, hint: str) -> int:
    sys.stderr.write(f"{message}\nHINT: {hint}\n")
    return 4


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
