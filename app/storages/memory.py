"""The driver that keeps objects in the memory of this process: for tests, and as the plainest example of a driver."""

import hashlib
import io
import threading
import time
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import NamedTuple, Self

from app.errors import FileChanged, KeyRefused, ObjectMissing, StorageError, StorageMissing, StorageNotEmpty
from app.storages.base import LEVEL_LIMIT, Content, Entry, Folder, Level, Listed, Prune, Rights
from app.storages.tokens import last_of, token_behind

PAGE = 1000
MAX_KEY_BYTES = 1024


class _Stored(NamedTuple):
    data: bytes
    entry: Entry
    modified_ns: int


class MemoryContent:
    """The bytes of one object; they can never change."""

    def __init__(self, data: bytes, modified_ns: int, mark: str | None = None) -> None:
        self.size = len(data)
        self.modified_ns = modified_ns
        self.mark = mark
        self._stream = io.BytesIO(data)

    def read(self, n: int = -1, /) -> bytes:
        """Return up to ``n`` bytes, all that is left when negative."""
        return self._stream.read(n)

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes."""
        self._stream.seek(n, io.SEEK_CUR)

    def verify(self) -> None:
        """Raise `FileChanged` unless all has been read."""
        if self._stream.tell() != self.size:
            raise FileChanged("The object was not read to its end.")

    def close(self) -> None:
        """Do nothing more than the protocol asks."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class MemoryStorage:
    """Objects in a dictionary, with their keys sorted beside it. Thread-safe.

    Args:
        exists: whether the storage is there from the start; otherwise `create` makes it.
    """

    def __init__(self, exists: bool = False) -> None:
        self._lock = threading.Lock()
        self._exists = exists
        self._objects: dict[str, _Stored] = {}
        self._keys: list[str] = []

    def check(self) -> None:
        """Return when the storage was created."""
        with self._lock:
            self._require()

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:  # noqa: ARG002
        """Yield the entries, a page of them under the lock at a time, so writes may go on meanwhile."""
        yield from takewhile(lambda entry: entry.key.startswith(prefix), self._from(prefix, after))

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        """Return one page of a level; the token holds the name that the last page ended with."""
        last = "" if token is None else last_of(token)
        with self._lock:
            self._require()
            found = list(islice(self._shown(prefix, last), limit + 1))
        return Level(found[:limit], token_behind(found, limit))

    def stat(self, key: str) -> Entry:
        """Return the entry of one object."""
        with self._lock:
            return self._stored(key).entry

    def rights(self) -> Rights:
        """Allow everything."""
        self.check()
        return Rights(reads=True, writes=True)

    def read(self, key: str) -> Content:
        """Open the object for reading."""
        with self._lock:
            stored = self._stored(key)
        return MemoryContent(stored.data, stored.modified_ns, stored.entry.etag)

    def write(self, key: str, content: Content) -> Entry:
        """Store all of ``content`` under ``key``."""
        _require_key(key)
        self.check()
        data = content.read()
        content.verify()
        etag = hashlib.md5(data, usedforsecurity=False).hexdigest()
        with self._lock:
            self._require()
            return self._keep(key, data, etag, content.modified_ns)

    def copy(self, source: str, key: str) -> Entry | None:
        """Store the object ``source`` under ``key`` too; they share their bytes, which never change."""
        _require_key(key)
        with self._lock:
            stored = self._stored(source)
            if key == source:
                return stored.entry
            return self._keep(key, stored.data, stored.entry.etag, stored.modified_ns)

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        """Delete these objects; an absent one is not an error."""
        with self._lock:
            for key in keys:
                if self._objects.pop(key, None) is not None:
                    del self._keys[bisect_left(self._keys, key)]
        return {}

    def create(self) -> None:
        """Make the storage; harmless when it is there."""
        with self._lock:
            self._exists = True

    def drop(self) -> None:
        """Remove the empty storage; harmless when it is absent."""
        with self._lock:
            if self._objects:
                raise StorageNotEmpty("The storage in memory still holds objects.")
            self._exists = False

    def tidy(self) -> None:
        """Remove nothing: a write that fails leaves nothing."""

    def close(self) -> None:
        """Keep everything: the objects live as long as this object does."""

    def _from(self, prefix: str, after: str) -> Iterator[Entry]:
        with self._lock:
            page = self._page(max(bisect_left(self._keys, prefix), bisect_right(self._keys, after) if after else 0))
        while page:
            yield from page
            with self._lock:
                page = self._page(bisect_right(self._keys, page[-1].key))

    def _shown(self, prefix: str, last: str) -> Iterator[Entry | Folder]:
        """Yield the objects and folders of a level behind the name ``last``, passing over what lies in a folder."""
        is_folder = last != prefix and last.endswith("/")
        at = max(bisect_left(self._keys, prefix), self._place_behind(last, is_folder) if last else 0)
        while at < len(self._keys) and (key := self._keys[at]).startswith(prefix):
            segment, slash, _ = key.removeprefix(prefix).partition("/")
            name = prefix + segment + slash
            yield Folder(name) if slash else self._objects[key].entry
            at = self._place_behind(name, is_folder=bool(slash))

    def _place_behind(self, name: str, is_folder: bool) -> int:
        """Return the place among the keys behind ``name``, and behind all that lies in it where it is a folder."""
        return bisect_left(self._keys, name[:-1] + chr(ord("/") + 1)) if is_folder else bisect_right(self._keys, name)

    def _keep(self, key: str, data: bytes, etag: str | None, modified_ns: int) -> Entry:
        """Call it under the lock."""
        if key not in self._objects:
            insort(self._keys, key)
        entry = Entry(key, len(data), time.time(), etag)
        self._objects[key] = _Stored(data, entry, modified_ns)
        return entry

    def _stored(self, key: str) -> _Stored:
        self._require()
        if key not in self._objects:
            raise ObjectMissing(f"There is no object {key!r}.")
        return self._objects[key]

    # `list` names a method in this class, so annotations below it cannot say list[...].
    def _page(self, start: int) -> Sequence[Entry]:
        self._require()
        return [self._objects[key].entry for key in self._keys[start : start + PAGE]]

    def _require(self) -> None:
        if not self._exists:
            raise StorageMissing("The storage in memory was not created.")


def _require_key(key: str) -> None:
    try:
        length = len(key.encode())
    except UnicodeEncodeError:
        length = 0
    if not 0 < length <= MAX_KEY_BYTES:
        raise KeyRefused(f"A key must be text of 1 to {MAX_KEY_BYTES} bytes in UTF-8, and {key!r} is not.")
