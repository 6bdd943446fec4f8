"""The queries of those who look for copies and cancel them; a handler's own are in ``ledger``."""

import time
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.copies.contract import Copy, CopyQuery, CopyState
from app.copies.model import CopyRow
from app.db import Database
from app.db.functions import count_of
from app.errors import NotFound

_ORDERS = {"created_at": CopyRow.created_at, "updated_at": CopyRow.updated_at}
_NUMBER_MAX = 2**63 - 1
_AT_ONCE = 500


class CopyStore:
    """All copies. Thread-safe; every method may raise `DatabaseUnavailable` and then has changed nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, number: int) -> Copy:
        """Return the copy as it stands now.

        Raises:
            NotFound: there is none of this number.
        """
        with self._database.reading() as session:
            return _row(session, number).snapshot()

    def numbered(self, numbers: Sequence[int]) -> list[Copy]:
        """Return those of these copies that there are, in the order of their numbers."""
        found: list[Copy] = []
        with self._database.reading() as session:
            for start in range(0, len(numbers), _AT_ONCE):
                some = select(CopyRow).where(CopyRow.number.in_(numbers[start : start + _AT_ONCE]))
                found += [row.snapshot() for row in session.scalars(some)]
        return sorted(found, key=lambda copy: copy.number)

    def find(self, query: CopyQuery) -> list[Copy]:
        """Return what is wanted, newest first; of copies of the same time the one that was made last."""
        order = _ORDERS[query.order]
        wanted = select(CopyRow).where(*_conditions(query)).order_by(order.desc(), CopyRow.number.desc())
        with self._database.reading() as session:
            return [row.snapshot() for row in session.scalars(wanted.limit(query.limit).offset(count_of(query.offset)))]

    def ask_to_stop(self, number: int) -> Copy:
        """Flag an unfinished copy to be cancelled, and return it as it was before.

        Raises:
            NotFound: there is none of this number.
        """
        with self._database.writing() as session:
            row = _row(session, number)
            before = row.snapshot()
            if not row.state.is_final and not row.cancelling:
                row.cancelling, row.updated_at = True, time.time()
            return before

    def has_unfinished(self, job_id: str) -> bool:
        """Return whether anything of a job is left to be done."""
        left = select(CopyRow.number).where(CopyRow.job_id == job_id, CopyRow.finished_at.is_(None))
        with self._database.reading() as session:
            return session.scalar(left.limit(1)) is not None


def _row(session: Session, number: int) -> CopyRow:
    row = session.get(CopyRow, number) if 0 < number <= _NUMBER_MAX else None
    if row is None:
        raise NotFound(f"There is no copy {number}.")
    return row


def _conditions(query: CopyQuery) -> list[ColumnElement[bool]]:
    equal = {
        CopyRow.collection_number: query.collection_number,
        CopyRow.item_number: query.item_number,
        CopyRow.job_id: query.job_id,
        CopyRow.owner_id: query.owner_id,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    found += [CopyRow.kind.in_(query.kinds)] if query.kinds is not None else []
    found += [or_(*map(_in_state, query.states))] if query.states else []
    found += [CopyRow.state.in_([])] if query.states is not None and not query.states else []
    found += [CopyRow.updated_at >= query.since] if query.since is not None else []
    found += [CopyRow.updated_at <= query.until] if query.until is not None else []
    return found


def _in_state(wanted: tuple[CopyState, bool | None]) -> ColumnElement[bool]:
    state, cancelling = wanted
    right_state = CopyRow.state == state
    return right_state if cancelling is None else and_(right_state, CopyRow.cancelling.is_(cancelling))
