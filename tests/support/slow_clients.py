"""Clients that send or read as slowly as they like, and a service with few threads that has to do with them."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from tests.support.servers import Server
from tests.support.service import Service, running_service

THREADS = 4
_NOWHERE = Server("http://127.0.0.1:9", "a-secret-key-of-nobody")


class Client:
    """One connection to a service; ``window`` is how many bytes its system takes for it."""

    def __init__(self, service: Service, window: int | None = None) -> None:
        self.socket = socket.socket()
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.settimeout(90)
        self.socket.connect(("127.0.0.1", int(service.environ["API_PORT"])))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.socket.close()

    def say(self, data: bytes) -> Self:
        """Send some bytes."""
        self.socket.sendall(data)
        return self

    def hear(self, until: bytes | None = None) -> bytes:
        """Return all that comes until the other side hangs up, or until some bytes have come."""
        heard = b""
        with suppress(ConnectionResetError):
            while (until is None or until not in heard) and (piece := self.socket.recv(65536)):
                heard += piece
        return heard

    def ask(self, path: str, *lines: str) -> Self:
        """Send a GET."""
        return self.say("\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode())


@contextmanager
def clients(service: Service, count: int, data: bytes = b"", window: int | None = None) -> Iterator[list[Client]]:
    """Open so many connections that each send ``data``, and hold them open during the block."""
    with ExitStack() as held:
        yield [held.enter_context(Client(service, window)).say(data) for _ in range(count)]


@contextmanager
def impatient_service(folder: Path, patience: dict[str, float], **settings: Any) -> Iterator[Service]:
    """Run a service with `THREADS` threads; ``patience`` is that of `tests.support.hasty_gunicorn`."""
    settings = {"WEB_THREADS": THREADS, "TEST_PATIENCE": json.dumps(patience)} | settings
    with running_service(folder, _NOWHERE, configuration="tests.support.hasty_gunicorn", **settings) as service:
        yield service
