"""Writing what people say of collections and items into their rows. No queries here."""

from app.errors import InvalidInput
from app.library.contract import CollectionChanges, ItemChanges
from app.library.model import CollectionRow, ItemRow
from app.library.texts import FILE_TYPE_MAX, ITEM_NAME_MAX, NAME_MAX, kept, kept_attributes, kept_tags


def change_collection_row(row: CollectionRow, changes: CollectionChanges) -> None:
    """Change a collection.

    Raises:
        InvalidInput: a text is too long, or the collection is purged and was to be had back.
    """
    if changes.name is not None:
        row.name = kept("name", changes.name, NAME_MAX)
    if changes.description is not None:
        row.description = kept("description", changes.description)
    if changes.tags is not None:
        row.tags = kept_tags(changes.tags)
    if changes.published is not None:
        row.published = changes.published
    if changes.deleted is not None:
        _set_deleted(row, changes.deleted)


def change_item_row(row: ItemRow, changes: ItemChanges) -> None:
    """Change an item.

    Raises:
        InvalidInput: a text is too long, or the item is purged and was to be had back.
    """
    if changes.name is not None:
        row.name = kept("name", changes.name, ITEM_NAME_MAX)
    if changes.file_type is not None:
        row.file_type = kept("file_type", changes.file_type, FILE_TYPE_MAX)
    if changes.attributes is not None:
        row.attributes = kept_attributes({**row.attributes, **changes.attributes})
    if changes.tags is not None:
        row.tags = kept_tags(changes.tags)
    if changes.description is not None:
        row.description = kept("description", changes.description)
    if changes.visible is not None:
        row.visible = changes.visible
    if changes.deleted is not None:
        _set_deleted(row, changes.deleted)


def _set_deleted(row: CollectionRow | ItemRow, deleted: bool) -> None:
    if row.purged and not deleted:
        raise InvalidInput("deleted", "it was purged, so it cannot be had back")
    row.deleted = deleted
