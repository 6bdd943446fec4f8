"""Which kinds of storage there are, and how one of a kind is opened."""

from collections.abc import Callable, Mapping
from typing import Any

from app.errors import InvalidInput
from app.storages.base import Storage
from app.storages.local import LocalStorage
from app.storages.memory import MemoryStorage
from app.storages.s3 import S3Storage


def _azure(**details: Any) -> Storage:
    from app.storages.azure.storage import AzureStorage

    return AzureStorage(**details)


def _gcs(**details: Any) -> Storage:
    from app.storages.gcs.storage import GcsStorage

    return GcsStorage(**details)


FACTORIES: Mapping[str, Callable[..., Storage]] = {
    "azure": _azure,
    "gcs": _gcs,
    "local": LocalStorage,
    "memory": MemoryStorage,
    "s3": S3Storage,
}
"""The vendors' packages for Azure and Google take long to import, and most installations need neither."""


def open_storage(kind: str, **details: Any) -> Storage:
    """Return a storage of this kind; nothing is connected or read yet.

    Args:
        kind: one of `FACTORIES`.
        details: what that kind's class takes, by name.

    Raises:
        InvalidInput: there is no such kind.
    """
    if kind not in FACTORIES:
        raise InvalidInput("kind", f"Use one of {', '.join(FACTORIES)}.")
    return FACTORIES[kind](**details)
