"""The table of schedules: what others ask of it, and what the scheduler does with it."""

import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db import Database
from app.schedules.contract import Schedule
from app.schedules.model import ScheduleRow
from app.schedules.timing import LEASE_SECONDS, latest_due, next_due

_ASKED_AT_ONCE = 500  #: subjects in one query; SQLite takes a limited number of variables


class ScheduleService:
    """The schedules of all processes that share one database. Thread-safe; snapshots go out.

    Every method may raise `DatabaseUnavailable`, and then has changed nothing.

    Args:
        database: upgraded.
        clock: POSIX seconds.
        chance: from 0 to 1, for the jitter.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._clock, self._chance = clock, chance
        self._listeners: list[Callable[[], None]] = []

    def tell(self, listener: Callable[[], None]) -> None:
        """Have ``listener`` called whenever something was made due by this process. It must not block."""
        self._listeners.append(listener)

    def put(self, subject: str, kind: str, arguments: Mapping[str, Any], interval: int) -> Schedule:
        """Make the schedule of a subject, or replace what it does; it is enabled and due now.

        Args:
            subject: such as ``connection:<id>``, 128 characters at most.
            kind: names the `Starter`.
            arguments: JSON; never a secret.
            interval: seconds.
        """
        with self._database.writing() as session:
            row = _row(session, subject) or ScheduleRow(subject=subject, created_at=self._clock(), job_id=None)
            row.kind, row.arguments, row.interval = kind, dict(arguments), interval
            row.enabled, row.due_at, row.message = True, self._clock(), ""
            session.add(row)
            session.flush()
            made = _snapshot(row)
        self._announce()
        return made

    def switch_off(self, subject: str) -> None:
        """Have a schedule start nothing more; harmless when there is none."""
        self._change(subject, enabled=False)

    def remove(self, subject: str) -> None:
        """Forget a schedule; harmless when there is none."""
        with self._database.writing() as session:
            session.execute(delete(ScheduleRow).where(ScheduleRow.subject == subject))

    def get(self, subject: str) -> Schedule | None:
        """Return the schedule of a subject, or None."""
        with self._database.reading() as session:
            row = _row(session, subject)
            return None if row is None else _snapshot(row)

    def enabled(self, subjects: Iterable[str]) -> set[str]:
        """Return those of the subjects that have an enabled schedule."""
        wanted, found = sorted(set(subjects)), set[str]()
        query = select(ScheduleRow.subject).where(ScheduleRow.enabled)
        with self._database.reading() as session:
            for first in range(0, len(wanted), _ASKED_AT_ONCE):
                some = wanted[first : first + _ASKED_AT_ONCE]
                found.update(session.scalars(query.where(ScheduleRow.subject.in_(some))))
        return found

    def due_now(self, subject: str) -> None:
        """Have a schedule start as soon as its last job has finished; harmless when there is none, or it is off."""
        self._change(subject, due_at=self._clock())
        self._announce()

    def started(self, subject: str, job_id: str) -> None:
        """Say that a job was started for a subject just now, by whomever; the next start is an interval away."""
        with self._database.writing() as session:
            row = _row(session, subject)
            if row is not None:
                row.due_at = next_due(self._clock(), row.interval, self._chance())
                row.job_id, row.message = job_id, ""

    def set_interval(self, kind: str, interval: int) -> None:
        """Give all schedules of a kind another interval (seconds); it counts from the next start of each."""
        others = (ScheduleRow.kind == kind, ScheduleRow.interval != interval)
        with self._database.reading() as session:
            if session.scalar(select(ScheduleRow.id).where(*others).limit(1)) is None:
                return
        with self._database.writing() as session:
            session.execute(update(ScheduleRow).where(*others).values(interval=interval))

    def due(self, kinds: Collection[str]) -> Sequence[Schedule]:
        """Return the enabled schedules of these kinds whose moment has come, the longest overdue first."""
        query = select(ScheduleRow).where(
            ScheduleRow.enabled, ScheduleRow.due_at <= self._clock(), ScheduleRow.kind.in_(kinds)
        )
        with self._database.reading() as session:
            return [_snapshot(row) for row in session.scalars(query.order_by(ScheduleRow.due_at, ScheduleRow.id))]

    def claim(self, schedule: Schedule) -> float | None:
        """Take one start of a schedule for the caller alone, for the time of a lease.

        Args:
            schedule: as it was due.

        Returns:
            What to `settle` with; None when somebody else has that start, or it is not due any more.
        """
        lease = self._clock() + LEASE_SECONDS
        return lease if self._replace_moment(schedule.id, schedule.due_at, lease) else None

    def settle(self, schedule: Schedule, lease: float, due_at: float, job_id: str | None, message: str) -> None:
        """Say what became of a start that was claimed.

        Args:
            schedule: as it was due.
            lease: what `claim` returned.
            due_at: the next moment, unless somebody made it due in the meantime.
            job_id: the job that was started; None: none was.
            message: why none was, for people.
        """
        with self._database.writing() as session:
            row = session.get(ScheduleRow, schedule.id)
            if row is None:
                return
            row.message, row.job_id = message, job_id or row.job_id
            if row.due_at == lease:
                row.due_at = due_at

    def correct(self) -> int:
        """Bring forward what waits for a moment of another clock (see `latest_due`); return how many there were."""
        now = self._clock()
        far = select(ScheduleRow.id, ScheduleRow.interval, ScheduleRow.due_at).where(
            ScheduleRow.enabled, ScheduleRow.due_at > latest_due(now, 0)
        )
        with self._database.reading() as session:
            rows = session.execute(far).all()
        misplaced = [row for row in rows if row.due_at > latest_due(now, row.interval)]
        for row in misplaced:
            self._replace_moment(row.id, row.due_at, next_due(now, row.interval, self._chance()))
        return len(misplaced)

    def _replace_moment(self, schedule_id: int, was: float, due_at: float) -> bool:
        """Change when a schedule is due, unless somebody else has done so; return whether it was changed."""
        held = (ScheduleRow.id == schedule_id, ScheduleRow.due_at == was, ScheduleRow.enabled)
        with self._database.writing() as session:
            changed: int = session.connection().execute(update(ScheduleRow).where(*held).values(due_at=due_at)).rowcount
        return changed > 0

    def _change(self, subject: str, **values: Any) -> None:
        with self._database.writing() as session:
            session.execute(update(ScheduleRow).where(ScheduleRow.subject == subject).values(**values))

    def _announce(self) -> None:
        for listener in self._listeners:
            listener()


def _row(session: Session, subject: str) -> ScheduleRow | None:
    return session.scalar(select(ScheduleRow).where(ScheduleRow.subject == subject))


def _snapshot(row: ScheduleRow) -> Schedule:
    return Schedule(**{name: getattr(row, name) for name in Schedule.__slots__})
