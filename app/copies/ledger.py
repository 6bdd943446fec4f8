"""What a handler reads and writes of the copies of its job: what is left, and how far each is."""

import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, func, select, update

from app.copies.contract import Copy, CopyState
from app.copies.model import CopyRow
from app.db import Database
from app.errors import NotFound
from app.library.texts import storable

PAGE = 500
"""So many copies of a job are in memory at once, but for those that are under way."""


class Ending(NamedTuple):
    """How a copy ended; the fields are those of `Copy`."""

    state: CopyState
    reason: str | None = None
    message: str = ""
    size: int = 0
    sha256: str | None = None

    def values(self, now: float) -> dict[str, Any]:
        """Return the columns of a copy that ends so; ``now`` in POSIX seconds."""
        words = {**self._asdict(), "message": storable(self.message)}
        return {**words, "cancelling": False, "updated_at": now, "finished_at": now}


class Standing(NamedTuple):
    """How the copies of a job stand, over all its attempts.

    Attributes:
        states: how many there are of each state; 0 of those that are not in it.
        reasons: those of the copies that failed, each once.
    """

    states: Mapping[CopyState, int]
    reasons: frozenset[str]


# Made once: for each object of a job, putting a statement together takes longer than carrying it out.
_copies = cast("Table", CopyRow.__table__)
_MINE = update(_copies).where(_copies.c.number == bindparam("copy"))
_BEGIN = _MINE.where(_copies.c.finished_at.is_(None), _copies.c.cancelling.is_(False)).values(state=CopyState.RUNNING)
_END = _MINE.where(_copies.c.finished_at.is_(None))


class Ledger:
    """The copies of one job. Thread-safe; every method may raise `DatabaseUnavailable`, having changed nothing."""

    def __init__(self, database: Database, job_id: str) -> None:
        self._database = database
        self._job_id = job_id

    def page(self, after: int) -> list[Copy]:
        """Return some of what is left to be done behind this number, in the order in which it was asked for."""
        left = select(CopyRow).where(CopyRow.job_id == self._job_id, CopyRow.finished_at.is_(None))
        page = left.where(CopyRow.number > after).order_by(CopyRow.number).limit(PAGE)
        with self._database.reading() as session:
            return [row.snapshot() for row in session.scalars(page)]

    def first(self) -> Copy:
        """Return the copy that was asked for first, whether it has ended or not: what is noted there is of the job.

        Raises:
            NotFound: the job has no copy (any more).
        """
        query = select(CopyRow).where(CopyRow.job_id == self._job_id).order_by(CopyRow.number).limit(1)
        with self._database.reading() as session:
            row = session.scalar(query)
            if row is None:
                raise NotFound(f"Job {self._job_id} has nothing to copy.")
            return row.snapshot()

    def agree(self, number: int, name: str, value: str) -> str:
        """Note something among the options of a copy, unless something was noted before; return what is noted then.

        Args:
            number: a copy of this job.
            name: what it is.
            value: what to note.
        """
        with self._database.writing() as session:
            row = session.get_one(CopyRow, number)
            if name not in row.options:
                row.options = {**row.options, name: value}
            return str(row.options[name])

    def begin(self, number: int) -> Copy | None:
        """Have a copy run, unless it was asked to stop; return it as it is now, None when it has ended.

        A copy that ran already goes on: the process that ran it has died or was stopped.
        """
        with self._database.writing() as session:
            session.execute(_BEGIN, {"copy": number, "updated_at": time.time()})
            row = session.get(CopyRow, number)
            return None if row is None or row.state.is_final else row.snapshot()

    def name(self, number: int, stored_key: str) -> None:
        """Note under which key a copy will be stored; to be done before it is, so that a crash makes no second one."""
        with self._database.writing() as session:
            session.execute(_MINE, {"copy": number, "stored_key": storable(stored_key), "updated_at": time.time()})

    def end(self, number: int, ending: Ending) -> None:
        """End a copy, unless it has ended."""
        with self._database.writing() as session:
            session.execute(_END, {"copy": number, **ending.values(time.time())})

    def end_waiting(self, number: int, ending: Ending) -> None:
        """End a copy, unless it has begun."""
        waiting = update(CopyRow).where(CopyRow.number == number, CopyRow.state == CopyState.WAITING)
        with self._database.writing() as session:
            session.execute(waiting.values(**ending.values(time.time())))

    def asked_to_stop(self) -> frozenset[int]:
        """Return the numbers of the unfinished copies that were asked to stop."""
        query = select(CopyRow.number).where(
            CopyRow.job_id == self._job_id, CopyRow.finished_at.is_(None), CopyRow.cancelling.is_(True)
        )
        with self._database.reading() as session:
            return frozenset(session.scalars(query))

    def standing(self) -> Standing:
        """Return how the copies of this job stand."""
        query = select(CopyRow.state, CopyRow.reason, func.count()).where(CopyRow.job_id == self._job_id)
        states: Counter[CopyState] = Counter()
        reasons: set[str] = set()
        with self._database.reading() as session:
            for state, reason, count in session.execute(query.group_by(CopyRow.state, CopyRow.reason)):
                states[state] += count
                reasons |= {reason} if state is CopyState.FAILED and reason else set()
        return Standing(states, frozenset(reasons))
