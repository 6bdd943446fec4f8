"""A small web server for the metrics of processes that have none, such as workers."""

import logging
import socket
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from app.errors import SettingsError
from app.monitoring.access import Reader, is_local_name, may_read, was_forwarded
from app.monitoring.counting import share_counters
from app.monitoring.exposition import CONTENT_TYPE, exposition
from app.monitoring.gauges import Gauges
from app.monitoring.logs import set_up_logging
from app.settings import Settings

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 10


def watch_worker(settings: Settings, version: str) -> Callable[[], None]:
    """Have a worker's parent log in our form, and answer ``/metrics`` for itself and the children that it will fork.

    Returns:
        What stops it; harmless when called twice.

    Raises:
        SettingsError: METRICS_PORT cannot be had, or DATA_DIR not be written.
    """
    set_up_logging(settings)
    if not settings.metrics_port:
        return lambda: None
    try:
        share_counters(settings, f"worker-{settings.metrics_port}")
    except OSError as error:
        raise SettingsError(f"DATA_DIR {settings.data_dir} cannot be used: {error.strerror}.") from None
    return serve_metrics(settings, Gauges((), version, settings.data_dir))


def serve_metrics(settings: Settings, gauges: Gauges) -> Callable[[], None]:
    """Answer ``/metrics`` on METRICS_HOST and METRICS_PORT from a thread of this process; port 0: nowhere.

    Returns:
        What stops it; harmless when called twice.

    Raises:
        SettingsError: the port cannot be had.
    """
    if not settings.metrics_port:
        return lambda: None
    try:
        server = make_server(
            settings.metrics_host,
            settings.metrics_port,
            _Metrics(settings.metrics_token, gauges),
            _ServerOfIPv6 if ":" in settings.metrics_host else _Server,
            _Handler,
        )
    except OSError as error:
        raise SettingsError(
            f"METRICS_PORT={settings.metrics_port} cannot be had: {error.strerror}. Use another one, or 0 for none."
        ) from None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return stop


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _ServerOfIPv6(_Server):
    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    timeout = _PATIENCE_SECONDS  # or whoever says nothing would hold a thread for ever

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
        logger.debug("metrics: %s", format % args)


class _Metrics:
    """The WSGI application."""

    def __init__(self, token: str, gauges: Gauges) -> None:
        self._token = token
        self._gauges = gauges

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, body = self._answer(environ)
        is_metrics = status.startswith("200") and environ["PATH_INFO"] == "/metrics"
        kind = CONTENT_TYPE if is_metrics else "text/plain; charset=utf-8"
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ: dict[str, Any]) -> tuple[str, bytes]:
        if environ["PATH_INFO"] not in ("/metrics", "/healthz") or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return "404 Not Found", b"There is nothing here but /metrics and /healthz.\n"
        if environ["PATH_INFO"] == "/healthz":
            return "200 OK", b"" if environ["REQUEST_METHOD"] == "HEAD" else b"ok\n"
        # A page of the web whose name is said to be this machine's (DNS rebinding) still has that name.
        is_foreign = was_forwarded(environ) or not is_local_name(environ.get("HTTP_HOST", ""))
        if not may_read(self._token, Reader(environ.get("HTTP_AUTHORIZATION", ""), environ["REMOTE_ADDR"], is_foreign)):
            return "403 Forbidden", b"Send METRICS_TOKEN as a bearer token.\n"
        return "200 OK", b"" if environ["REQUEST_METHOD"] == "HEAD" else exposition(self._gauges)
