"""What is done with the library: collections and items are made, changed, copied, deleted and purged."""

import time
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from app.accounts.caller import Caller
from app.db import Database
from app.library.changing import change_collection_row, change_item_row
from app.library.contract import Collection, CollectionChanges, CollectionKind, Item, ItemChanges, NewItem
from app.library.filling import Filling
from app.library.finding import Found, collection_row, is_published, item_row
from app.library.images import image_collection_row
from app.library.lookup import LibraryLookup
from app.library.model import CollectionRow, ItemRow
from app.library.opening import file_of
from app.library.permissions import require_may_change, require_may_make, require_may_see, require_open
from app.library.quota import within_quota
from app.library.rows import new_collection_row
from app.library.sharing import copy_ready_items, let_go
from app.library.snapshots import collection_of, copied_item_row, item_of, new_item_row
from app.library.sweeping import LibrarySweep
from app.library.uploads import UploadService
from app.settings import Settings


class LibraryService(LibraryLookup):
    """Keeps the library. Thread-safe; every method may raise `DatabaseUnavailable` and then has changed nothing.

    Collections are histories, and items theirs, unless ``kind`` says otherwise: what is of another kind is not found.
    Whoever changes something that is not his, and is no admin, or comes with a key that may only read, meets
    `NotAllowed`.

    Attributes:
        filling: for jobs.
        uploads: files that are sent here in parts.

    Args:
        database: where the rows are.
        settings: DATA_DIR, LIBRARY_QUOTA.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        super().__init__(database, settings)
        self.filling = Filling(database, self._files, self._quota)
        self.uploads = UploadService(database, settings)
        self._sweep = LibrarySweep(database, self._files)

    @property
    def chores(self) -> tuple[Callable[[], None], ...]:
        """What the active scheduler is to do now and then."""
        return (*self._sweep.chores, self.uploads.sweep)

    def create_collection(
        self,
        caller: Caller,
        kind: CollectionKind,
        name: str | None,
        description: str | None = None,
        tags: Sequence[str] = (),
    ) -> Collection:
        """Make a collection of the caller's.

        Raises:
            InvalidInput: a text is too long.
            NotAllowed: the caller may make none.
        """
        require_may_make(caller)
        with self._database.writing() as session:
            row = new_collection_row(kind, caller.user_id, time.time())
            change_collection_row(row, CollectionChanges(name=name, description=description, tags=tags))
            session.add(row)
            session.flush()
            return collection_of(row)

    def change_collection(
        self,
        caller: Caller,
        number: int,
        changes: CollectionChanges,
        kind: CollectionKind = CollectionKind.HISTORY,
    ) -> Collection:
        """Change what the caller says of a collection.

        Raises:
            NotFound: there is none.
            NotAllowed: the caller may not.
            InvalidInput: a text is too long, or a purged collection was to be had back.
        """
        with self._database.writing() as session:
            row = _own(session, caller, number, kind)
            change_collection_row(row, changes)
            row.updated_at = time.time()
            return collection_of(row)

    def delete_collection(
        self, caller: Caller, number: int, *, purge: bool = False, kind: CollectionKind = CollectionKind.HISTORY
    ) -> Collection:
        """Hide a collection, so that it can be had back; twice changes nothing. Its items stay as they are.

        Args:
            caller: who wants it.
            number: which.
            purge: have its items purged too: their files are gone when this returns, and what is arriving is not kept.
            kind: of the collection.

        Raises:
            NotFound: there is none.
            NotAllowed: the caller may not.
        """
        names: Sequence[str] = ()
        with self._database.writing() as session:
            row, now = _own(session, caller, number, kind), time.time()
            if purge:
                names = let_go(session, ItemRow.collection_number == number, now)
            if not row.deleted or (purge and not row.purged):
                row.updated_at = now
            row.deleted, row.purged = True, row.purged or purge
            deleted = collection_of(row)
        self._files.remove(names)
        return deleted

    def copy_collection(self, caller: Caller, number: int, name: str | None) -> Collection:
        """Make a history of the caller's with the ready items of another one that are not deleted; files are shared.

        Args:
            caller: who may see the other one.
            number: the other one.
            name: None: as the other one's.

        Raises:
            NotFound: there is none.
            NotAllowed: the caller may not see it, or may make none.
            InvalidInput: the name is too long.
            QuotaExceeded: files that are not his yet are too much for the caller's quota.
        """
        require_may_make(caller)
        with self._database.writing() as session, within_quota(session, caller.user_id, self._quota):
            source, now = collection_row(session, number, CollectionKind.HISTORY), time.time()
            require_may_see(caller, source.owner_id, published=is_published(source))
            row = new_collection_row(source.kind, caller.user_id, now)
            wanted = source.name if name is None else name
            description, tags = source.description, source.tags
            change_collection_row(row, CollectionChanges(name=wanted, description=description, tags=tags))
            session.add(row)
            session.flush()
            copy_ready_items(session, source, row, now)
            return collection_of(row)

    def add_items(
        self,
        caller: Caller,
        collection_number: int,
        new: Sequence[NewItem],
        kind: CollectionKind = CollectionKind.HISTORY,
    ) -> list[Item]:
        """Make items that wait for their files, in this order; all or none.

        Raises:
            NotFound: there is no such collection.
            NotAllowed: the caller may not.
            InvalidInput: a text is too long, or the collection is deleted.
        """
        with self._database.writing() as session:
            return self.add_items_within(session, caller, collection_number, new, kind)

    def add_items_within(
        self,
        session: Session,
        caller: Caller,
        collection_number: int,
        new: Sequence[NewItem],
        kind: CollectionKind = CollectionKind.HISTORY,
    ) -> list[Item]:
        """Do as `add_items`, in a write transaction that somebody else has opened."""
        collection = _own(session, caller, collection_number, kind)
        require_open(collection)
        collection.updated_at = now = time.time()
        rows = [new_item_row(collection, each, now) for each in new]
        session.add_all(rows)
        session.flush()
        return [item_of(row, collection.owner_id) for row in rows]

    def image_collection(self, caller: Caller, name: str | None) -> Collection:
        """Return a collection of images of the caller's, which is made where there is none.

        Args:
            caller: whose it is, also when he is an admin.
            name: the id of one of his, else the name of the oldest that is called so; None or empty: the default one.

        Raises:
            InvalidInput: the name is too long.
            NotAllowed: the caller may make none, or came with a key that may only read.
        """
        with self._database.writing() as session:
            return self.image_collection_within(session, caller, name)

    def image_collection_within(self, session: Session, caller: Caller, name: str | None) -> Collection:
        """Do as `image_collection`, in a write transaction that somebody else has opened."""
        return collection_of(image_collection_row(session, caller, name, time.time()))

    def change_item(
        self, caller: Caller, number: int, changes: ItemChanges, kind: CollectionKind = CollectionKind.HISTORY
    ) -> Item:
        """Change what the caller says of an item.

        Raises:
            NotFound: there is none.
            NotAllowed: the caller may not.
            InvalidInput: a text is too long, or a purged item was to be had back.
        """
        with self._database.writing() as session:
            found = _own_item(session, caller, number, kind)
            change_item_row(found.item, changes)
            found.item.updated_at = found.collection.updated_at = time.time()
            return item_of(found.item, found.collection.owner_id)

    def delete_item(
        self, caller: Caller, number: int, *, purge: bool = False, kind: CollectionKind = CollectionKind.HISTORY
    ) -> Item:
        """Hide an item, so that it can be had back; twice changes nothing. What is arriving still arrives.

        Args:
            caller: who wants it.
            number: which.
            purge: its file is gone when this returns, unless a copy of the item has it too; what is arriving is not
                kept. An open file can be read to its end.
            kind: of its collection.

        Raises:
            NotFound: there is none.
            NotAllowed: the caller may not.
        """
        names: Sequence[str] = ()
        with self._database.writing() as session:
            found, now = _own_item(session, caller, number, kind), time.time()
            if purge:
                names = let_go(session, ItemRow.number == number, now)
            if not found.item.deleted:
                found.item.deleted, found.item.updated_at = True, now
            found.collection.updated_at = now
            deleted = item_of(found.item, found.collection.owner_id)
        self._files.remove(names)
        return deleted

    def copy_item(self, caller: Caller, number: int, collection_number: int) -> Item:
        """Make an item of a history of the caller's that shares the file of one, in any history, that he may see.

        Raises:
            NotFound: there is no such item, or no such history.
            NotAllowed: the caller may not see the item, or not change the history.
            NotReady: the item has no file.
            InvalidInput: the history is deleted.
            QuotaExceeded: the file is not his yet, and too much for the quota of the history's owner.
        """
        with self._database.writing() as session:
            source = item_row(session, number, CollectionKind.HISTORY)
            require_may_see(caller, source.collection.owner_id, published=source.is_published)
            target = _own(session, caller, collection_number, CollectionKind.HISTORY)
            require_open(target)
            file_of(source.item)
            with within_quota(session, target.owner_id, self._quota):
                target.updated_at = now = time.time()
                row = copied_item_row(target, source.item, now)
                session.add(row)
            session.flush()
            return item_of(row, target.owner_id)


def _own(session: Session, caller: Caller, number: int, kind: CollectionKind) -> CollectionRow:
    row = collection_row(session, number, kind)
    require_may_change(caller, row.owner_id)
    return row


def _own_item(session: Session, caller: Caller, number: int, kind: CollectionKind) -> Found:
    found = item_row(session, number, kind)
    require_may_change(caller, found.collection.owner_id)
    return found
