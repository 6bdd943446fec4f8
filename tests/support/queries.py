"""What SQLite does for the queries of a piece of code: how it goes about each, and how much work that is."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.db import Database

_UNIT = 20


def plans(database: Database, ask: Callable[[], Any]) -> list[str]:
    """Return how SQLite goes about each query that ``ask`` makes, in the words of ``EXPLAIN QUERY PLAN``."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return [_plan(database, *one) for one in asked if one[0].startswith("SELECT")]


def _plan(database: Database, statement: str, parameters: Any) -> str:
    with database.reading() as session:
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    return "; ".join(row[-1] for row in rows)


class Work:
    """How many instructions of its virtual machine SQLite has carried out, to some."""

    instructions = 0

    def _count(self) -> int:
        self.instructions += _UNIT
        return 0


@contextmanager
def work(database: Database) -> Iterator[Work]:
    """Count the work of all queries of a database in this block; a count, unlike a time, is the same on each machine."""
    done = Work()

    def watch(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(done._count, _UNIT)

    def leave(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(None, 0)

    event.listen(database.engine, "checkout", watch)
    event.listen(database.engine, "checkin", leave)
    try:
        yield done
    finally:
        event.remove(database.engine, "checkout", watch)
        event.remove(database.engine, "checkin", leave)
