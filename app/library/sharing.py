"""Rows that share files: copies of items, and which files nobody has any more once rows let go of them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Update, false, insert, literal, select, update
from sqlalchemy.orm import Session

from app.db.functions import NewUuid, among
from app.library.contract import ItemState
from app.library.model import CollectionRow, ItemRow

_COPIED: tuple[str, ...] = (
    "position",
    "name",
    "state",
    "file",
    "size",
    "md5",
    "sha256",
    "file_type",
    "attributes",
    "tags",
)
_COPIED += ("description", "message", "visible")


def copy_ready_items(session: Session, source: CollectionRow, target: CollectionRow, now: float) -> None:
    """Copy the ready items of a collection that are not deleted into an empty one, each to the position that it has.

    Args:
        session: in a write transaction.
        source: whose items.
        target: the new collection.
        now: POSIX seconds.
    """
    row = ItemRow
    values: dict[str, ColumnElement[Any]] = {name: getattr(row, name) for name in _COPIED}
    # The database makes the ids too: a hundred thousand rows are copied in one statement, while everybody else waits.
    values |= {"id": NewUuid(), "collection_number": literal(target.number), "deleted": false(), "purged": false()}
    values |= {"created_at": literal(now), "updated_at": literal(now)}
    ready = (row.collection_number == source.number, row.file.is_not(None), row.deleted.is_(False))
    session.execute(insert(row).from_select([*values], select(*values.values()).where(*ready).order_by(row.position)))
    target.last_position = source.last_position


def let_go(session: Session, which: ColumnElement[bool], now: float) -> Sequence[str]:
    """Purge items: they have no file from now on, and what had not arrived is discarded.

    Args:
        session: in a write transaction.
        which: a condition on `ItemRow`.
        now: POSIX seconds.

    Returns:
        The names of the files that no row has any more, to be removed once this is committed.
    """
    names = {name for name in session.scalars(select(ItemRow.file).where(which)) if name}
    unfinished = update(ItemRow).where(which, ItemRow.state.in_((ItemState.WAITING, ItemState.ARRIVING)))
    _execute(session, unfinished.values(state=ItemState.DISCARDED))
    kept = update(ItemRow).where(which, ItemRow.purged.is_(False))
    _execute(session, kept.values(file=None, deleted=True, purged=True, updated_at=now))
    session.expire_all()
    return sorted(names - some_items(session, names))


def some_items(session: Session, names: Collection[str]) -> set[str]:
    """Return those of these files that some item has."""
    return {name for name in session.scalars(select(ItemRow.file).where(among(ItemRow.file, [*names]))) if name}


def _execute(session: Session, statement: Update) -> None:
    session.execute(statement.execution_options(synchronize_session=False))  # its rows are expired afterwards
