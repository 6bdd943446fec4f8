"""The batches of jobs as those see them who do them: leased, kept by heartbeats, done once, left for others.

A lease is held by a word that is used once. Who has lost it can write nothing more of the batch.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from app.cancellation import INTERRUPTED
from app.db import Database
from app.jobs.choice import Batches, Candidate, storage_of
from app.jobs.contract import STOPPED, JobState
from app.jobs.model import BatchRow, JobRow, LedgerRow

DELIVERIES_MAX = 5
"""How often a batch is given out; the workers of one that is lost so often probably die of it."""

LOST_TOO_OFTEN = (
    f"given up: whoever began a part of it died, {DELIVERIES_MAX} times in a row; see the logs of the workers"
)


class BatchState(StrEnum):
    """The states of a batch. One that is done is folded into its job by the planner, and its row goes away."""

    HELD = "held"  #: nobody may begin it yet
    WAITING = "waiting"  #: to be done; while somebody is at it, it has a lease
    STOPPING = "stopping"  #: somebody is at it, and shall begin nothing more
    DONE = "done"  #: its result is there


class Standing(StrEnum):
    """How things stand with a lease."""

    GOOD = "good"
    STOPPED = "stopped"  #: to be finished with what was done so far
    CANCELLED = "cancelled"  #: the same, since somebody cancelled the job
    LOST = "lost"  #: the batch is another's, or nobody's


class Lease(NamedTuple):
    """Names one attempt at a batch."""

    job_number: int
    number: int
    holder: str


@dataclass(frozen=True, slots=True)
class Leased:
    """A batch that somebody has just got.

    Attributes:
        sealed: the job's sealed secrets, None when there are none.
        kind: of the batch.
    """

    lease: Lease
    job_id: str
    job_kind: str
    arguments: Mapping[str, Any]
    owner_id: int | None
    sealed: str | None = field(repr=False)
    kind: str
    steps: Sequence[Any]
    threads: int


class BatchQueue:
    """The batches of all jobs. Thread-safe; every method may raise `DatabaseUnavailable`, and is safe to call again.

    Args:
        database: upgraded.
        lease_seconds: how long a lease is good for after its last heartbeat.
        storage_limit: how many operations may run at once with one storage; 0: as many as like.
    """

    def __init__(self, database: Database, lease_seconds: float, storage_limit: int = 0) -> None:
        self._database = database
        self._lease_seconds = lease_seconds
        self._storage_limit = storage_limit

    def lease(self, job_number: int, number: int | None, holder: str, threads: int) -> Leased | None:
        """Get a batch; None when there is none to be had, or its storage has no room just now.

        Args:
            job_number: of this job.
            number: this one; None: the first that nobody is at.
            holder: a new word.
            threads: how many operations the caller would run at once; it may get fewer.
        """
        # Room in a storage is counted before it is taken, so nobody else may take any in between.
        with self._database.writing(beside_others=not self._storage_limit) as session:
            now = self._database.now(session)
            row = session.scalar(_free(job_number, number, now).with_for_update(skip_locked=True))
            if row is None:
                return None
            job = session.scalars(select(JobRow).where(JobRow.number == job_number)).one()
            room = self._room(session, job.target, threads, now)
            if room <= 0:
                return None
            if row.deliveries >= DELIVERIES_MAX:
                _give_up(row)
                return None
            row.holder, row.leased_until, row.threads = holder, now + self._lease_seconds, room
            row.deliveries += 1
            lease = Lease(job_number, row.number, holder)
            return Leased(lease, job.id, job.kind, job.arguments, job.owner_id, job.secrets, row.kind, row.steps, room)

    def _room(self, session: Session, target: str, threads: int, now: float) -> int:
        if not self._storage_limit:
            return threads
        storage = storage_of(target)
        return min(threads, self._storage_limit - _in_use(session, now)[storage])

    def beat(self, leases: Mapping[Lease, int]) -> dict[Lease, Standing]:
        """Prolong leases, and say how things stand.

        Args:
            leases: for each, the bytes that have gone out in operations which are not finished.
        """
        # One at a time: who holds a row while he waits for another's could be waited for himself.
        return {lease: self._beat(lease, leases[lease]) for lease in sorted(leases)}

    def _beat(self, lease: Lease, moving: int) -> Standing:
        with self._database.writing(beside_others=True) as session:
            return self._prolonged(session, lease, moving, self._database.now(session))

    def _prolonged(self, session: Session, lease: Lease, moving: int, now: float) -> Standing:
        found = session.execute(_with_job(lease).with_for_update(of=BatchRow)).one_or_none()
        if found is None:
            return Standing.LOST
        row, state, flagged = found
        if row.state == BatchState.DONE or (state.is_final and (row.leased_until or 0.0) < now):
            return Standing.LOST  # the target of a job that has ended may be another's since the lease ran out
        row.leased_until, row.moving = now + self._lease_seconds, moving
        if flagged:
            return Standing.CANCELLED
        return Standing.STOPPED if row.state == BatchState.STOPPING or state.is_final else Standing.GOOD

    def finish(self, lease: Lease, result: Sequence[Any], left: Sequence[Any]) -> bool:
        """Store what was done; what is left becomes another batch, unless the job is being stopped.

        Returns:
            False, having written nothing, when the lease was lost.
        """
        with self._database.writing(beside_others=True) as session:
            found = session.execute(_with_job(lease).with_for_update(of=BatchRow)).one_or_none()
            if found is None:
                return False
            row, state, _ = found
            if row.state == BatchState.DONE:
                return True  # by the call before, whose answer was lost
            if state.is_final:
                session.delete(row)
                return True
            # Also when the job was cancelled, or its planner could take it for done before it hears of that.
            if left and row.state == BatchState.WAITING:
                add_batches(session, row.job_number, [(row.kind, BatchState.WAITING, left)])
            row.state, row.result, row.steps = BatchState.DONE, list(result), []
            row.leased_until, row.moving = None, 0
            return True

    def to_tell(self, again_after: float, limit: int) -> list[tuple[int, int]]:
        """Return batches, as (job, number), that wait and of which nobody was told for so many seconds; note that now.

        Each is returned once to all processes that ask. What lapsed leases of ended jobs have left behind is removed.
        """
        with self._database.reading() as session:
            now = self._database.now(session)
            if session.scalar(_untold(now, again_after).limit(1)) is None:
                return []
        with self._database.writing() as session:
            rows = session.scalars(_untold(now, again_after).limit(limit)).all()
            told = [(row.job_number, row.number) for row in rows]
            these = tuple_(BatchRow.job_number, BatchRow.number).in_(told)
            session.execute(
                update(BatchRow).where(these).values(sent_at=now), execution_options={"synchronize_session": False}
            )
            return told

    def remove_orphans(self) -> int:
        """Remove batches of jobs that have ended, once their leases have run out; return how many."""
        with self._database.reading() as session:
            now = self._database.now(session)
            if session.scalar(_orphans(now).limit(1)) is None:
                return 0
        with self._database.writing() as session:
            orphans = session.execute(_orphans(now)).all()
            for job_number, number in orphans:
                session.execute(delete(BatchRow).where(BatchRow.job_number == job_number, BatchRow.number == number))
            return len(orphans)


def at_work(session: Session, now: float) -> Batches:
    """Return what the living leases mean for the choice of the next job."""
    columns = [getattr(JobRow, name) for name in Candidate._fields]
    living = select(BatchRow.job_number).where(BatchRow.leased_until > now)
    numbers = set(session.scalars(living))
    if not numbers:
        return Batches()
    jobs = [Candidate(*row) for row in session.execute(select(*columns).where(JobRow.number.in_(numbers)))]
    return Batches(jobs, _in_batches(session, now))


def hand_is_in(session: Session, job_number: int) -> bool:
    """Return whether this job is spread: its counters may then lack what its ledger and its batches know."""
    return session.get(LedgerRow, job_number) is not None


def forget_batches(session: Session, job_number: int, now: float) -> None:
    """Remove the ledger of a job that ends, and its batches but for those that somebody is at."""
    session.execute(delete(BatchRow).where(BatchRow.job_number == job_number, _is_nobodys(now)))
    session.execute(delete(LedgerRow).where(LedgerRow.job_number == job_number))


def add_batches(session: Session, job_number: int, new: Collection[tuple[str, BatchState, Sequence[Any]]]) -> list[int]:
    """Add batches, each of (kind, state, steps), and return their numbers; the job has a ledger."""
    ledger = session.scalars(select(LedgerRow).where(LedgerRow.job_number == job_number).with_for_update()).one()
    first = ledger.next_batch
    ledger.next_batch += len(new)
    for number, (kind, state, steps) in enumerate(new, first):
        row = BatchRow(job_number=job_number, number=number, kind=kind, state=state, steps=list(steps))
        row.deliveries = row.moving = 0
        session.add(row)
    return list(range(first, first + len(new)))


def _give_up(row: BatchRow) -> None:
    row.state, row.leased_until, row.moving, row.steps = BatchState.DONE, None, 0, []
    row.result = [[STOPPED, INTERRUPTED, LOST_TOO_OFTEN]]


def _is_nobodys(now: float) -> ColumnElement[bool]:
    return or_(BatchRow.leased_until.is_(None), BatchRow.leased_until < now)


def _free(job_number: int, number: int | None, now: float) -> Select[BatchRow]:
    this = [] if number is None else [BatchRow.number == number]
    going_on = select(JobRow.number).where(
        JobRow.number == BatchRow.job_number, JobRow.finished_at.is_(None), JobRow.cancel_requested.is_(False)
    )
    return (
        select(BatchRow)
        .where(BatchRow.job_number == job_number, BatchRow.state == BatchState.WAITING, _is_nobodys(now), *this)
        .where(going_on.exists())
        .order_by(BatchRow.number)
        .limit(1)
    )


def _with_job(lease: Lease) -> Select[BatchRow, JobState, bool]:
    return (
        select(BatchRow, JobRow.state, JobRow.cancel_requested)
        .join(JobRow, JobRow.number == BatchRow.job_number)
        .where(
            BatchRow.job_number == lease.job_number, BatchRow.number == lease.number, BatchRow.holder == lease.holder
        )
    )


def _untold(now: float, again_after: float) -> Select[BatchRow]:
    untold = or_(BatchRow.sent_at.is_(None), BatchRow.sent_at < now - again_after)
    return (
        select(BatchRow)
        .join(JobRow, JobRow.number == BatchRow.job_number)
        .where(BatchRow.state == BatchState.WAITING, _is_nobodys(now), untold)
        .where(JobRow.finished_at.is_(None), JobRow.cancel_requested.is_(False))
        .order_by(BatchRow.job_number, BatchRow.number)
    )


def _orphans(now: float) -> Select[int, int]:
    ended = and_(JobRow.number == BatchRow.job_number, JobRow.finished_at.is_not(None))
    return select(BatchRow.job_number, BatchRow.number).join(JobRow, ended).where(_is_nobodys(now))


def _in_use(session: Session, now: float) -> Counter[str]:
    """Return how many operations may be running now, by storage: of jobs that run whole, and of batches."""
    used = Counter(_in_batches(session, now))
    running = select(JobRow.target, JobRow.threads).where(
        JobRow.finished_at.is_(None), JobRow.state == JobState.RUNNING, JobRow.threads.is_not(None)
    )
    for target, threads in session.execute(running):
        used[storage_of(target)] += threads or 0
    return used


def _in_batches(session: Session, now: float) -> Counter[str]:
    leased = (
        select(JobRow.target, func.sum(BatchRow.threads))
        .join(JobRow, JobRow.number == BatchRow.job_number)
        .where(BatchRow.leased_until > now)
        .group_by(JobRow.target)
    )
    used: Counter[str] = Counter()
    for target, threads in session.execute(leased):
        used[storage_of(target)] += int(threads or 0)
    return used
