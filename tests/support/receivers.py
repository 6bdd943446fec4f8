"""Receivers of webhooks: web servers that note what arrives, and answer as a test says."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

OK = b"HTTP/1.1 204 No Content\r\n\r\n"


def answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    """Return the bytes of an answer, status line and all."""
    named = {name.replace("_", "-"): value for name, value in headers.items()} | {"Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body


@dataclass(frozen=True)
class Message:
    """What arrived.

    Attributes:
        headers: their names in lower case.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """Its ``webhook-id``."""
        return self.headers["webhook-id"]

    def json(self) -> Any:
        """Return the document that it is."""
        return json.loads(self.body)


class Receiver(ThreadingHTTPServer):
    """A web server on a port of its own.

    Attributes:
        messages: what arrived, in order.
        answers: what the next ones are answered: bytes, or what writes them; when none is left, ``usual``.
        over: set at the end, so that nothing waits for ever.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.messages: list[Message] = []
        self.answers: list[bytes | Callable[[Any], None]] = []
        self.usual: bytes | Callable[[Any], None] = OK
        self.over = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.messages.append(Message(self.command, self.path, headers, body))
        given = self.server.answers.pop(0) if self.server.answers else self.server.usual
        with suppress(OSError):
            self.wfile.write(given) if isinstance(given, bytes) else given(self)
        self.close_connection = True

    do_GET = do_PUT = do_POST  # noqa: N815  # the names are http.server's

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver."""
    with Receiver() as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            serving.join()


def silence(handler: Any) -> None:
    """Answer nothing as long as the receiver runs."""
    handler.server.over.wait(60)


def dripping(first: bytes) -> Callable[[Any], None]:
    """Answer these bytes, and then one byte again and again until the other end is gone."""

    def write(handler: Any) -> None:
        handler.wfile.write(first)
        while not handler.server.over.wait(0.02):
            handler.wfile.write(b"x")

    return write


def endless(handler: Any) -> None:
    """Answer with a body that has no end."""
    handler.wfile.write(b"HTTP/1.1 500 X\r\n\r\n")
    while not handler.server.over.is_set():
        handler.wfile.write(b"sorry " * 10_000)
