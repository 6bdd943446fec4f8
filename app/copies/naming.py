"""Under which key an object is stored, where the key that was asked for may be taken."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count, islice

from app.copies.contract import Conflict
from app.errors import ObjectExists, ObjectMissing
from app.storages.base import Storage

_ATTEMPTS = 100


class LeftOutError(Exception):
    """The name is taken, and the object is to be left out then. No product error: nothing failed."""


def local_time() -> datetime:
    """Return the time of this machine, in its own zone, as Galaxy writes it into names."""
    return datetime.now().astimezone()


class Names:
    """The keys that one job stores under: no two of its copies choose the same one. Thread-safe.

    Args:
        target: where they are stored; asked whether a key is taken.
        now: the time for the names of `Conflict.RENAME`.
    """

    def __init__(self, target: Storage, now: Callable[[], datetime] = local_time) -> None:
        self._target = target
        self._now = now
        self._lock = threading.Lock()
        self._chosen: set[str] = set()

    def choose(self, key: str, conflict: Conflict) -> str:
        """Return the key to store under; it is this copy's until it is given back.

        A new name is the key, ``_`` and the time (``%y%m%d_%H%M%S``); while that is taken too,
        ``_2``, ``_3`` ... is put behind.

        Raises:
            ObjectExists: the key is taken.
            LeftOutError: it is, and the object is to be left out.
            StorageError: the storage cannot tell whether it is.
        """
        if conflict is Conflict.OVERWRITE:
            return key
        names = self._names(key) if conflict is Conflict.RENAME else (key,)
        for name in islice(filter(self._claim, names), _ATTEMPTS):
            if not self._is_taken(name):
                return name
        if conflict is Conflict.SKIP:
            raise LeftOutError
        raise ObjectExists(f"There is an object {key!r} already. Choose another name, or have it replaced or renamed.")

    def give_back(self, name: str) -> None:
        """Say that nothing was stored under this name."""
        with self._lock:
            self._chosen.discard(name)

    def _claim(self, name: str) -> bool:
        """Keep a name from the other copies of this job, unless one of them has it."""
        with self._lock:
            if name in self._chosen:
                return False
            self._chosen.add(name)
            return True

    def _is_taken(self, name: str) -> bool:
        try:
            return exists(self._target, name)
        except BaseException:
            self.give_back(name)
            raise

    def _names(self, key: str) -> Iterator[str]:
        yield key
        stamped = f"{key}_{self._now():%y%m%d_%H%M%S}"
        yield stamped
        yield from (f"{stamped}_{number}" for number in count(2))


def exists(storage: Storage, key: str) -> bool:
    """Return whether a storage has this object."""
    try:
        storage.stat(key)
    except ObjectMissing:
        return False
    return True
