"""A job while a runner works on it: what its handler sees, and what waits to be written. Never touches the database."""

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.cancellation import INTERRUPTED, CancelToken
from app.jobs.contract import Ledger, Look, Outcome, Progress, StepRecord
from app.jobs.lease import LeasedToken
from app.jobs.queue import Batch, Claim
from app.jobs.throughput import Meter

logger = logging.getLogger(__name__)

STEPS_KEPT = 100_000  #: how many steps wait at most while the database is down; then the oldest are dropped
_STEPS_PER_WRITE = 500
_SECONDS_BETWEEN_WRITES = 1.0
_LONGEST_WAIT_SECONDS = 10.0


class RunningJob:
    """The `JobContext` of one attempt. Thread-safe; the runner's dispatcher is the only one to take batches.

    Attributes:
        fence: names the attempt.
        gone: set once it is lost.
        outcome: how it ended; None while its handler runs.

    Args:
        claim: the job.
        wake: called when enough has gathered to be written at once; must not block.
        clock: monotonic seconds, for the throughput.
        lease: asked between operations; None: one that does not run out.
    """

    def __init__(
        self,
        claim: Claim,
        wake: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
        lease: LeasedToken | None = None,
    ) -> None:
        self.job_id = claim.job_id
        self.kind = claim.kind
        self.arguments: Mapping[str, Any] = claim.arguments
        self.secrets: Mapping[str, str] = {}
        self.owner_id = claim.owner_id
        self.sealed = claim.sealed
        self.lease = lease or LeasedToken(math.inf)
        self.token: CancelToken = self.lease
        self.threads = claim.threads
        self.ledger: Ledger | None = None
        self.fence = claim.fence
        self.gone = threading.Event()
        self.outcome: Outcome | None = None
        self._wake = wake
        self._lock = threading.Lock()
        self._room = threading.Condition(self._lock)
        self._is_stuck = False
        self._look: Look | None = None
        self._told: tuple[Progress, str] | None = None
        self._progress: Progress | None = None
        self._message = ""
        self._steps: list[StepRecord] = []
        self._dropped = 0
        self._next_number = claim.steps_written + 1
        self._next_write = 0.0
        self._meter = Meter(claim.throughput, claim.age)
        self._began = clock() - claim.age
        self._clock = clock

    def report(self, progress: Progress, message: str) -> None:
        """Replace counters and sentence; see `JobContext`. The mapping must not be changed afterwards."""
        with self._lock:
            self._progress, self._message = progress, message

    def follow(self, look: Look) -> None:
        """Have counters and sentence looked up when they are written; see `JobContext`."""
        self._look = look

    def record(self, steps: Sequence[StepRecord]) -> None:
        """Append to the history; see `JobContext`.

        A handler far ahead of a database that works waits for it (a dry run plans faster than steps can be
        stored); one whose steps cannot be stored does not wait, and then its oldest steps are dropped.
        """
        with self._room:
            self._room.wait_for(lambda: self._is_stuck or len(self._steps) < STEPS_KEPT // 2, _LONGEST_WAIT_SECONDS)
            before = len(self._steps)
            self._steps.extend(steps)
            self._forget_oldest()
            enough = before < _STEPS_PER_WRITE <= len(self._steps)
        if enough:
            self._wake()

    def end(self, outcome: Outcome) -> None:
        """Say how the handler ended; from now on the job waits for its last write."""
        self.outcome = outcome
        self._wake()

    @property
    def lost(self) -> bool:
        """Whether another runner has it now."""
        return self.gone.is_set()

    def lose(self) -> None:
        """Stop the handler: another runner has the job."""
        if not self.lost:
            logger.warning("Job %s was taken away from this runner; it stops here.", self.job_id)
        self.gone.set()
        self._set_stuck(True)
        self.token.cancel(INTERRUPTED)

    def take_due(self) -> Batch | None:
        """Return what should be written now, or None: steps once there are many, all of it once a second."""
        now = time.monotonic()
        if now >= self._next_write:
            self._look_up()
        with self._lock:
            if now >= self._next_write and (self._progress is not None or self._steps):
                self._next_write = now + _SECONDS_BETWEEN_WRITES
                return self._take()
            if len(self._steps) >= _STEPS_PER_WRITE:
                return Batch(None, "", self._take_steps(), self._next_number)
        return None

    def take_all(self) -> Batch:
        """Return all that was not written yet."""
        self._look_up()
        with self._lock:
            return self._take()

    def written(self, batch: Batch) -> None:
        """Say that a batch is safe; the next one's steps are numbered after it."""
        self._next_number = batch.first_number + len(batch.steps)
        self._set_stuck(False)

    def put_back(self, batch: Batch) -> None:
        """Keep a batch that could not be written for the next time."""
        with self._lock:
            self._steps[:0] = batch.steps
            self._forget_oldest()
            if self._progress is None and batch.progress is not None:
                self._progress, self._message = batch.progress, batch.message
        self._set_stuck(True)

    def dropped(self) -> int:
        """Return how many steps were dropped since the last call because too many waited."""
        with self._lock:
            count, self._dropped = self._dropped, 0
        return count

    def _look_up(self) -> None:
        """Take over what the handler lets be looked up, if that is something new."""
        seen = self._look() if self._look else None
        if seen is not None and seen != self._told:
            self._told = seen
            self.report(*seen)

    def _forget_oldest(self) -> None:
        excess = len(self._steps) - STEPS_KEPT
        if excess > 0:
            del self._steps[:excess]
            self._dropped += excess

    def _set_stuck(self, stuck: bool) -> None:
        with self._room:
            self._is_stuck = stuck
            self._room.notify_all()

    def _take(self) -> Batch:
        progress, self._progress = self._progress, None
        metered = progress is not None and self._meter.note(self._clock() - self._began, progress)
        throughput = self._meter.throughput if metered else None
        return Batch(progress, self._message, self._take_steps(), self._next_number, throughput)

    def _take_steps(self) -> tuple[StepRecord, ...]:
        steps, self._steps = tuple(self._steps), []
        self._room.notify_all()
        return steps
