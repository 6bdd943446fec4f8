"""Asks a bucket for objects that are to be copied, before a job is made of them: all in one question."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from app.copies.contract import OBJECTS_MAX, KeyUnavailable
from app.errors import InvalidInput, ObjectMissing, StorageError
from app.storages.base import Entry, Storage

_AT_ONCE = 8
_SECONDS = 30.0  # some servers first read all of an object: rclone takes 9 s for 5 GiB (measured)
_SECONDS_EACH = 0.05


class Looked(NamedTuple):
    """What a bucket said of some objects.

    Attributes:
        entries: of those that are there, in the order in which they were asked for, up to the first that is not.
        missing: why that one cannot be had; None: all are there.
    """

    entries: Sequence[Entry]
    missing: KeyUnavailable | None


def require_some(keys: Sequence[str]) -> None:
    """Return when a request may name so many objects.

    Raises:
        InvalidInput: for ``objects``: they are too many.
    """
    if len(keys) > OBJECTS_MAX:
        raise InvalidInput("objects", f"Name at most {OBJECTS_MAX:,} objects at a time.")


def question(keys: Sequence[str]) -> Callable[[Storage], Looked]:
    """Return what to ask a bucket: whether it is there, and then for each of the keys."""

    def look(storage: Storage) -> Looked:
        storage.check()
        entries: list[Entry] = []
        with ThreadPoolExecutor(_AT_ONCE, "copy-look") as pool:
            try:
                entries.extend(pool.map(lambda key: _entry(storage, key), keys))
            except KeyUnavailable as missing:
                pool.shutdown(cancel_futures=True)
                return Looked(entries, missing)
        return Looked(entries, None)

    return look


def patience(keys: Sequence[str]) -> float:
    """Return how many seconds to wait for the answer."""
    return _SECONDS + _SECONDS_EACH * len(keys)


def _entry(storage: Storage, key: str) -> Entry:
    try:
        key.encode()
        return storage.stat(key)
    except UnicodeEncodeError:
        raise KeyUnavailable(key, ObjectMissing(f"There is no object {key!r}.")) from None
    except StorageError as error:
        raise KeyUnavailable(key, error) from None
