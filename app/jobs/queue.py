"""What a runner asks of the database and writes to it. A runner that lost a job can write nothing more of it."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Table, insert, or_, select, update
from sqlalchemy.orm import Session

from app.cancellation import INTERRUPTED
from app.db import Database
from app.jobs.choice import Candidate, Choice, Seeker, choose
from app.jobs.contract import JobState, Outcome, Progress, StepRecord
from app.jobs.model import JobRow, StepRow
from app.jobs.states import CANCELLED_BY_USER, transition
from app.jobs.throughput import Throughput

_CRASHES_ALLOWED = 5
_STEPS = cast("Table", StepRow.__table__)


class Fence(NamedTuple):
    """Names one attempt at a job by one runner; whoever holds a fence that no longer matches has lost the job."""

    number: int
    runner_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that a runner has just got.

    Attributes:
        sealed: its sealed secrets, None when there are none.
        steps_written: the number of its last step, of earlier attempts; 0 when there is none.
        age: seconds since the job first started.
        throughput: that of earlier attempts.
    """

    fence: Fence
    job_id: str
    kind: str
    arguments: Mapping[str, object]
    owner_id: int | None
    sealed: str | None = field(repr=False)
    steps_written: int
    age: float
    throughput: Throughput


@dataclass(frozen=True, slots=True)
class Batch:
    """What has happened in a job since the last write.

    Attributes:
        progress: None when only steps are new.
        throughput: since the job first started; None when nothing was added to it.
    """

    progress: Progress | None
    message: str
    steps: tuple[StepRecord, ...]
    first_number: int
    throughput: Throughput | None = None


class Owned(NamedTuple):
    """What the database says of a job that a runner works on."""

    attempt: int
    cancel_requested: bool


