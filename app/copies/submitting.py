"""Queues copy jobs: a job and its copies come to be in one transaction, and whatever else belongs to them."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from app.accounts.caller import Caller
from app.connections.contract import owner_of
from app.copies.contract import KIND
from app.copies.model import CopyRow
from app.copies.work import Work
from app.jobs.contract import Job, JobRequest
from app.jobs.service import JobService


class Submitting:
    """Queues copy jobs. Thread-safe; the caller has been asked whether he may start any."""

    def __init__(self, jobs: JobService) -> None:
        self._jobs = jobs

    def submit(
        self, caller: Caller, work: Work, rows: Sequence[CopyRow], before: Callable[[Session], None] | None = None
    ) -> Job:
        """Queue a job of these copies, at least one.

        Args:
            caller: owns the job.
            work: what it is about.
            rows: of no job yet; they have their numbers when this returns.
            before: called in the same transaction; what it raises is raised here, and nothing is made.

        Raises:
            TooManyJobs: the queue is full.
        """
        owner_id = owner_of(caller)

        def add_rows(session: Session, job_id: str) -> None:
            if before is not None:
                before(session)
            for row in rows:
                row.job_id, row.owner_id = job_id, owner_id
            session.add_all(rows)
            session.flush()

        return self._jobs.submit(_request(work, rows, owner_id), beside=add_rows)


def _request(work: Work, rows: Sequence[CopyRow], owner_id: int | None) -> JobRequest:
    """Return the request for a job; what it stores begins with what all its keys begin with."""
    common = _common_beginning([row.key for row in rows]) if work.written else ""
    return JobRequest(KIND, work.arguments(), target=work.written, target_prefix=common, owner_id=owner_id)


def _common_beginning(keys: Sequence[str]) -> str:
    first, last = min(keys), max(keys)
    differing = (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(differing, min(len(first), len(last)))]
