"""The requests of a multipart upload, but for its parts: begin it, list what has arrived, complete it, abort it."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from app.errors import InvalidCredentials, StorageError, StorageUnreachable
from app.storages.s3.address import S3Address
from app.storages.s3.client import S3Clients
from app.storages.s3.errors import code_of, translated
from app.storages.s3.etags import Recomputed, etag_of, md5_of
from app.storages.s3.parts import Division
from app.storages.s3.sending import Sent

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_CHUNK = 1024 * 1024


class Arrived(NamedTuple):
    """A part that the storage has: its length in bytes, and its etag as it is told."""

    length: int
    etag: str


class UploadRequests:
    """Multipart uploads of one key of a bucket. Thread-safe."""

    def __init__(self, clients: S3Clients, address: S3Address, key: str) -> None:
        self._clients, self._address, self._key = clients, address, key

    @property
    def _client(self) -> "S3Client":
        return self._clients.working

    def begin(self, beside: Mapping[str, Any], unheard: Callable[[str], None] | None = None) -> str:
        """Begin an upload and return its id.

        Args:
            beside: what is kept beside the object's bytes, as boto3's parameters.
            unheard: called with the id of each other one that may be what an earlier attempt has begun. Or somebody
                else has, at the same time: nothing tells one from the other.
        """
        began = time.monotonic()
        with translated(self._address, self._key):
            answer = self._client.create_multipart_upload(Bucket=self._address.bucket, Key=self._key, **beside)
            upload_id = answer["UploadId"]
        if unheard is not None and answer["ResponseMetadata"].get("RetryAttempts"):
            with suppress(StorageError):
                for other in self._begun_beside(upload_id, time.monotonic() - began):
                    unheard(other)
        return upload_id

    def _begun_beside(self, upload_id: str, seconds: float) -> list[str]:
        """Return the other uploads of this key that began in the last seconds before this one did."""
        with translated(self._address, self._key):
            told = self._client.list_multipart_uploads(Bucket=self._address.bucket, Prefix=self._key)
        times = {up["UploadId"]: up["Initiated"] for up in told.get("Uploads", ()) if up["Key"] == self._key}
        ours = times.pop(upload_id, None)
        if ours is None:
            return []
        return [other for other, at in times.items() if -1 <= (ours - at).total_seconds() <= seconds + 1]

    def arrived(self, upload_id: str) -> dict[int, Arrived]:
        """Return the parts that have arrived, by their number.

        Raises:
            StorageError: there is no such upload (any more), or its parts cannot be listed.
        """
        pages = self._client.get_paginator("list_parts")
        with translated(self._address, self._key):
            return {
                part["PartNumber"]: Arrived(part["Size"], part["ETag"])
                for page in pages.paginate(Bucket=self._address.bucket, Key=self._key, UploadId=upload_id)
                for part in page.get("Parts", ())
            }

    def complete(self, upload_id: str, parts: Sequence[Sent], division: Division) -> str | None:
        """Make the object of its parts, in their order, and return its etag.

        An answer may be lost and the request repeated, and then there is no such upload any more. So the object is
        looked at before that is believed.
        """
        told: list[CompletedPartTypeDef] = [{"PartNumber": part.number, "ETag": part.etag} for part in parts]
        with translated(self._address, self._key):
            try:
                answer = self._clients.finishing.complete_multipart_upload(
                    Bucket=self._address.bucket, Key=self._key, UploadId=upload_id, MultipartUpload={"Parts": told}
                )
            except ClientError as error:
                if code_of(error) != "NoSuchUpload" or not self._is_complete(parts, division):
                    raise
                return etag_of(self._client.head_object(Bucket=self._address.bucket, Key=self._key))
            return etag_of(answer)

    def abort_empty(self, upload_id: str) -> None:
        """As `abort`, but an upload of which a part has arrived, or may have, is somebody's and stays."""
        try:
            parts = self.arrived(upload_id)
        except (StorageUnreachable, InvalidCredentials):
            raise
        except StorageError:
            return  # it is gone, or cannot be looked at
        if not parts:
            self.abort(upload_id)

    def abort(self, upload_id: str) -> None:
        """End an upload and have its parts removed; harmless when there is none.

        Raises:
            StorageError: it may still be there.
        """
        with translated(self._address, self._key):
            try:
                self._client.abort_multipart_upload(Bucket=self._address.bucket, Key=self._key, UploadId=upload_id)
            except ClientError as error:
                if code_of(error) not in ("NoSuchUpload", "NoSuchBucket", "NoSuchKey"):
                    raise

    def _is_complete(self, parts: Sequence[Sent], division: Division) -> bool:
        """Return whether the object is just what the parts make.

        Its etag tells that where it is the MD5 of their MD5s. Where it is something else (rclone 1.75 tells the MD5
        of the whole, and so does no request that we made) the object is read back, which is slow, exact, and rare.
        """
        whole = md5_of(b"".join(bytes.fromhex(part.md5) for part in parts))
        expected = f"{whole}-{len(parts)}"
        try:
            found = self._client.head_object(Bucket=self._address.bucket, Key=self._key)
            is_as_long = found["ContentLength"] == division.size
            return is_as_long and (etag_of(found) == expected or self._read_back(division) == expected)
        except ClientError:
            return False

    def _read_back(self, division: Division) -> str:
        recomputed = Recomputed(division.part_size)
        answer = self._client.get_object(Bucket=self._address.bucket, Key=self._key)
        with closing(answer["Body"]) as body:
            while chunk := body.read(_CHUNK):
                recomputed.update(chunk)
        return recomputed.etag
