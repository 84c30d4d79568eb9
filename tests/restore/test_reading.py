"""Rows come alike through libpq and through a pipe, and nothing of the pipe is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg import pq

from fixtures.restore.content import pipes, reading
from fixtures.restore.content.reading import UnreadableError, session
from plugins.errors import DrillError

LONG = 3 << 20
ROWS = {
    "none": "SELECT 1 WHERE false",
    "one": "SELECT 1",
    "no column": "SELECT FROM generate_series(1, 5)",
    "empty": "SELECT '' FROM generate_series(1, 70000)",
    "many": "SELECT n, md5(n::text), E'a\\tb\\nc\\\\' FROM generate_series(1, 50000) n",
    "long": f"SELECT n, repeat('x', {LONG} * (n % 2)) FROM generate_series(1, 4) n",
}


@pytest.fixture(params=["libpq", "pipe"])
def way(request, server):
    if request.param == "libpq":
        return None
    if server.shared is None:
        pytest.skip("no folder is shared with the server on this system")
    return server.shared


def copy(query: str) -> bytes:
    return f"COPY ({query}) TO ".encode()


def left(server) -> list[str]:
    return [path.name for path in Path(server.conninfo["host"]).iterdir() if path.name.startswith("rows-")]


@pytest.mark.parametrize("name", ROWS)
def test_the_rows_are_those_that_psycopg_reads(name, way, server, database):
    with session(database, {}) as connection:
        found = [row for portion in reading.rows(connection, copy(ROWS[name]), way) for row in portion]
        # The connection goes on.
        with connection.cursor() as cursor, cursor.copy(copy(ROWS[name]) + b"STDOUT") as wanted:
            assert found == [bytes(row)[:-1] for row in wanted]
    assert left(server) == []


@pytest.mark.parametrize("after", [0, 40_000])
def test_an_error_of_the_server_is_told_by_its_state(after, way, server, database):
    query = f"SELECT n, 1 / (n - {after}) FROM generate_series(0, 50000) n"
    with session(database, {}) as connection:
        with pytest.raises(UnreadableError) as raised:
            list(reading.rows(connection, copy(query), way))
        assert raised.value.sqlstate == "22012"
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert left(server) == []


def test_a_server_that_dies_is_told(way, server, database, run):
    endless = "SELECT generate_series(1, 1000000000)"
    with session(database, {}) as connection:
        portions = reading.rows(connection, copy(endless), way)
        next(portions)
        run(f"SELECT pg_terminate_backend({connection.info.backend_pid}, 5000)")
        with pytest.raises((DrillError, UnreadableError)):
            list(portions)
    assert left(server) == []


def test_who_stops_reading_leaves_nothing(server, database):
    if server.shared is None:
        pytest.skip("no folder is shared with the server on this system")
    with session(database, {}) as connection:
        portions = reading.rows(connection, copy("SELECT generate_series(1, 1000000000)"), server.shared)
        next(portions)
        portions.close()
        # The server finds nobody at the other end.
        result = connection.pgconn.get_result()
        assert result.status == pq.ExecStatus.FATAL_ERROR
        assert connection.pgconn.get_result() is None
    assert left(server) == []


def test_what_stands_in_the_place_of_a_pipe_is_not_opened(server, database, tmp_path, monkeypatch):
    if server.shared is None:
        pytest.skip("no folder is shared with the server on this system")
    secret = tmp_path / "secret"
    secret.write_text("kept")

    def swapped(path, mode):
        Path(path).symlink_to(secret)

    monkeypatch.setattr(pipes.os, "mkfifo", swapped)
    secret.chmod(0o600)
    with session(database, {}) as connection, pytest.raises(DrillError, match="no pipe can be shared"):
        list(reading.rows(connection, copy("SELECT 1"), server.shared))
    assert (secret.read_text(), secret.stat().st_mode & 0o777) == ("kept", 0o600)
    assert left(server) == []
