"""Why a server gave out is said where its log or its container tells."""

from __future__ import annotations

import psycopg
import pytest

from fixtures.server.breakdown import explained
from plugins.errors import BackupError, DrillError


@pytest.mark.parametrize(("kind", "signal"), [("embedded", 9), ("embedded", 11), ("container", 9)])
def test_a_killed_process_is_told(yard, request, kind, signal):
    if kind == "container":
        request.getfixturevalue("engine")
    server = yard.start(kind, major=17)

    why = "was killed, as happens when memory runs out" if signal == 9 else "crashed (signal 11)"
    with pytest.raises(psycopg.OperationalError), server.connect("postgres") as connection:
        connection.execute(f"COPY (SELECT 1) TO PROGRAM 'kill -{signal} $PPID; sleep 5'")
    with pytest.raises(DrillError) as caught, explained(server):
        raise DrillError("the server gave out")
    assert caught.value.message.startswith(f"the server gave out: a process of it {why}")
    assert ("its limit is" in caught.value.message) == (kind == "container")


def test_what_is_the_backups_fault_is_not_explained_away(yard):
    server = yard.start("embedded")
    with pytest.raises(BackupError, match=r"^bad$"), explained(server):
        raise BackupError("bad")


def test_a_server_that_still_stands_explains_nothing(yard):
    server = yard.start("embedded")
    with pytest.raises(DrillError, match=r"^unreachable$"), explained(server):
        raise DrillError("unreachable")
