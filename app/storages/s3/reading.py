"""Reading objects: small ones whole, large ones in pieces ahead of the reader, and compared with their etags."""

import io
from collections.abc import Generator
from typing import TYPE_CHECKING, Self

from app.errors import FileChanged, KeyRefused, ObjectMissing, StorageError, StorageFailure
from app.storages.base import Content
from app.storages.s3.address import S3Address
from app.storages.s3.errors import translated
from app.storages.s3.etags import Recomputed, is_md5, may_be_digest, parts_in
from app.storages.s3.keys import require_possible
from app.storages.s3.lanes import Lanes
from app.storages.s3.ranges import PiecePool, PieceRequest, pieces_of
from app.storages.s3.small import Found

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def open_object(lanes: Lanes, client: "S3Client", address: S3Address, pool: PiecePool, key: str) -> Content:
    """Start to read an object.

    Raises:
        ObjectMissing: there is none.
        StorageFailure: a small one arrived damaged.
    """
    try:
        require_possible(key)
    except KeyRefused:
        raise ObjectMissing(f"There is no object {key!r}, nor can there be one.") from None
    found = lanes.get(key)
    if found.data is not None:
        return WholeContent(key, found, found.data)
    request = PieceRequest(client, address, key, found)
    return PiecedContent(key, found, request, pool, _recomputed(lanes, client, address, key, found))


class WholeContent:
    """The bytes of a small object; they have all arrived.

    Args:
        key: for messages.
        found: the object.
        data: its bytes.
    """

    def __init__(self, key: str, found: Found, data: bytes) -> None:
        self.size, self.modified_ns, self.mark = found.size, found.modified_ns, found.etag
        self._key = key
        self._stream = io.BytesIO(data)

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
        key: for messages.
        found: the object.
        request: asks for its pieces.
        pool: fetches them.
        recomputed: takes the bytes to compare their etag at the end; None where that can tell nothing.
    """

    def __init__(
        self, key: str, found: Found, request: PieceRequest, pool: PiecePool, recomputed: Recomputed | None
    ) -> None:
        self.size, self.modified_ns, self.mark = found.size, found.modified_ns, found.etag
        self._key, self._request, self._pool, self._recomputed = key, request, pool, recomputed
        self._done = 0
        self._piece = memoryview(b"")
        self._pieces = self._pieces_from(0)

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
        if self._recomputed is not None:
            self._recomputed.update(data)
        return data

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes; of those that have not been asked for yet, none is."""
        if n <= 0:
            return
        self._recomputed = None  # an etag cannot be made of some of the bytes
        if n <= len(self._piece):
            self._advance(n)
        else:
            self.close()
            self._done += n
            self._pieces = self._pieces_from(self._done)

    def verify(self) -> None:
        """Raise `FileChanged` unless all has been read and makes the etag that the storage told."""
        _require_end(self._key, self._done, self.size)
        if self._recomputed is not None and self._request.has_digest and self._recomputed.etag != self.mark:
            raise FileChanged(f"{self._key!r} arrived with other bytes than its etag tells of.")

    def close(self) -> None:
        """End what is under way; what was already asked for may still arrive for a moment."""
        self._pieces.close()
        self._piece = memoryview(b"")

    def _pieces_from(self, begin: int) -> Generator[bytes, None, None]:
        return pieces_of(self._request, self._pool, begin, self.size)

    def _next_piece(self) -> memoryview:
        piece = next(self._pieces, b"")
        if not piece:
            raise StorageFailure(f"{self._key!r} ended after {self._done} of {self.size} bytes.")
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


def _recomputed(lanes: Lanes, client: "S3Client", address: S3Address, key: str, found: Found) -> Recomputed | None:
    """Return what makes the etag again, None where it is made of something unknown.

    Then the length, and If-Match or the same etag on each piece, are all the proof there is.
    """
    if not lanes.etags_tell:
        return None
    if is_md5(found.etag):
        return Recomputed()
    part_size = _part_size(client, address, key, found)
    return Recomputed(part_size) if part_size else None


def _part_size(client: "S3Client", address: S3Address, key: str, found: Found) -> int:
    """Return the size of all parts but the last, 0 where that is not told.

    AWS and MinIO answer a HEAD for one part with its size. A first and a last part that leave just as much for the
    others as so many equal ones take mean equal parts; any other sum means parts of several sizes.
    """
    parts = parts_in(found.etag)
    try:
        sizes = [_size_of_part(client, address, key, number) for number in (1, parts)] if parts else []
    except StorageError:
        return 0
    return sizes[0] if parts and (parts - 1) * sizes[0] + sizes[1] == found.size else 0


def _size_of_part(client: "S3Client", address: S3Address, key: str, number: int) -> int:
    with translated(address, key):
        answer = client.head_object(Bucket=address.bucket, Key=key, PartNumber=number)
    return answer["ContentLength"] if may_be_digest(answer) else 0
