"""A proxy before an S3 server that damages, refuses or changes what goes through it, and notes who asked for what."""

import http.client
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.support.servers import Server


@dataclass(frozen=True)
class Seen:
    """One request: its method, its path with the query, and its headers with their names in lower case."""

    method: str
    path: str
    headers: dict[str, str]

    @property
    def by_obstore(self) -> bool:
        return self.headers["user-agent"] == "sluice"


@dataclass
class Flipper:
    """What a test says and learns. The defaults let everything pass.

    Attributes:
        server: the proxy's address, with the keys of the server behind it.
        uploads: so many bodies of PUTs are damaged.
        downloads: so many bodies of answers to GETs of objects are damaged.
        cut: so many of the latter break off half-way.
        refuses: answers True for a request that gets a 500.
        redirect_to: scheme, host and port that every answer sends elsewhere to.
        hides_range: the server does not see the header Range.
        answer_headers: take the place of those of answers to GETs and PUTs of objects.
        seen: the requests so far.
        most_at_once: how many of those for a range were under way at the same time. One for a whole object counts too
            long: whoever leaves its answer unread is noticed later.
    """

    server: Server
    uploads: int = 0
    downloads: int = 0
    cut: int = 0
    refuses: Callable[[Seen], bool] = lambda _: False
    redirect_to: str = ""
    hides_range: bool = False
    answer_headers: dict[str, str] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    most_at_once: int = 0
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def methods(self) -> list[str]:
        """Return the methods of the requests so far, and forget them."""
        with self._lock:
            methods = [seen.method for seen in self.seen]
            self.seen.clear()
        return methods

    def note(self, seen: Seen) -> None:
        with self._lock:
            self.seen.append(seen)
            self._now += "range" in seen.headers
            self.most_at_once = max(self.most_at_once, self._now)

    def is_done(self, seen: Seen) -> None:
        with self._lock:
            self._now -= "range" in seen.headers

    def takes_one(self, what: str) -> bool:
        """Count down ``what``; return whether there was one left."""
        with self._lock:
            left = int(getattr(self, what))
            setattr(self, what, max(0, left - 1))
        return left > 0


@contextmanager
def flipping(server: Server) -> Iterator[Flipper]:
    """Run a proxy before ``server``."""

    class Handler(_Handler):
        upstream = urlsplit(server.endpoint).netloc

    with _Server(("127.0.0.1", 0), Handler) as proxy:
        Handler.flipper = Flipper(replace(server, endpoint=f"http://127.0.0.1:{proxy.server_address[1]}"))
        serving = threading.Thread(target=proxy.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield Handler.flipper
        finally:
            proxy.shutdown()
            serving.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client may hang up
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    upstream: str
    flipper: Flipper

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.path = self.path.removeprefix(f"http://{self.headers['Host']}")  # a client may name the whole URL
        seen = Seen(self.command, self.path, {name.lower(): value for name, value in self.headers.items()})
        self.flipper.note(seen)
        try:
            self._answer(seen, body)
        finally:
            self.flipper.is_done(seen)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass  # noqa: N815 - the names are http.server's

    def _answer(self, seen: Seen, body: bytes) -> None:
        if self.flipper.redirect_to:
            self._send(307, {"Location": self.flipper.redirect_to + self.path}, b"")
        elif self.flipper.refuses(seen):
            self._send(500, {}, b"")
        else:
            if seen.method == "PUT" and body and self.flipper.takes_one("uploads"):
                body = _flipped(body)
            self._send(*self._changed(*self._forwarded(seen, body)))

    def _forwarded(self, seen: Seen, body: bytes) -> tuple[int, dict[str, str], bytes]:
        server = http.client.HTTPConnection(self.upstream, timeout=60)
        try:
            server.putrequest(seen.method, seen.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in ("connection", "expect") and not (name == "Range" and self.flipper.hides_range):
                    server.putheader(name, value)
            server.endheaders(body)
            answer = server.getresponse()
            return answer.status, {name.title(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            server.close()

    def _changed(self, status: int, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        of_object = status in (200, 206) and urlsplit(self.path).path.count("/") > 1
        if of_object and self.command in ("GET", "PUT", "HEAD"):
            headers |= {name.title(): value for name, value in self.flipper.answer_headers.items()}
        if of_object and self.command == "GET" and body:
            if self.flipper.takes_one("downloads"):
                body = _flipped(body)
            if self.flipper.takes_one("cut"):
                headers["Content-Length"] = str(len(body))
                body = body[: len(body) // 2]
                self.close_connection = True
        return status, headers, body

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            if name.lower() not in ("connection", "transfer-encoding"):
                self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:  # whoever asked has hung up
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


def _flipped(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
