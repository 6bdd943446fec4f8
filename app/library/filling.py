"""How jobs fill items with files, and read them: without a caller, since a job's owner was asked when it was made."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.db import Database
from app.errors import DatabaseUnavailable, StorageFailure
from app.library.contract import Item, ItemState
from app.library.disk import disk_in_words
from app.library.files import LibraryFiles
from app.library.finding import Found, item_row, item_row_if_any
from app.library.hashing import Digests, digests
from app.library.opening import open_item
from app.library.quota import room, within_quota
from app.library.reading import ItemContent
from app.library.sharing import some_items
from app.library.snapshots import item_of
from app.library.texts import FILE_TYPE_MAX, TAGS_MAX, kept, kept_tags, storable


class _News(NamedTuple):
    """What else is written when a file arrives: columns of text, words laid over others, tags that are added."""

    texts: Mapping[str, str]
    attributes: Mapping[str, Any]
    tags: Sequence[str]


class Filling:
    """Brings the files of items. Thread-safe, also between processes; methods may raise `DatabaseUnavailable`.

    An item that was purged or discarded, or whose collection was removed with its user, is not filled any more:
    whoever fills it is told so with None, and nothing is kept. A deleted one still is, since it can be had back.

    Args:
        database: where the rows are.
        files: where the files are.
        quota: LIBRARY_QUOTA.
    """

    def __init__(self, database: Database, files: LibraryFiles, quota: int | None) -> None:
        self._database, self._files, self._quota = database, files, quota

    def begin(self, item_number: int) -> Item | None:
        """Say that a file is being brought now; also a second time, by a job that was resumed.

        Returns:
            The item; None: its file is not wanted, since it is there, or the item is final in another way, or gone.
        """
        with self._database.writing() as session:
            found = _unfinished(session, item_number)
            if found is None:
                return None
            found.item.state = ItemState.ARRIVING
            return _snapshot_after_change(found)

    def room(self, item_number: int) -> int | None:
        """Return how many bytes the quota of the item's owner has left; None: there is no limit, or no such item."""
        with self._database.reading() as session:
            found = item_row_if_any(session, item_number)
            return None if found is None else room(session, found.collection.owner_id, self._quota)

    @contextmanager
    def arriving(self, item_number: int) -> Iterator[Path]:
        """Give a new empty file for `arrive`; it is removed when the block ends and it has not arrived.

        Raises:
            StorageFull: the disk is full.
            StorageFailure: the file cannot be made.
        """
        with self._files.new_arrival(str(item_number)) as path:
            yield path

    def arrive(
        self,
        item_number: int,
        path: Path,
        file_type: str | None = None,
        message: str = "",
        attributes: Mapping[str, Any] | None = None,
        *,
        description: str | None = None,
        tags: Sequence[str] = (),
    ) -> Item | None:
        """Make a file the item's, whole and on the disk; nobody may write to it any more.

        Args:
            item_number: a waiting or arriving item.
            path: the file, in DATA_DIR. It is gone from there afterwards; after an error it may still be there.
            file_type: None: as it was.
            message: something about the file, for people.
            attributes: laid over those that the item has.
            description: None: as it was.
            tags: added to those that the item has; what would be more than `TAGS_MAX` is left out.

        Returns:
            The ready item; None: it is not to be filled any more, and the file is gone.

        Raises:
            QuotaExceeded: the file is too much for the quota of the collection's owner; the item stays as it was.
            StorageFull, StorageFailure: the disk refused it; the item stays as it was.
            DatabaseUnavailable: as for all methods; also where the disk is too full for the row.
            InvalidInput: the file type, the description or a tag is too long; the item stays as it was.
        """
        news = _News(_texts(file_type, message, description), attributes or {}, kept_tags(tags))
        found = self._hashed(path)
        name = self._files.keep(path)
        try:
            item = self._written(item_number, name, found, news)
        except BaseException:
            self._take_back(name)
            raise
        if item is None:
            self._files.remove([name])
        with suppress(OSError):  # it has arrived all the same
            path.unlink(missing_ok=True)
        return item

    def fail(self, item_number: int, message: str) -> None:
        """Say why an item's file does not come; an item that is final already, or gone, stays as it is."""
        self._end(item_number, ItemState.FAILED, storable(message))

    def discard(self, item_number: int) -> None:
        """Say that an item's file is not wanted any more; one that is final already, or gone, stays as it is."""
        self._end(item_number, ItemState.DISCARDED, "")

    def read(self, item_number: int) -> ItemContent:
        """Open an item's file, which can be read to its end even when the item is purged meanwhile.

        Raises:
            NotFound: there is no such item.
            NotReady: it has no file.
            FileUnreadable: its file is gone, or cannot be opened.
        """
        opened = open_item(self._database, self._files, lambda session: item_row(session, item_number))
        return ItemContent(opened.item, opened.file)

    def _hashed(self, path: Path) -> Digests:
        with disk_in_words("A file that arrived in the library cannot be read"):
            return digests(path)

    def _written(self, item_number: int, name: str, digest: Digests, news: _News) -> Item | None:
        with self._database.writing() as session:
            found = _unfinished(session, item_number)
            if found is None:
                return None
            self._require_there(name)
            with within_quota(session, found.collection.owner_id, self._quota):
                row = found.item
                row.file, row.state = name, ItemState.READY
                row.size, row.md5, row.sha256 = digest
                row.attributes = {**row.attributes, **news.attributes}
                row.tags = list(dict.fromkeys([*row.tags, *news.tags]))[:TAGS_MAX]
                for column, text in news.texts.items():
                    setattr(row, column, text)
            return _snapshot_after_change(found)

    def _require_there(self, name: str) -> None:
        """Look once more: a process that slept since may find its file swept. No sweep runs in this transaction."""
        if not self._files.path(name).is_file():
            raise StorageFailure("A file was removed from the library before it had arrived. Bring it again.")

    def _take_back(self, name: str) -> None:
        """Remove a file that did not arrive, now: it may be what fills the disk. In doubt it is left to the sweep."""
        with suppress(DatabaseUnavailable), self._database.reading() as session:
            if not some_items(session, [name]):
                self._files.remove([name])

    def _end(self, item_number: int, state: ItemState, message: str) -> None:
        with self._database.writing() as session:
            found = _unfinished(session, item_number)
            if found is not None:
                found.item.state, found.item.message = state, message
                _snapshot_after_change(found)


def _texts(file_type: str | None, message: str, description: str | None) -> Mapping[str, str]:
    texts = {"message": storable(message)}
    if file_type is not None:
        texts["file_type"] = kept("file_type", file_type, FILE_TYPE_MAX)
    if description is not None:
        texts["description"] = kept("description", description)
    return texts


def _unfinished(session: Session, item_number: int) -> Found | None:
    found = item_row_if_any(session, item_number)
    if found is None or found.item.state.is_final or found.item.purged:
        return None
    return found


def _snapshot_after_change(found: Found) -> Item:
    found.item.updated_at = found.collection.updated_at = time.time()
    return item_of(found.item, found.collection.owner_id)
