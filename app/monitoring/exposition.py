"""What Prometheus reads: the counters of all processes of this machine's service, and the numbers of the database."""

import os

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from app.monitoring.counting import VARIABLE
from app.monitoring.gauges import Gauges
from app.monitoring.metrics import be_there

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of what `exposition` returns."""


def exposition(gauges: Gauges) -> bytes:
    """Return all metrics in Prometheus' text format."""
    be_there()
    registry = CollectorRegistry()
    registry.register(gauges)
    if VARIABLE not in os.environ:
        return generate_latest(registry) + generate_latest(REGISTRY)
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library's
    return generate_latest(registry)
