"""A container engine that fails: a socket in front of the real one, which holds, cuts or refuses."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ENGINE = "/var/run/docker.sock"
ERROR = b'{"message":"the engine is out of sorts"}'
REFUSAL = (
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
)


@dataclass
class Rule:
    """What happens to requests that fit. how: hold, refuse, cut, or cut-after (the engine did it).

    seen: that one came. go: lets those go on that are held. times: so many requests, then no more.
    """

    request: re.Pattern[str]
    how: str
    times: int
    seen: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)


class Engine:
    """Listens in a folder, and passes on what no rule is about."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "docker.sock"
        self.rules: list[Rule] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen(64)
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def env(self) -> dict[str, str]:
        return {"DOCKER_HOST": f"unix://{self.path}"}

    def on(self, request: str, how: str, *, times: int = 1) -> Rule:
        """request: of the method and the path, such as "POST .*/containers/create"."""
        rule = Rule(re.compile(request), how, times)
        self.rules.append(rule)
        return rule

    def close(self) -> None:
        for rule in self.rules:
            rule.go.set()
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        # Who talks to us may be killed at any moment.
        with client, contextlib.suppress(OSError), client.makefile("rb") as asked:
            while request := _request(asked):
                rule = self._rule(request)
                how = rule.how if rule else "pass"
                if how == "cut":
                    return
                if how == "refuse":
                    client.sendall(REFUSAL % (len(ERROR), ERROR))
                    continue
                if how == "hold":
                    rule.go.wait()
                with socket.socket(socket.AF_UNIX) as engine:
                    engine.connect(ENGINE)
                    # One request a connection: then the end of an answer is the end of the stream.
                    engine.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
                    while answer := engine.recv(1 << 16):
                        if how != "cut-after":
                            client.sendall(answer)
                return

    def _rule(self, request: bytes) -> Rule | None:
        line = request.split(b"\r\n", 1)[0].decode()
        for rule in self.rules:
            if rule.times and rule.request.match(line):
                rule.times -= 1
                rule.seen.set()
                return rule
        return None


def _request(stream: IO[bytes]) -> bytes:
    """One request with its body; empty at the end of the stream."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return b""
        head += line
    found = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    # The client's own wish about the connection is not the engine's.
    return re.sub(rb"(?i)\r\nconnection: [^\r]*", b"", head) + stream.read(int(found[1]) if found else 0)
