"""What a runner asks of the database and writes to it. A runner that lost a job can write nothing more of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from app.cancellation import INTERRUPTED
from app.db import Database
from app.db.functions import add_missing
from app.jobs.batches import at_work, forget_batches
from app.jobs.choice import Candidate, Choice, Seeker, choose
from app.jobs.contract import JobState, Outcome, Progress, StepRecord
from app.jobs.losses import Losses, give_back
from app.jobs.model import JobRow, StepRow
from app.jobs.states import transition
from app.jobs.throughput import Throughput
from app.jobs.turns import served

NOTES_AT_ONCE = 1000
"""How many waiting jobs are told why they wait in one transaction, which nobody else may write beside."""

_STEPS = cast("Table", StepRow.__table__)
_JOBS = cast("Table", JobRow.__table__)


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
        threads: how many file operations it may run at once.
        cancel_requested: it is started only to count what was done of it.
        waited: seconds from its making to its first start; None: it was started before.
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
    threads: int = 16
    cancel_requested: bool = False
    waited: float | None = None


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
        """Start a job that may start now, see `choose`, and tell the others why they wait, some of them at a time.

        Two processes never get the same job; the limit holds over all of them.
        """
        with self._database.reading() as session:  # mostly there is nothing to do, and that must not cost a write
            choice = self._choice(session, seeker)
        if choice == Choice():
            return None
        with self._database.writing() as session:
            if choice.claim is not None:  # others may have been quicker; of sentences, the next look makes good
                choice = self._choice(session, seeker)
            _tell(session, dict(islice(choice.notes.items(), NOTES_AT_ONCE)))
            if choice.claim is None:
                return None
            return _start(session, choice.claim, seeker.runner_id, choice.threads, self._database.now(session))

    def _choice(self, session: Session, seeker: Seeker) -> Choice:
        batches, unfinished = at_work(session, self._database.now(session)), _unfinished(session)
        turns = served(session) if len({job.owner_id for job in unfinished}) > 1 else {}
        return choose(unfinished, seeker, batches, is_held=seeker.is_held(), served=turns)

    def to_tell(self, seeker: Seeker, again_after: float) -> str | None:
        """Return the job that ``seeker`` could start, if nobody was told of it for so many seconds; note that now.

        For a runner that tells others and starts nothing itself. The id is returned once to all processes that ask.
        """
        with self._database.reading() as session:
            choice, now = self._choice(session, seeker), self._database.now(session)
            if choice.claim is None or not session.scalar(_untold(choice.claim, now - again_after)):
                return None
        told = update(JobRow).where(_untold_condition(choice.claim, now - again_after)).values(sent_at=now)
        with self._database.writing() as session:
            return choice.claim if session.connection().execute(told).rowcount else None

    def now(self) -> float:
        """Return the time of the database's clock, in POSIX seconds."""
        with self._database.reading() as session:
            return self._database.now(session)

    def owned(self, runner_id: str) -> dict[str, Owned]:
        """Return the jobs that run on this runner, by id."""
        query = select(JobRow.id, JobRow.attempt, JobRow.cancel_requested).where(
            JobRow.finished_at.is_(None), JobRow.runner_id == runner_id
        )
        with self._database.reading() as session:
            return {job_id: Owned(attempt, flag) for job_id, attempt, flag in session.execute(query)}

    def beat(self, fences: Collection[Fence]) -> set[Fence]:
        """Say that these jobs are alive; return those that are held by this runner still."""
        with self._database.writing(beside_others=True) as session:
            now = self._database.now(session)
            beats = {fence: update(JobRow).where(*held(fence)).values(heartbeat_at=now) for fence in sorted(fences)}
            return {fence for fence, beat in beats.items() if session.connection().execute(beat).rowcount}

    def beat_reserved(self, runner_id: str) -> None:
        """Say that the runner lives for which these queued jobs are reserved."""
        waiting = update(JobRow).where(JobRow.reserved_for == runner_id, JobRow.finished_at.is_(None))
        with self._database.writing(beside_others=True) as session:
            session.execute(waiting.values(heartbeat_at=self._database.now(session)))

    def save(self, fence: Fence, batch: Batch) -> bool:
        """Write progress and steps together; return False, having written nothing, when the job was lost."""
        with self._database.writing() as session:
            row = session.scalar(select(JobRow).where(*held(fence)))
            if row is None:
                return False
            if batch.progress is not None:
                row.version += 1
            _write(session, row, batch)
            return True

    def finish(self, fence: Fence, outcome: Outcome, batch: Batch, now: float | None = None) -> bool:
        """End the job together with its last progress and steps; one that was interrupted goes back to the queue.

        Args:
            fence: the attempt.
            outcome: how it ended.
            batch: what was not written yet.
            now: POSIX seconds; None: what the database's clock says.

        Returns:
            False, having written nothing, when the job was lost.
        """
        with self._database.writing() as session:
            now = self._database.now(session) if now is None else now
            row = session.scalar(select(JobRow).where(*held(fence)))
            if row is None:
                return False
            _write(session, row, batch)
            if outcome.state is JobState.CANCELLED and outcome.reason == INTERRUPTED:
                give_back(session, row, now, "interrupted by a shutdown; it goes on when a runner starts")
            else:
                transition(row, outcome.state, now, outcome.reason, outcome.message)
                forget_batches(session, row.number, now)
            return True

    def rescue(
        self,
        dead: Collection[str],
        stale_seconds: float | None,
        is_present: Callable[[str], bool],
        but_not: Collection[str],
    ) -> list[str]:
        """Give back the jobs of runners that died, and free what was reserved for such.

        Args:
            dead: ids of runners known to be dead.
            stale_seconds: a runner whose heartbeat is older than this counts as dead too, and one whose heartbeat is as
                far ahead: it has not beaten since the clock was set back; None: none does for that.
            is_present: whether a runner with this id lives.
            but_not: ids of jobs that the caller itself is working on.

        Returns:
            The ids of the jobs that were given back or ended.
        """
        losses = Losses(dead, stale_seconds, is_present, but_not)
        with self._database.reading() as session:
            if not losses.any(session, self._database.now(session)):
                return []
        with self._database.writing() as session:
            return losses.give_back(session, self._database.now(session))


