"""The queries of people who look through the steps of a job, of which there can be millions."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias, cast

from sqlalchemy import ColumnElement, Table, TextClause, select, text
from sqlalchemy.orm import Session

from app.db import Database
from app.errors import InvalidInput
from app.jobs.contract import Step, StepPage, StepRecord, StepSelection, StepStatus
from app.jobs.model import StepRow
from app.jobs.rows import job_number
from app.jobs.wording import contains, spellings

SEARCHED_MAX = 1_000_000
"""How many failed steps, and how many others, one page looks through at most: that can take half a second.

Fewer when letters beyond ASCII are looked for, each spelling of which is a search of its own.
"""

_Condition: TypeAlias = ColumnElement[bool] | TextClause

_PAGE = 5000
# Of the table and not of the mapped class, which costs half as much again for each row.
_COLUMNS = [cast("Table", StepRow.__table__).c[name] for name in ("number", *StepRecord._fields)]

# Written out, not bound: SQLite uses the index of the failed steps only when it sees the same words.
_FAILED: _Condition = text("status = 'failed'")


class _Part(NamedTuple):
    """One of the two parts in which steps are shown, one after the other.

    Attributes:
        letter: what stands for it in a cursor; these ascend.
        condition: which steps belong to it.
    """

    letter: str
    condition: _Condition


_FIRST, _OTHERS = _Part("f", _FAILED), _Part("o", StepRow.status != StepStatus.FAILED)


class _Cursor(NamedTuple):
    """Where a page begins: in this part, after the step with this number."""

    letter: str
    number: int

    @classmethod
    def read(cls, after: str | None) -> "_Cursor":
        found = re.fullmatch(r"([fo])([0-9]{1,15})", "f0" if after is None else after)
        if found is None:
            raise InvalidInput("after", "Use what the page before this one gave.")
        return cls(found[1], int(found[2]))


class StepHistory:
    """The steps of jobs. Thread-safe; every method may raise `DatabaseUnavailable`, and `JobNotFound` at the call.

    With an ``owner_id`` it is as if there were no jobs but this user's.

    Args:
        database: upgraded.
        searched_max: see `SEARCHED_MAX`.
    """

    def __init__(self, database: Database, searched_max: int = SEARCHED_MAX) -> None:
        self._database = database
        self._searched_max = searched_max

    def steps(self, job_id: str, status: StepStatus | None, after: int, limit: int, owner_id: int | None) -> list[Step]:
        """Return steps in the order in which they finished; see `JobService.steps`."""
        with self._database.reading() as session:
            number = job_number(session, job_id, owner_id)
            return _steps(session, number, _chosen(StepSelection(status=status)), after, limit)

    def find(
        self, job_id: str, selection: StepSelection, after: str | None, limit: int, owner_id: int | None
    ) -> StepPage:
        """Return a page of the steps that are looked for; see `JobService.find_steps`."""
        cursor = _Cursor.read(after)
        with self._database.reading() as session:
            number = job_number(session, job_id, owner_id)
            return _Search(session, number, selection, self._searched_max).page(cursor, limit)

    def each(self, job_id: str, selection: StepSelection, owner_id: int | None) -> Iterator[Step]:
        """Go through all steps that are looked for; see `JobService.each_step`."""
        with self._database.reading() as session:
            number = job_number(session, job_id, owner_id)
        return self._each(number, selection)

    def _each(self, job_number: int, selection: StepSelection) -> Iterator[Step]:
        last = 0
        while True:
            with self._database.reading() as session:  # one for each page: during a long one the log can only grow
                page = _steps(session, job_number, _chosen(selection), last, _PAGE)
            yield from page
            if len(page) < _PAGE:
                return
            last = page[-1].number


class _Search:
    """A look for steps of one job, in one transaction.

    Whole parts need no search: each step that is read is one that is looked for.
    """

    def __init__(self, session: Session, job_number: int, selection: StepSelection, searched_max: int) -> None:
        self._session = session
        self._job_number = job_number
        self._chosen = _chosen(selection)
        self._parts = _parts(selection.status)
        self._is_whole = selection in (StepSelection(), StepSelection(status=StepStatus.FAILED))
        self._searched_max = max(1, searched_max // len(spellings(selection.text)))

    def page(self, cursor: _Cursor, limit: int) -> StepPage:
        """Return at most ``limit`` steps from the cursor on, in both parts."""
        found: list[Step] = []
        for part in (part for part in self._parts if part.letter >= cursor.letter):
            start = cursor.number if part.letter == cursor.letter else 0
            end = None if self._is_whole else self._end(part, start)
            room = limit - len(found)
            steps = self._steps(part, start, end, room + 1)
            found += steps[:room]
            if len(steps) > room:
                return StepPage(found, f"{part.letter}{steps[room - 1].number if room else 0}")
            if end is not None:
                return StepPage(found, f"{part.letter}{end}", end)
        return StepPage(found, None)

    def _end(self, part: _Part, start: int) -> int | None:
        """Return the number of the last step that may be looked at; None: there are not so many."""
        query = select(StepRow.number).where(StepRow.job_number == self._job_number, StepRow.number > start)
        query = query.where(part.condition).order_by(StepRow.number).offset(self._searched_max - 1).limit(1)
        return self._session.scalar(query)

    def _steps(self, part: _Part, start: int, end: int | None, limit: int) -> list[Step]:
        until = [] if end is None else [StepRow.number <= end]
        return _steps(self._session, self._job_number, [part.condition, *self._chosen, *until], start, limit)


def _parts(status: StepStatus | None) -> Sequence[_Part]:
    """Return the parts that can have steps which ended so."""
    if status is None:
        return (_FIRST, _OTHERS)
    return (_FIRST,) if status is StepStatus.FAILED else (_OTHERS,)


def _steps(session: Session, job_number: int, where: Sequence[_Condition], after: int, limit: int) -> list[Step]:
    """Return steps in order."""
    query = select(*_COLUMNS).where(StepRow.job_number == job_number, StepRow.number > after, *where)
    found = session.connection().execute(query.order_by(StepRow.number).limit(limit))
    return [Step(row[0], StepRecord._make(row[1:])) for row in found]


def _chosen(selection: StepSelection) -> list[_Condition]:
    where: list[_Condition] = []
    if selection.status is StepStatus.FAILED:
        where.append(_FAILED)
    elif selection.status is not None:
        where.append(StepRow.status == selection.status)
    if selection.action is not None:
        where.append(StepRow.action == selection.action)
    if selection.text:
        where.append(contains(StepRow.key, selection.text))
    return where
