"""What SQLite and PostgreSQL both can do, each in words of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, SQLColumnExpression, String, Table, cast, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def among(column: InstrumentedAttribute[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Return that a column is one of these values, however many; SQLite takes 32,766 as parameters."""
    each = _JsonTexts(literal([*values], JSON())).table_valued("value")
    return column.in_(select(cast(each.c.value, column.type)))


def count_of(number: int) -> ColumnElement[int]:
    """Return a number of rows, up to 2**63 - 1: SQLAlchemy would have PostgreSQL take a limit for one of 32 bits."""
    return literal(number, BigInteger())


def holds(column: SQLColumnExpression[Any], text: str) -> ColumnElement[bool]:
    """Return that a column's JSON list of texts has this one."""
    each = _JsonTexts(column).table_valued("value")
    return select(each.c.value).where(each.c.value == text).exists()


def add_missing(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, but for those whose primary key is there: to do it once more changes nothing."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    session.execute(insert.on_conflict_do_nothing(), rows)


class NewUuid(FunctionElement[str]):
    """A new UUID4 as text, another one for each row."""

    type = String(36)
    inherit_cache = True


class _JsonTexts(FunctionElement[str]):
    """The elements of a JSON list, a row each, in the column ``value``."""

    inherit_cache = True


@compiles(NewUuid, "sqlite")
def _sqlite_uuid(_element: NewUuid, _compiler: SQLCompiler, **_named: Any) -> str:
    return (
        "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || "
        "substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))"
    )


@compiles(NewUuid, "postgresql")
def _postgresql_uuid(_element: NewUuid, _compiler: SQLCompiler, **_named: Any) -> str:
    return "CAST(gen_random_uuid() AS VARCHAR)"


@compiles(_JsonTexts, "sqlite")
def _sqlite_texts(element: _JsonTexts, compiler: SQLCompiler, **named: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **named)})"


@compiles(_JsonTexts, "postgresql")
def _postgresql_texts(element: _JsonTexts, compiler: SQLCompiler, **named: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **named)} AS JSON))"
