"""What was read of storages and is kept in the memory of this process: as much as fits, what was used last longest."""

import threading
from typing import Generic, NamedTuple, TypeVar

from cachetools import LRUCache

V = TypeVar("V")

_OVERHEAD = 1024  # the key's texts and the cache's own entries


class Version(NamedTuple):
    """One version of one object of a connection, and what was made of it.

    Attributes:
        updated_at: of the connection: a changed one can lead elsewhere.
        mark: tells this version of the object from any other.
        what: what was made of it.
    """

    connection_id: str
    updated_at: float
    key: str
    mark: str
    what: str


class Remembered(Generic[V]):
    """Values by the version that they were made of. Thread-safe; the lock is never held for more than a look-up.

    Args:
        capacity: bytes of memory for all together.
    """

    def __init__(self, capacity: int) -> None:
        self._lock = threading.Lock()
        self._cache: LRUCache[Version, tuple[V, int]] = LRUCache(capacity, getsizeof=lambda kept: kept[1])

    def get(self, version: Version) -> V | None:
        """Return what is remembered, None when nothing is."""
        with self._lock:
            kept = self._cache.get(version)
        return kept[0] if kept is not None else None

    def keep(self, version: Version, value: V, size: int) -> None:
        """Remember ``value``, which takes ``size`` bytes; what is larger than the whole capacity is not remembered."""
        size += _OVERHEAD + 4 * sum(len(text) for text in version if isinstance(text, str))
        with self._lock:
            if size <= self._cache.maxsize:
                self._cache[version] = (value, size)

    def forget(self, connection_id: str) -> None:
        """Forget all of a connection."""
        with self._lock:
            for version in [kept for kept in self._cache if kept.connection_id == connection_id]:
                del self._cache[version]

    @property
    def size(self) -> int:
        """How many bytes are taken."""
        with self._lock:
            return int(self._cache.currsize)
