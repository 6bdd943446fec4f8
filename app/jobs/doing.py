"""Does batches in this process: leases one, calls its handler, keeps the lease meanwhile, writes what came of it."""

import logging
import threading
import time
from collections.abc import Mapping
from uuid import uuid4

from app.cancellation import INTERRUPTED
from app.connections.secrets import SecretBox
from app.errors import DatabaseUnavailable, SluiceError
from app.jobs.attempt import BROKEN
from app.jobs.batches import BatchQueue, Lease, Leased, Standing
from app.jobs.contract import STOPPED, BatchHandler, BatchResult
from app.jobs.lease import SURE, LeasedToken, lease_clock
from app.jobs.pace import Every
from app.jobs.states import CANCELLED_BY_USER
from app.monitoring.context import bound
from app.monitoring.tracing import job_span
from app.settings import Settings

logger = logging.getLogger(__name__)

_BEAT_SECONDS = 1.0
_PAUSE_SECONDS = 0.5
_COMPLAIN_SECONDS = 60.0


class RunningBatch:
    """The `BatchContext` of one leased batch. Thread-safe."""

    def __init__(self, leased: Leased, seconds: float, token: LeasedToken) -> None:
        self.job_id = leased.job_id
        self.arguments = leased.arguments
        self.secrets: Mapping[str, str] = {}
        self.owner_id = leased.owner_id
        self.token = token
        self.kind = leased.kind
        self.steps = leased.steps
        self.threads = leased.threads
        self.seconds = seconds
        self.moving = 0

    def report_moving(self, size: int) -> None:
        """See `BatchContext`."""
        self.moving = size


class BatchWorker:
    """Does batches, several at once if several threads ask. Make it after a fork; methods are thread-safe.

    Args:
        batches: where they are.
        handlers: by the kind of the job.
        box: opens the secrets of jobs.
        settings: how long and how broad a batch may be.
    """

    def __init__(
        self, batches: BatchQueue, handlers: Mapping[str, BatchHandler], box: SecretBox, settings: Settings
    ) -> None:
        self._batches = batches
        self._handlers = handlers
        self._box = box
        self._settings = settings
        self._lock = threading.Lock()
        self._active: dict[Lease, RunningBatch] = {}
        self._keeper: threading.Thread | None = None
        self._idle = threading.Condition(self._lock)
        self._draining = threading.Event()
        self._complaint = Every(_COMPLAIN_SECONDS)

    def work(self, job_number: int, number: int | None = None) -> bool:
        """Do one batch on this thread.

        Args:
            job_number: of this job.
            number: this one; None: the first that nobody is at.

        Returns:
            Whether there was one to be had; False too once this process is to stop.

        Raises:
            DatabaseUnavailable: none was begun.
        """
        if self._draining.is_set():
            return False
        asked_at = lease_clock()
        leased = self._batches.lease(job_number, number, uuid4().hex, self._settings.transfers_per_job)
        if leased is None:
            return False
        token = LeasedToken(self._settings.stale_seconds * SURE, proven_at=asked_at)
        running = RunningBatch(leased, self._settings.batch_seconds, token)
        self._look_after(leased.lease, running)
        try:
            with (
                bound(job_id=leased.job_id, kind=leased.job_kind, batch=leased.lease.number),
                job_span(leased.job_kind, leased.job_id),
            ):
                done = self._done(leased, running)
                self._finish(leased, done)
        finally:
            self._let_go(leased.lease)
        if not done.result and list(done.left) == list(leased.steps):
            self._draining.wait(_PAUSE_SECONDS)  # it can do nothing just now: others may come first
        return True

    def work_on(self, job_number: int, number: int) -> None:
        """Do this batch, and then others of its job as long as a batch may take; what a message asks for.

        Raises:
            DatabaseUnavailable: the next one was not begun; somebody is told of it again.
        """
        until = time.monotonic() + self._settings.batch_seconds
        # A batch that is done already, or is another's, says nothing of those after it.
        found = self.work(job_number, number) or self.work(job_number)
        while found and time.monotonic() < until:
            found = self.work(job_number)

    def drain(self, timeout: float) -> bool:
        """Begin no batch any more, have those in hand leave what is not begun; return whether all ended in time."""
        self._draining.set()
        with self._idle:
            for running in self._active.values():
                running.token.cancel(INTERRUPTED)
            return self._idle.wait_for(lambda: not self._active, timeout)

    def _done(self, leased: Leased, running: RunningBatch) -> BatchResult:
        try:
            if leased.sealed is not None:
                running.secrets = self._box.open(leased.sealed, leased.job_id)
            return self._handlers[leased.job_kind](running)
        except SluiceError as error:
            return BatchResult([[STOPPED, error.reason, str(error)]])
        except Exception:
            logger.exception("Job %s: the handler of its batches broke.", leased.job_id)
            return BatchResult([[STOPPED, BROKEN.reason, BROKEN.message]])

    def _finish(self, leased: Leased, done: BatchResult) -> None:
        """Write what came of it; as long as the database cannot be used, somebody else may take the batch over."""
        while True:
            try:
                is_ours = self._batches.finish(leased.lease, done.result, done.left)
            except DatabaseUnavailable as error:
                self._complain(error)
                time.sleep(_PAUSE_SECONDS)
            else:
                if not is_ours:
                    logger.warning("Job %s: a batch was taken over while it was done here.", leased.job_id)
                return

    def _look_after(self, lease: Lease, running: RunningBatch) -> None:
        with self._lock:
            self._active[lease] = running
            if self._draining.is_set():
                running.token.cancel(INTERRUPTED)
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep_all, name="batch-keeper", daemon=True)
                self._keeper.start()

    def _let_go(self, lease: Lease) -> None:
        with self._idle:
            del self._active[lease]
            self._idle.notify_all()

    def _keep_all(self) -> None:
        """Prolong the leases each second, for as long as this process lives."""
        while True:
            time.sleep(_BEAT_SECONDS)
            with self._lock:
                active = dict(self._active)
            try:
                self._keep(active)
            except DatabaseUnavailable as error:
                self._complain(error)
            except Exception:
                logger.exception("The keeper of batches met an error and goes on.")

    def _keep(self, active: Mapping[Lease, RunningBatch]) -> None:
        if not active:
            return
        asked_at = lease_clock()
        standings = self._batches.beat({lease: running.moving for lease, running in active.items()})
        for lease, standing in standings.items():
            _tell(active[lease].token, standing, asked_at)

    def _complain(self, error: DatabaseUnavailable) -> None:
        if self._complaint.due():
            logger.warning("%s Batches in hand go on as long as nobody can have taken them over.", error)


def _tell(token: LeasedToken, standing: Standing, asked_at: float) -> None:
    if standing is Standing.CANCELLED:
        token.cancel(CANCELLED_BY_USER)
    elif standing is not Standing.GOOD:
        token.cancel(INTERRUPTED)
    else:
        token.renew(asked_at)
