"""A backup that the drill takes of a real Postgres: read only, from one snapshot, and with clear refusals."""

from __future__ import annotations

import contextlib
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from fixtures.archive import open_archive
from fixtures.catalogue.names import taken_at
from fixtures.taking import dumping, source, taken
from fixtures.taking.programs import local
from plugins.errors import DrillError

ROWS = {"app.orders": 500, "app.parts_eu": 30, 'public."Odd name"': 2}
WRITTEN = "SELECT tup_inserted, tup_updated, tup_deleted FROM pg_stat_database WHERE datname = 'shop'"


def text_of(archive) -> str:
    return archive.path.read_text()


def test_a_role_with_select_alone_takes_it_and_writes_nothing(production, taker, tmp_path):
    before = production.run(WRITTEN)
    taken = taker(production.url())
    archive = open_archive(taken.path, folder=tmp_path)
    assert archive.complete, archive.incomplete_because
    assert dict(archive.tables) == dict(taken.rows) == ROWS
    assert (archive.format, archive.compression, archive.source_database) == ("set", "zstd", "shop")
    assert {"owner", "reader", "postgres"} <= archive.roles_created
    assert "PASSWORD" not in text_of(archive)
    assert any("passwords of production's roles" in note for note in taken.notes)
    assert (production.run(WRITTEN), production.sessions()) == (before, [])
    assert list(taker.folder.iterdir()) == [taken.path]
    assert taken.path.stat().st_mode & 0o777 == 0o600


def test_its_times_and_bytes_are_written_as_our_reader_compares_them(production, taker, tmp_path):
    """Whatever production has set for the role: Auckland, escape, and a millisecond for a statement."""
    archive = open_archive(taker(production.url()).path, folder=tmp_path)
    assert "\n1\t2026-01-01 01:00:00+00\t\\\\x00ff\tn1\n" in text_of(archive)


def test_its_name_says_the_instant_whatever_the_plan_is_called(production, taker):
    taken = taker(production.url())
    assert taken_at(taken.label) == (taken.instant.replace(microsecond=0), True)
    assert "2024-01-02" in taken.label


def test_dump_and_counting_see_one_snapshot(production, taker, tmp_path, monkeypatch):
    roles = dumping._roles

    def meanwhile(*args):
        production.run("INSERT INTO app.orders (at) SELECT now() FROM generate_series(1, 7)")
        return roles(*args)

    monkeypatch.setattr(dumping, "_roles", meanwhile)
    try:
        taken = taker(production.url())
        assert production.run("SELECT count(*) FROM app.orders") == [(507,)]
        assert taken.rows["app.orders"] == 500
        assert open_archive(taken.path, folder=tmp_path).tables["app.orders"] == 500
    finally:
        production.run("DELETE FROM app.orders WHERE id > 500")


def test_nobody_empties_a_table_between_the_dump_and_the_counting(production, taker, monkeypatch):
    """TRUNCATE is not for snapshots: after it, an older one sees an empty table."""
    write = dumping.artefact.write

    def emptied(*args, **given):
        write(*args, **given)
        with pytest.raises(Exception, match="lock timeout"):
            production.run("SET lock_timeout = '50ms'; TRUNCATE app.parts_eu")

    monkeypatch.setattr(dumping.artefact, "write", emptied)
    assert taker(production.url()).rows == ROWS


