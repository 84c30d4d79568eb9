"""Files that are whole or not there, and locks that the kernel releases at a process's death."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from typing import TYPE_CHECKING

from plugins.errors import DrillError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Room that is given up when the disk is full, so that what went wrong can still be written down.
SPARE, SPARE_BYTES = ".restore-drill-spare", 1 << 18


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on the file `path`, which is made; waits for another holder."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write_atomically(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Write `path` so that a reader sees all of it or nothing, also after a crash.

    Raises DrillError when the disk is full, also without what a drill's folder keeps to spare.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    for spare in (path.parent / SPARE, path.parent.parent / SPARE, None):
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
            with os.fdopen(descriptor, "wb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            fresh.replace(path)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            if spare is None:
                raise DrillError(
                    f"no space is left in {path.parent}",
                    hint="Free disk space, or set TMPDIR to a larger disk.",
                ) from None
            spare.unlink(missing_ok=True)
        else:
            return
        finally:
            fresh.unlink(missing_ok=True)  # also of an interrupt
