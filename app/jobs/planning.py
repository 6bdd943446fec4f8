"""What makes a runner one that plans for workers: where batches go, and wishes for one job at a time."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.jobs.context import RunningJob
from app.jobs.contract import Ledger


@dataclass(frozen=True, slots=True)
class Planning:
    """What a runner needs whose jobs are done by workers.

    Attributes:
        ledger: gives a job the ledger for its batches; called on the job's thread.
        ended: called when a job has ended or was given back; must not block.
        duties: done about each second on the dispatcher's thread; may raise `DatabaseUnavailable`.
    """

    ledger: Callable[[RunningJob], Ledger]
    ended: Callable[[], None] = lambda: None
    duties: Sequence[Callable[[], None]] = ()


class Request:
    """A wish for one job, from another thread than the dispatcher's. Answered once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answered = threading.Event()
        self._job: RunningJob | None = None
        self.is_wanted = True

    def claimed(self, timeout: float) -> RunningJob | None:
        """Wait for the answer; None when there is no job, or after ``timeout`` seconds."""
        self._answered.wait(timeout)
        with self._lock:
            self.is_wanted = False
            return self._job

    def answer(self, job: RunningJob | None) -> None:
        """Give the answer."""
        with self._lock:
            self._job = job
        self._answered.set()
