"""The numbers of the job database that are watched: how full the queue is, and whether anybody works on it."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.db import Database
from app.jobs.batches import BatchState
from app.jobs.contract import JobState
from app.jobs.holding import Holding
from app.jobs.model import BatchRow, JobRow
from app.monitoring.samples import Sample

_STATE = "Jobs that are kept, by state."
_OLDEST = "Since when the oldest queued job has waited."
_HEARTBEAT = "Since when the most silent of the running jobs has not been heard of."
_HELD = "Whether somebody holds the queue, so that no job is started."
_BATCHES = "Batches of jobs that are spread over workers, by state; leased: a worker is at it."
_EXPIRED = "Batches whose worker has let its lease run out."
_OLDEST_BATCH = "How long ago workers were told of the batch for which nobody has come for longest."
_LEASED = "leased"


class JobMeasure:
    """An `app.monitoring.samples.Measure`."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        self._database = database
        self._holding = Holding(data_dir)

    def __call__(self) -> Iterator[Sample]:
        """Look it up.

        Raises:
            DatabaseUnavailable: nothing can be told.
        """
        with self._database.reading() as session:
            now = self._database.now(session)
            found = [*_jobs(session, now), *_batches(session, now)]
        yield from found
        yield Sample("sluice_queue_held", _HELD, self._holding.is_active)


def _jobs(session: Session, now: float) -> Iterator[Sample]:
    counted = dict(session.execute(select(JobRow.state, func.count()).group_by(JobRow.state)).all())
    for state in JobState:
        yield Sample("sluice_jobs", _STATE, counted.get(state, 0), {"state": state.value})
    unfinished = select(func.min(JobRow.created_at)).where(JobRow.finished_at.is_(None))
    oldest = session.scalar(unfinished.where(JobRow.state == JobState.QUEUED))
    yield Sample("sluice_queue_oldest_seconds", _OLDEST, _age(oldest, now))
    silent = select(func.min(JobRow.heartbeat_at)).where(JobRow.finished_at.is_(None), JobRow.state == JobState.RUNNING)
    yield Sample("sluice_heartbeat_oldest_seconds", _HEARTBEAT, _age(session.scalar(silent), now))


def _batches(session: Session, now: float) -> Iterator[Sample]:
    has_lease = BatchRow.leased_until >= now
    state = case((has_lease, _LEASED), else_=BatchRow.state)
    grouped = session.execute(select(state, func.count()).group_by(state))
    counted: dict[str, int] = dict(grouped.all())
    for name in (BatchState.HELD, BatchState.WAITING, _LEASED, BatchState.DONE):
        yield Sample("sluice_batches", _BATCHES, counted.get(name, 0), {"state": name})
    undone = select(func.count(), func.min(BatchRow.sent_at)).where(BatchRow.state == BatchState.WAITING)
    expired, _ = session.execute(undone.where(BatchRow.leased_until < now)).one()
    yield Sample("sluice_batches_expired", _EXPIRED, expired)
    _, told = session.execute(undone.where(BatchRow.leased_until.is_(None))).one()
    yield Sample("sluice_batches_oldest_seconds", _OLDEST_BATCH, _age(told, now))


def _age(since: float | None, now: float) -> float:
    return 0.0 if since is None else max(0.0, now - since)
