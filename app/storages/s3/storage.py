"""The driver for S3 and what speaks its language: the protocol's methods, each handed to the module of its subject."""

from collections.abc import Iterator, Sequence

from app.errors import StorageError
from app.storages.base import Content, Entry, Listed, Prune
from app.storages.s3.address import S3Address
from app.storages.s3.buckets import check_bucket, create_bucket, drop_bucket
from app.storages.s3.client import S3Clients
from app.storages.s3.deletion import delete_all
from app.storages.s3.listing import list_entries
from app.storages.s3.objects import open_object, put


class S3Storage:
    """One bucket. Thread-safe.

    Args:
        address: the bucket and the keys for it.
        connections: how many requests may be under way at once.
    """

    def __init__(self, address: S3Address, connections: int = 10) -> None:
        self._address = address
        self._clients = S3Clients(address, connections)

    def check(self) -> None:
        """Return when the bucket is there and answers; raise what is wrong within about ten seconds."""
        check_bucket(self._clients.asking, self._address)

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:  # noqa: ARG002
        """Yield the entries; there are no folders to leave out, so ``prune`` is not asked."""
        yield from list_entries(self._clients.working, self._address, prefix, after)

    def read(self, key: str) -> Content:
        """Open the object for reading."""
        return open_object(self._clients.working, self._address, key)

    def write(self, key: str, content: Content) -> Entry:
        """Store all of ``content`` under ``key``. The entry's ``modified`` is this machine's time."""
        return put(self._clients.working, self._address, key, content)

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        """Delete these objects, a thousand per request."""
        return delete_all(self._clients.working, self._address, keys)

    def create(self) -> None:
        """Make the bucket; harmless when it is there and ours."""
        create_bucket(self._clients.working, self._address)

    def drop(self) -> None:
        """Remove the bucket, which must be empty; harmless when it is absent."""
        drop_bucket(self._clients.working, self._address)

    def close(self) -> None:
        """Close the connections."""
        self._clients.close()
