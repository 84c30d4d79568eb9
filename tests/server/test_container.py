"""The sealed container: real ones, with the engine at hand."""

from __future__ import annotations

import json
import os
import pickle
import socket
import stat
import subprocess
import threading
from pathlib import Path

import psycopg
import pytest

from fixtures.server import container, sizing
from plugins.errors import DrillError

IMAGE = "postgres:17"


@pytest.fixture(autouse=True)
def _engine(engine):
    if subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=False).returncode:
        message = f"the image {IMAGE} is not here: the container tests did not run"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


def docker(*argv: str) -> str:
    return subprocess.run(["docker", *argv], capture_output=True, text=True, check=True).stdout


def volumes() -> set[str]:
    return set(docker("volume", "ls", "-q").split())


def containers(yard) -> str:
    return docker("ps", "-aq", "--filter", f"label=restore-drill.id={yard.folder.name}")


@pytest.fixture
def listener():
    """A port on every address of this machine; `met` holds who came."""
    met: list[object] = []
    with socket.create_server(("0.0.0.0", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, who = server.accept()
                except OSError:
                    return
                met.append(who)
                connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1], met
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_sealed_server_has_no_network_no_rights_and_no_file_to_write(yard, run_in, listener):
    before, (port, met) = volumes(), listener
    server = yard.start("container", major=17, superuser="supabase_admin")

    assert (server.kind, server.major, server.image, server.sealed) == ("container", 17, IMAGE, True)
    assert "postgres:17 is the dump's major" in server.why
    assert server.image_digest.startswith("sha256:")
    password = server.conninfo["password"]
    assert password not in repr(server)
    assert pickle.loads(pickle.dumps(server)) == server

    said = run_in(
        server,
        "ls /sys/class/net; grep -E '^(Cap(Eff|Bnd)|NoNewPrivs)' /proc/self/status; touch /etc/x /usr/x",
    )
    assert said.splitlines()[0] == "lo"
    assert "CapEff:\t0000000000000000" in said
    assert "CapBnd:\t0000000000000000" in said
    assert "NoNewPrivs:\t1" in said
    assert said.count("Read-only file system") == 2
    for host in ("127.0.0.1", "172.17.0.1", socket.gethostname()):
        assert "reached" not in run_in(server, f"bash -c 'echo x > /dev/tcp/{host}/{port} && echo reached'")
    assert met == []

    folder = Path(server.conninfo["host"])
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    limits = json.loads(docker("inspect", f"restore-drill-{yard.folder.name}"))[0]["HostConfig"]
    assert limits["Memory"] > 0
    assert limits["PidsLimit"] == 512
    assert limits["NetworkMode"] == "none"

    assert yard.remove() == [0]
    assert yard.remove() == [0]
    assert containers(yard) == ""
    assert volumes() == before
    assert yard.left == []


def test_the_socket_demands_the_password(yard):
    server = yard.start("container", major=17)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**{**server.conninfo, "password": "wrong"}, dbname="postgres")


def test_durable_is_the_stock_server_and_fast_is_not(yard):
    server = yard.start("container", major=17, profile="durable", extensions=frozenset({"pg_net"}))
    with server.connect("postgres") as connection:
        rows = connection.execute(
            "SELECT name FROM pg_settings WHERE source = 'command line' ORDER BY name COLLATE \"C\""
        ).fetchall()
    # pg_net is not in the image: it is not preloaded, and the server starts all the same.
    assert [name for (name,) in rows] == [
        "listen_addresses", "unix_socket_directories", "unix_socket_permissions"
    ]  # fmt: skip


def test_cron_is_loaded_for_the_drills_database_and_runs_no_job(yard):
    server = yard.start("container", major=17, extensions=frozenset({"pg_cron"}), database="mine")
    server.create_database("mine")
    with server.connect("mine") as connection:
        assert connection.execute("SHOW shared_preload_libraries").fetchone() == ("pg_cron",)
        assert connection.execute("SHOW cron.database_name").fetchone() == ("mine",)
        assert connection.execute("SHOW cron.launch_active_jobs").fetchone() == ("off",)
        connection.execute("CREATE EXTENSION pg_cron")
        server.drop_database("mine")


