"""Whether this process lives, whether it is ready for work, and its metrics: asked by machines, of any caller."""

import threading
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, make_response, request

from app.errors import NotAllowed
from app.monitoring.access import Reader, may_read, was_forwarded
from app.monitoring.exposition import CONTENT_TYPE, exposition
from app.monitoring.gauges import Gauges
from app.monitoring.readiness import Check, Readiness, database_check, folder_check
from app.web.callers import client_address
from app.web.services import STARTED, current_services

_GAUGES = "sluice_gauges"
_READINESS = "sluice_readiness"


def install_health(app: Flask, services: Any, gauges: Gauges) -> None:
    """Answer ``/health``, ``/healthz``, ``/readyz`` and ``/metrics``.

    Args:
        app: the application.
        services: what is asked.
        gauges: the numbers of the database.
    """
    app.extensions[STARTED] = threading.Event()
    app.extensions[_GAUGES] = gauges
    app.extensions[_READINESS] = Readiness(_checks(app, services))
    app.add_url_rule("/health", "health", _health)
    app.add_url_rule("/healthz", "healthz", _lives)
    app.add_url_rule("/readyz", "readyz", lambda: _readiness(app.extensions[_READINESS]))
    app.add_url_rule("/metrics", "metrics", lambda: _metrics(services.settings, gauges))


def _checks(app: Flask, services: Any) -> Mapping[str, Check]:
    started = app.extensions[STARTED]

    def runner() -> str | None:
        if not started.is_set():
            return "The runner of this process was not started (yet)."
        return str(trouble) if (trouble := services.runner.trouble()) else None

    def draining() -> str | None:
        return "This process is about to stop." if services.draining.is_set() else None

    return {
        "database": database_check(services.database),
        "data_dir": folder_check(services.settings.data_dir),
        "runner": runner,
        "draining": draining,
    }


def _health() -> Response:
    """Answer 200 while this process can read its database."""
    current_services().jobs.list(include_finished=False, limit=1)
    return jsonify({"status": "ok"})


def _lives() -> Response:
    """Answer 200 while this process answers at all."""
    return jsonify({"status": "ok"})


def _readiness(readiness: Readiness) -> Response:
    """Answer 200 while this process can take work, else 503 and what is wrong."""
    report = readiness.report()
    answer = jsonify({"status": "ok" if report.is_ready else "not ready", "checks": report.checks})
    answer.status_code = 200 if report.is_ready else 503
    return answer


def _metrics(settings: Any, gauges: Gauges) -> Response:
    """Answer Prometheus."""
    reader = Reader(request.headers.get("Authorization", ""), client_address(), was_forwarded(request.environ))
    if not may_read(settings.metrics_token, reader):
        raise NotAllowed("Send METRICS_TOKEN as a bearer token; without one, only programs of this machine may ask.")
    answer = make_response(exposition(gauges))
    answer.headers["Content-Type"] = CONTENT_TYPE
    return answer
