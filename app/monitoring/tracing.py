"""Traces by OpenTelemetry, where its packages are installed and an address is set; else nothing is imported, or costs.

What is looked at is one flag, so that an operation on a small file takes no longer without traces.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from app.settings import Settings

logger = logging.getLogger(__name__)

_SPANS_PER_JOB = 1000
"""Of a job's operations on storages, only the first ones get spans: a million would help nobody."""

_NOT_INSTALLED = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is set, and OpenTelemetry is not installed: pip install -r requirements-tracing.txt."
)

_tracer: Any = None
_library: Any = None  #: `app.monitoring.spans`, with the tracer
_left: ContextVar[list[int] | None] = ContextVar("sluice_spans_left", default=None)


def start_tracing(settings: Settings, version: str) -> bool:
    """Send spans to OTEL_EXPORTER_OTLP_ENDPOINT from now on; to be called after a fork. Return whether they are sent.

    The SDK reads its other variables itself (OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS, ...).
    """
    global _tracer, _library  # noqa: PLW0603  # one for all of the process, as the library itself has it
    if not settings.otel_exporter_otlp_endpoint or _tracer is not None:
        return _tracer is not None
    try:
        from app.monitoring import spans  # noqa: PLC0415  # imported by who wants traces alone
    except ImportError:
        logger.warning(_NOT_INSTALLED)
        return False
    _tracer = spans.sending(settings.otel_exporter_otlp_endpoint, version)
    _library = spans
    return _tracer is not None


def trace_requests(app: Any) -> None:
    """Have a span for each request that a Flask application answers, probes and metrics apart."""
    if _library is not None:
        _library.trace_requests(app)


def is_tracing() -> bool:
    """Return whether spans are sent."""
    return _tracer is not None


def stop_tracing() -> None:
    """Send what waits; to be called when the process ends."""
    if _library is not None:
        _library.stop()


@contextmanager
def span(name: str, **attributes: Any) -> Iterator[None]:
    """Have a span around the block, beneath the one that this thread is in; nothing, without traces."""
    if _tracer is None:
        yield
        return
    with _tracer.start_as_current_span(name, attributes=attributes):
        yield


@contextmanager
def job_span(kind: str, job_id: str) -> Iterator[None]:
    """Have a span around a job, or what one worker does of it; it limits how many spans its operations get."""
    if _tracer is None:
        yield
        return
    token = _left.set([_SPANS_PER_JOB])
    try:
        with span(f"job {kind}", **{"sluice.job_id": job_id, "sluice.job_kind": kind}):
            yield
    finally:
        _left.reset(token)


@contextmanager
def operation_span(storage: str, host: str, operation: str) -> Iterator[None]:
    """Have a span around an operation of a storage, unless its job has had enough of them."""
    left = _left.get()
    if _tracer is None or (left is not None and left[0] <= 0):
        yield
        return
    if left is not None:
        left[0] -= 1
    with span(f"storage {operation}", **{"sluice.storage": storage, "server.address": host}):
        yield


def note_job(job_id: str) -> None:
    """Let the span of this request name the job that it made: a job's own trace begins when it is started."""
    if _library is not None:
        _library.add_to_current("sluice.job_id", job_id)
