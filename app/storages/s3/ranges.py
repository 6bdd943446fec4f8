"""A large object in pieces that are asked for several at once and given out in order, all of one version."""

import io
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from app.errors import FileChanged, StorageFailure
from app.storages.pieces import Readers, in_order
from app.storages.s3.address import S3Address
from app.storages.s3.errors import code_of, status_of, translated
from app.storages.s3.etags import etag_of, may_be_digest
from app.storages.s3.small import Found

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

MIB = 1024 * 1024
PIECE = 8 * MIB

_CHUNK = 1 * MIB
_ANOTHER_VERSION = ("PreconditionFailed", "InvalidRange")


class PiecePool(Readers):
    """The threads that fetch pieces, started when first used. They wait for nothing but the server. Thread-safe.

    Args:
        connections: how many pieces, of all objects together, may be under way at once.
    """

    def __init__(self, connections: int) -> None:
        super().__init__(connections)
        self._most = connections
        self._starting = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None

    def submit(self, request: "PieceRequest", begin: int, end: int, given_up: threading.Event) -> "Future[bytes]":
        """Fetch the bytes from ``begin`` up to ``end``, unless nobody wants them any more."""
        with self._starting:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._most, thread_name_prefix="pieces")
            return self._threads.submit(request.piece, begin, end, given_up)

    def close(self) -> None:
        """Return when no thread is left; a pool that is used again starts again."""
        with self._starting:
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()


class _RangeIgnored(Exception):
    """The server sends the whole object whatever is asked for."""


class PieceRequest:
    """How pieces of one version of an object are asked for. Thread-safe.

    Attributes:
        has_digest: False once an answer told that the etag is not made of MD5s.
    """

    def __init__(self, client: "S3Client", address: S3Address, key: str, found: Found) -> None:
        self._client, self._address, self._key, self._found = client, address, key, found
        self.has_digest = True

    def piece(self, begin: int, end: int, given_up: threading.Event) -> bytes:
        """Return the bytes from ``begin`` up to ``end``; end early, with anything, once it is given up."""
        span = f"{begin}-{end - 1}"
        with translated(self._address, self._key):
            answer = self._ask(Range=f"bytes={span}")
            with closing(answer["Body"]) as body:
                # Told by the header, since rclone sends a part with status 200 (measured with 1.75).
                if answer.get("ContentRange") != f"bytes {span}/{self._found.size}":
                    raise _RangeIgnored
                return self._required(_chunks(body, end - begin, given_up), end - begin, given_up)

    def rest(self, begin: int) -> Iterator[bytes]:
        """Yield the bytes from ``begin`` on, of a whole object that a server sends which knows no ranges."""
        with translated(self._address, self._key):
            answer = self._ask()
        with closing(answer["Body"]) as body:
            passed = 0
            while chunk := self._read(body):
                passed += len(chunk)
                if passed > self._found.size or (passed == self._found.size and self._read(body)):
                    raise self._of_another_length()
                if passed > begin:
                    yield chunk[max(0, len(chunk) - (passed - begin)) :]

    def _read(self, body: Any) -> bytes:
        with translated(self._address, self._key):
            chunk: bytes = body.read(_CHUNK)
            return chunk

    def _required(self, data: bytes, length: int, given_up: threading.Event) -> bytes:
        if len(data) != length and not given_up.is_set():
            raise self._of_another_length()
        return data

    def _of_another_length(self) -> StorageFailure:
        return StorageFailure(f"{self._key!r} arrives with another length than the {self._found.size} bytes told of.")

    def _ask(self, **headers: str) -> "GetObjectOutputTypeDef":
        request: dict[str, Any] = {"Bucket": self._address.bucket, "Key": self._key, **headers}
        if self._found.etag is not None:
            request["IfMatch"] = f'"{self._found.etag}"'
        try:
            answer = self._client.get_object(**request)
        except ClientError as error:
            if code_of(error) in _ANOTHER_VERSION or status_of(error) in (412, 416):
                raise self._changed() from None
            raise
        self._require_same(answer)
        return answer

    def _require_same(self, answer: "GetObjectOutputTypeDef") -> None:
        # Some servers ignore If-Match, rclone among them.
        if etag_of(answer) != self._found.etag:
            answer["Body"].close()
            raise self._changed()
        if not may_be_digest(answer):
            self.has_digest = False

    def _changed(self) -> FileChanged:
        return FileChanged(f"{self._key!r} was replaced while it was read.")


def _chunks(body: Any, length: int, given_up: threading.Event) -> bytes:
    """Return what the body has, but no more than one byte above ``length``."""
    kept = io.BytesIO()  # it gives its bytes away without a copy; a list of chunks would be joined
    while not given_up.is_set() and (left := length + 1 - kept.tell()) and (chunk := body.read(min(left, _CHUNK))):
        kept.write(chunk)
    return kept.getvalue()


def pieces_of(request: PieceRequest, pool: PiecePool, begin: int, size: int) -> Generator[bytes, None, None]:
    """Yield the bytes from ``begin`` to ``size`` in order; closing the iterator ends what is under way.

    Raises:
        FileChanged: another version took the object's place.
        StorageError: the storage failed.
    """
    done = begin
    try:
        for piece in _ordered(request, pool, begin, size):
            done += len(piece)
            yield piece
            del piece  # or it would stay in memory beside the next ones
    except _RangeIgnored:
        yield from request.rest(done)


def _ordered(request: PieceRequest, pool: PiecePool, begin: int, size: int) -> Iterator[bytes]:
    given_up = threading.Event()

    def ask(begin: int, end: int) -> "Future[bytes]":
        return pool.submit(request, begin, end, given_up)

    with pool.reading():
        try:
            yield from in_order(ask, range(begin, size, PIECE), lambda: pool.ahead)
        finally:
            given_up.set()
