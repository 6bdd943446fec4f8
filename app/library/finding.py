"""Finding single rows of the library. Each function works in a session that its caller has opened."""

from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.library.contract import CollectionKind
from app.library.model import CollectionRow, ItemRow

NUMBER_MAX = 2**63 - 1
"""SQLite raises an error for a number that no column of it can hold."""


# Made once: for each file of a job, putting a query together takes longer than asking it.
_ITEM = (
    select(ItemRow, CollectionRow)
    .join(CollectionRow, ItemRow.collection_number == CollectionRow.number)
    .where(ItemRow.number == bindparam("wanted"))
)


class Found(NamedTuple):
    """An item, and the collection that it is in."""

    item: ItemRow
    collection: CollectionRow

    @property
    def is_published(self) -> bool:
        """Whether everybody may look at it: what its owner deleted is his alone."""
        return not self.item.deleted and is_published(self.collection)


def is_published(collection: CollectionRow) -> bool:
    """Return whether everybody may look at a collection: one that its owner deleted is his alone."""
    return collection.published and not collection.deleted


def collection_row(session: Session, number: int, kind: CollectionKind) -> CollectionRow:
    """Return the collection of this number and kind.

    Raises:
        NotFound: there is none.
    """
    row = session.get(CollectionRow, number) if 0 < number <= NUMBER_MAX else None
    if row is None or row.kind is not kind:
        raise NotFound(f"There is no {kind.value} {number}.")
    return row


def item_row(session: Session, number: int, kind: CollectionKind | None = None) -> Found:
    """Return the item of this number in a collection of this kind; None: of any.

    Raises:
        NotFound: there is none.
    """
    found = item_row_if_any(session, number)
    if found is None or kind not in (None, found.collection.kind):
        raise NotFound(f"There is no item {number}.")
    return found


def item_row_if_any(session: Session, number: int) -> Found | None:
    """Return the item of this number, or None."""
    if not 0 < number <= NUMBER_MAX:
        return None
    found = session.execute(_ITEM, {"wanted": number}).one_or_none()
    return None if found is None else Found(found[0], found[1])
