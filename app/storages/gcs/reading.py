"""Reading objects: small ones whole, large ones in pieces ahead of the reader, all of one version, and checked."""

import io
from collections.abc import Generator
from typing import Self

from app.errors import FileChanged, ObjectMissing, StorageFailure
from app.storages.base import Content, Entry
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.checksums import Checksum
from app.storages.gcs.errors import NOT_GCS, said
from app.storages.gcs.keys import can_exist
from app.storages.gcs.listing import check_bucket
from app.storages.gcs.pieces import PieceRequest, Pieces
from app.storages.gcs.requests import Request, object_path
from app.storages.gcs.resources import FIELDS, Resource, resource_of
from app.storages.gcs.single import LIMIT

REPLACED = 3
"""How often an object may be replaced between the two requests for it, before that is told."""


def find_object(api: Api, address: GcsAddress, key: str) -> Resource:
    """Return what is known of an object.

    Raises:
        ObjectMissing: there is none.
        StorageMissing: nor is there a bucket; Google answers both with the same word.
    """
    missing = ObjectMissing(f"There is no object {key!r}.")
    if not can_exist(key):
        check_bucket(api, address)
        raise missing
    try:
        told = api.told(Request("GET", object_path(address.bucket, key), {"fields": FIELDS}, key=key))
        found = resource_of(told)
    except ObjectMissing:
        check_bucket(api, address)
        raise missing from None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise said(NOT_GCS, address, key) from None
    if found.entry.key != key:
        raise said(NOT_GCS, address, key)
    return found


def stat_object(api: Api, address: GcsAddress, key: str) -> Entry:
    """Return the entry of one object; raises as `find_object`."""
    return find_object(api, address, key).entry


def open_object(api: Api, address: GcsAddress, pieces: Pieces, key: str) -> Content:
    """Start to read an object.

    Its time is in no answer that has its bytes too (Google sends metadata with those in its XML API only), so there
    are two requests, the second one for the version that the first one told of.

    Raises:
        ObjectMissing: there is none.
        FileChanged: it was replaced again and again, or arrived with other bytes than its checksum tells of.
    """
    for _ in range(REPLACED):
        found = find_object(api, address, key)
        request = PieceRequest(api, address, found)
        if found.entry.size > LIMIT:
            return PiecedContent(found, request, pieces)
        try:
            return WholeContent(found, request.piece(0, found.entry.size) if found.entry.size else b"")
        except FileChanged as error:
            changed = error
    raise changed


class WholeContent:
    """The bytes of a small object; they have all arrived.

    Args:
        found: the object.
        data: its bytes.

    Raises:
        FileChanged: they are not those that its checksum tells of.
    """

    def __init__(self, found: Resource, data: bytes) -> None:
        self.size, self.modified_ns, self.mark = found.entry.size, found.modified_ns, found.entry.mark
        self._key = found.entry.key
        self._stream = io.BytesIO(data)
        _require_same(found, Checksum(data))

    def read(self, n: int = -1, /) -> bytes:
        """Return up to ``n`` bytes, all that is left when negative."""
        return self._stream.read(n)

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes."""
        self._stream.seek(n, io.SEEK_CUR)

    def verify(self) -> None:
        """Raise `FileChanged` unless all has been read."""
        _require_end(self._key, self._stream.tell(), self.size)

    def close(self) -> None:
        """Forget the bytes."""
        self._stream = io.BytesIO()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class PiecedContent:
    """The bytes of a large object as they arrive.

    Args:
        found: the object.
        request: asks for its pieces.
        pieces: fetches them.
    """

    def __init__(self, found: Resource, request: PieceRequest, pieces: Pieces) -> None:
        self.size, self.modified_ns, self.mark = found.entry.size, found.modified_ns, found.entry.mark
        self._found, self._request, self._pieces = found, request, pieces
        self._checksum: Checksum | None = Checksum()
        self._done = 0
        self._piece = memoryview(b"")
        self._coming = self._from(0)

    def read(self, n: int = -1, /) -> bytes:
        """Return up to ``n`` bytes, all that is left when negative.

        Raises:
            FileChanged: another version took the object's place.
            StorageFailure: it ended before ``size`` bytes.
        """
        if n < 0:
            return b"".join(iter(lambda: self.read(self.size), b""))
        if n == 0 or self._done == self.size:
            return b""
        if not self._piece:
            self._piece = self._next_piece()
        data = bytes(self._piece[:n])
        self._advance(len(data))
        if self._checksum is not None:
            self._checksum.update(data)
        return data

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes; of those that have not been asked for yet, none is."""
        if n <= 0:
            return
        self._checksum = None  # it cannot be made of some of the bytes
        if n <= len(self._piece):
            self._advance(n)
        else:
            self.close()
            self._done += n
            self._coming = self._from(self._done)

    def verify(self) -> None:
        """Raise `FileChanged` unless all has been read and makes the checksum that the storage told."""
        _require_end(self._found.entry.key, self._done, self.size)
        if self._checksum is not None:
            _require_same(self._found, self._checksum)

    def close(self) -> None:
        """End what is under way; what was already asked for may still arrive for a moment."""
        self._coming.close()
        self._piece = memoryview(b"")

    def _from(self, begin: int) -> Generator[bytes, None, None]:
        return self._pieces.of(self._request, begin, self.size)

    def _next_piece(self) -> memoryview:
        piece = next(self._coming, b"")
        if not piece:
            raise StorageFailure(f"{self._found.entry.key!r} ended after {self._done} of {self.size} bytes.")
        return memoryview(piece)

    def _advance(self, n: int) -> None:
        self._piece = self._piece[n:] or memoryview(b"")
        self._done += n

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _require_end(key: str, done: int, size: int) -> None:
    if done != size:
        raise FileChanged(f"{key!r} was not read to its end.")


def _require_same(found: Resource, checksum: Checksum) -> None:
    if found.crc32c is not None and found.crc32c != checksum.spelt:
        raise FileChanged(f"{found.entry.key!r} arrived with other bytes than its checksum tells of.")
