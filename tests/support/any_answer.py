"""A web server whose one answer a test replaces whenever it likes, with any bytes, and over a connection that stays."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_TOLD = {"content-length", "date", "server"}


@dataclass
class AnyAnswer:
    """What is answered to every request.

    Attributes:
        url: where the server is.
        body: is not sent with the status 204.
        headers: besides the length; their values must fit into Latin-1.
        asked: how many requests there were.
    """

    url: str
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    asked: int = 0

    def becomes(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Answer this from now on."""
        self.status, self.body, self.headers, self.asked = status, body, headers or {}, 0


@contextmanager
def any_answer() -> Iterator[AnyAnswer]:
    """Run the server."""
    answer = AnyAnswer("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer.asked += 1
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in _TOLD:
                    self.send_header(name, value)
            has_body = answer.status != 204
            if has_body:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if has_body and self.command != "HEAD":
                self.wfile.write(answer.body)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_PATCH = _answer  # noqa: N815  # http.server's names

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            """Say nothing: who is answered so hangs up."""

    with Quiet(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        answer.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield answer
        finally:
            server.shutdown()
            serving.join()
