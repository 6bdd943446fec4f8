"""Deleting many objects where each takes a request of its own: several at once, in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import partial
from itertools import islice
from typing import TypeAlias

from app.errors import InvalidCredentials, ObjectMissing, StorageError, StorageMissing, StorageUnreachable, Throttled
from app.storages.http_api.threads import Threads

WAITING = 1000
"""How many deletions wait for a thread at most."""

Kept: TypeAlias = dict[str, StorageError]

_OF_ALL = (StorageUnreachable, InvalidCredentials, Throttled)
"""After one of these no other deletion would end otherwise."""


def delete_each(threads: Threads, keys: Iterable[str], delete: Callable[[str], None]) -> Kept:
    """Call ``delete`` for each key, once; what was absent, or in an absent storage, is deleted.

    Returns:
        The keys that are still there, each with what stood in the way.

    Raises:
        StorageUnreachable, InvalidCredentials, Throttled: what has not begun is not begun any more.
    """
    remaining = iter(dict.fromkeys(keys))
    kept: Kept = {}
    while batch := list(islice(remaining, WAITING)):
        begun = {key: threads.submit(partial(_in_the_way, delete, key)) for key in batch}
        kept |= dict(_failures(begun))
    return kept


def _in_the_way(delete: Callable[[str], None], key: str) -> StorageError | None:
    try:
        delete(key)
    except _OF_ALL:
        raise
    except (ObjectMissing, StorageMissing):
        return None
    except StorageError as error:
        return error
    return None


def _failures(begun: "dict[str, Future[StorageError | None]]") -> Iterator[tuple[str, StorageError]]:
    try:
        for key, deletion in begun.items():
            error = deletion.result()
            if error is not None:
                yield key, error
    finally:
        for deletion in begun.values():
            deletion.cancel()
