"""What is looked up in the library: collections, items, their files, and how much is whose."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.caller import Caller
from app.db import Database
from app.db.functions import among
from app.errors import CallerUnknown, NotAllowed
from app.library import quota
from app.library.contract import (
    Collection,
    CollectionKind,
    CollectionQuery,
    Contents,
    Item,
    ItemQuery,
    ItemState,
    OpenedItem,
    Usage,
)
from app.library.files import LibraryFiles
from app.library.finding import NUMBER_MAX, Found, collection_row, is_published, item_row
from app.library.images import image_row, image_rows
from app.library.model import CollectionRow, ItemRow
from app.library.opening import open_item
from app.library.permissions import require_may_change, require_may_see
from app.library.selecting import collections_wanted, items_wanted
from app.library.snapshots import collection_of, item_of
from app.settings import Settings


class LibraryLookup:
    """Finds what is in the library and changes nothing. Thread-safe; every method may raise `DatabaseUnavailable`.

    ``caller`` is None where nobody said who he is: then only what is published can be seen. Admins see everything.
    What is deleted is not published; a list of a published history still names the deleted items in it.
    Collections are histories, and items theirs, unless ``kind`` says otherwise: what is of another kind is not found.

    Args:
        database: where the rows are.
        settings: DATA_DIR, LIBRARY_QUOTA.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._files = LibraryFiles(settings.data_dir)
        self._quota = settings.library_quota

    def collection(
        self, caller: Caller | None, number: int, kind: CollectionKind = CollectionKind.HISTORY
    ) -> Collection:
        """Return a collection, to be looked at.

        Raises:
            NotFound: there is none of this number and kind.
            CallerUnknown: nobody said who he is, and it is not published.
            NotAllowed: it is somebody else's, and not published.
        """
        with self._database.reading() as session:
            return collection_of(_seen_collection(session, caller, number, kind))

    def own_collection(self, caller: Caller, number: int, kind: CollectionKind = CollectionKind.HISTORY) -> Collection:
        """Return a collection, to be changed.

        Raises:
            NotFound: there is none of this number and kind.
            NotAllowed: it is somebody else's and the caller no admin, or he came with a key that may only read.
        """
        with self._database.reading() as session:
            row = collection_row(session, number, kind)
            require_may_change(caller, row.owner_id)
            return collection_of(row)

    def collections(self, caller: Caller | None, kind: CollectionKind, query: CollectionQuery) -> list[Collection]:
        """Return collections of a kind: the caller's own, or those that the query says instead.

        Raises:
            CallerUnknown: nobody said who he is, and it is not only about published ones.
            NotAllowed: everybody's were asked for, and the caller is no admin.
            InvalidInput: there is no such order.
        """
        wanted = collections_wanted(kind, query, _owner_of_collections(caller, query))
        with self._database.reading() as session:
            return [collection_of(row) for row in session.scalars(wanted)]

    def contents(self, numbers: Sequence[int]) -> Mapping[int, Contents]:
        """Return what is in each of these collections; one that holds no item that is not deleted is empty here."""
        known = [number for number in numbers if 0 < number <= NUMBER_MAX]
        query = (
            select(ItemRow.collection_number, ItemRow.state, func.count(), func.sum(ItemRow.size))
            .where(among(ItemRow.collection_number, known), ItemRow.deleted.is_(False))
            .group_by(ItemRow.collection_number, ItemRow.state)
        )
        states: dict[int, dict[ItemState, int]] = {number: {} for number in numbers}
        sizes = dict.fromkeys(numbers, 0)
        with self._database.reading() as session:
            for number, state, count, size in session.execute(query):
                states[number][state] = count
                sizes[number] += int(size)
        return {number: Contents(states[number], sizes[number]) for number in numbers}

    def item(self, caller: Caller | None, number: int, kind: CollectionKind | None = CollectionKind.HISTORY) -> Item:
        """Return an item, to be looked at; ``kind`` is that of its collection, and None takes any.

        Raises:
            NotFound: there is none of this number and kind.
            CallerUnknown: nobody said who he is, and its collection is not published.
            NotAllowed: its collection is somebody else's, and not published.
        """
        with self._database.reading() as session:
            return _item_of(_seen_item(session, caller, number, kind))

    def items(
        self, caller: Caller | None, query: ItemQuery, kind: CollectionKind = CollectionKind.HISTORY
    ) -> list[Item]:
        """Return the items of one collection that the caller may see, or of all of this kind that are his own.

        Raises:
            NotFound: there is no such collection.
            CallerUnknown: nobody said who he is, and it is not about a published collection.
            NotAllowed: the collection is somebody else's, and not published.
            InvalidInput: there is no such order.
        """
        with self._database.reading() as session:
            owner_id = None
            if query.collection_number is not None:
                _seen_collection(session, caller, query.collection_number, kind)
            else:
                owner_id = _known(caller).user_id
            return [item_of(row, owner) for row, owner in session.execute(items_wanted(kind, query, owner_id))]

    def opened(self, caller: Caller | None, number: int, kind: CollectionKind = CollectionKind.HISTORY) -> OpenedItem:
        """Return an item with its file open, which whoever gets it closes.

        Raises:
            NotFound, CallerUnknown, NotAllowed: as `item`.
            NotReady: it has no file.
            FileUnreadable: its file is gone, or cannot be opened.
        """
        return open_item(self._database, self._files, lambda session: _seen_item(session, caller, number, kind))

    def image(self, caller: Caller, item_id: str) -> Item:
        """Return the image of this UUID, with or without its file.

        Raises:
            NotFound: there is none, it is deleted, or it is somebody else's and the caller no admin.
        """
        return self.images(caller, [item_id])[0]

    def images(self, caller: Caller, item_ids: Sequence[str]) -> list[Item]:
        """Return the images of these UUIDs, with or without their files, in this order.

        Raises:
            NotFound: names the first of them that is missing, as `image` says.
        """
        with self._database.reading() as session:
            return [_item_of(found) for found in image_rows(session, caller, item_ids)]

    def opened_image(self, caller: Caller, item_id: str) -> OpenedItem:
        """Return the image of this UUID with its file open, which whoever gets it closes.

        Raises:
            NotFound: as `image`.
            NotReady: it has no file.
            FileUnreadable: its file is gone, or cannot be opened.
        """
        return open_item(self._database, self._files, lambda session: image_row(session, caller, item_id))

    def usage(self, user_id: int) -> Usage:
        """Return how much of the library is a user's, and how much may be."""
        with self._database.reading() as session:
            return quota.usage(session, user_id, self._quota)


def _seen_collection(session: Session, caller: Caller | None, number: int, kind: CollectionKind) -> CollectionRow:
    row = collection_row(session, number, kind)
    require_may_see(caller, row.owner_id, published=is_published(row))
    return row


def _seen_item(session: Session, caller: Caller | None, number: int, kind: CollectionKind | None) -> Found:
    found = item_row(session, number, kind)
    require_may_see(caller, found.collection.owner_id, published=found.is_published)
    return found


def _item_of(found: Found) -> Item:
    return item_of(found.item, found.collection.owner_id)


def _owner_of_collections(caller: Caller | None, query: CollectionQuery) -> int | None:
    """Return whose collections a query is about; None: whoever's."""
    if query.published:
        return None
    if not query.everybodys:
        return _known(caller).user_id
    if not _known(caller).is_admin:
        raise NotAllowed("Only an admin may look at everybody's.")
    return None


def _known(caller: Caller | None) -> Caller:
    if caller is None:
        raise CallerUnknown("Say who you are.")
    return caller
