"""The numbers of schedules that are watched."""

import time
from collections.abc import Callable, Iterator

from sqlalchemy import func, select

from app.db import Database
from app.jobs.model import JobRow
from app.monitoring.samples import Sample
from app.schedules.model import ScheduleRow

_LAG = "How long the most overdue schedule, whose last job has ended, should have been started already."
_ENABLED = "Schedules that start jobs by themselves."


class ScheduleMeasure:
    """An `app.monitoring.samples.Measure`.

    Args:
        clock: POSIX seconds, the same as that of the schedules.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def __call__(self) -> Iterator[Sample]:
        """Look it up.

        Raises:
            DatabaseUnavailable: nothing can be told.
        """
        enabled = select(func.count(), func.min(ScheduleRow.due_at)).where(ScheduleRow.enabled)
        # One whose last job goes on waits for its end, however late that is.
        busy = select(JobRow.id).where(JobRow.finished_at.is_(None), JobRow.id == ScheduleRow.job_id)
        with self._database.reading() as session:
            count, _ = session.execute(enabled).one()
            _, earliest = session.execute(enabled.where(~busy.exists())).one()
        late = 0.0 if earliest is None else max(0.0, self._clock() - earliest)
        yield Sample("sluice_schedules", _ENABLED, count)
        yield Sample("sluice_scheduler_lag_seconds", _LAG, late)
