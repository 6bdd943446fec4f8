"""OpenTelemetry itself, imported only where traces are wanted; what is sent has no secrets."""

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status, Tracer

from app.monitoring.redaction import masked, without_secrets

_ADDRESSES = ("http.target", "http.url", "url.full", "url.query")
"""Attributes of Flask's instrumentation that have the query string, in which keys may be."""

_UNTRACED = "/healthz$,/readyz$,/health$,/metrics$,/static/"


def sending(endpoint: str, version: str) -> Tracer:
    """Send the spans of this process to ``endpoint`` from now on; the tracer makes ours."""
    ours = Resource({SERVICE_NAME: "sluice", SERVICE_VERSION: version})
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(BatchSpanProcessor(CleanExporter(OTLPSpanExporter(f"{endpoint}/v1/traces"))))
    trace.set_tracer_provider(provider)
    return trace.get_tracer("sluice", version)


def trace_requests(app: Any) -> None:
    """Have a span for each request that a Flask application answers."""
    FlaskInstrumentor().instrument_app(app, excluded_urls=_UNTRACED)  # type: ignore[no-untyped-call]  # the library's


def add_to_current(name: str, value: str) -> None:
    """Put an attribute into the span that this thread is in."""
    trace.get_current_span().set_attribute(name, value)


def stop() -> None:
    """Send what waits, and no more."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.shutdown()


class CleanExporter(SpanExporter):
    """Hands cleaned copies of spans on to ``inner``."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """See the library's class."""
        return self._inner.export([_cleaned(span) for span in spans])

    def shutdown(self) -> None:
        """See the library's class."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """See the library's class."""
        return self._inner.force_flush(timeout_millis)


def _cleaned(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=without_secrets(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_attributes(span.attributes),
        events=[Event(event.name, _attributes(event.attributes), event.timestamp) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code, span.status.description and without_secrets(span.status.description)),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _attributes(given: Mapping[str, Any] | None) -> dict[str, Any]:
    cleaned: dict[str, Any] = masked(given or {})
    for name in _ADDRESSES:
        if name in cleaned:
            cleaned[name] = "" if name == "url.query" else str(cleaned[name]).partition("?")[0]
    return cleaned
