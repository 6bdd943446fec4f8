"""What goes out of the rows of the library, and how items come in. No queries here."""

from typing import Any
from uuid import uuid4

from app.library.contract import Collection, Item, ItemState, NewItem
from app.library.model import CollectionRow, ItemRow
from app.library.texts import FILE_TYPE_MAX, ITEM_NAME_MAX, kept, kept_attributes, kept_tags

_COPIED = ("name", "file", "size", "md5", "sha256", "file_type", "attributes", "tags", "description", "message")


def collection_of(row: CollectionRow) -> Collection:
    """Return what the rest of the product sees of this row."""
    values = {name: getattr(row, name) for name in Collection.__slots__}
    return Collection(**(values | {"tags": tuple(row.tags)}))


def item_of(row: ItemRow, owner_id: int) -> Item:
    """Return what the rest of the product sees of this row, whose collection is this user's."""
    values = {name: getattr(row, name) for name in Item.__slots__ if name != "owner_id"}
    return Item(**(values | {"owner_id": owner_id, "tags": tuple(row.tags)}))


def new_item_row(collection: CollectionRow, new: NewItem, now: float) -> ItemRow:
    """Return an item without a file that takes the collection's next position, not in any session yet.

    Raises:
        InvalidInput: a text is too long.
    """
    return _row(
        collection,
        now,
        name=kept("name", new.name, ITEM_NAME_MAX),
        state=ItemState.WAITING,
        size=0,
        file_type=kept("file_type", new.file_type, FILE_TYPE_MAX),
        attributes=kept_attributes(new.attributes or {}),
        tags=kept_tags(new.tags),
        message="",
        visible=new.visible,
    )


def copied_item_row(collection: CollectionRow, source: ItemRow, now: float) -> ItemRow:
    """Return a ready item that shares the file of another one, at the collection's next position."""
    values = {name: getattr(source, name) for name in _COPIED}
    return _row(collection, now, state=ItemState.READY, visible=source.visible, **values)


def _row(collection: CollectionRow, now: float, **values: Any) -> ItemRow:
    collection.last_position += 1
    return ItemRow(
        id=str(uuid4()),
        collection_number=collection.number,
        position=collection.last_position,
        deleted=False,
        purged=False,
        created_at=now,
        updated_at=now,
        **values,
    )
