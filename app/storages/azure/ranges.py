"""A large blob in pieces that are asked for several at once and given out in order, all of one version."""

import threading
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError

from app.errors import FileChanged, StorageFailure
from app.storages.azure.address import AzureAddress
from app.storages.azure.client import PIECE, AzureClients
from app.storages.azure.errors import status_of, translated
from app.storages.pieces import Outgoing, Readers, in_order


class PiecePool(Readers):
    """The threads that send and fetch pieces, started when first used; they wait for nothing but the server.

    Thread-safe.

    Args:
        connections: how many pieces, of all blobs together, may be under way at once.

    Attributes:
        outgoing: bounds the blocks that were read and are not sent yet.
    """

    def __init__(self, connections: int) -> None:
        super().__init__(connections)
        self.outgoing = Outgoing(connections)
        self._most = connections
        self._starting = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None

    @property
    def threads(self) -> ThreadPoolExecutor:
        """The threads."""
        with self._starting:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._most, thread_name_prefix="azure")
            return self._threads

    def close(self) -> None:
        """Return when no thread is left; a pool that is used again starts again."""
        with self._starting:
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()


class PieceRequest:
    """How pieces of one version of a blob are asked for. Thread-safe.

    Args:
        clients: ask.
        address: of the container.
        key: of the blob.
        etag: of the version.
    """

    def __init__(self, clients: AzureClients, address: AzureAddress, key: str, etag: str) -> None:
        self._clients, self._address, self._key, self._etag = clients, address, key, etag

    def piece(self, begin: int, length: int, given_up: threading.Event) -> bytes:
        """Return ``length`` bytes from ``begin`` on; nothing once it is given up.

        Raises:
            FileChanged: another version took the blob's place.
            StorageFailure: fewer bytes came.
        """
        if given_up.is_set():
            return b""
        with translated(self._address, self._key):
            try:
                data = self._ask(begin, length)
            except HttpResponseError as error:
                if status_of(error) not in (412, 416):
                    raise
                data = None
        if data is None:
            raise FileChanged(f"{self._key!r} was replaced while it was read.")
        if len(data) != length:
            raise StorageFailure(f"{self._key!r} broke off after {begin + len(data)} bytes.")
        return data

    def _ask(self, begin: int, length: int) -> bytes:
        stream = self._clients.blob(self._key).download_blob(
            begin,
            length,
            etag=f'"{self._etag}"',
            match_condition=MatchConditions.IfNotModified,
            decompress=False,
            max_concurrency=1,
        )
        if str(stream.properties.etag).strip('"') != self._etag:
            return b""
        return next(stream.chunks(), b"")  # what has come; `readall` would copy it


def pieces_of(request: PieceRequest, pool: PiecePool, begin: int, size: int) -> Generator[bytes, None, None]:
    """Yield the bytes from ``begin`` to ``size`` in order; closing the iterator gives up what is not under way.

    Raises:
        FileChanged: another version took the blob's place.
        StorageError: the storage failed.
    """
    given_up = threading.Event()

    def ask(begin: int, end: int) -> "Future[bytes]":
        return pool.threads.submit(request.piece, begin, end - begin, given_up)

    with pool.reading():
        try:
            yield from in_order(ask, range(begin, size, PIECE), lambda: pool.ahead)
        finally:
            given_up.set()