@pytest.mark.parametrize(
    ("locked", "command"),
    [
        ("app.orders", "LOCK TABLE app.orders IN ACCESS EXCLUSIVE MODE"),
        # Not a table: pg_dump itself would wait for ever.
        ("app.lone", "DROP SEQUENCE app.lone"),
    ],
)
def test_who_is_locked_out_gives_up(production, taker, monkeypatch, locked, command):
    monkeypatch.setitem(source.OPTIONS, "lock_timeout", "100ms")
    monkeypatch.setattr(dumping, "LOCK_WAIT_SECONDS", 1)
    with closing(production.connect()) as blocker:
        # Should the drill wait all the same, production lets go of it, and the drill does not fail.
        blocker.execute("SET idle_in_transaction_session_timeout = '15s'")
        blocker.execute("BEGIN")
        blocker.execute(command)
        with pytest.raises(DrillError) as caught:
            taker(production.url())
        assert caught.value.message.startswith(f"{locked} is locked in production by another session")
        # Nobody waits behind us, and nothing is left, while the other still holds it.
        assert production.sessions() == []
    assert list(taker.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "fact"),
    [
        (lambda of: of.url(password="wrong-one"), "production does not let us in: it refuses the password"),
        (lambda of: of.url(port=1), "production does not let us in: Connection refused"),
        (
            lambda of: of.url("tls_only", "x", sslmode="disable"),
            "production does not let us in: its pg_hba.conf has no entry for us without TLS",
        ),
        (
            lambda of: of.url(sslmode="verify-full", sslrootcert="/nowhere/root.crt"),
            "production does not let us in: there is no root certificate to check its own with (sslrootcert)",
        ),
        (lambda _: "postgresql://a:b@hunter2.invalid/x", "production does not let us in: "),
        (lambda _: "hunter2", "the variable that url_env names holds no postgresql:// URL"),
        (lambda _: "postgresql://a:hunter2@[::1/x", "the variable that url_env names holds no postgresql://"),
        (
            lambda of: of.url().replace("/shop", "/hunter2"),
            "production does not let us in: it has no such database, or lets nobody in",
        ),
    ],
)
def test_who_does_not_come_in_is_told_why_and_no_secret(production, taker, url, fact):
    with pytest.raises(DrillError) as caught:
        taker(url(production))
    assert caught.value.message.startswith(fact)
    for secret in (production.password, "wrong-one", "hunter2", str(production.port), "127.0.0.1"):
        assert secret not in str(caught.value)
    assert production.sessions() == []


@contextlib.contextmanager
def changed(production, there: str, back: str):
    production.run(there)
    try:
        yield
    finally:
        production.run(back)


@pytest.mark.parametrize(
    ("there", "back", "fact"),
    [
        (
            "REVOKE SELECT ON app.orders FROM reader",
            "GRANT SELECT ON app.orders TO reader",
            "the role that takes the backup may not read 1 table of production, such as app.orders",
        ),
        (
            "REVOKE SELECT ON SEQUENCE app.lone FROM reader",
            "GRANT SELECT ON SEQUENCE app.lone TO reader",
            "the role that takes the backup may not read 1 sequence of production, such as app.lone",
        ),
        (
            "REVOKE USAGE ON SCHEMA app FROM reader",
            "GRANT USAGE ON SCHEMA app TO reader",
            "the role that takes the backup may not read 2 sequences and 3 tables of production",
        ),
        (
            "ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE app.orders DISABLE ROW LEVEL SECURITY",
            "the policies of app.orders hide rows from the role that takes the backup",
        ),
        (
            "SELECT lo_create(4711)",
            "SELECT lo_unlink(4711)",
            "pg_dump took no backup: the role that takes the backup may not read large object 4711",
        ),
    ],
)
def test_what_the_role_may_not_read_is_named_before_anything_is_dumped(production, taker, there, back, fact):
    """A dump without it would be one that lost rows."""
    with changed(production, there, back), pytest.raises(DrillError) as caught:
        taker(production.url())
    assert caught.value.message.startswith(fact)
    assert caught.value.hint
    assert list(taker.folder.iterdir()) == []


def test_an_extensions_table_that_may_not_be_read_is_left_out_and_said(production, taker, tmp_path):
    """As pgsodium's keys on Supabase: nobody but its owner reads them, and the rest can be taken."""
    there = """
        CREATE TABLE app.keys AS SELECT 'k' AS key;
        ALTER EXTENSION plpgsql ADD TABLE app.keys;
        UPDATE pg_extension SET extconfig = ARRAY['app.keys'::regclass], extcondition = ARRAY['']
            WHERE extname = 'plpgsql'
    """
    back = """
        UPDATE pg_extension SET extconfig = NULL, extcondition = NULL WHERE extname = 'plpgsql';
        ALTER EXTENSION plpgsql DROP TABLE app.keys;
        DROP TABLE app.keys
    """
    with changed(production, there, back):
        taken = taker(production.url())
        assert taken.rows == ROWS
        assert open_archive(taken.path, folder=tmp_path).tables == ROWS
        assert "the rows of app.keys: the role that took the backup may not read them" in taken.notes
        production.run("GRANT SELECT ON app.keys TO reader")
        # Counted and dumped like any other then.
        taken = taker(production.url(), name="again")
        assert taken.rows == open_archive(taken.path, folder=tmp_path).tables == ROWS | {"app.keys": 1}


