"""Objects that fit in one request, out and in: by obstore where it can, else by boto3, and compared by their MD5."""

import time
from contextlib import suppress

from app.errors import AccessDenied, StorageFailure
from app.storages.s3 import single
from app.storages.s3.address import S3Address
from app.storages.s3.client import S3Clients
from app.storages.s3.errors import ArrivedDamaged, error_of
from app.storages.s3.etags import is_md5, md5_of
from app.storages.s3.metadata import Headers
from app.storages.s3.small import Found, SmallLane


class Lanes:
    """Both ways to one bucket. Thread-safe.

    Args:
        address: the bucket's address.
        clients: its boto3 clients.
        connections: how many requests may be under way at once.
    """

    def __init__(self, address: S3Address, clients: S3Clients, connections: int) -> None:
        self._address, self._clients = address, clients
        self._small = SmallLane(address, connections)
        self._etags_tell = True

    @property
    def etags_tell(self) -> bool:
        """Whether an etag that looks like an MD5 is one: False once the bucket was seen to make them otherwise."""
        return self._etags_tell

    def put(self, key: str, data: bytes, headers: Headers) -> str | None:
        """Store ``data`` and return its etag, once it is known that what arrived is what was sent.

        obstore signs the SHA-256 of the data, boto3 adds its MD5. Not every server looks at either, so the etag is
        compared too. Another one than expected means damage, or a bucket whose etags are no MD5 (encrypted with
        KMS): the data is sent once more, and if the etag differs again, the object is read back.

        Raises:
            StorageFailure: it arrived damaged, twice.
            StorageError: what boto3 met.
        """
        digest = md5_of(data)
        put = self._put_small if self._small.takes(key, len(data)) else self._put_twice
        etag = put(key, data, headers, digest)
        if not self._is_right(etag, digest):
            self._require_stored(key, digest)
            self._etags_tell = False
        return etag

    def get(self, key: str) -> Found:
        """Return the object, with its bytes when it is small.

        Raises:
            ObjectMissing: there is none.
            StorageFailure: it broke off, or its bytes are not those that its etag tells of.
            StorageError: what boto3 met.
        """
        if not self._small.takes(key):
            return self._get_singly(key)
        began = time.monotonic()
        found = self._small.get(key)
        if found is not None and self._is_whole(found):
            self._did_well(found.size)
            return found
        found = self._get_singly(key)
        self._small.was_outdone(began, found.size)
        return found

    def close(self) -> None:
        """Close the connections of obstore."""
        self._small.close()

    def _put_small(self, key: str, data: bytes, headers: Headers, digest: str) -> str | None:
        began = time.monotonic()
        etag = self._small.put(key, data, headers)
        if etag is not None and self._is_right(etag, digest):
            self._did_well(len(data))
            return etag
        etag = self._put_singly(key, data, headers)
        if self._is_right(etag, digest):
            self._small.was_outdone(began, len(data))
        return etag

    def _did_well(self, size: int) -> None:
        self._small.did_well(size)
        self._clients.health.is_well()

    def _put_twice(self, key: str, data: bytes, headers: Headers, digest: str) -> str | None:
        with suppress(ArrivedDamaged):
            etag = self._put_singly(key, data, headers)
            if self._is_right(etag, digest):
                return etag
        return self._put_singly(key, data, headers)

    def _put_singly(self, key: str, data: bytes, headers: Headers) -> str | None:
        self._address.require_wanted()
        return single.put_object(self._clients.working, self._address, key, data, headers)

    def _is_right(self, etag: str | None, digest: str) -> bool:
        return etag == digest or not self._etags_tell

    def _require_stored(self, key: str, digest: str) -> None:
        try:
            found, _ = single.get_object(self._clients.working, self._address, key)
        except AccessDenied:
            return  # whoever may only write trusts the server, which took it with its MD5
        if found.data is None or md5_of(found.data) != digest:
            raise error_of(self._address, key, "BadDigest")

    def _get_singly(self, key: str) -> Found:
        for _ in range(2):
            self._address.require_wanted()
            found, has_digest = single.get_object(self._clients.working, self._address, key)
            if not has_digest or self._is_whole(found):
                return found
        raise StorageFailure(f"{key!r} does not have the MD5 that its etag tells: it is damaged. Store it again.")

    def _is_whole(self, found: Found) -> bool:
        if found.data is None or not is_md5(found.etag) or not self._etags_tell:
            return True
        return md5_of(found.data) == found.etag
