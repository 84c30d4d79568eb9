"""Which kind of server, whether an engine answers, and how much room there is."""

from __future__ import annotations

import socket
import threading
import time
from collections import namedtuple

import pytest

from fixtures.server import sizing, starting
from fixtures.server.engine import docker_answers, endpoint
from plugins.errors import DrillError


def test_engine_that_never_answers_is_told_in_time(yard):
    """The limit is the claim: three seconds, with some room for a busy machine."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(yard.folder / "s"))
        listener.listen()
        began = time.monotonic()
        assert not docker_answers(where=f"unix://{yard.folder}/s")
        assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "where", ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:1", "tcp://", "ssh://host", "nonsense"]
)
def test_no_engine_is_no_answer(where):
    assert not docker_answers(1, where=where)


def test_engine_that_refuses_is_no_answer(yard):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            connection, _ = listener.accept()
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")
            connection.close()

        thread = threading.Thread(target=refuse)
        thread.start()
        assert not docker_answers(where=f"tcp://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()


def test_endpoint_follows_docker_host_then_the_command_lines_context(tmp_path):
    assert endpoint({"DOCKER_HOST": "tcp://far:2375"}) == "tcp://far:2375"
    # docker's own name for the folder of a context: the SHA-256 of its name
    meta = (
        tmp_path / "contexts/meta/f24fd3749c1368328e2b149bec149cb6795619f244c5b584e844961215dadd16/meta.json"
    )
    meta.parent.mkdir(parents=True)
    meta.write_text('{"Endpoints": {"docker": {"Host": "unix:///colima.sock"}}}')
    (tmp_path / "config.json").write_text('{"currentContext": "colima"}')
    assert endpoint({"DOCKER_CONFIG": str(tmp_path)}) == "unix:///colima.sock"
    assert endpoint({"HOME": str(tmp_path / "none")}) == "unix:///var/run/docker.sock"


@pytest.mark.parametrize(
    ("answers", "sample", "kind"), [(True, True, "container"), (False, True, "embedded")]
)
def test_auto_takes_a_container_and_for_the_sample_the_embedded_one(monkeypatch, answers, sample, kind):
    monkeypatch.setattr(starting, "docker_answers", lambda: answers)
    assert starting._auto(sample=sample) == kind


def test_auto_without_an_engine_says_what_the_other_kinds_give_up(yard, monkeypatch):
    monkeypatch.setattr(starting, "docker_answers", lambda: False)
    with pytest.raises(DrillError, match="no container engine answers") as caught:
        yard.start("auto")
    assert "--drill-server local" in caught.value.hint
    assert "--drill-server embedded" in caught.value.hint
    assert "isolation" in caught.value.hint


def test_durable_sets_nothing_and_fast_sets_by_memory():
    assert sizing.settings("durable", 8 * sizing.GB) == {}
    small, large = (sizing.settings("fast", memory * sizing.GB) for memory in (1, 64))
    assert (small["shared_buffers"], large["shared_buffers"]) == ("64MB", "256MB")
    assert (small["maintenance_work_mem"], large["maintenance_work_mem"]) == ("128MB", "1024MB")
    assert (small["fsync"], small["wal_level"]) == ("off", "minimal")


@pytest.mark.parametrize("profile", ["durable", "fast"])
def test_a_server_of_many_tables_has_locks_for_them(profile):
    """10,000 partitions: who selects from all of them locks each; a stock server has not the room."""
    few, many = (sizing.settings(profile, 8 * sizing.GB, relations=count) for count in (4_000, 20_000))
    assert "max_locks_per_transaction" not in few
    assert many["max_locks_per_transaction"] == "464"  # times at least 100 processes


def test_data_goes_into_memory_only_when_that_is_wanted_and_fits():
    def tmpfs(gigabytes, *, in_memory):
        free = gigabytes * sizing.GB
        return sizing.room(sizing.GB, free_memory=free, in_memory=in_memory).tmpfs

    assert tmpfs(16, in_memory=True) == sizing.estimate(sizing.GB) * 2
    assert tmpfs(4, in_memory=True) is None
    assert tmpfs(16, in_memory=False) is None


def test_shortage_of_disk_names_both_figures(yard, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(sizing.shutil, "disk_usage", lambda _path: usage(0, 0, 14 * sizing.GB))
    sizing.check_disk(5 * sizing.GB, yard.folder)
    with pytest.raises(DrillError, match=r"needs about 26\.0 GB of disk .* 14\.0 GB are free in "):
        sizing.check_disk(10 * sizing.GB, yard.folder)
