"""What pg_dump says becomes a sentence of ours: no value, no address and no SQL of its own in it."""

from __future__ import annotations

import pytest

from fixtures.taking.complaints import as_error, notes
from plugins.errors import BackupError, DrillError

# As pg_dump 15 to 18 write them; hunter2 stands for what may not be shown.
SAID = {
    "pg_dump: error: aborting because of server version mismatch\n"
    "pg_dump: detail: server version: 18.1; pg_dump version: 15.18\n": "its pg_dump is older",
    "pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout\n"
    "pg_dump: detail: Query was: LOCK TABLE app.hunter2 IN ACCESS SHARE MODE\n": "a table is locked",
    "pg_dump: error: query failed: ERROR:  permission denied for table orders\n"
    "pg_dump: detail: Query was: LOCK TABLE hunter2\n": "may not read table orders",
    'pg_dump: error: connection to server at "db.hunter2.co" (192.0.2.7), port 5432 failed: FATAL:  password '
    'authentication failed for user "hunter2"\n': "it refuses the password",
    'pg_dump: error: connection to server at "db.hunter2.co" (192.0.2.7), port 5432 failed: Connection timed '
    "out\n": "it does not come to production from where it runs",
    "pg_dump: error: query failed: ERROR:  invalid snapshot identifier: \"hunter2\"\n": "or through a pooler",
    "pg_dump: error: Dumping the contents of table \"orders\" failed: PQgetResult() failed.\n"
    "pg_dump: detail: Error message from server: server closed the connection unexpectedly\n"
    "pg_dump: detail: Command was: COPY hunter2\n": "production ended the connection",
    "pg_dump: Fehler: hunter2\n": "pg_dump took no backup (exit code 1), and what it says may quote rows",
}  # fmt: skip


@pytest.mark.parametrize("said", SAID, ids=[fact[:30] for fact in SAID.values()])
def test_a_complaint_is_told_without_its_words(said):
    error = as_error("pg_dump", said, 1)
    assert not isinstance(error, BackupError)
    assert SAID[said] in error.message
    assert error.hint
    for secret in ("hunter2", "192.0.2.7", "COPY"):
        assert secret not in str(error)


def test_production_whose_files_are_damaged_is_a_failure_and_no_doubt():
    said = (
        'pg_dump: error: Dumping the contents of table "orders" failed: PQgetResult() failed.\n'
        'pg_dump: detail: Error message from server: ERROR:  invalid page in block 7 of relation "base/5/1"\n'
    )
    error = as_error("pg_dump", said, 1)
    assert isinstance(error, BackupError)
    assert error.message == "production's table orders cannot be read to its end: its files are damaged"


def test_warnings_are_said_but_for_those_of_no_account():
    said = (
        "pg_dump: warning: there are circular foreign-key constraints on this table:\n"
        "pg_dump: detail: hunter2\n"
        "pg_dump: warning: subscriptions not dumped because current user is not a superuser\n"
        "pg_dump: warning: something about hunter2\n"
    )
    assert list(notes("pg_dump", said)) == [
        "subscriptions of production: only a superuser's dump holds them",
        "what pg_dump warned of while it took the backup: 1 time",
    ]
    assert list(notes("pg_dump", "")) == []


def test_a_complaint_keeps_its_type_between_workers():
    assert type(as_error("pg_dump", "", 1)) is DrillError
