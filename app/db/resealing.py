"""Replaces each sealed value of a column by another, some rows at a time. Knows no table."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute

from app.db.database import Database

_AT_ONCE = 100


def seal_again(
    database: Database,
    number: InstrumentedAttribute[int],
    sealed: InstrumentedAttribute[str | None],
    again: Callable[[str], str],
    *only: ColumnElement[bool],
) -> int:
    """Replace each sealed value by what ``again`` makes of it; return how many became others.

    Every transaction holds the database for a moment only. Rows that are made meanwhile may be seen or not.

    Args:
        database: where the table is.
        number: the table's column of numbers that grow.
        sealed: its column of sealed values; a row without one is passed over.
        again: called inside of the transaction that keeps what it returns.
        only: what holds of the rows that count.

    Raises:
        DatabaseUnavailable: some may have become others.
    """
    wanted = select(number, sealed).where(sealed.is_not(None), *only).order_by(number).limit(_AT_ONCE)
    changed, after = 0, 0
    while True:
        # A write even if nothing is found: it waits for whoever writes now, and may have sealed with an old key.
        with database.writing() as session:
            rows = session.execute(wanted.where(number > after)).all()
            for place, before in rows:
                now = again(before or "")
                if now != before:
                    session.execute(update(number.class_).where(number == place).values({sealed: now}))
                    changed += 1
        if not rows:
            return changed
        after = rows[-1][0]
