"""Places that must not be reached: listeners that note every connection, and servers that send clients there."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = list[tuple[Any, ...]]


class Place:
    """A listener that reads what arrives first on each connection, and closes it without an answer.

    Attributes:
        host: its address.
        port: its port.
    """

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.host, self.port = listener.getsockname()
        self._arrived: list[bytes] = []
        self._own: set[tuple[str, int]] = set()
        self._seen = threading.Condition()
        self._last: tuple[str, int] | None = None

    def arrivals(self) -> list[bytes]:
        """Return what each connection so far brought; empty bytes for one that brought nothing."""
        # Connections are accepted in their order, so one of our own comes after all that were begun before it.
        with socket.socket() as mark:
            mark.bind(("127.0.0.1", 0))
            with self._seen:
                self._own.add(mark.getsockname())
            mark.connect((self.host, self.port))
            mark.shutdown(socket.SHUT_WR)
            with self._seen:
                assert self._seen.wait_for(lambda: self._last == mark.getsockname(), timeout=90)
                return list(self._arrived)

    def serve(self) -> None:
        """Accept until the listener is shut down."""
        while True:
            try:
                connection, peer = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                data = b""  # of who resets it, or says nothing
                connection.settimeout(10)
                data = connection.recv(65536)
            with self._seen:
                if peer not in self._own:
                    self._arrived.append(data)
                self._last = peer
                self._seen.notify_all()


@contextmanager
def place(host: str = "127.0.0.1", port: int = 0) -> Iterator[Place]:
    """Run such a listener."""
    with socket.create_server((host, port)) as listener:
        here = Place(listener)
        serving = threading.Thread(target=here.serve)
        serving.start()
        try:
            yield here
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            serving.join()


@contextmanager
def redirecting(status: int, location: str) -> Iterator[tuple[str, list[str]]]:
    """Run a server that sends every request elsewhere; give its address, and the targets of the requests so far."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.append(self.path)
            self.send_response(status)
            self.send_header("Location", location)
            self.send_header("x-amz-bucket-region", "eu-west-1")  # what has boto3 ask once more
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _answer  # noqa: N815 - the names are http.server's

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", seen
        finally:
            server.shutdown()
            serving.join()


def resolver(name: str, answers: Callable[[], Sequence[str]]) -> Callable[..., Answer]:
    """Return what stands in for `socket.getaddrinfo`: ``name`` is at ``answers()``, which may change."""
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *details: Any, **named: Any) -> Answer:
        if host != name:
            return list(real(host, port, *details, **named))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in answers()]

    return resolve
