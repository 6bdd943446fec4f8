"""The queries of those who make, watch and cancel jobs; a runner's own are in ``queue``, looking is in ``finding``."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, cast, delete, func, select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.db import Database
from app.db.resealing import seal_again
from app.errors import JobAlreadyFinished, TooManyJobs
from app.jobs.batches import hand_is_in
from app.jobs.contract import Job, JobRequest, JobState
from app.jobs.model import JobRow, StepRow
from app.jobs.rows import job_not_found, job_row, of_owner
from app.jobs.states import CANCELLED_BY_USER, transition

Counter: TypeAlias = tuple[str, ...]
"""The way to a number in a job's progress, such as ``("done", "uploads")``."""

Beside: TypeAlias = Callable[[Session, str], None]
"""Adds rows of another table while a job is made; gets the session of that transaction and the job's id."""

_RETRY_AFTER_SECONDS = 5
_PRUNED_JOBS = 50
_PRUNED_STEPS = 10_000


class Pruned(NamedTuple):
    """What one round of pruning did.

    Attributes:
        jobs: how many jobs are gone.
        more: whether another round would find something.
    """

    jobs: int
    more: bool


class JobStore:
    """The registry of jobs. Thread-safe; every method may raise `DatabaseUnavailable` and then has changed nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        request: JobRequest,
        seal: Callable[[str], str | None],
        reserved_for: str | None,
        queued_limit: int,
        beside: Beside | None = None,
    ) -> Job:
        """Queue a new job under a new id.

        Args:
            request: what to do.
            seal: gets the id and returns the sealed secrets, or None when there are none.
            reserved_for: the id of the only runner that may start it.
            queued_limit: how many jobs may wait.
            beside: called when the job is in the session; what it raises is raised here, and then there is no job.

        Raises:
            TooManyJobs: so many wait already, or so many of this owner as places are left. So an owner cannot fill the
                queue for all others; whoever is nobody (None) can.
        """
        with self._database.writing() as session:
            if request.single and (same := _unfinished_twin(session, request)) is not None:
                return same.snapshot()
            _require_place(session, request.owner_id, queued_limit)
            job_id = str(uuid7())  # made while no other writer is: ids ascend as jobs do
            row = _new_row(job_id, request, seal(job_id), reserved_for)
            session.add(row)
            session.flush()
            if beside is not None:
                beside(session, job_id)
            return row.snapshot()

    def get(self, job_id: str, owner_id: int | None = None) -> Job:
        """Return the job as it stands now.

        Args:
            job_id: the job.
            owner_id: only if it is this user's; None: whoever's.

        Raises:
            JobNotFound: no such job has this id.
        """
        with self._database.reading() as session:
            return job_row(session, job_id, owner_id).snapshot()

    def unfinished(self, limit: int, owner_id: int | None = None) -> list[Job]:
        """Return the oldest jobs that are queued or running, oldest first; of one owner, or of all."""
        query = (
            select(JobRow).where(JobRow.finished_at.is_(None), *of_owner(owner_id)).order_by(JobRow.number).limit(limit)
        )
        with self._database.reading() as session:
            return [row.snapshot() for row in session.scalars(query)]

    def newest(self, limit: int, owner_id: int | None = None) -> list[Job]:
        """Return the newest jobs, finished or not, newest first; of one owner, or of all."""
        query = select(JobRow).where(*of_owner(owner_id)).order_by(JobRow.number.desc()).limit(limit)
        with self._database.reading() as session:
            return [row.snapshot() for row in session.scalars(query)]

    def version(self, job_id: str) -> int:
        """Return the job's version, which grows with each change; cheap enough to be asked several times a second.

        Raises:
            JobNotFound: no job has this id.
        """
        with self._database.reading() as session:
            version = session.scalar(select(JobRow.version).where(JobRow.id == job_id))
        if version is None:
            raise job_not_found(job_id)
        return version

    def request_cancel(self, job_id: str, now: float, owner_id: int | None = None) -> Job:
        """Flag a running job to be stopped by its runner; end a queued one. Asking twice changes nothing.

        A queued one that was interrupted, with batches that are not in its counters yet, is flagged too: it ends as
        soon as a runner has taken it up to count them.

        Args:
            job_id: the job.
            now: POSIX seconds.
            owner_id: only if it is this user's; None: whoever's.

        Raises:
            JobNotFound: no such job has this id.
            JobAlreadyFinished: it has reached a final state.
        """
        with self._database.writing() as session:
            row = job_row(session, job_id, owner_id)
            if row.state.is_final:
                raise JobAlreadyFinished(job_id)
            if not row.cancel_requested:
                row.cancel_requested = True
                row.version += 1
            if row.state is JobState.QUEUED and not hand_is_in(session, row.number):
                transition(row, JobState.CANCELLED, now, CANCELLED_BY_USER, "cancelled before it started")
            return row.snapshot()

    def prune(self, older_than: float) -> Pruned:
        """Remove some of the jobs that finished before ``older_than`` (POSIX seconds), oldest first, with their steps.

        One round holds the database for a moment only; call it until nothing more is left.
        """
        old = select(JobRow.number).where(JobRow.finished_at < older_than).order_by(JobRow.finished_at)
        with self._database.reading() as session:
            numbers = session.scalars(old.limit(_PRUNED_JOBS)).all()
        if not numbers:
            return Pruned(0, more=False)
        with self._database.writing() as session:
            return Pruned(_remove(session, numbers), more=True)

    def prune_runs(self, kind: str, keep: int, eventful: Sequence[Counter]) -> Pruned:
        """Remove some of the finished jobs of a kind that did nothing, but for the newest of each target.

        Args:
            kind: the kind of job.
            keep: how many finished jobs of each target stay, whatever they did.
            eventful: counters of their progress, one of which is not 0 if a job did something.
        """
        newest_first = func.row_number().over(partition_by=JobRow.target, order_by=JobRow.number.desc())
        finished = select(JobRow.number, newest_first.label("place")).where(
            JobRow.finished_at.is_not(None), JobRow.kind == kind
        )
        older = finished.subquery()
        did_nothing = [func.coalesce(_whole(counter), 0) == 0 for counter in eventful]
        query = select(JobRow.number).join(older, older.c.number == JobRow.number)
        query = query.where(older.c.place > keep, *did_nothing).order_by(JobRow.number).limit(_PRUNED_JOBS)
        with self._database.reading() as session:
            numbers = session.scalars(query).all()
        if not numbers:
            return Pruned(0, more=False)
        with self._database.writing() as session:
            return Pruned(_remove(session, numbers), more=True)

    def reseal(self, again: Callable[[str], str]) -> int:
        """Have each sealed secret of a job that has not ended replaced; see `app.db.resealing.seal_again`."""
        return seal_again(self._database, JobRow.number, JobRow.secrets, again, JobRow.finished_at.is_(None))


def _require_place(session: Session, owner_id: int | None, limit: int) -> None:
    counts = select(JobRow.owner_id, func.count()).group_by(JobRow.owner_id)
    queued = counts.where(JobRow.finished_at.is_(None), JobRow.state == JobState.QUEUED)
    waiting = dict(session.execute(queued).all())
    left = limit - sum(waiting.values())
    if left <= 0:
        raise TooManyJobs(limit, _RETRY_AFTER_SECONDS)
    own = waiting.get(owner_id, 0)
    if owner_id is not None and own >= left:
        raise TooManyJobs(own, _RETRY_AFTER_SECONDS, is_share=True)


def _whole(counter: Counter) -> ColumnElement[int]:
    return cast(JobRow.progress[counter].as_string(), BigInteger)  # as_integer() would take PostgreSQL's of 32 bits


def _remove(session: Session, numbers: Sequence[int]) -> int:
    budget = _PRUNED_STEPS
    for removed, number in enumerate(numbers):
        first = session.scalar(select(func.min(StepRow.number)).where(StepRow.job_number == number)) or 0
        some = delete(StepRow).where(StepRow.job_number == number, StepRow.number < first + budget)
        budget -= session.connection().execute(some).rowcount
        if budget <= 0:
            return removed
        session.execute(delete(JobRow).where(JobRow.number == number))
    return len(numbers)


def _unfinished_twin(session: Session, request: JobRequest) -> JobRow | None:
    twins = select(JobRow).where(JobRow.finished_at.is_(None), JobRow.cancel_requested.is_(False))
    return session.scalar(twins.where(JobRow.kind == request.kind, JobRow.target == request.target).limit(1))


def _new_row(job_id: str, request: JobRequest, sealed: str | None, reserved_for: str | None) -> JobRow:
    return JobRow(
        id=job_id,
        kind=request.kind,
        state=JobState.QUEUED,
        message="waiting to start",
        arguments=dict(request.arguments),
        progress={},
        owner_id=request.owner_id,
        secrets=sealed,
        target=request.target,
        target_prefix=request.target_prefix,
        cancel_requested=False,
        attempt=0,
        crashes=0,
        version=1,
        reserved_for=reserved_for,
        announced=False,
        created_at=time.time(),
    )
