"""What Prometheus reads: the counters of all processes of this machine's service, and the numbers of the database."""

import os
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from app.monitoring.counting import VARIABLE
from app.monitoring.folding import folded
from app.monitoring.gauges import Gauges
from app.monitoring.metrics import be_there

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of what `exposition` returns."""


def exposition(gauges: Gauges) -> bytes:
    """Return all metrics in Prometheus' text format."""
    be_there()
    registry = CollectorRegistry()
    registry.register(gauges)
    return generate_latest(registry) + _counts()


def _counts() -> bytes:
    folder = os.environ.get(VARIABLE)
    if folder is None:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library's
    with folded(Path(folder)):
        return generate_latest(registry)
