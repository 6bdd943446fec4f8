"""Which collections and items a query wants, as SQL."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, select
from sqlalchemy.orm import InstrumentedAttribute

from app.db.functions import among, count_of, holds
from app.errors import InvalidInput
from app.library.contract import CollectionKind, CollectionQuery, ItemQuery, Span
from app.library.finding import NUMBER_MAX
from app.library.model import CollectionRow, ItemRow
from app.library.texts import storable

_COLLECTION_ORDERS: Mapping[str, InstrumentedAttribute[Any]] = {
    name: getattr(CollectionRow, name) for name in ("created_at", "updated_at", "name", "number")
}
_ITEM_ORDERS: Mapping[str, InstrumentedAttribute[Any]] = {
    name: getattr(ItemRow, name) for name in ("created_at", "updated_at", "position", "name", "size", "number")
}


def collections_wanted(kind: CollectionKind, query: CollectionQuery, owner_id: int | None) -> Select[CollectionRow]:
    """Return the collections that a query wants, of one user or (None) of all.

    Raises:
        InvalidInput: there is no such order.
    """
    row = CollectionRow
    conditions = [row.kind == kind]
    if owner_id is not None:
        conditions.append(row.owner_id == owner_id)
    if query.name is not None:
        conditions.append(row.name == storable(query.name))
    conditions += _flags(((row.deleted, query.deleted), (row.purged, query.purged), (row.published, query.published)))
    conditions += [*_within(row.created_at, query.created), *_within(row.updated_at, query.updated)]
    selected = select(row).where(*conditions)
    selected = selected.order_by(*_ordered(query.order, _COLLECTION_ORDERS, row.number))
    return selected.limit(_limit(query.limit)).offset(_offset(query.offset))


def items_wanted(kind: CollectionKind, query: ItemQuery, owner_id: int | None) -> Select[ItemRow, int]:
    """Return the items of collections of a kind that a query wants, with their owners' ids; of one user or (None) all.

    Raises:
        InvalidInput: there is no such order.
    """
    row = ItemRow
    owner: SQLColumnExpression[int] = CollectionRow.owner_id
    selected = select(row, owner).join(CollectionRow, row.collection_number == CollectionRow.number)
    selected = selected.where(CollectionRow.kind == kind, *_item_conditions(query))
    if owner_id is not None:
        selected = selected.where(CollectionRow.owner_id == owner_id)
    selected = selected.order_by(*_ordered(query.order, _ITEM_ORDERS, row.number))
    return selected.limit(_limit(query.limit)).offset(_offset(query.offset))


def _item_conditions(query: ItemQuery) -> Iterator[ColumnElement[bool]]:
    row = ItemRow
    if query.collection_number is not None:
        yield row.collection_number == query.collection_number
    if query.numbers is not None:
        yield among(row.number, [number for number in query.numbers if 0 < number <= NUMBER_MAX])
    if query.name is not None:
        yield row.name == storable(query.name)
    if query.name_contains is not None:
        yield row.name.icontains(storable(query.name_contains), autoescape=True)
    if query.states is not None:
        yield row.state.in_(query.states)
    if query.file_types is not None:
        yield row.file_type.in_([storable(word) for word in query.file_types])
    for name, value in (query.attributes or {}).items():
        yield row.attributes[name].as_string() == storable(value)
    if query.tag is not None:
        yield holds(row.tags, storable(query.tag))
    yield from _flags(((row.visible, query.visible), (row.deleted, query.deleted), (row.purged, query.purged)))
    yield from _within(row.created_at, query.created)
    yield from _within(row.updated_at, query.updated)


def _flags(pairs: Sequence[tuple[InstrumentedAttribute[bool], bool | None]]) -> list[ColumnElement[bool]]:
    return [column.is_(wanted) for column, wanted in pairs if wanted is not None]


def _within(column: InstrumentedAttribute[float], span: Span) -> Iterator[ColumnElement[bool]]:
    if span.since is not None:
        yield column >= span.since
    if span.until is not None:
        yield column <= span.until


def _ordered(
    order: Sequence[str], known: Mapping[str, InstrumentedAttribute[Any]], last: InstrumentedAttribute[int]
) -> Iterator[ColumnElement[Any]]:
    """Give what to sort by; rows that are equal in it follow their numbers, so that pages never overlap."""
    descending = False
    for word in order:
        descending = word.startswith("-")
        column = known.get(word.removeprefix("-"))
        if column is None:
            raise InvalidInput("order", f"use {', '.join(known)}, each with a - before it for the reverse")
        # Where nothing is, is before all else, as SQLite has it; PostgreSQL would have it last.
        yield column.desc().nulls_last() if descending else column.asc().nulls_first()
    yield last.desc() if descending else last.asc()


def _limit(limit: int | None) -> ColumnElement[int] | None:
    return None if limit is None else count_of(max(0, min(limit, NUMBER_MAX)))


def _offset(offset: int) -> ColumnElement[int]:
    return count_of(max(0, min(offset, NUMBER_MAX)))
