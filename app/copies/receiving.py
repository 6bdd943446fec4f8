"""Receives what items are made of: an object of a bucket, an upload, or a file of the web."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol, TypeAlias

from app.cancellation import CancelToken
from app.copies.contract import Copy
from app.copies.fetching import Fetcher
from app.errors import FileChanged, QuotaExceeded
from app.library.contract import Item
from app.library.disk import disk_in_words, write_leaving_space
from app.library.service import LibraryService
from app.storages.base import Content, Storage
from app.transfer.events import Listener
from app.transfer.metering import UNMETERED, Metered

CHUNK = 1024 * 1024

NewFile: TypeAlias = Callable[[], Path]
"""Gives the path of a new empty file."""


class Received(NamedTuple):
    """What has been received.

    Attributes:
        path: the file, whole.
        untold: how many bytes came of which no event has told.
    """

    path: Path
    untold: int


class Receiver(Protocol):
    """Receives files for items. Thread-safe."""

    def receive(self, copy: Copy, item: Item, new_file: NewFile, token: CancelToken) -> Received:
        """Receive a file whole.

        Raises:
            QuotaExceeded: it is more than the item's owner may have.
            Cancelled: the token was set.
            SluiceError: of `app.copies.carrying.OF_ONE_OBJECT`.
        """
        ...


class FromBucket:
    """Receives objects of a bucket, checked against what the bucket tells of their bytes."""

    def __init__(self, library: LibraryService, bucket: Storage, listener: Listener) -> None:
        self._library, self._bucket, self._listener = library, bucket, listener

    def receive(self, copy: Copy, item: Item, new_file: NewFile, token: CancelToken) -> Received:
        """Read an object into a new file; see `Receiver`."""
        with self._bucket.read(copy.source) as content:
            require_room(self._library, item, content.size)
            path = new_file()
            return Received(path, poured(content, path, self._listener, token))


class FromElsewhere:
    """Receives uploads, which stay where they are until their item has arrived, and files of the web.

    Args:
        library: has the uploads.
        fetcher: brings the files of the web.
    """

    def __init__(self, library: LibraryService, fetcher: Fetcher) -> None:
        self._library, self._fetcher = library, fetcher

    def receive(self, copy: Copy, item: Item, new_file: NewFile, token: CancelToken) -> Received:
        """Take over an upload, or fetch a file of the web; see `Receiver`."""
        upload = copy.options.get("upload")
        if upload is not None:
            sender = item.owner_id if copy.owner_id is None else copy.owner_id  # an admin may fill others' histories
            path = self._library.uploads.taken(str(upload), sender)
            return Received(path, path.stat().st_size)
        path = new_file()
        room = self._library.filling.room(item.number)
        return Received(path, self._fetcher.fetch(copy.source, path, room, token))


def require_room(library: LibraryService, item: Item, size: int) -> None:
    """Return when a file of so many bytes fits the quota of the item's owner, as far as that can be told now.

    Raises:
        QuotaExceeded: it does not.
    """
    room = library.filling.room(item.number)
    if room is not None and size > room:
        raise QuotaExceeded(
            f"{size} bytes do not fit: only {room} more may be yours. Purge something, or ask an admin for more."
        )


def poured(content: Content, path: Path, listener: Listener, token: CancelToken) -> int:
    """Write all of a content to a file of the library, and return how many of its bytes no event has told.

    Raises:
        FileChanged: it has not as many bytes as it should have.
        StorageFull, StorageFailure: the disk refused it.
        Cancelled: the token was set.
        SluiceError: of the content.
    """
    with disk_in_words("A file of the library cannot be written"), path.open("wb") as file:
        if content.size <= UNMETERED:
            _pour(content, file, token)
            return content.size
        with Metered(content, listener, token) as metered:
            _pour(metered, file, token)
            metered.keep()
        return 0


def _pour(content: Content, file: BinaryIO, token: CancelToken) -> None:
    left = content.size
    while chunk := content.read(CHUNK):
        token.raise_if_cancelled()
        write_leaving_space(file, chunk)
        left -= len(chunk)
    content.verify()
    if left:
        raise FileChanged(f"It has {content.size - left} bytes and should have {content.size}.")
