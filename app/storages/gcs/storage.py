"""The driver for Google Cloud Storage: the protocol's methods, each handed to the module of its subject."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from app.errors import StorageError
from app.storages.base import KEEP_HOURS, LEVEL_LIMIT, Content, Entry, Level, Listed, Prune, Rights
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import ASKING, WORKING, Api
from app.storages.gcs.authorisation import Authorisation
from app.storages.gcs.browsing import browse_level
from app.storages.gcs.buckets import create_bucket, drop_bucket
from app.storages.gcs.copying import Copier
from app.storages.gcs.deletion import delete_all
from app.storages.gcs.listing import Lister, check_bucket
from app.storages.gcs.reading import open_object, stat_object
from app.storages.gcs.rights import find_rights
from app.storages.gcs.writing import Writer
from app.storages.http_api.fetching import Pieces
from app.storages.http_api.threads import Threads


class GcsStorage:
    """One bucket. Thread-safe.

    Args:
        address: the bucket, and the key file for it.
        connections: how many requests may be under way at once.
        keep_hours: as other drivers take it; Google forgets within a week what an upload that was cut off had sent.
        notes: as other drivers take it; a large upload that was interrupted begins anew.
    """

    def __init__(
        self,
        address: GcsAddress,
        connections: int = 10,
        keep_hours: float = KEEP_HOURS,  # noqa: ARG002
        notes: Path | None = None,  # noqa: ARG002
    ) -> None:
        authorisation = Authorisation(address)
        self._address = address
        self._asking = Api(address, authorisation, connections, ASKING)
        self._working = Api(address, authorisation, connections, WORKING)
        self._threads = Threads(connections, "gcs")
        self._lister = Lister(self._working, address, self._threads)
        self._pieces = Pieces(self._threads)
        self._writer = Writer(self._working, address)
        self._copier = Copier(self._working, address)

    def check(self) -> None:
        """Return when the bucket is there and answers; raise what is wrong within about ten seconds."""
        check_bucket(self._asking, self._address)

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:  # noqa: ARG002
        """Yield the entries; there are no folders to leave out, so ``prune`` is not asked."""
        return self._lister.entries(prefix, after)

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        """Return one page of what lies directly below ``prefix``."""
        return browse_level(self._asking, self._address, prefix, limit, token)

    def stat(self, key: str) -> Entry:
        """Return the entry of one object."""
        return stat_object(self._asking, self._address, key)

    def rights(self) -> Rights:
        """Find out what the credentials allow: both reading and listing, and making objects."""
        return find_rights(self._asking, self._address)

    def read(self, key: str) -> Content:
        """Open the object for reading."""
        return open_object(self._working, self._address, self._pieces, key)

    def write(self, key: str, content: Content) -> Entry:
        """Store all of ``content`` under ``key``."""
        return self._writer.write(key, content)

    def copy(self, source: str, key: str) -> Entry | None:
        """Store the object ``source`` under ``key`` too, without its bytes coming through here."""
        return self._copier.copy(source, key)

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        """Delete these objects, several at once."""
        return delete_all(self._working, self._address, self._threads, keys)

    def create(self) -> None:
        """Make the bucket; harmless when it is there and ours."""
        create_bucket(self._working, self._address)

    def drop(self) -> None:
        """Remove the bucket, which must be empty; harmless when it is absent."""
        drop_bucket(self._working, self._address)

    def tidy(self) -> None:
        """Remove nothing: uploads that were cut off are not to be found, and Google forgets them within a week."""

    def close(self) -> None:
        """Close the connections."""
        self._threads.close()
        self._asking.close()
        self._working.close()
