"""A proxy before an S3 server that notes which parts pass, and that a test may tell to hold, damage or lose something."""

import http.client
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.support.servers import Server

HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding", "content-length")


class Request(NamedTuple):
    """One request with its whole body."""

    method: str
    path: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def part(self) -> int | None:
        """The number of the part that it brings, None when it brings none."""
        query = parse_qs(urlsplit(self.path).query)
        return int(query["partNumber"][0]) if self.method == "PUT" and "partNumber" in query else None

    @property
    def completes(self) -> bool:
        """Whether it completes a multipart upload."""
        return self.method == "POST" and "uploadId=" in self.path

    @property
    def aborts(self) -> bool:
        """Whether it aborts a multipart upload."""
        return self.method == "DELETE" and "uploadId=" in self.path


Answer = tuple[int, str, str]
"""A status, a body and an etag."""


class Lost(Exception):
    """Raised by a hook: the connection ends without an answer."""


class MeddlingProxy(ThreadingHTTPServer):
    """Passes all requests on as they are, which keeps their signatures valid, but for what its hooks do.

    Attributes:
        server: where requests go; may be replaced at any time.
        requests: all that have come, in their order, without their bodies.
        before: called with each request; returns the body to pass on, or raises `Lost`.
        after: called when the server has answered; raises `Lost` to keep the answer.
        answer: called first; returns a status, a body and an etag to answer with, or None to go on.
    """

    daemon_threads = True

    def __init__(self, server: Server) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.server = server
        self.requests: list[Request] = []
        self.before: Callable[[Request], bytes] = lambda request: request.body
        self.after: Callable[[Request], None] = lambda _: None
        self.answer: Callable[[Request], Answer | None] = lambda _: None

    @property
    def as_server(self) -> Server:
        """The server as it is seen through this proxy."""
        return Server(f"http://127.0.0.1:{self.server_address[1]}", self.server.secret_key)

    @property
    def parts(self) -> list[int]:
        """The numbers of the parts that were sent, in their order, repeated ones too."""
        return [request.part for request in list(self.requests) if request.part is not None]

    def forget(self) -> None:
        """Begin to count anew, and take the hooks off."""
        self.requests.clear()
        self.before, self.after, self.answer = lambda request: request.body, lambda _: None, lambda _: None

    def handle_error(self, *_: Any) -> None:
        """Say nothing of clients that were killed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: MeddlingProxy

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = Request(self.command, self.path, body, dict(self.headers.items()))
        self.server.requests.append(request._replace(body=b""))
        try:
            made_up = self.server.answer(request)
            if made_up:
                status, text, etag = made_up
                self._reply(status, [("Content-Type", "application/xml"), ("ETag", etag)], text.encode())
                return
            status, headers, data = self._asked(self.server.before(request))
            self.server.after(request)
        except Lost:
            self.close_connection = True
            return
        self._reply(status, headers, data)

    def _asked(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(urlsplit(self.server.server.endpoint).netloc, timeout=60)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
            with suppress(BrokenPipeError, ConnectionResetError):  # the server may answer before it has heard all
                connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _reply(self, status: int, headers: list[tuple[str, str]], data: bytes) -> None:
        self.send_response_only(status)
        length = {name.lower(): value for name, value in headers}.get("content-length", str(len(data)))
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", length if self.command == "HEAD" else str(len(data)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(data)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass  # noqa: N815 - the names are http.server's

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def meddling(server: Server) -> Iterator[MeddlingProxy]:
    """Run a proxy before ``server``."""
    with MeddlingProxy(server) as proxy:
        serving = threading.Thread(target=proxy.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            serving.join()


class Gate:
    """Holds the parts after the first ``open_for`` of them until it is opened, and then loses them."""

    def __init__(self, open_for: int) -> None:
        self.held: set[int] = set()
        self._open_for = open_for
        self._opened = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> bytes:
        if request.part is not None and request.part > self._open_for:
            with self._lock:
                self.held.add(request.part)
            assert self._opened.wait(300)
            raise Lost
        return request.body

    def open(self) -> None:
        """Let go of what is held."""
        self._opened.set()
