"""Storing one object: a small one in one request, a large one in pieces."""

import threading

from app.errors import ObjectMissing
from app.storages.base import Content, Entry
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.errors import NOT_GCS, said
from app.storages.gcs.keys import require_possible
from app.storages.gcs.listing import check_bucket
from app.storages.gcs.requests import object_path
from app.storages.gcs.resources import Resource, resource_of
from app.storages.gcs.resumable import put_large
from app.storages.gcs.single import LIMIT, put_small
from app.storages.http_api.exchange import Answer, Request
from app.storages.http_api.meanings import ANYTHING_ELSE, DAMAGED

LARGE_AT_ONCE = 8
"""How many large objects are under way; each has a piece in memory, and others wait."""


class Writer:
    """Stores objects in one bucket. Thread-safe.

    Args:
        api: sends the requests.
        address: the bucket's address.
    """

    def __init__(self, api: Api, address: GcsAddress) -> None:
        self._api, self._address = api, address
        self._large = threading.BoundedSemaphore(LARGE_AT_ONCE)

    def write(self, key: str, content: Content) -> Entry:
        """Store ``content`` whole or not at all, and return the entry of the version that was made.

        Raises:
            KeyRefused: before any request, when Google cannot hold the key.
            StorageFailure: it arrived damaged.
        """
        require_possible(key)
        try:
            answer, checksum = self._put(key, content)
        except ObjectMissing:
            # Said of an object that is to be made, it is about the bucket, or about an upload that the server forgot.
            check_bucket(self._api, self._address)
            raise said(ANYTHING_ELSE, self._address, key, "an upload that is gone") from None
        made = self._made(key, answer)
        if (made.entry.size, made.crc32c or checksum) != (content.size, checksum):
            withdraw(self._api, self._address, key, made)
            raise said(DAMAGED, self._address, key)
        return made.entry

    def _put(self, key: str, content: Content) -> tuple[Answer, str]:
        if content.size <= LIMIT:
            return put_small(self._api, self._address, key, content)
        with self._large:
            return put_large(self._api, self._address, key, content)

    def _made(self, key: str, answer: Answer) -> Resource:
        try:
            made = resource_of(self._api.parsed(answer.data))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            raise said(NOT_GCS, self._address, key) from None
        if made.entry.key != key:
            raise said(NOT_GCS, self._address, key)
        return made


def withdraw(api: Api, address: GcsAddress, key: str, made: Resource) -> None:
    """Delete the version that was made, by a server that compared no checksum, and no later one."""
    path = object_path(address.bucket, key)
    api.ask(Request("DELETE", path, {"ifGenerationMatch": made.generation}, key=key, accepted=(200, 204, 404, 412)))
