"""Reading blobs: small ones whole with the first request, large ones in pieces ahead of the reader."""

import hashlib
from collections.abc import Generator
from typing import Any, NamedTuple, Self

from app.errors import FileChanged, ObjectMissing, StorageFailure
from app.storages.azure.address import AzureAddress
from app.storages.azure.client import PIECE, AzureClients
from app.storages.azure.errors import translated
from app.storages.azure.keys import can_exist, is_doubtful
from app.storages.azure.listing import Lister
from app.storages.azure.metadata import is_folder, md5_of, modified_ns
from app.storages.azure.pages import entry_of
from app.storages.azure.ranges import PiecePool, PieceRequest, pieces_of
from app.storages.base import Content


class Opened(NamedTuple):
    """A blob as it was found.

    Attributes:
        size: length in bytes.
        modified_ns: POSIX nanoseconds, UTC.
        etag: without quotes.
        md5: of all bytes; None where the storage keeps none.
        start: the first bytes, all of them when there are no more than come with one request.
    """

    size: int
    modified_ns: int
    etag: str
    md5: bytes | None
    start: bytes


def open_object(address: AzureAddress, clients: AzureClients, lister: Lister, pool: PiecePool, key: str) -> Content:
    """Start to read a blob.

    Raises:
        ObjectMissing: there is none, or a directory.
        StorageFailure: a small one arrived damaged, twice.
    """
    if not can_exist(key) or (is_doubtful(key) and not lister.holds(key)):
        lister.holds("")
        raise ObjectMissing(f"There is no object {key[:2000]!r}.")
    opened = _opened(address, clients, key)
    if not _is_whole(opened):
        opened = _opened(address, clients, key)
        if not _is_whole(opened):
            raise StorageFailure(
                f"{key!r} does not have the MD5 that is kept beside it: it is damaged. Store it again."
            )
    return BlobContent(key, opened, PieceRequest(clients, address, key, opened.etag), pool)


class BlobContent:
    """The bytes of a blob as they arrive.

    Args:
        key: for messages.
        opened: the blob, with its first bytes.
        request: asks for the others.
        pool: fetches them.
    """

    def __init__(self, key: str, opened: Opened, request: PieceRequest, pool: PiecePool) -> None:
        self.size, self.modified_ns = opened.size, opened.modified_ns
        self.mark: str | None = opened.etag
        self._key, self._opened, self._request, self._pool = key, opened, request, pool
        self._digest = hashlib.md5(usedforsecurity=False) if opened.md5 and len(opened.start) < opened.size else None
        self._done = 0
        self._piece = memoryview(opened.start)
        self._pieces = self._pieces_from(len(opened.start))

    def read(self, n: int = -1, /) -> bytes:
        """Return up to ``n`` bytes, all that is left when negative.

        Raises:
            FileChanged: another version took the blob's place.
            StorageFailure: it ended before ``size`` bytes.
        """
        if n < 0:
            return b"".join(iter(lambda: self.read(self.size), b""))
        if n == 0 or self._done == self.size:
            return b""
        if not self._piece:
            self._piece = memoryview(next(self._pieces))
        data = bytes(self._piece[:n])
        self._advance(len(data))
        if self._digest is not None:
            self._digest.update(data)
        return data

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes; of those that have not been asked for yet, none is."""
        if n <= 0:
            return
        self._digest = None  # a digest cannot be made of some of the bytes
        if n <= len(self._piece):
            self._advance(n)
        else:
            self.close()
            self._done += n
            self._pieces = self._pieces_from(self._done)

    def verify(self) -> None:
        """Raise `FileChanged` unless all has been read and has the MD5 that is kept beside it."""
        if self._done != self.size:
            raise FileChanged(f"{self._key!r} was not read to its end.")
        if self._digest is not None and self._digest.digest() != self._opened.md5:
            raise FileChanged(f"{self._key!r} arrived with other bytes than its MD5 tells of.")

    def close(self) -> None:
        """End what is under way; what was already asked for may still arrive for a moment."""
        self._pieces.close()
        self._piece = memoryview(b"")

    def _pieces_from(self, begin: int) -> Generator[bytes, None, None]:
        return pieces_of(self._request, self._pool, begin, self.size)

    def _advance(self, n: int) -> None:
        self._piece = self._piece[n:] or memoryview(b"")
        self._done += n

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _opened(address: AzureAddress, clients: AzureClients, key: str) -> Opened:
    with translated(address, key):
        stream = clients.blob(key).download_blob(decompress=False, max_concurrency=1)
        properties: Any = stream.properties
        entry = entry_of(key, properties)
        if entry.etag is None:
            raise ValueError("A blob without an etag.")
        md5 = properties.content_settings.content_md5
        time_ns = modified_ns(properties.metadata, properties.last_modified)
        opened = Opened(entry.size, time_ns, entry.etag, bytes(md5) if md5 else None, next(stream.chunks(), b""))
    if is_folder(properties.metadata):
        raise ObjectMissing(f"{key!r} is a directory and no object.")
    return opened


def _is_whole(opened: Opened) -> bool:
    """Return whether nothing speaks against the first bytes."""
    if len(opened.start) < opened.size or opened.md5 is None:
        return len(opened.start) == min(opened.size, PIECE)
    return len(opened.start) == opened.size and md5_of(opened.start) == opened.md5
