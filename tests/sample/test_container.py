"""On a stock postgres:17 with contrib, the server that a dashboard download asks for, nothing is lost."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import time

import pytest

IMAGE = "postgres:17"
SERVER = (
    "-e",
    "POSTGRES_USER=supabase_admin",
    "-e",
    "POSTGRES_PASSWORD=sample",
    "-e",
    "POSTGRES_DB=postgres",
)


def docker(*arguments, **options):
    return subprocess.run(
        ["docker", *arguments], capture_output=True, encoding="utf-8", timeout=120, check=True, **options
    )


@pytest.fixture(scope="module")
def container():
    if shutil.which("docker") is None:
        pytest.skip("no docker command here")
    try:
        docker("info")
    except subprocess.CalledProcessError:
        pytest.skip("the Docker daemon does not answer")
    name = docker("run", "-d", "--rm", "--network", "none", *SERVER, IMAGE).stdout.strip()
    try:
        # The image's first, passing server listens on the socket only; the one that stays on TCP too.
        ready = ["docker", "exec", name, "pg_isready", "-q", "-h", "127.0.0.1", "-U", "supabase_admin"]
        deadline = time.monotonic() + 60
        while subprocess.run(ready, capture_output=True, check=False).returncode:
            assert time.monotonic() < deadline, docker("logs", name).stderr
        yield name
    finally:
        docker("rm", "-f", "-v", name)


def test_only_the_bootstrap_role_is_already_there(container, world):
    newest = max((world / "backups").iterdir(), key=lambda path: path.stat().st_mtime)
    psql = ["exec", "-i", container, "psql", "-Xq", "-U", "supabase_admin", "-d", "postgres"]
    done = docker(*psql, input=gzip.decompress(newest.read_bytes()).decode())
    assert re.findall(r"^(?:ERROR|FATAL|PANIC|psql:).*$", done.stderr, re.MULTILINE) == [
        'ERROR:  role "supabase_admin" already exists'
    ]
    counted = docker(*psql, "-At", "-c", "SELECT count(*) FROM public.call_logs")
    assert counted.stdout == "12000\n"
