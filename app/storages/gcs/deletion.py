"""Deleting objects: one request for each, several at once.

Google has no request that deletes several objects; a batch is as many requests in one envelope, of a hundred at most.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from itertools import islice

from app.errors import InvalidCredentials, ObjectMissing, StorageError, StorageUnreachable
from app.storages.exchange import Request
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.errors import NOT_GCS, said
from app.storages.gcs.keys import can_exist
from app.storages.gcs.requests import object_path
from app.storages.gcs.resources import FIELDS
from app.storages.threads import Threads

WAITING = 1000
"""How many deletions wait for a thread at most."""

Kept = dict[str, StorageError]


def delete_all(api: Api, address: GcsAddress, threads: Threads, keys: Sequence[str]) -> Kept:
    """Delete the objects; an absent one, or an absent bucket, is not an error.

    Returns:
        The keys that are still there, each with what stood in the way.

    Raises:
        StorageUnreachable, InvalidCredentials: no other deletion would end otherwise.
    """
    remaining = iter([key for key in dict.fromkeys(keys) if can_exist(key)])
    kept: Kept = {}
    while batch := list(islice(remaining, WAITING)):
        begun = {key: threads.submit(partial(_delete, api, address, key)) for key in batch}
        kept |= dict(_failures(begun))
    return kept


def _delete(api: Api, address: GcsAddress, key: str) -> StorageError | None:
    """Return what stood in the way, None when the object is gone."""
    try:
        asked = Request("DELETE", object_path(address.bucket, key), key=key, accepted=(200, 204))
        if api.ask(asked).status == 200:  # gcp-storage-emulator's answer, and that of many a web server
            api.told(replace(asked, method="GET", query={"fields": FIELDS}, accepted=(200,)))
            raise said(NOT_GCS, address, key)  # it is there yet
    except (StorageUnreachable, InvalidCredentials):
        raise
    except ObjectMissing:
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
