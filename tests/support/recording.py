"""A server that passes requests on to another one and notes what each of them said."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_OF_ONE_CONNECTION = {"connection", "transfer-encoding", "keep-alive", "content-length", "proxy-connection"}


@dataclass(frozen=True)
class Request:
    """One request, with the names of its headers in lower case."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Recorder:
    """Where to ask, and what was asked so far."""

    endpoint: str = ""
    requests: list[Request] = field(default_factory=list)


@contextmanager
def recording(endpoint: str) -> Iterator[Recorder]:
    """Pass everything on to ``endpoint`` as it came, the header Host too, so that signatures stay right."""
    recorder = Recorder()
    inner = urlsplit(endpoint)

    class Handler(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path = "/" + self.path.removeprefix(recorder.endpoint).lstrip("/")  # obstore sends the whole URL
            headers = {name.lower(): value for name, value in self.headers.items()}
            recorder.requests.append(Request(self.command, path, headers))
            with closing(http.client.HTTPConnection(inner.netloc, timeout=30)) as connection:
                connection.putrequest(self.command, path, skip_host=True, skip_accept_encoding=True)
                for name, value in headers.items():
                    if name not in _OF_ONE_CONNECTION - {"content-length"} | {"expect"}:
                        connection.putheader(name, value)
                connection.endheaders(body)
                self._give_back(connection.getresponse())

        def _give_back(self, answer: http.client.HTTPResponse) -> None:
            body = answer.read()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _OF_ONE_CONNECTION:
                    self.send_header(name, value)
            length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(body))
            self.send_header("Content-Length", length or "0")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass_on  # noqa: N815 - the names are http.server's

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        recorder.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield recorder
        finally:
            server.shutdown()
            serving.join()
