"""Opening the file of an item, while somebody may be purging it."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.db import Database
from app.errors import FileUnreadable, NotReady
from app.library.contract import Item, ItemState, OpenedItem
from app.library.files import LibraryFiles
from app.library.finding import Found
from app.library.model import ItemRow
from app.library.snapshots import item_of

_WHY = {
    ItemState.WAITING: "is waiting for its file",
    ItemState.ARRIVING: "is still arriving",
    ItemState.FAILED: "has no file, since it could not be brought",
    ItemState.DISCARDED: "has no file, since its job was cancelled",
}


def open_item(database: Database, files: LibraryFiles, find: Callable[[Session], Found]) -> OpenedItem:
    """Open an item's file.

    Args:
        database: where its row is.
        files: of the library.
        find: returns the item; what it raises is raised here.

    Raises:
        NotReady: it has no file.
        FileUnreadable: its file is gone, or cannot be opened.
    """
    item, name = _ready(database, find)
    try:
        return OpenedItem(item, files.open(name))
    except FileNotFoundError:
        _ready(database, find)  # a purge removes the file once the row says so
        raise FileUnreadable(f"The file of {item.name!r} is gone from DATA_DIR.") from None
    except OSError as error:
        raise FileUnreadable(f"The file of {item.name!r} cannot be opened: {error.strerror}.") from None


def file_of(row: ItemRow) -> str:
    """Return the name of an item's file.

    Raises:
        NotReady: it has none.
    """
    if row.file is None:
        raise NotReady(f"{row.name!r} {'was purged' if row.purged else _WHY.get(row.state, 'has no file')}.")
    return row.file


def _ready(database: Database, find: Callable[[Session], Found]) -> tuple[Item, str]:
    with database.reading() as session:
        found = find(session)
        return item_of(found.item, found.collection.owner_id), file_of(found.item)
