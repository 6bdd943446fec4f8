"""One attempt at a job: calls its handler and turns whatever comes out, or is raised, into an outcome."""

import logging
from collections.abc import Mapping

from app.cancellation import INTERRUPTED, Cancelled
from app.connections.secrets import SecretBox
from app.errors import SluiceError
from app.jobs.context import RunningJob
from app.jobs.contract import Handler, JobState, Outcome
from app.monitoring.context import bound
from app.monitoring.tracing import job_span

logger = logging.getLogger(__name__)

BROKEN = Outcome(JobState.FAILED, SluiceError.reason, "an internal error ended this job; see the log")


def attempt(job: RunningJob, handlers: Mapping[str, Handler], box: SecretBox) -> Outcome:
    """Run the job's handler to its end on this thread; never raises an `Exception`."""
    with bound(job_id=job.job_id, kind=job.kind), job_span(job.kind, job.job_id):
        return _attempted(job, handlers, box)


def _attempted(job: RunningJob, handlers: Mapping[str, Handler], box: SecretBox) -> Outcome:
    try:
        if job.sealed is not None:
            job.secrets = box.open(job.sealed, job.job_id)
        outcome = handlers[job.kind](job)
    except Cancelled as stop:
        return Outcome(JobState.CANCELLED, stop.reason, "cancelled")
    except SluiceError as error:
        if job.token.reason == INTERRUPTED:
            # When a whole machine stops, the storage may go first. The next attempt will tell what is really wrong.
            return Outcome(JobState.CANCELLED, INTERRUPTED, str(error))
        return Outcome(JobState.FAILED, error.reason, str(error))
    except (Exception, SystemExit):  # a library's exit() must not end a thread without a word
        logger.exception("Job %s: its handler broke.", job.job_id)
        return BROKEN
    if not outcome.state.is_final:
        logger.error("Job %s: its handler returned %s, which is not an end.", job.job_id, outcome.state)
        return BROKEN
    return outcome
