"""The ledger of one attempt at a job that is spread over workers: what its planner writes and reads of its batches."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session

from app.cancellation import INTERRUPTED, Cancelled
from app.db import Database
from app.errors import DatabaseUnavailable
from app.jobs.batches import BatchState, add_batches
from app.jobs.context import RunningJob
from app.jobs.contract import DoneBatch, NewBatch, StepRecord
from app.jobs.model import BatchRow, JobRow, LedgerRow, StepRow
from app.jobs.queue import append_steps, held
from app.monitoring.metrics import steps_written

logger = logging.getLogger(__name__)

T = TypeVar("T")

_PAUSE_SECONDS = 0.5
_LOOK_SECONDS = 0.05
_TOLD_AT_ONCE = 64


class DatabaseLedger:
    """See `app.jobs.contract.Ledger`.

    Args:
        database: where it is.
        job: the attempt; once it is lost, every method raises `Cancelled`.
        work: does one batch of the job with this number on this thread; returns False when none waits.
        tell: has workers told of these batches of the job; must not block.
    """

    def __init__(
        self,
        database: Database,
        job: RunningJob,
        work: Callable[[int], bool],
        tell: Callable[[int, Sequence[int]], None],
    ) -> None:
        self._database = database
        self._job = job
        self._number = job.fence.number
        self._work = work
        self._tell = tell
        self._moving = 0
        self._revision, self._kept = self._persisting(self._read)

    @property
    def kept(self) -> Mapping[str, Any] | None:
        """See `Ledger`."""
        return self._kept

    @property
    def moving(self) -> int:
        """See `Ledger`."""
        return self._moving

    def keep(
        self,
        kept: Mapping[str, Any],
        put: Sequence[NewBatch] = (),
        folded: Sequence[int] = (),
        steps: Sequence[StepRecord] = (),
    ) -> None:
        """See `Ledger`."""
        revision = self._revision + 1
        numbers = self._persisting(lambda: self._keep(revision, kept, put, folded, steps))
        self._revision, self._kept = revision, kept
        steps_written(self._job.kind, steps)
        self._tell(self._number, numbers[:_TOLD_AT_ONCE])

    def done(self, limit: int = 8) -> Sequence[DoneBatch]:
        """See `Ledger`."""
        return self._persisting(lambda: self._done(limit))

    def left(self) -> Mapping[str, int]:
        """See `Ledger`."""
        counted = select(BatchRow.kind, func.count()).where(BatchRow.job_number == self._number).group_by(BatchRow.kind)

        def ask() -> dict[str, int]:
            with self._database.reading() as session:
                return dict(session.execute(counted).all())

        return self._persisting(ask)

    def release(self, kind: str) -> None:
        """See `Ledger`."""
        self._tell(self._number, self._persisting(lambda: self._release(kind))[:_TOLD_AT_ONCE])

    def withdraw(self, kind: str) -> int:
        """See `Ledger`."""
        return self._persisting(lambda: self._withdraw(kind))

    def first_held(self, kind: str) -> DoneBatch | None:
        """See `Ledger`."""

        def ask() -> DoneBatch | None:
            with self._database.reading() as session:
                row = session.scalar(select(BatchRow).where(self._held(kind)).order_by(BatchRow.number).limit(1))
                return None if row is None else DoneBatch(row.number, row.kind, row.steps)

        return self._persisting(ask)

    def help(self) -> bool:
        """See `Ledger`."""
        return self._persisting(lambda: self._work(self._number))

    def wait(self, seconds: float) -> None:
        """See `Ledger`."""
        self._job.token.wait(min(seconds, _LOOK_SECONDS))
        self._job.token.raise_if_cancelled()

    def settle(self) -> None:
        """See `Ledger`."""
        if self._job.token.reason == INTERRUPTED:
            return
        while self._persisting(self._stop):
            self._pause(_LOOK_SECONDS)

    def _persisting(self, ask: Callable[[], T]) -> T:
        """Ask until the database answers, even when a stop was asked for; not when the job is another's."""
        while True:
            if self._job.lost:
                raise Cancelled(INTERRUPTED)
            try:
                return ask()
            except DatabaseUnavailable as error:
                logger.debug("Job %s waits for the database: %s", self._job.job_id, error)
                self._pause(_PAUSE_SECONDS)

    def _pause(self, seconds: float) -> None:
        self._job.gone.wait(seconds)

    def _read(self) -> tuple[int, Mapping[str, Any] | None]:
        with self._database.reading() as session:
            row = session.get(LedgerRow, self._number)
            return (0, None) if row is None else (row.revision, row.kept)

    def _own(self, session: Session) -> LedgerRow:
        """Return the row of the ledger, new at first, locked like the job's own; raise when the job is another's."""
        # Not against who refers to it: somebody who adds a batch has the ledger when PostgreSQL looks for the job.
        job = session.scalar(select(JobRow).where(*held(self._job.fence)).with_for_update(key_share=True))
        if job is None:
            self._job.lose()
            raise Cancelled(INTERRUPTED)
        job.threads = 0  # its batches take their places in the storage, each its own
        row = session.scalar(select(LedgerRow).where(LedgerRow.job_number == self._number).with_for_update())
        if row is None:
            row = LedgerRow(job_number=self._number, revision=0, next_batch=1, kept={})
            session.add(row)
            session.flush()
        return row

    def _keep(
        self,
        revision: int,
        kept: Mapping[str, Any],
        put: Sequence[NewBatch],
        folded: Sequence[int],
        steps: Sequence[StepRecord],
    ) -> list[int]:
        with self._database.writing(beside_others=True) as session:
            row = self._own(session)
            if row.revision == revision:
                return []  # by the call before, whose answer was lost; sweepers tell of its batches
            row.revision, row.kept = revision, dict(kept)
            if put or folded:
                session.execute(update(JobRow).where(JobRow.number == self._number).values(crashes=0))  # it gets on
            mine = BatchRow.job_number == self._number
            session.execute(delete(BatchRow).where(mine, BatchRow.number.in_(folded)))
            if steps:
                last = select(func.max(StepRow.number)).where(StepRow.job_number == self._number)
                append_steps(session, self._number, (session.scalar(last) or 0) + 1, steps)
            states = [BatchState.HELD if batch.held else BatchState.WAITING for batch in put]
            new = [(batch.kind, state, batch.steps) for batch, state in zip(put, states, strict=True)]
            numbers = add_batches(session, self._number, new)
            return [number for number, state in zip(numbers, states, strict=True) if state == BatchState.WAITING]

    def _done(self, limit: int) -> list[DoneBatch]:
        mine = BatchRow.job_number == self._number
        finished = (
            select(BatchRow).where(mine, BatchRow.state == BatchState.DONE).order_by(BatchRow.number).limit(limit)
        )
        with self._database.reading() as session:
            self._moving = int(session.scalar(select(func.sum(BatchRow.moving)).where(mine)) or 0)
            return [DoneBatch(row.number, row.kind, row.result or []) for row in session.scalars(finished)]

    def _held(self, kind: str) -> ColumnElement[bool]:
        return and_(BatchRow.job_number == self._number, BatchRow.kind == kind, BatchRow.state == BatchState.HELD)

    def _release(self, kind: str) -> list[int]:
        with self._database.writing(beside_others=True) as session:
            self._own(session)
            numbers = session.scalars(select(BatchRow.number).where(self._held(kind)).order_by(BatchRow.number)).all()
            session.execute(update(BatchRow).where(self._held(kind)).values(state=BatchState.WAITING))
            return list(numbers)

    def _withdraw(self, kind: str) -> int:
        with self._database.writing(beside_others=True) as session:
            self._own(session)
            count = 0
            for steps in session.scalars(
                select(BatchRow.steps).where(self._held(kind)).execution_options(yield_per=10)
            ):
                count += len(steps)
            session.execute(delete(BatchRow).where(self._held(kind)))
            return count

    def _stop(self) -> bool:
        """Take away what nobody is at, tell the others to stop; return whether somebody still is at a batch."""
        with self._database.writing(beside_others=True) as session:
            self._own(session)
            now = self._database.now(session)
            pending = and_(BatchRow.job_number == self._number, BatchRow.state != BatchState.DONE)
            count = session.scalar(select(func.count()).select_from(BatchRow).where(pending)) or 0
            # Who finishes a batch has locked it, and waits for the ledger that is ours here: he is at work still.
            rows = session.scalars(select(BatchRow).where(pending).with_for_update(skip_locked=True)).all()
            for row in rows:
                if row.leased_until is None or row.leased_until < now:
                    session.delete(row)
                else:
                    row.state = BatchState.STOPPING
            return len(rows) < count or any(row.leased_until is not None and row.leased_until >= now for row in rows)
