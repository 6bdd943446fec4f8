"""Deleting objects: into the bin, each by itself, several at once.

The folders that this leaves empty stay: another file may be on its way into one of them, and would go into the bin too.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from itertools import islice

from app.errors import InvalidCredentials, ObjectMissing, StorageError, StorageMissing, StorageUnreachable, Throttled
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.tree import Tree
from app.storages.threads import Threads

WAITING = 1000
"""How many deletions wait for a thread at most."""

Kept = dict[str, StorageError]


def delete_all(files: DriveFiles, tree: Tree, threads: Threads, keys: Sequence[str]) -> Kept:
    """Put the files of these keys into the bin; an absent one, or an absent storage, is not an error.

    Returns:
        The keys that are still there, each with what stood in the way; so is a key that two files have.

    Raises:
        StorageUnreachable, InvalidCredentials, Throttled: no other deletion would end otherwise.
    """
    remaining = iter(dict.fromkeys(keys))
    kept: Kept = {}
    while batch := list(islice(remaining, WAITING)):
        begun = {key: threads.submit(partial(_delete, files, tree, key)) for key in batch}
        kept |= dict(_failures(begun))
    return kept


def _delete(files: DriveFiles, tree: Tree, key: str) -> StorageError | None:
    """Return what stood in the way, None when the file is gone."""
    try:
        files.trash(tree.file(key).id)
    except (StorageUnreachable, InvalidCredentials, Throttled):
        raise
    except (ObjectMissing, StorageMissing):
        return None
    except StorageError as error:
        return error
    return None


def _failures(begun: dict[str, "Future[StorageError | None]"]) -> Iterator[tuple[str, StorageError]]:
    try:
        for key, deletion in begun.items():
            error = deletion.result()
            if error is not None:
                yield key, error
    finally:
        for deletion in begun.values():
            deletion.cancel()
