"""Storing one blob: small contents in one request, large ones in blocks, odd names only where they are kept exactly."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeAlias

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobBlock, ContentSettings

from app.errors import KeyRefused, StorageError
from app.storages.azure.address import AzureAddress
from app.storages.azure.blocks import Staging
from app.storages.azure.client import LIMIT, AzureClients
from app.storages.azure.errors import code_of, damaged, translated
from app.storages.azure.keys import is_doubtful, require_possible
from app.storages.azure.listing import Lister
from app.storages.azure.metadata import header_of, md5_of, metadata_of
from app.storages.azure.pages import unquoted
from app.storages.azure.ranges import PiecePool
from app.storages.base import Content, Entry
from app.storages.content_types import content_type_of
from app.storages.contents import read_exactly

Answer: TypeAlias = dict[str, Any]
Put: TypeAlias = Callable[[bool], Answer]
"""Makes the blob visible, where True is given only if none has its name, and returns what Azure answered."""


class _NameTaken(Exception):
    """A blob has this name already."""


class Writer:
    """Stores blobs in one container. Thread-safe.

    Args:
        address: of the container.
        clients: send.
        lister: shows under which name a blob is kept.
        pool: its threads send blocks.
    """

    def __init__(self, address: AzureAddress, clients: AzureClients, lister: Lister, pool: PiecePool) -> None:
        self._address, self._clients, self._lister, self._pool = address, clients, lister, pool

    def write(self, key: str, content: Content) -> Entry:
        """Store ``content`` whole or not at all.

        Raises:
            KeyRefused: before any request where no service can hold the name, after some where this one does not.
        """
        require_possible(key)
        answer = self._write_small(key, content) if content.size <= LIMIT else self._write_large(key, content)
        with translated(self._address, key):
            modified = answer["last_modified"]
            if not isinstance(modified, datetime):
                raise TypeError("A blob without a time.")
            return Entry(key, content.size, modified.timestamp(), unquoted(answer["etag"]))

    def put(self, key: str, put: Put, md5: bytes | None) -> Answer:
        """Make a blob visible; one of a doubtful name only as long as a listing then shows just that name.

        Otherwise a service that takes ``a.`` for ``a`` would have another object replaced.

        Args:
            key: the blob's name.
            put: makes it visible.
            md5: of its bytes, to be compared with what is answered; None: it is not compared.

        Raises:
            KeyRefused: it would have another name.
        """
        if not is_doubtful(key) or self._lister.holds(key):
            return self._asked(key, put, md5, only_new=False)
        try:
            answer = self._asked(key, put, md5, only_new=True)
        except _NameTaken:
            if not self._lister.holds(key):
                raise self._refusal(key) from None
            return self._asked(key, put, md5, only_new=False)
        self._require_kept(key, answer)
        return answer

    def _write_small(self, key: str, content: Content) -> Answer:
        data = read_exactly(content, content.size)
        content.verify()
        md5 = md5_of(data)

        def put(only_new: bool) -> Answer:
            return self._clients.blob(key).upload_blob(
                data,
                length=len(data),
                overwrite=not only_new,
                content_settings=_settings(key, md5),
                metadata=metadata_of(content.modified_ns),
                headers={"Content-MD5": header_of(md5)},
            )

        return self.put(key, put, md5)

    def _write_large(self, key: str, content: Content) -> Answer:
        staging = Staging(self._address, self._clients, self._pool, key)
        try:
            staged = staging.bring(content)
            content.verify()

            def put(only_new: bool) -> Answer:
                return self._clients.blob(key).commit_block_list(
                    [BlobBlock(block_id) for block_id in staged.ids],
                    content_settings=_settings(key, staged.md5),
                    metadata=metadata_of(content.modified_ns),
                    match_condition=MatchConditions.IfMissing if only_new else None,
                )

            return self.put(key, put, None)
        except BaseException:
            staging.clear()
            raise

    def _asked(self, key: str, put: Put, md5: bytes | None, only_new: bool) -> Answer:
        with translated(self._address, key):
            try:
                answer = put(only_new)
            except HttpResponseError as error:
                if only_new and code_of(error) in ("BlobAlreadyExists", "ConditionNotMet"):
                    raise _NameTaken from None
                raise
        told = answer.get("content_md5")
        if md5 is not None and told is not None and bytes(told) != md5:
            raise damaged(self._address, key)
        return answer

    def _require_kept(self, key: str, answer: Answer) -> None:
        try:
            is_kept = self._lister.holds(key)
        except StorageError:
            self._take_back(key, answer)
            raise
        if not is_kept:
            self._take_back(key, answer)
            raise self._refusal(key)

    def _take_back(self, key: str, answer: Answer) -> None:
        with suppress(StorageError), translated(self._address, key):
            self._clients.blob(key).delete_blob(etag=answer["etag"], match_condition=MatchConditions.IfNotModified)

    def _refusal(self, key: str) -> KeyRefused:
        return KeyRefused(f"{self._address.host} would keep {key!r} under another name.")


def _settings(key: str, md5: bytes) -> ContentSettings:
    return ContentSettings(content_type=content_type_of(key), content_md5=bytearray(md5))
