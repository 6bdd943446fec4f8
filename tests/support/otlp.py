"""A real receiver of OpenTelemetry's traces: HTTP with protobuf, as collectors have it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector:
    """What has arrived.

    Attributes:
        url: for OTEL_EXPORTER_OTLP_ENDPOINT.
        spans: each as it came.
        raw: all bytes that came.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.spans: list[Any] = []
        self.raw = b""

    def take(self, body: bytes) -> None:
        """Read what was sent."""
        self.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                self.spans += scope.spans

    def named(self, name: str) -> list[Any]:
        """Return the spans of this name."""
        return [span for span in self.spans if span.name == name]


def attributes(span: Any) -> dict[str, str]:
    """Return the attributes of a span that are words."""
    return {pair.key: pair.value.string_value for pair in span.attributes}


@contextmanager
def collector() -> Iterator[Collector]:
    """Receive traces during the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received = Collector(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield received
        server.shutdown()
