"""Which kinds of storage there are, how one of a kind is opened, and which buckets an account has."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.errors import InvalidInput
from app.storages.base import Storage
from app.storages.local import LocalStorage
from app.storages.measured import measured
from app.storages.memory import MemoryStorage
from app.storages.s3 import S3Storage
from app.storages.s3.buckets import list_buckets


def _azure(**details: Any) -> Storage:
    from app.storages.azure.storage import AzureStorage

    return AzureStorage(**details)


def _gcs(**details: Any) -> Storage:
    from app.storages.gcs.storage import GcsStorage

    return GcsStorage(**details)


def _gdrive(**details: Any) -> Storage:
    from app.storages.gdrive.storage import GdriveStorage

    return GdriveStorage(**details)


FACTORIES: Mapping[str, Callable[..., Storage]] = {
    "azure": _azure,
    "gcs": _gcs,
    "gdrive": _gdrive,
    "local": LocalStorage,
    "memory": MemoryStorage,
    "s3": S3Storage,
}
"""The vendors' packages for Azure and Google take long to import, and most installations need neither; nor Drive."""


def _azure_buckets(**details: Any) -> Sequence[str]:
    from app.storages.azure.containers import list_containers

    return list_containers(**details)


def _gcs_buckets(**details: Any) -> Sequence[str]:
    from app.storages.gcs.buckets import list_buckets

    return list_buckets(**details)


LISTS: Mapping[str, Callable[..., Sequence[str]]] = {
    "azure": _azure_buckets,
    "gcs": _gcs_buckets,
    "s3": list_buckets,
}
"""What lists the buckets of an account, for the kinds of storage that have such a list."""


def buckets_of(kind: str, **details: Any) -> Sequence[str]:
    """Return the names of the buckets that an account shows, ascending; answers or raises within some ten seconds.

    Args:
        kind: one of `LISTS`.
        details: ``address``, as that kind's class takes it; the bucket in it is of no account.

    Raises:
        InvalidInput: there is no such kind.
        StorageError: the credentials do not allow it, or the storage failed.
    """
    if kind not in LISTS:
        raise InvalidInput("kind", f"Use one of {', '.join(LISTS)}.")
    return LISTS[kind](**details)


def open_storage(kind: str, **details: Any) -> Storage:
    """Return a storage of this kind, measured; nothing is connected or read yet.

    Args:
        kind: one of `FACTORIES`.
        details: what that kind's class takes, by name.

    Raises:
        InvalidInput: there is no such kind.
    """
    if kind not in FACTORIES:
        raise InvalidInput("kind", f"Use one of {', '.join(FACTORIES)}.")
    return measured(kind, details, FACTORIES[kind](**details))
