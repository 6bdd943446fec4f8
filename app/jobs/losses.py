"""The rows of jobs whose runners died: which those are, and how they go back to the queue."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import Session

from app.cancellation import INTERRUPTED
from app.jobs.batches import forget_batches, hand_is_in
from app.jobs.contract import JobState
from app.jobs.model import JobRow
from app.jobs.states import CANCELLED_BY_USER, transition

_CRASHES_ALLOWED = 5
_RESERVED = select(JobRow).where(JobRow.finished_at.is_(None), JobRow.reserved_for.is_not(None))


@dataclass(frozen=True, slots=True)
class Losses:
    """What the dead have left; see `JobQueue.rescue` for the attributes."""

    dead: Collection[str]
    stale_seconds: float | None
    is_present: Callable[[str], bool]
    but_not: Collection[str]

    def any(self, session: Session, now: float) -> bool:
        """Return whether there is anything."""
        if any(self._is_gone(row, now) for row in session.scalars(_RESERVED)):
            return True
        return session.scalar(self._lost(now).limit(1)) is not None

    def give_back(self, session: Session, now: float) -> list[str]:
        """Free what is reserved for the dead, give their jobs back, and return the ids of those."""
        for row in session.scalars(_RESERVED):
            # Asked again inside: a runner shows itself before it reserves, so what is read here is not too new.
            row.reserved_for = None if self._is_gone(row, now) else row.reserved_for
        # Locked, so that each is seen as it is after a heartbeat that comes just now; in the order of heartbeats,
        # so that neither waits for the other; and not against who adds a batch (see `DatabaseLedger`).
        rescued = session.scalars(self._lost(now).order_by(JobRow.number).with_for_update(key_share=True)).all()
        for row in rescued:
            _take_from_the_dead(session, row, now)
        return [row.id for row in rescued]

    def _lost(self, now: float) -> Select[JobRow]:
        return select(JobRow).where(
            JobRow.finished_at.is_(None),
            JobRow.state == JobState.RUNNING,
            JobRow.id.not_in(self.but_not),
            or_(JobRow.runner_id.in_(self.dead), self._is_stale(now)),
        )

    def _is_stale(self, now: float) -> ColumnElement[bool]:
        if self.stale_seconds is None:
            return false()
        return or_(JobRow.heartbeat_at < now - self.stale_seconds, JobRow.heartbeat_at > now + self.stale_seconds)

    def _is_gone(self, row: JobRow, now: float) -> bool:
        beat_at = row.heartbeat_at or row.created_at
        silent = self.stale_seconds is not None and abs(now - beat_at) > self.stale_seconds
        return silent or not self.is_present(row.reserved_for or "")


def give_back(session: Session, row: JobRow, now: float, message: str) -> None:
    """Give one job back to the queue; one that is to be cancelled ends, unless its batches must be counted first."""
    if row.cancel_requested and not hand_is_in(session, row.number):
        transition(row, JobState.CANCELLED, now, CANCELLED_BY_USER, "cancelled")
    else:
        transition(row, JobState.QUEUED, now, INTERRUPTED, message)


def _take_from_the_dead(session: Session, row: JobRow, now: float) -> None:
    row.crashes += 1
    if row.crashes <= _CRASHES_ALLOWED or row.cancel_requested:
        give_back(session, row, now, "its runner died; it goes on from the start of its plan")
    else:
        died = f"given up: its runner died {row.crashes} times while working on it; see the log, then start it again"
        transition(row, JobState.FAILED, now, INTERRUPTED, died)
        forget_batches(session, row.number, now)
