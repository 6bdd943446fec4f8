"""The driver for S3 and what speaks its language: the protocol's methods, each handed to the module of its subject."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.errors import StorageError
from app.storages.base import KEEP_HOURS, LEVEL_LIMIT, Content, Entry, Level, Listed, Prune, Rights
from app.storages.s3.address import S3Address
from app.storages.s3.ahead import Lister
from app.storages.s3.browsing import Browser
from app.storages.s3.buckets import check_bucket, create_bucket, drop_bucket
from app.storages.s3.client import LOOKING, S3Clients
from app.storages.s3.copying import WHOLE, Copier
from app.storages.s3.deletion import delete_all
from app.storages.s3.lanes import Lanes
from app.storages.s3.looking import find_rights, stat_object
from app.storages.s3.multipart import LargeObjects
from app.storages.s3.ranges import PiecePool
from app.storages.s3.reading import open_object
from app.storages.s3.requests import PageRequests
from app.storages.s3.writing import write_object


class S3Storage:
    """One bucket. Thread-safe.

    Args:
        address: the bucket and the keys for it.
        connections: how many requests may be under way at once.
        notes: a folder of this machine for notes of large uploads, so that they can be resumed; None: they cannot.
        keep_hours: after how long `tidy` aborts a noted upload that nobody has resumed.
        copied_whole: how many bytes an object may have to be copied by one request.
    """

    def __init__(
        self,
        address: S3Address,
        connections: int = 10,
        notes: Path | None = None,
        keep_hours: float = KEEP_HOURS,
        copied_whole: int = WHOLE,
    ) -> None:
        self._address = address
        self._clients = S3Clients(address, connections)
        self._lister = Lister(address, connections)
        self._pages = PageRequests(address, connections, LOOKING)
        self._browser = Browser(address, self._pages, self.check)
        self._lanes = Lanes(address, self._clients, connections)
        self._pieces = PiecePool(connections)
        self._large = LargeObjects(address, self._clients, connections, notes)
        self._copier = Copier(address, self._clients, self._browser, copied_whole)
        self._keep_hours = keep_hours

    def check(self) -> None:
        """Return when the bucket is there and answers; raise what is wrong within about ten seconds."""
        check_bucket(self._clients.asking, self._address)

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:  # noqa: ARG002
        """Yield the entries; there are no folders to leave out, so ``prune`` is not asked."""
        return self._lister.entries(prefix, after)

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        """Return one page of a level, for one request; the token holds the server's."""
        return self._browser.level(prefix, limit, token)

    def stat(self, key: str) -> Entry:
        """Return the entry of one object."""
        return stat_object(self._clients, self._browser, self._address, key)

    def rights(self) -> Rights:
        """Find out what the keys allow, by a listing of nothing and an upload that is given up at once."""
        return find_rights(self._clients.asking, self._address)

    def read(self, key: str) -> Content:
        """Open the object for reading."""
        return open_object(self._lanes, self._clients.working, self._address, self._pieces, key)

    def write(self, key: str, content: Content) -> Entry:
        """Store all of ``content`` under ``key``. The entry's ``modified`` is this machine's time."""
        return write_object(self._lanes, self._large, self._address, key, content)

    def copy(self, source: str, key: str) -> Entry | None:
        """Store the object ``source`` under ``key`` too; keys that end with ``/`` are not copied so."""
        return self._copier.copy(source, key)

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        """Delete these objects, a thousand per request."""
        return delete_all(self._clients.working, self._address, keys)

    def create(self) -> None:
        """Make the bucket; harmless when it is there and ours."""
        create_bucket(self._clients.working, self._address)

    def drop(self) -> None:
        """Remove the bucket, which must be empty; harmless when it is absent."""
        drop_bucket(self._clients.working, self._address)

    def tidy(self) -> None:
        """Abort the uploads to this bucket that were interrupted, are noted, and were not resumed for long."""
        self._large.tidy(time.time() - self._keep_hours * 3600)

    def close(self) -> None:
        """Close the connections."""
        self._large.close()
        self._pieces.close()
        self._lanes.close()
        self._clients.close()
        self._lister.close()
        self._pages.close()