def test_nearest_newer_image_serves_and_says_so(yard):
    server = yard.start("container", major=16)
    assert server.major == 17
    assert "dump is from 16, nearest newer server at hand is 17" in server.why


def test_image_that_is_not_to_be_had_is_one_clear_error(yard):
    with pytest.raises(
        DrillError, match=r"the image nowhere\.invalid/postgres:1 is not on this machine"
    ) as caught:
        yard.start("container", major=17, image="nowhere.invalid/postgres:1")
    assert "--drill-image" in caught.value.hint
    assert yard.left == []


def test_image_that_is_older_than_the_dump_is_refused_and_removed(yard):
    with pytest.raises(DrillError, match="the dump is from Postgres 18, and postgres:17 is 17"):
        yard.start("container", major=18, image=IMAGE)
    assert containers(yard) == ""


def test_container_that_dies_early_says_why(yard):
    with pytest.raises(DrillError, match=r"ended before it was ready: .*superuser name"):
        yard.start("container", major=17, superuser="pg_reserved")
    assert yard.remove() == [0]
    assert containers(yard) == ""


def test_without_a_shared_folder_it_is_reached_by_tcp_and_not_called_sealed(yard, monkeypatch):
    before = volumes()
    monkeypatch.setattr(container, "_can_share", lambda *_: False)
    monkeypatch.setattr(sizing, "room", lambda *_, **__: sizing.Room(memory=sizing.GB, tmpfs=None))
    server = yard.start("container", major=17)
    assert server.conninfo["host"] == "127.0.0.1"
    assert not server.sealed
    assert "not sealed" in server.why
    with server.connect("postgres") as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert len(volumes() - before) == 1
    assert yard.remove() == [0]
    assert volumes() == before


def test_data_that_does_not_fit_into_memory_lies_in_the_drills_folder_and_goes_with_it(yard, monkeypatch):
    monkeypatch.setattr(sizing, "room", lambda *_, **__: sizing.Room(memory=sizing.GB, tmpfs=None))
    server = yard.start("container", major=17)
    assert server.sealed
    assert "data on disk" in server.why
    assert list(yard.folder.glob("server/data/*/PG_VERSION"))
    assert yard.remove() == [0]
    assert yard.left == []


def test_killed_container_is_removed_with_what_a_hostile_dump_left(yard, run_in):
    server = yard.start("container", major=17)
    run_in(
        server, "cd /var/run/postgresql; mkdir -p a/b; touch a/b/c; ln -s /etc/passwd a/link; chmod 0 a/b a"
    )
    docker("kill", "-s", "KILL", f"restore-drill-{yard.folder.name}")
    assert yard.remove() == [0]
    assert containers(yard) == ""
    assert yard.left == []
    assert Path("/etc/passwd").exists()


def test_engine_that_does_not_see_our_folders_serves_by_tcp(yard, monkeypatch):
    """As where the engine's socket was mounted into the container that the drill runs in."""
    real = container.made_to

    def unseen(order):
        made = real(order)
        if order.by_socket:
            (order.place / "socket").rmdir()
        return made

    monkeypatch.setattr(container, "made_to", unseen)
    server = yard.start("container", major=17)
    assert not server.sealed
    assert yard.remove() == [0, 0]
    assert containers(yard) == ""
    assert yard.left == []


def test_removal_is_owed_before_the_container_is_made(yard, monkeypatch):
    class StopError(Exception):
        pass

    def stop(_order):
        assert len(yard.owed) == 1
        raise StopError

    monkeypatch.setattr(container, "made_to", stop)
    with pytest.raises(StopError):
        yard.start("container", major=17)
    assert yard.remove() == [0]
    assert yard.left == []


@pytest.mark.parametrize(("profile", "where"), [("durable", "data on disk"), ("fast", "data in memory")])
def test_what_proves_an_rto_is_not_written_to_memory(yard, profile, where):
    assert where in yard.start("container", major=17, profile=profile).why
