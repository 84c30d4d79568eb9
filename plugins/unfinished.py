"""What is written under another name until it is whole, and what killed drills left of such things."""

from __future__ import annotations

import contextlib
import shutil
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".unfinished"
# What nobody has written to for so long is a killed drill's.
SECONDS = 600.0


def remove_old(folder: Path, start: str) -> None:
    """Remove from a folder the unfinished files and folders that killed drills left, whose names start so."""
    for path in folder.glob(f"{start}*{SUFFIX}"):
        with contextlib.suppress(OSError):
            if time.time() - path.lstat().st_mtime > SECONDS:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()