def _unfinished(session: Session) -> list[Candidate]:
    columns = [getattr(JobRow, name) for name in Candidate._fields]
    query = select(*columns).where(JobRow.finished_at.is_(None)).order_by(JobRow.number)
    return [Candidate(*row) for row in session.execute(query)]


def _tell(session: Session, notes: Mapping[str, str]) -> None:
    """Write the sentences of waiting jobs, by id, in one statement."""
    # Into the table and not the mapped class, which can set many rows only by their primary key.
    change = update(_JOBS).where(_JOBS.c.id == bindparam("job_id"), _JOBS.c.state == JobState.QUEUED)
    change = change.values(message=bindparam("note"), version=_JOBS.c.version + 1)
    if notes:
        session.connection().execute(change, [{"job_id": job_id, "note": note} for job_id, note in notes.items()])


def _untold_condition(job_id: str, before: float) -> ColumnElement[bool]:
    return and_(
        JobRow.id == job_id, JobRow.state == JobState.QUEUED, or_(JobRow.sent_at.is_(None), JobRow.sent_at < before)
    )


def _untold(job_id: str, before: float) -> Select[int]:
    return select(JobRow.number).where(_untold_condition(job_id, before))


def _start(session: Session, job_id: str, runner_id: str, threads: int, now: float) -> Claim:
    row = session.scalars(select(JobRow).where(JobRow.id == job_id)).one()
    transition(row, JobState.RUNNING, now, None, "starting")
    row.runner_id, row.threads = runner_id, threads
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
        threads=threads,
        cancel_requested=row.cancel_requested,
        waited=now - row.created_at if row.attempt == 1 else None,
    )


def held(fence: Fence) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which the row is that of this attempt, and nobody else has it."""
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
        append_steps(session, row.number, batch.first_number, batch.steps)


def _columns(job_number: int, number: int, step: StepRecord) -> dict[str, object]:
    return {"job_number": job_number, "number": number, **dict(zip(StepRecord._fields, step, strict=True))}


def append_steps(session: Session, job_number: int, first: int, steps: Sequence[StepRecord]) -> None:
    """Add steps to a job's history, numbered from ``first``; those that are there already stay as they are.

    A commit whose answer was lost may have happened, and is tried again with the same numbers.
    """
    # Into the table and not the mapped class, which costs half as much again for each row.
    rows = [_columns(job_number, number, step) for number, step in enumerate(steps, first)]
    if rows:
        add_missing(session, _STEPS, rows)
