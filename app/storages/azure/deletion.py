"""Deleting blobs: one request each, several at once."""

from collections.abc import Sequence
from functools import partial
from itertools import islice

from app.errors import InvalidCredentials, ObjectMissing, StorageError, StorageMissing, StorageUnreachable
from app.storages.azure.address import AzureAddress
from app.storages.azure.client import AzureClients
from app.storages.azure.errors import translated
from app.storages.azure.keys import can_exist, is_doubtful
from app.storages.azure.listing import Lister
from app.storages.azure.ranges import PiecePool

AT_ONCE = 256
"""So many deletions wait for a thread at most."""


def delete_all(
    address: AzureAddress, clients: AzureClients, lister: Lister, pool: PiecePool, keys: Sequence[str]
) -> dict[str, StorageError]:
    """Delete the blobs; an absent one, or an absent container, is not an error.

    Azure's batches are not used: they take 256 names each, and an answer of theirs tells names by their place only.

    Returns:
        The keys that are still there, each with what stood in the way.
    """
    remaining = iter(dict.fromkeys(key for key in keys if can_exist(key)))
    kept: dict[str, StorageError] = {}
    while batch := list(islice(remaining, AT_ONCE)):
        outcomes = pool.threads.map(partial(_delete, address, clients, lister), batch)
        kept |= {key: error for key, error in zip(batch, outcomes, strict=True) if error is not None}
    return kept


def _delete(address: AzureAddress, clients: AzureClients, lister: Lister, key: str) -> StorageError | None:
    try:
        if is_doubtful(key) and not lister.holds(key):
            return None
        with translated(address, key):
            clients.blob(key).delete_blob()
    except (StorageUnreachable, InvalidCredentials):
        raise
    except (ObjectMissing, StorageMissing):
        return None
    except StorageError as error:
        return error
    return None
