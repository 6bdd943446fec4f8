"""Copying a large object part by part, by the server: S3 copies no more than 5 GiB in one request."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from app.errors import AccessDenied, FileChanged, StorageError
from app.storages.s3.address import S3Address
from app.storages.s3.client import S3Clients
from app.storages.s3.errors import code_of, status_of, translated
from app.storages.s3.etags import etag_of, is_md5, may_be_digest
from app.storages.s3.parts import MAX_PARTS, MIB, Division, Part
from app.storages.s3.sending import Sent
from app.storages.s3.uploads import UploadRequests

AT_ONCE = 4

_KEPT = (
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "ContentType",
    "Expires",
    "Metadata",
    "WebsiteRedirectLocation",
)
"""What a copy in one request keeps by itself, and one in parts must be told."""


class CannotCopy(Exception):
    """The server does not copy by itself, or not this object; it never leaves the driver."""


@contextmanager
def asked_to_copy(address: S3Address, key: str) -> Iterator[None]:
    """Turn what a request inside is refused with into a product error.

    Raises:
        CannotCopy: the server does not know such a request, or does not allow it. A copy may want more permissions
            than reading and writing do: Amazon asks for those of an object's tags.
        FileChanged: the source is another version than it was.
    """
    try:
        with translated(address, key):
            try:
                yield
            except ClientError as error:
                if code_of(error) == "NotImplemented" or status_of(error) == 501:
                    raise CannotCopy from None
                if status_of(error) == 412:
                    raise FileChanged("The object was replaced while it was copied.") from None
                raise
    except AccessDenied:
        raise CannotCopy from None


class Source(NamedTuple):
    """The version that is copied.

    Attributes:
        key: of the object.
        size: length in bytes.
        etag: as the server told it, quotes included.
        md5: the etag, where it is the MD5 of the bytes; else None.
        beside: what is kept beside the bytes, as boto3's parameters.
    """

    key: str
    size: int
    etag: str
    md5: str | None
    beside: Mapping[str, Any]

    @classmethod
    def of(cls, key: str, head: Mapping[str, Any]) -> "Source":
        """Return what the answer to a HEAD tells."""
        beside = {name: head[name] for name in _KEPT if name in head}
        return cls(key, head["ContentLength"], head["ETag"], md5_told(head), beside)

    def parameters(self, bucket: str) -> dict[str, Any]:
        """Return what names it in a request; a server that knows conditions takes no other version."""
        return {"CopySource": {"Bucket": bucket, "Key": self.key}, "CopySourceIfMatch": self.etag}


def md5_told(answer: Mapping[str, Any]) -> str | None:
    """Return the MD5 that the etag of an answer is, None where it is none."""
    etag = etag_of(answer)
    return etag if is_md5(etag) and may_be_digest(answer) else None


class CopyInParts:
    """One copy. Used by one thread; others ask for its parts.

    Args:
        address: the bucket's address.
        clients: its boto3 clients.
        source: what is copied, at least one byte.
        key: the new object's.
        part_size: bytes that are copied by one request, unless S3's 10,000 parts need more.
    """

    def __init__(self, address: S3Address, clients: S3Clients, source: Source, key: str, part_size: int) -> None:
        self._address, self._clients, self._source, self._key = address, clients, source, key
        self._requests = UploadRequests(clients, address, key)
        needed = -(-source.size // MAX_PARTS)
        self._division = Division(source.size, max(part_size, -(-needed // MIB) * MIB))

    def run(self) -> str | None:
        """Make the copy and return its etag; whatever is raised, no upload stays open.

        Raises:
            CannotCopy: the server does not do that; nothing was changed.
            StorageError: it failed.
        """
        with asked_to_copy(self._address, self._key):
            upload_id = self._requests.begin(self._source.beside)
        try:
            return self._requests.complete(upload_id, self._parts(upload_id), self._division)
        except BaseException:
            with suppress(StorageError):
                self._requests.abort(upload_id)
            raise

    def _parts(self, upload_id: str) -> list[Sent]:
        threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="copied-parts")
        try:
            return list(threads.map(partial(self._part, upload_id), self._division))
        finally:
            threads.shutdown(cancel_futures=True)

    def _part(self, upload_id: str, part: Part) -> Sent:
        begin = (part.number - 1) * self._division.part_size
        with asked_to_copy(self._address, self._key):
            answer = self._clients.finishing.upload_part_copy(
                Bucket=self._address.bucket,
                Key=self._key,
                UploadId=upload_id,
                PartNumber=part.number,
                CopySourceRange=f"bytes={begin}-{begin + part.length - 1}",
                **self._source.parameters(self._address.bucket),
            )
        # rclone 1.75 takes the request for an upload of an empty part, and tells no etag.
        etag = answer.get("CopyPartResult", {}).get("ETag")
        if not etag:
            raise CannotCopy
        bare = etag.strip('"')
        return Sent(part.number, etag, bare if is_md5(bare) else "")
