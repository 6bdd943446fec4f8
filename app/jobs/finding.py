"""The queries of people who look for jobs among many thousands; each reads a page and not all, as far as it can."""

from collections.abc import Collection, Mapping
from heapq import merge
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, func, or_, select
from sqlalchemy.orm import Session

from app.db import Database
from app.jobs.contract import Job, JobSelection, JobState
from app.jobs.model import JobRow
from app.jobs.rows import job_number, job_row, of_owner
from app.jobs.throughput import Throughput
from app.jobs.wording import contains


class Mark(NamedTuple):
    """What differs whenever something has changed that a list of jobs shows; jobs that are forgotten do not count.

    Attributes:
        newest: the number of the newest job.
        unfinished: the sum of the numbers of unfinished jobs. Without a newer job these can only become fewer.
        versions: the sum of their versions, each of which grows with every change.
    """

    newest: int
    unfinished: int
    versions: int


class JobFinder:
    """Looks for jobs. Thread-safe; every method may raise `DatabaseUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, selection: JobSelection, limit: int, oldest_first: bool, owner_id: int | None) -> list[Job]:
        """Return the jobs that are looked for, at most ``limit``; see `JobService.find`."""
        with self._database.reading() as session:
            where = _conditions(session, selection, owner_id)
            # One query for each state: each is a range of the index, in order; of several at once all would be sorted.
            wanted = frozenset(selection.states)
            each = [[JobRow.state == state] for state in wanted] if wanted < frozenset(JobState) and wanted else [[]]
            found = [session.scalars(_page(where + state, limit, oldest_first)).all() for state in each]
            rows = merge(*found, key=lambda row: row.number, reverse=not oldest_first)
            return [row.snapshot() for row in islice(rows, limit)]

    def counts(self, owner_id: int | None) -> Mapping[JobState, int]:
        """Return how many jobs are in each state."""
        query = select(JobRow.state, func.count()).where(*of_owner(owner_id)).group_by(JobRow.state)
        with self._database.reading() as session:
            counted = dict(session.execute(query).all())
        return {state: counted.get(state, 0) for state in JobState}

    def owners(self, owner_id: int | None) -> Collection[int]:
        """Return the users who own a job, in ascending order."""
        query = select(JobRow.owner_id).where(JobRow.owner_id.is_not(None), *of_owner(owner_id))
        with self._database.reading() as session:
            return [owner for owner in session.scalars(query.distinct().order_by(JobRow.owner_id)) if owner is not None]

    def mark(self, owner_id: int | None) -> Mark:
        """Return what to compare with an earlier mark; cheap enough to be asked twice a second by many."""
        # The owner is asked for inside of the sums: as a condition he would lead SQLite to all that he ever had.
        newest = select(func.max(JobRow.number)).where(*of_owner(owner_id))
        sums = select(_sum(JobRow.number, owner_id), _sum(JobRow.version, owner_id))
        with self._database.reading() as session:
            unfinished, versions = session.execute(sums.where(JobRow.finished_at.is_(None))).one()
            return Mark(session.scalar(newest) or 0, int(unfinished), int(versions))

    def throughput(self, job_id: str, owner_id: int | None) -> Throughput:
        """Return how fast a job went over time.

        Raises:
            JobNotFound: no such job has this id.
        """
        with self._database.reading() as session:
            return Throughput.read(job_row(session, job_id, owner_id).throughput)


def _page(where: list[ColumnElement[bool]], limit: int, oldest_first: bool) -> Select[JobRow]:
    order = JobRow.number if oldest_first else JobRow.number.desc()
    return select(JobRow).where(*where).order_by(order).limit(limit)


def _conditions(session: Session, selection: JobSelection, owner_id: int | None) -> list[ColumnElement[bool]]:
    where = [*of_owner(owner_id), *of_owner(selection.owner_id)]
    if selection.before is not None:
        where.append(JobRow.number < job_number(session, selection.before, owner_id))
    if selection.storage:
        where.append(_is_of_storage(selection.storage))
    return where


def _is_of_storage(words: str) -> ColumnElement[bool]:
    parts = [func.coalesce(JobRow.arguments[name].as_string(), "") for name in ("storage_url", "dest", "prefix")]
    place = parts[0] + "/" + parts[1] + "/" + parts[2]
    connection = _connection_id(words)
    if connection is None:
        return contains(place, words)
    # A copy can use two. An id is no part of another, so a part of the list's JSON says enough.
    names = ("connection", "connections")
    return or_(contains(place, words), *(contains(JobRow.arguments[name].as_string(), connection) for name in names))


def _connection_id(words: str) -> str | None:
    try:
        return str(UUID(words))
    except ValueError:
        return None


def _sum(column: SQLColumnExpression[int], owner_id: int | None) -> ColumnElement[int]:
    counted = column if owner_id is None else case((JobRow.owner_id == owner_id, column), else_=0)
    return func.coalesce(func.sum(counted), 0)
