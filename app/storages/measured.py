"""A wrapper that measures how long a storage takes and counts what it does not do; what passes through is unchanged.

A folder of this machine is not wrapped: that would cost more than it costs to open a file.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

from app.errors import SluiceError, StorageError
from app.monitoring.metrics import storage_failed, storage_operated
from app.monitoring.tracing import is_tracing, operation_span
from app.storages.base import LEVEL_LIMIT, Content, Entry, Level, Listed, Prune, Rights, Storage

T = TypeVar("T")

_NOT_MEASURED = ("local", "memory")


def measured(kind: str, details: Mapping[str, Any], storage: Storage) -> Storage:
    """Return ``storage``, measured where that makes sense.

    Args:
        kind: its name in the registry.
        details: with what it was opened.
    """
    return storage if kind in _NOT_MEASURED else MeasuredStorage(storage, kind, _host_of(details.get("address")))


def _host_of(address: object) -> str:
    """Return host and port of an address, of whichever driver; empty when it has none."""
    url = getattr(address, "endpoint", None) or getattr(address, "url", None) or ""
    return urlsplit(str(url)).netloc.rpartition("@")[2]


class MeasuredStorage:
    """See above; thread-safe as ``inner`` is.

    Args:
        inner: the storage; closed with this one.
        kind: its name in the registry.
        host: host and port.
    """

    def __init__(self, inner: Storage, kind: str, host: str) -> None:
        self._inner = inner
        self._kind = kind
        self._host = host

    def check(self) -> None:
        """Check the inner storage."""
        self._timed("check", self._inner.check)

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:
        """Yield what is stored. How long the first entry took is timed; what ends a listing later is counted too."""
        entries = self._inner.list(prefix, after, prune)
        first = self._timed("list", lambda: next(entries, None))
        if first is None:
            return
        yield first
        began = time.perf_counter()
        try:
            yield from entries
        except SluiceError as error:
            self._failed("list", began, error)
            raise

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        """Return one page of a level."""
        return self._timed("browse", lambda: self._inner.browse(prefix, limit, token))

    def stat(self, key: str) -> Entry:
        """Return the entry of one object."""
        return self._timed("stat", lambda: self._inner.stat(key))

    def rights(self) -> Rights:
        """Find out what is allowed."""
        return self._timed("rights", self._inner.rights)

    def read(self, key: str) -> Content:
        """Open the object for reading; that is timed, and not how long its bytes take."""
        return self._timed("read", lambda: self._inner.read(key))

    def write(self, key: str, content: Content) -> Entry:
        """Store an object; the time is that of its bytes too."""
        return self._timed("write", lambda: self._inner.write(key, content))

    def copy(self, source: str, key: str) -> Entry | None:
        """Have the storage copy an object."""
        return self._timed("copy", lambda: self._inner.copy(source, key))

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        """Delete objects; those that are left are counted by why."""
        began = time.perf_counter()
        left = self._timed("delete", lambda: self._inner.delete(keys))
        for error in left.values():
            self._failed("delete", began, error)
        return left

    def create(self) -> None:
        """Make the storage itself."""
        self._timed("create", self._inner.create)

    def drop(self) -> None:
        """Remove the storage itself."""
        self._timed("drop", self._inner.drop)

    def tidy(self) -> None:
        """Remove what interrupted writes have left behind."""
        self._timed("tidy", self._inner.tidy)

    def close(self) -> None:
        """Release connections."""
        self._inner.close()

    def _timed(self, operation: str, do: Callable[[], T]) -> T:
        return self._traced(operation, do) if is_tracing() else self._counted(operation, do)

    def _traced(self, operation: str, do: Callable[[], T]) -> T:
        with operation_span(self._kind, self._host, operation):
            return self._counted(operation, do)

    def _counted(self, operation: str, do: Callable[[], T]) -> T:
        began = time.perf_counter()
        try:
            result = do()
        except SluiceError as error:
            self._failed(operation, began, error)
            raise
        storage_operated(self._kind, self._host, operation, time.perf_counter() - began)
        return result

    def _failed(self, operation: str, began: float, error: SluiceError) -> None:
        storage_failed(self._kind, self._host, operation, time.perf_counter() - began, error.reason)
