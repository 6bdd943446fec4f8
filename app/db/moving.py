"""Copies all rows of one database into another one that has the same tables and no rows. Knows no table."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import JSON, Connection, MetaData, Table, delete, func, insert, select, text

from app.errors import DatabaseUnavailable

_PAGE = 1000
_REVISION = "alembic_version"


class Moved(NamedTuple):
    """How many rows of a table were copied."""

    table: str
    rows: int


def copy_rows(reading: Connection, writing: Connection, name: str, replaced: Collection[str]) -> Iterator[Moved]:
    """Copy every row, table by table; new rows will get the numbers that they would have got in the first database.

    Args:
        reading: of a SQLite file that nobody else can use meanwhile.
        writing: of a PostgreSQL database in a write transaction; to be rolled back when this raises.
        name: of the second database, for people.
        replaced: tables of which the second one may have rows; they go if the first one has some.

    Raises:
        DatabaseUnavailable: another table of the second one has rows, or not all arrived.
    """
    # Read from both databases and not from the classes, so that no table can be forgotten.
    before, after = MetaData(), MetaData()
    before.reflect(reading)
    after.reflect(writing)
    tables = [table for table in after.sorted_tables if table.name != _REVISION]
    _require_empty(writing, [table for table in tables if table.name not in replaced], name)
    for table in tables:
        yield Moved(table.name, _copy(reading, writing, before.tables[table.name], table))
    _count_on(reading, writing, after)


def _require_empty(writing: Connection, tables: list[Table], name: str) -> None:
    for table in tables:
        if _rows(writing, table):
            raise DatabaseUnavailable(
                f"The database {name} has {table.name} already, so nothing was copied. Have DATABASE_URL name an "
                "empty one."
            )


def _copy(reading: Connection, writing: Connection, before: Table, after: Table) -> int:
    expected = _rows(reading, before)
    if not expected:
        return 0
    writing.execute(delete(after))
    for column in (*before.columns, *after.columns):
        if isinstance(column.type, JSON):
            column.type.none_as_null = True  # where nothing is, nothing is to be, and not JSON's null
    found = reading.execution_options(yield_per=_PAGE).execute(select(before))
    for page in found.mappings().partitions():
        writing.execute(insert(after), [dict(row) for row in page])
    if (copied := _rows(writing, after)) != expected:
        raise DatabaseUnavailable(f"Of {expected} {after.name} {copied} arrived, so nothing was copied.")
    return copied


def _rows(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _count_on(reading: Connection, writing: Connection, tables: MetaData) -> None:
    for table, last in reading.execute(text("SELECT name, seq FROM sqlite_sequence WHERE seq > 0")).all():
        [number] = tables.tables[table].primary_key.columns
        writing.execute(select(func.setval(func.pg_get_serial_sequence(table, number.name), last)))
