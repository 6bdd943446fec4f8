"""Counts what happens in this process: one function for each thing that is counted. Thread-safe, and they never fail.

What the database knows is not counted here, but looked up: see `app.monitoring.samples`.
"""

from collections import Counter as Sums
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby
from operator import attrgetter
from types import ModuleType
from typing import Any, Protocol

from app.monitoring.bounded import Bounded

_reasons = Bounded(200, "reasons")
_hosts = Bounded(50, "hosts")


@cache
def _made() -> ModuleType:
    """Return `app.monitoring.instruments`, imported by the first count: so late, a worker's parent can say where to."""
    from app.monitoring import instruments  # noqa: PLC0415

    return instruments


def be_there() -> None:
    """Have all metrics told of, also before anything was counted."""
    _made()


class FinishedStep(Protocol):
    """What is counted of a step of a job."""

    @property
    def action(self) -> str:
        """What was done."""
        ...

    @property
    def status(self) -> str:
        """How it ended; one of `app.jobs.contract.StepStatus`."""
        ...

    @property
    def size(self) -> int:
        """Bytes moved."""
        ...

    @property
    def reason(self) -> str:
        """Of a failure: the machine-readable reason."""
        ...


def job_started(kind: str, waited: float) -> None:
    """Count a job that was started for the first time, ``waited`` seconds after it was made."""
    _made().started.labels(kind).inc()
    _made().waited.labels(kind).observe(max(0.0, waited))


def job_ended(kind: str, state: str, reason: str | None) -> None:
    """Count a job that has reached a final state."""
    _made().ended.labels(kind, state, _reasons.of(reason or "ok")).inc()


def job_rescued() -> None:
    """Count a job that was taken back from a runner that died."""
    _made().rescued.inc()


def steps_written(kind: str, steps: Iterable[FinishedStep]) -> None:
    """Count what a job has done since the last call; made for many steps at a time."""
    # Most have the same action and end as the one before; a count of each step would take five times as long.
    for (action, status), run in groupby(steps, attrgetter("action", "status")):
        alike = list(run)
        _made().files.labels(kind, action, status).inc(len(alike))
        if status == "done":
            _made().moved.labels(kind, action).inc(sum(map(attrgetter("size"), alike)))
        elif status == "failed":
            for reason, count in Sums(map(attrgetter("reason"), alike)).items():
                _made().failures.labels(kind, action, _reasons.of(reason)).inc(count)


def storage_operated(storage: str, host: str, operation: str, seconds: float) -> None:
    """Count an operation that a storage has done."""
    _timed(storage, host, operation, "done").observe(seconds)


def storage_failed(storage: str, host: str, operation: str, seconds: float, reason: str) -> None:
    """Count an operation that a storage has not done; ``reason`` is the machine-readable one of its error."""
    _timed(storage, host, operation, "failed").observe(seconds)
    _made().storage_errors.labels(storage, _hosts.of(host), operation, _reasons.of(reason)).inc()


@lru_cache(4096)
def _timed(storage: str, host: str, operation: str, outcome: str) -> Any:
    """Return the histogram of these labels: looking it up takes longer than to count (measured: 4 microseconds)."""
    return _made().operations.labels(storage, _hosts.of(host), operation, outcome)


def request_answered(dialect: str, route: str, method: str, status: int, seconds: float) -> None:
    """Count a request; ``route`` is the rule that matched, never the path."""
    _made().requests.labels(dialect, route, method, str(status)).inc()
    _made().answers.labels(dialect, route, method).observe(seconds)


def delivery_ended(outcome: str) -> None:
    """Count an attempt to deliver a webhook: ``delivered`` or ``failed``."""
    _made().deliveries.labels(outcome).inc()
