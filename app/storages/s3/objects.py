"""Storing and reading single objects: small ones in one request, large ones in parts that become visible together."""

import base64
import hashlib
import math
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from app.errors import FileChanged, KeyRefused, ObjectMissing, StorageError, StorageFailure
from app.storages.base import Content, Entry
from app.storages.s3.address import S3Address
from app.storages.s3.errors import translated
from app.storages.s3.listing import etag_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, GetObjectOutputTypeDef

MIB = 1024 * 1024
SMALL = 16 * MIB
PART = 8 * MIB
MAX_PARTS = 10_000
MAX_KEY_BYTES = 1024


def can_exist(key: str) -> bool:
    """Return whether S3 can hold this key at all: text of 1 to 1,024 bytes in UTF-8."""
    try:
        return 0 < len(key.encode()) <= MAX_KEY_BYTES
    except UnicodeEncodeError:
        return False


def require_possible(key: str) -> None:
    """Raise `KeyRefused` unless S3 can hold this key."""
    if not can_exist(key):
        raise KeyRefused(f"A key must be text of 1 to {MAX_KEY_BYTES} bytes in UTF-8, and {key!r} is not.")


def put(client: "S3Client", address: S3Address, key: str, content: Content) -> Entry:
    """Store ``content`` whole or not at all; what the server received is checked against its MD5.

    Raises:
        KeyRefused: before any request, when S3 cannot hold the key.
    """
    require_possible(key)
    store = _put_small if content.size <= SMALL else _put_large
    try:
        etag = store(client, address, key, content)
    except ObjectMissing:
        # Said of a key that we want to write, it means that the server has no place of such a name.
        raise KeyRefused(f"{address.host} cannot hold the key {key!r}.") from None
    return Entry(key, content.size, time.time(), etag)


def part_size(size: int) -> int:
    """Return the bytes per part: whole MiB, so many that 10,000 parts hold ``size``."""
    return max(PART, math.ceil(size / MAX_PARTS / MIB) * MIB)


def _put_small(client: "S3Client", address: S3Address, key: str, content: Content) -> str | None:
    data = _read_exactly(content, content.size)
    content.verify()
    with translated(address, key):
        return etag_of(client.put_object(Bucket=address.bucket, Key=key, Body=data, ContentMD5=_md5(data)))


def _put_large(client: "S3Client", address: S3Address, key: str, content: Content) -> str | None:
    with translated(address, key):
        upload_id = client.create_multipart_upload(Bucket=address.bucket, Key=key)["UploadId"]
    try:
        parts = _put_parts(client, address, key, content, upload_id)
        content.verify()
        with translated(address, key):
            answer = client.complete_multipart_upload(
                Bucket=address.bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts}
            )
    except BaseException:
        # Whatever stopped it, parts that nobody completes would be kept and paid for.
        with suppress(StorageError), translated(address, key):
            client.abort_multipart_upload(Bucket=address.bucket, Key=key, UploadId=upload_id)
        raise
    return etag_of(answer)


def _put_parts(
    client: "S3Client", address: S3Address, key: str, content: Content, upload_id: str
) -> "list[CompletedPartTypeDef]":
    parts: list[CompletedPartTypeDef] = []
    size = part_size(content.size)
    for number, start in enumerate(range(0, content.size, size), start=1):
        data = _read_exactly(content, min(size, content.size - start))
        with translated(address, key):
            answer = client.upload_part(
                Bucket=address.bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=data, ContentMD5=_md5(data)
            )
            parts.append({"PartNumber": number, "ETag": answer["ETag"]})
    return parts


def _read_exactly(content: Content, n: int) -> bytes:
    """Read ``n`` bytes; ``read`` may give fewer at a time."""
    chunks: list[bytes] = []
    while n and (chunk := content.read(n)):
        chunks.append(chunk)
        n -= len(chunk)
    if n:
        raise FileChanged("It ended before all its bytes were read.")
    return b"".join(chunks) if len(chunks) != 1 else chunks[0]


def _md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


def open_object(client: "S3Client", address: S3Address, key: str) -> "S3Content":
    """Start to read an object.

    Raises:
        ObjectMissing: there is none.
    """
    try:
        require_possible(key)
        with translated(address, key):
            return S3Content(address, key, client.get_object(Bucket=address.bucket, Key=key))
    except KeyRefused:
        raise ObjectMissing(f"There is no object {key!r}, nor can there be one.") from None


class S3Content:
    """The bytes of one object as they arrive; a storage never changes an object under a reader."""

    def __init__(self, address: S3Address, key: str, answer: "GetObjectOutputTypeDef") -> None:
        self.size = answer["ContentLength"]
        self.modified_ns = round(answer["LastModified"].timestamp() * 1e9)
        self.mark = etag_of(answer)
        self._address, self._key = address, key
        self._body = answer["Body"]
        self._done = 0

    def read(self, n: int = -1, /) -> bytes:
        """Return up to ``n`` bytes, all that is left when negative.

        Raises:
            StorageFailure: it ended before ``size`` bytes.
        """
        if n == 0:
            return b""
        with translated(self._address, self._key):
            data = self._body.read(None if n < 0 else n)
        self._done += len(data)
        if self._done != self.size and (n < 0 or not data):
            raise StorageFailure(f"{self._key!r} ended after {self._done} of {self.size} bytes.")
        return data

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes, which arrive all the same."""
        while n and (chunk := self.read(min(n, MIB))):
            n -= len(chunk)

    def verify(self) -> None:
        """Raise `FileChanged` unless all has been read."""
        if self._done != self.size:
            raise FileChanged(f"{self._key!r} was not read to its end.")

    def close(self) -> None:
        """Give the connection back, or end it when bytes are still to come."""
        self._body.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