class JobQueue:
    """The jobs as runners see them. Thread-safe; what raises `DatabaseUnavailable` has changed nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, seeker: Seeker) -> Claim | None:
        """Start the oldest job that may start now, and tell the others why they wait.

        Two processes never get the same job; the limit holds over all of them.
        """
        with self._database.reading() as session:  # mostly there is nothing to do, and that must not cost a write
            choice = choose(_unfinished(session), seeker)
        if choice == Choice():
            return None
        with self._database.writing() as session:
            choice = choose(_unfinished(session), seeker)
            for job_id, note in choice.notes.items():
                _tell(session, job_id, note)
            return None if choice.claim is None else _start(session, choice.claim, seeker.runner_id)

    def owned(self, runner_id: str) -> dict[str, Owned]:
        """Return the jobs that run on this runner, by id."""
        query = select(JobRow.id, JobRow.attempt, JobRow.cancel_requested).where(
            JobRow.finished_at.is_(None), JobRow.runner_id == runner_id
        )
        with self._database.reading() as session:
            return {job_id: Owned(attempt, flag) for job_id, attempt, flag in session.execute(query)}

    def beat(self, fences: Collection[Fence], now: float) -> None:
        """Say that these jobs are alive (``now`` in POSIX seconds)."""
        with self._database.writing() as session:
            for fence in fences:
                session.execute(update(JobRow).where(*_held(fence)).values(heartbeat_at=now))

    def save(self, fence: Fence, batch: Batch) -> bool:
        """Write progress and steps together; return False, having written nothing, when the job was lost."""
        with self._database.writing() as session:
            row = session.scalar(select(JobRow).where(*_held(fence)))
            if row is None:
                return False
            if batch.progress is not None:
                row.version += 1
            _write(session, row, batch)
            return True

    def finish(self, fence: Fence, outcome: Outcome, batch: Batch, now: float) -> bool:
        """End the job together with its last progress and steps; one that was interrupted goes back to the queue.

        Returns:
            False, having written nothing, when the job was lost.
        """
        with self._database.writing() as session:
            row = session.scalar(select(JobRow).where(*_held(fence)))
            if row is None:
                return False
            _write(session, row, batch)
            if outcome.state is JobState.CANCELLED and outcome.reason == INTERRUPTED:
                _give_back(row, now, "interrupted by a shutdown; it goes on when a runner starts")
            else:
                transition(row, outcome.state, now, outcome.reason, outcome.message)
            return True

    def rescue(
        self, dead: Collection[str], stale_before: float, is_present: Callable[[str], bool], but_not: Collection[str]
    ) -> list[str]:
        """Give back the jobs of runners that died, and free what was reserved for such.

        Args:
            dead: ids of runners known to be dead.
            stale_before: a runner whose heartbeat is older than this (POSIX seconds) counts as dead too.
            is_present: whether a runner with this id lives.
            but_not: ids of jobs that the caller itself is working on.

        Returns:
            The ids of the jobs that were given back or ended.
        """
        lost = select(JobRow).where(
            JobRow.finished_at.is_(None),
            JobRow.state == JobState.RUNNING,
            JobRow.id.not_in(but_not),
            or_(JobRow.runner_id.in_(dead), JobRow.heartbeat_at < stale_before),
        )
        reserved = select(JobRow).where(JobRow.finished_at.is_(None), JobRow.reserved_for.is_not(None))
        with self._database.reading() as session:
            absent = [row for row in session.scalars(reserved) if not is_present(row.reserved_for or "")]
            if not absent and session.scalar(lost.limit(1)) is None:
                return []
        with self._database.writing() as session:
            for row in session.scalars(reserved):
                # Asked again inside: a runner shows itself before it reserves, so what is read here is not too new.
                row.reserved_for = row.reserved_for if is_present(row.reserved_for or "") else None
            rescued = session.scalars(lost).all()
            for row in rescued:
                _take_from_the_dead(row, time.time())
            return [row.id for row in rescued]


def _unfinished(session: Session) -> list[Candidate]:
    columns = [getattr(JobRow, name) for name in Candidate._fields]
    query = select(*columns).where(JobRow.finished_at.is_(None)).order_by(JobRow.number)
    return [Candidate(*row) for row in session.execute(query)]


def _tell(session: Session, job_id: str, note: str) -> None:
    session.execute(
        update(JobRow)
        .where(JobRow.id == job_id, JobRow.state == JobState.QUEUED)
        .values(message=note, version=JobRow.version + 1)
    )


def _start(session: Session, job_id: str, runner_id: str) -> Claim:
    row = session.scalars(select(JobRow).where(JobRow.id == job_id)).one()
    now = time.time()
    transition(row, JobState.RUNNING, now, None, "starting")
    row.runner_id = runner_id
    last = select(StepRow.number).where(StepRow.job_number == row.number).order_by(StepRow.number.desc()).limit(1)
    return Claim(
        fence=Fence(row.number, runner_id, row.attempt),
        job_id=row.id,
        kind=row.kind,
        arguments=row.arguments,
        owner_id=row.owner_id,
        sealed=row.secrets,
        steps_written=session.scalar(last) or 0,
        age=now - (row.started_at or now),
        throughput=Throughput.read(row.throughput),
    )


def _held(fence: Fence) -> tuple[ColumnElement[bool], ...]:
    return (
        JobRow.number == fence.number,
        JobRow.runner_id == fence.runner_id,
        JobRow.attempt == fence.attempt,
        JobRow.state == JobState.RUNNING,
    )


def _write(session: Session, row: JobRow, batch: Batch) -> None:
    if batch.progress is not None:
        row.progress, row.message = dict(batch.progress), batch.message
    if batch.throughput is not None:
        row.throughput = batch.throughput.stored()
    if batch.steps:
        # Into the table and not the mapped class, which costs half as much again for each row.
        rows = [_columns(row.number, number, step) for number, step in enumerate(batch.steps, batch.first_number)]
        session.execute(insert(_STEPS), rows)


def _columns(job_number: int, number: int, step: StepRecord) -> dict[str, object]:
    return {"job_number": job_number, "number": number, **dict(zip(StepRecord._fields, step, strict=True))}


def _give_back(row: JobRow, now: float, message: str) -> None:
    if row.cancel_requested:
        transition(row, JobState.CANCELLED, now, CANCELLED_BY_USER, "cancelled")
    else:
        transition(row, JobState.QUEUED, now, INTERRUPTED, message)


def _take_from_the_dead(row: JobRow, now: float) -> None:
    row.crashes += 1
    if row.crashes <= _CRASHES_ALLOWED or row.cancel_requested:
        _give_back(row, now, "its runner died; it goes on from the start of its plan")
    else:
        died = f"given up: its runner died {row.crashes} times while working on it; see the log, then start it again"
        transition(row, JobState.FAILED, now, INTERRUPTED, died)
