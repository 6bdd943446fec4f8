"""Writes what running jobs do: now and then while they run, and once at their end. Used by the dispatcher's thread."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from app.cancellation import INTERRUPTED
from app.errors import DatabaseUnavailable
from app.jobs.attempt import BROKEN
from app.jobs.context import RunningJob
from app.jobs.contract import Outcome
from app.jobs.queue import Batch, JobQueue
from app.monitoring.metrics import job_ended, steps_written

logger = logging.getLogger(__name__)


class Writer:
    """Brings jobs into the database. What could not be written is kept in the job, to be written the next time."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue

    def save(self, job: RunningJob) -> None:
        """Write what is due of a job whose handler runs, if anything is.

        Raises:
            DatabaseUnavailable: nothing was written, nothing is lost.
        """
        batch = None if job.lost else job.take_due()
        if batch is None:
            return
        with _kept_on_failure(job, batch):
            if self._queue.save(job.fence, batch):
                _tell_written(job, batch)
            else:
                job.lose()

    def finish(self, job: RunningJob, outcome: Outcome) -> None:
        """Write the end of a job together with all that was not written yet; of a lost job, write nothing.

        Raises:
            DatabaseUnavailable: nothing was written, nothing is lost; to be tried again.
        """
        if job.lost:
            return
        batch = job.take_all()
        with _kept_on_failure(job, batch):
            if self._write_end(job, outcome, batch):
                _tell_written(job, batch)
                _tell_end(job, outcome)
            else:
                job.lose()

    def _write_end(self, job: RunningJob, outcome: Outcome, batch: Batch) -> bool:
        try:
            return self._queue.finish(job.fence, outcome, batch)
        except DatabaseUnavailable:
            raise
        except Exception:
            # A handler reported what no row can hold; without its counters the job can still end.
            logger.exception("Job %s: its last counters and steps cannot be stored.", job.job_id)
            return self._queue.finish(job.fence, BROKEN, Batch(None, "", (), batch.first_number))


@contextmanager
def _kept_on_failure(job: RunningJob, batch: Batch) -> Iterator[None]:
    try:
        yield
    except DatabaseUnavailable:
        job.put_back(batch)
        raise


def _tell_written(job: RunningJob, batch: Batch) -> None:
    job.written(batch)
    steps_written(job.kind, batch.steps)
    dropped = job.dropped()
    if dropped:
        logger.warning("Job %s: its history lacks %d steps; too many waited for the database.", job.job_id, dropped)


def _tell_end(job: RunningJob, outcome: Outcome) -> None:
    if outcome.reason == INTERRUPTED:
        logger.info("Job %s: interrupted by the shutdown; it resumes at the next start.", job.job_id)
    else:
        job_ended(job.kind, outcome.state, outcome.reason)
        logger.info("Job %s: %s (%s). %s", job.job_id, outcome.state, outcome.reason or "ok", outcome.message)
