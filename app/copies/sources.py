"""What objects are read from on their way into a bucket: the library, or another bucket."""

import hashlib
from collections.abc import Callable
from typing import NamedTuple, Protocol

from app.cancellation import CancelToken
from app.connections.contract import OPERATOR
from app.copies.contract import Copy
from app.copies.hashing import Hashed
from app.errors import NotReady
from app.library.service import LibraryService
from app.storages.base import Content, Entry, Storage
from app.transfer.compare import CHUNK, compare_contents


class Opened(NamedTuple):
    """An open object; ``sha256`` tells, once it was read, what it is of its bytes, None where nobody knows."""

    content: Content
    sha256: Callable[[], str | None]


class Source(Protocol):
    """Where the objects of one job are read. Thread-safe."""

    def open(self, copy: Copy) -> Opened:
        """Open what is to be stored.

        Raises:
            SluiceError: of `app.copies.carrying.OF_ONE_OBJECT`.
        """
        ...

    def is_same(self, copy: Copy, target: Storage, there: Entry, token: CancelToken) -> bool:
        """Return whether an object of the target holds the same bytes; raises as `open`, and `Cancelled`."""
        ...


class LibrarySource:
    """The items of the library, whose checksums are known."""

    def __init__(self, library: LibraryService) -> None:
        self._library = library

    def open(self, copy: Copy) -> Opened:
        """Open the file of the copy's item, whose mark is its SHA-256: it is proved while it is read."""
        content = self._library.filling.read(_item_number(copy))
        return Opened(content, lambda: content.mark)

    def is_same(self, copy: Copy, target: Storage, there: Entry, token: CancelToken) -> bool:
        """Compare checksums; the object is read where its etag is no MD5 of it."""
        item = self._library.item(OPERATOR, _item_number(copy))
        if there.size != item.size or item.sha256 is None:
            return False
        return there.etag == item.md5 or _sha256(target, there.key, token) == item.sha256


class BucketSource:
    """The objects of a bucket."""

    def __init__(self, bucket: Storage) -> None:
        self._bucket = bucket

    def open(self, copy: Copy) -> Opened:
        """Open the object."""
        content = Hashed(self._bucket.read(copy.source))
        return Opened(content, lambda: content.sha256)

    def is_same(self, copy: Copy, target: Storage, there: Entry, token: CancelToken) -> bool:
        """Compare as a mirror does: by etags where they tell, else by reading."""
        return compare_contents(self._bucket, target, self._bucket.stat(copy.source), there, token).same


def _item_number(copy: Copy) -> int:
    if copy.item_number is None:
        raise NotReady("The item is gone.")
    return copy.item_number


def _sha256(storage: Storage, key: str, token: CancelToken) -> str:
    found = hashlib.sha256()
    with storage.read(key) as content:
        while chunk := content.read(CHUNK):
            token.raise_if_cancelled()
            found.update(chunk)
        content.verify()
    return found.hexdigest()
