"""The driver for Azure Blob Storage: the protocol's methods, each handed to the module of its subject."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.errors import StorageError
from app.storages.azure.address import AzureAddress
from app.storages.azure.client import AzureClients
from app.storages.azure.containers import check_container, create_container, drop_container
from app.storages.azure.copying import Copier
from app.storages.azure.deletion import delete_all
from app.storages.azure.listing import Lister
from app.storages.azure.permissions import rights_of
from app.storages.azure.ranges import PiecePool
from app.storages.azure.reading import open_object
from app.storages.azure.writing import Writer
from app.storages.base import KEEP_HOURS, LEVEL_LIMIT, Content, Entry, Level, Listed, Prune, Rights


class AzureStorage:
    """One container. Thread-safe.

    Args:
        address: the container and the credentials for it.
        connections: how many requests may be under way at once.
        keep_hours: taken as every driver takes it, and of no account here: Azure itself removes what interrupted
            writes have left, after a week, and no request does that sooner without the process that sent it.
        notes: the same; large uploads are not resumed.
    """

    def __init__(
        self,
        address: AzureAddress,
        connections: int = 10,
        keep_hours: float = KEEP_HOURS,  # noqa: ARG002
        notes: Path | None = None,  # noqa: ARG002
    ) -> None:
        self._address = address
        self._clients = AzureClients(address, connections)
        self._pool = PiecePool(connections)
        self._lister = Lister(address, self._clients)
        self._writer = Writer(address, self._clients, self._lister, self._pool)
        self._copier = Copier(address, self._clients, self._lister, self._writer)

    def check(self) -> None:
        """Return when the container is there and answers; raise what is wrong within about ten seconds."""
        check_container(self._address, self._clients)

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:  # noqa: ARG002
        """Yield the entries; there are no folders to leave out, so ``prune`` is not asked."""
        return self._lister.entries(prefix, after)

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        """Return one page of a level; directories of hierarchical accounts are folders like all others."""
        return self._lister.level(prefix, limit, token)

    def stat(self, key: str) -> Entry:
        """Return the entry of one object."""
        return self._lister.stat(key)

    def rights(self) -> Rights:
        """Find out what the credentials allow; an account key allows everything."""
        return rights_of(self._address, self._clients)

    def read(self, key: str) -> Content:
        """Open the object for reading; its first 4 MiB come at once."""
        return open_object(self._address, self._clients, self._lister, self._pool, key)

    def write(self, key: str, content: Content) -> Entry:
        """Store all of ``content`` under ``key``.

        What a failed large write had sent is removed where nobody else is writing there and no object has the key;
        else Azure keeps it, seen by nobody, until the key is written again or a week has passed.
        """
        return self._writer.write(key, content)

    def copy(self, source: str, key: str) -> Entry | None:
        """Store the object ``source`` under ``key`` too; only with an account key, and only up to 256 MiB."""
        return self._copier.copy(source, key)

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        """Delete these objects, one request each."""
        return delete_all(self._address, self._clients, self._lister, self._pool, keys)

    def create(self) -> None:
        """Make the container; harmless when it is there. After a deletion Azure keeps the name for some 30 seconds."""
        create_container(self._address, self._clients)

    def drop(self) -> None:
        """Remove the container, which must hold no object; harmless when it is absent."""
        drop_container(self._address, self._clients, self._lister)

    def tidy(self) -> None:
        """Remove nothing: Azure itself does, after a week."""

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()
        self._clients.close()
