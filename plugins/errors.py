"""The errors that a drill raises on purpose; their type decides the verdict."""

from __future__ import annotations


class DrillError(Exception):
    """We could not tell: unreachable, no credential, no server, disk, memory. Verdict: unverified.

    `message` is one lower-case sentence with the fact and no full stop; `hint` is a sentence that says
    what to do. Neither may hold a secret or a value of a row: both are written into reports.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\nHINT: {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[object, ...]:
        # Errors travel between xdist workers; keyword-only arguments do not pickle by themselves.
        return _rebuild, (type(self), self.message, self.hint)


class BackupError(DrillError):
    """The backup is bad: absent, empty, truncated, no rows, wrong key, rejected content. Verdict: fail."""


class NothingToCheckError(DrillError):
    """There is nothing of the kind in the restored database. No verdict: said under "not proven"."""


class PlanError(DrillError):
    """The plan or an option is wrong: nothing runs. Exit code 4."""


def _rebuild(kind: type[DrillError], message: str, hint: str) -> DrillError:
    return kind(message, hint=hint)