@pytest.mark.parametrize("asked", ["--drill-list", "--drill-backup"])
def test_nothing_is_taken_for_who_asks_for_what_was_taken_before(asked):
    config = SimpleNamespace(getoption=lambda option: option == asked)
    with pytest.raises(DrillError, match=r"a backup is taken when it is drilled: there is no list"):
        taken.__wrapped__(*[None] * 7, config)


def test_production_that_is_newer_than_every_pg_dump(taker):
    with pytest.raises(
        DrillError, match="production is Postgres 99, and no pg_dump at hand is as new: found "
    ):
        local(major=99, folder=taker.folder)


def test_a_full_disk_ends_it_and_leaves_nothing(production, taker):
    options = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(taker.folder)]
    if subprocess.run(options, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk can be mounted here: what a full one does was not tried")
    try:
        with pytest.raises(DrillError, match="no space is left for the backup that is taken"):
            taker(production.url())
        assert list(taker.folder.iterdir()) == []
    finally:
        subprocess.run(["umount", str(taker.folder)], check=True)
    assert production.sessions() == []


def test_the_server_is_known_by_its_certificate(production, taker):
    certificate = production.folder / "data" / "server.crt"
    taken = taker(production.url(sslmode="verify-full", sslrootcert=str(certificate)))
    assert (taken.why, taker.owed) == (f"pg_dump {production.major} of this machine", {})


def test_a_container_takes_it_too(engine, production, taker):
    certificate = production.folder / "data" / "server.crt"
    url = production.url(sslmode="verify-full", sslrootcert=str(certificate))
    taken = taker(url, kind="container", image="postgres:17")
    assert (taken.rows, taken.why) == (ROWS, "pg_dump of the image postgres:17")
    with tarfile.open(taken.path) as tar:
        assert tar.getnames() == ["roles.sql", "dump.sql.zst"]
    # Each container is owed before it is made, gone when its program is, and may be removed again.
    assert taker.remove() == [0, 0]


def test_a_container_is_told_nothing_that_its_engine_can_tell(engine, taker):
    from fixtures.taking.contained import Contained

    programs = Contained.of(
        major=17, host="127.0.0.1", image="postgres:17", drill_id=taker.folder.name,
        owe=lambda name, argv: taker.owed.__setitem__(name, argv),
    )  # fmt: skip
    secret = "hunter2 with=signs $and `more"
    with programs.run("sh", ["-c", 'echo "$PGPASSWORD"; sleep 60'], {"PGPASSWORD": secret}) as output:
        assert next(output.chunks) == f"{secret}\n".encode()
        name = taker.owed["sh"][-2]
        told = subprocess.run(["docker", "inspect", name], capture_output=True, text=True, check=True).stdout
        assert "hunter2" not in told
        assert '"ReadonlyRootfs": true' in told
        shown = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
        assert not [line for line in shown if b"hunter2" in line]
        logs = subprocess.run(["docker", "logs", name], capture_output=True, text=True, check=False)
        assert "hunter2" not in logs.stdout
    assert subprocess.run(["docker", "inspect", name], capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize(
    ("host", "network"),
    [("127.0.0.1", "host"), ("::1", "host"), ("2a05:d014::1", "host"), ("192.0.2.7", "bridge")],
)
def test_the_machines_network_is_lent_only_where_a_containers_own_leads_nowhere(host, network):
    from fixtures.taking.contained import network_to

    assert network_to(host) == network
