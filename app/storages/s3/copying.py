"""Copying an object within its bucket, by the server: in one request, or part by part where S3 wants that."""

from typing import NamedTuple

from app.errors import FileChanged, KeyRefused, ObjectMissing, StorageError, StorageFailure
from app.storages.base import Entry
from app.storages.s3.address import S3Address
from app.storages.s3.browsing import Browser
from app.storages.s3.client import S3Clients
from app.storages.s3.copied_parts import CannotCopy, CopyInParts, Source, asked_to_copy, md5_told
from app.storages.s3.errors import translated
from app.storages.s3.etags import etag_of
from app.storages.s3.keys import require_possible
from app.storages.s3.looking import stat_object
from app.storages.s3.parts import MIB

WHOLE = 5 * 1024 * MIB
"""Bytes that S3 copies by one request at most."""

_PART = 256 * MIB


class _Made(NamedTuple):
    """What was told of a copy: its etag, and its MD5 where the etag is that."""

    etag: str | None
    md5: str | None


class Copier:
    """Copies objects within one bucket. Thread-safe.

    Args:
        address: the bucket's address.
        clients: its boto3 clients.
        browser: looks for keys of which a HEAD does not tell.
        whole: an object of more bytes is copied in parts of as many, or fewer.
    """

    def __init__(self, address: S3Address, clients: S3Clients, browser: Browser, whole: int = WHOLE) -> None:
        self._address, self._clients, self._browser = address, clients, browser
        self._whole = whole

    def copy(self, source: str, key: str) -> Entry | None:
        """Copy an object with what is kept beside it; None where the server does not do that.

        Raises:
            ObjectMissing: there is no object ``source``.
            FileChanged: it was replaced meanwhile; a server that knows no conditions has copied the newer one then.
            KeyRefused: the server has no place for ``key``.
            StorageFailure: what is there is not what was copied.
        """
        require_possible(key)
        if source == key or source.endswith("/"):
            found = self._stat(source)
            # rclone 1.75 takes `a/` for `a`, and S3 refuses a copy that changes nothing.
            return found if source == key else None
        version = self._found(source)
        if key.endswith("/"):
            return None
        try:
            copied = self._copied(version, key)
        except CannotCopy:
            return None
        except ObjectMissing:
            self._stat(source)
            raise self._refusal(key) from None
        return self._verified(version, key, copied)

    def _stat(self, key: str) -> Entry:
        return stat_object(self._clients, self._browser, self._address, key)

    def _found(self, key: str) -> Source:
        try:
            with translated(self._address, key):
                return Source.of(key, self._clients.looking.head_object(Bucket=self._address.bucket, Key=key))
        except StorageError:
            self._stat(key)  # tells what a HEAD cannot
            raise

    def _copied(self, source: Source, key: str) -> _Made:
        if source.size > self._whole:
            etag = CopyInParts(self._address, self._clients, source, key, min(self._whole, _PART)).run()
            return _Made(etag, None)
        with asked_to_copy(self._address, key):
            # Amazon says 200 before it copies, and what fails then is in the body: botocore raises that (1.44).
            answer = self._clients.finishing.copy_object(
                Bucket=self._address.bucket,
                Key=key,
                MetadataDirective="COPY",
                **source.parameters(self._address.bucket),
            )
            told = {**answer, "ETag": answer["CopyObjectResult"]["ETag"]}
        return _Made(etag_of(told), md5_told(told))

    def _verified(self, source: Source, key: str, copied: _Made) -> Entry:
        """Return the entry of what is there now, which must be the copy."""
        try:
            found = self._stat(key)
        except ObjectMissing:
            raise self._refusal(key) from None
        if found.size != source.size or found.etag != copied.etag:
            raise StorageFailure(f"{key!r} is not the copy that was made: another object took its place.")
        if source.md5 and copied.md5 and source.md5 != copied.md5:
            raise FileChanged(f"{source.key!r} was replaced while it was copied.")
        return found

    def _refusal(self, key: str) -> KeyRefused:
        return KeyRefused(f"{self._address.host} cannot hold the key {key!r}.")
