"""The root of all tables, and types of columns that mean the same in SQLite and in PostgreSQL."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Integer, MetaData, String, Text, text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

BYTEWISE = "C"
"""PostgreSQL's collation by code points, which is that of UTF-8 bytes, and the only one that SQLite knows."""


class Base(DeclarativeBase):
    """Root of all tables; constraints get fixed names, so that a later revision can name them."""

    type_annotation_map: ClassVar[Mapping[Any, Any]] = {int: BigInteger().with_variant(Integer(), "sqlite")}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def sorted_text(length: int | None = None) -> TypeEngine[str]:
    """Return the type of a text that rows are sorted by: its order is that of UTF-8 bytes everywhere."""
    if length is None:
        return Text().with_variant(Text(collation=BYTEWISE), "postgresql")
    return String(length).with_variant(String(length, collation=BYTEWISE), "postgresql")


def rows_where(condition: str) -> Mapping[str, Any]:
    """Return what has an index hold only the rows of this condition, in both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
