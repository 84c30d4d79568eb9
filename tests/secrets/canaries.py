"""Canaries, and where they are searched for: in bytes, in processes, in a container's configuration."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import secrets
import shutil
import stat
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

# Of a word: what is cut off after so many characters is found, too.
SHORTEST = 10
# Processes that are the drill's own, and have its environment: xdist's workers, Python's forks for work at a
# time, git, which is asked for the project's commit, and uname, which Python asks for the processor.
OWN = (b"exec(eval(sys.stdin", b"multiprocessing", b"git describe", b"uname -p")


@dataclass
class Canaries:
    """word: in each of them, and in nothing else. literal: secrets that have a form of their own, by place.

    Both are found in base64, in hexadecimal, and quoted for URLs, too.
    """

    word: str = field(default_factory=lambda: f"canary{secrets.token_hex(5)}x")
    literal: dict[str, str] = field(default_factory=dict)

    def __call__(self, place: str) -> str:
        return f"{self.word}-{place}"

    def found_in(self, data: bytes) -> set[str]:
        """Where the canaries that are in it stood."""
        start = self.word[:SHORTEST]
        told = re.findall(re.escape(start.encode()) + rb"\w*-?([\w-]*)", data, re.IGNORECASE)
        found = {place.decode() or "(cut off)" for place in told}
        if any(form in data for form in _encoded(start)):
            found.add("(encoded)")
        for place, secret in self.literal.items():
            if any(form in data for form in (secret.encode(), quote(secret).encode(), *_encoded(secret))):
                found.add(place)
        return found


def _encoded(text: str) -> list[bytes]:
    """Base64 of it as it comes after 0, 1 or 2 other bytes, without what its neighbours change; and hex."""
    data = text.encode()
    return [base64.b64encode(b"-" * n + data)[4:-4] for n in range(3)] + [data.hex().encode()]


class Watch(threading.Thread):
    """Looks at the processes, the containers and the temporary files of a drill as long as it runs.

    looked: what it saw. Of the files those count that other users of the machine may read.
    """

    def __init__(self, pid: int, temp: Path, canaries: Canaries) -> None:
        super().__init__(daemon=True)
        self.pid, self.temp, self.canaries = pid, temp, canaries
        self.leaks: set[str] = set()
        self.looked: set[str] = set()
        self._ended = threading.Event()
        self._known: dict[str, bytes] = {}  # the environment of each process that was looked at
        self._containers: set[bytes] = set()

    def run(self) -> None:
        while not self._ended.wait(0.2):
            for path in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    self._look(path)
            with contextlib.suppress(OSError):
                self._look_at_files()
            if shutil.which("docker"):
                self._look_at_containers()

    def end(self) -> None:
        self._ended.set()
        self.join()

    def _look(self, path: Path) -> None:
        called = self._called(path.name)
        if not called or self._known.get(path.name) == called:
            return
        if int(path.name) != self.pid and called == self._called(self.pid):
            return  # the drill's fork, which is not yet the program that it becomes
        self._known[path.name] = called
        self._tell(f"cmdline of {called[:60]!r}", called)
        self.looked.add(Path(called.split(b" ")[0].decode()).name.rstrip(":"))
        if b" -m plugins.lifetime" in called or b" -m plugins.delivery" in called:
            self.looked.add(called.split(b" -m ")[1].split()[0].decode())
        if int(path.name) != self.pid and not any(mark in called for mark in OWN):
            self._tell(f"environ of {called[:60]!r}", (path / "environ").read_bytes())

    @staticmethod
    def _called(pid: int | str) -> bytes:
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
        return b""  # it has ended

    def _look_at_files(self) -> None:
        for folder, below, names in os.walk(self.temp):
            if not Path(folder).stat().st_mode & stat.S_IXOTH:
                below.clear()
                continue
            for path in (Path(folder, name) for name in names):
                self.looked.add(path.name)
                status = path.lstat()
                if stat.S_ISREG(status.st_mode) and status.st_mode & stat.S_IROTH:
                    self._tell(f"{path.name}, which all may read", path.read_bytes())

    def _look_at_containers(self) -> None:
        shown = ["--filter", "label=restore-drill.id", "--format", '{{.ID}} {{.Label "restore-drill.pid"}}']
        listed = subprocess.run(["docker", "ps", *shown], capture_output=True, text=True, check=False)
        for name, pid in (line.split() for line in listed.stdout.splitlines() if len(line.split()) == 2):
            if name not in self._containers and self._is_of_the_drill(int(pid)):
                told = subprocess.run(["docker", "inspect", name], capture_output=True, check=False)
                self._containers.add(name)
                self.looked.add("a container")
                self._tell("docker inspect", told.stdout)

    def _is_of_the_drill(self, pid: int) -> bool:
        """Whether a process is the drill, or one of its workers."""
        while pid > 1 and pid != self.pid:
            try:
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:
                return False
            pid = int(re.search(r"^PPid:\s+(\d+)", status, re.MULTILINE)[1])
        return pid == self.pid

    def _tell(self, where: str, data: bytes) -> None:
        self.leaks |= {f"{where}: {place}" for place in self.canaries.found_in(data)}
