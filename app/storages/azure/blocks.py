"""Storing a large blob in blocks that are sent side by side and committed together."""

import hashlib
import threading
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from functools import partial
from math import ceil
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from azure.core import MatchConditions

from app.errors import StorageError, StorageFailure
from app.storages.azure.address import AzureAddress
from app.storages.azure.client import LIMIT, MIB, AzureClients
from app.storages.azure.errors import translated
from app.storages.azure.metadata import FOLDER, header_of, md5_of
from app.storages.azure.ranges import PiecePool
from app.storages.base import Content
from app.storages.contents import read_exactly
from app.storages.pieces import AHEAD

MAX_BLOCKS = 50_000
MAX_BLOCK = 4000 * MIB


class Staged(NamedTuple):
    """What waits to be committed: the ids of the blocks in their order, and the MD5 of all their bytes."""

    ids: list[str]
    md5: bytes


def block_size_for(size: int) -> int:
    """Return the bytes per block: 8 MiB, or as many whole MiB as 50,000 blocks need.

    Raises:
        StorageFailure: Azure has no way to hold so much in one blob.
    """
    needed = ceil(size / (MAX_BLOCKS * MIB)) * MIB
    if needed > MAX_BLOCK:
        raise StorageFailure(
            f"The file has {size} bytes, and Azure holds at most {MAX_BLOCKS * MAX_BLOCK} in one blob."
        )
    return max(LIMIT, needed)


class Staging:
    """The blocks of one upload. Used by one thread, which reads; others send.

    What Azure was sent and never told to commit stays with it for a week, unseen; no request takes that back by
    itself. `clear` does, by a blob that comes and goes.

    Args:
        address: of the container.
        clients: send.
        pool: its threads send.
        key: of the blob.
    """

    def __init__(self, address: AzureAddress, clients: AzureClients, pool: PiecePool, key: str) -> None:
        self._address, self._clients, self._pool, self._key = address, clients, pool, key
        # Ids of all uploads to one blob must be of the same length.
        self._name = uuid.uuid4().hex
        self._flying: deque[Future[None]] = deque()
        self._given_up = threading.Event()
        self._count = 0

    def bring(self, content: Content) -> Staged:
        """Return once Azure has all bytes of ``content``; of all uploads, few blocks are in memory (see `Outgoing`).

        Raises:
            FileChanged: the content ended early.
            StorageError: a block could not be sent.
        """
        whole = hashlib.md5(usedforsecurity=False)
        ids = []
        size = block_size_for(content.size)
        for begin in range(0, content.size, size):
            ids.append(f"{self._name}{self._count:08}")
            self._bring_one(ids[-1], partial(_read, content, min(size, content.size - begin), whole.update))
        while self._flying:
            self._flying.popleft().result()
        return Staged(ids, whole.digest())

    def clear(self) -> None:
        """Have Azure forget what was sent, as far as that can be done without harm; harmless when nothing was.

        A blob that is committed under the same name, and deleted again, takes what was not committed with it. For
        that moment it stands there marked as a folder, which we and most other programs take for no object. It is
        left undone where an object has the name (the blocks stay, unseen, until that is written again, or for a
        week), where others are sending to the same name too, and where a SAS token does not allow to delete.
        """
        self._given_up.set()
        for future in self._flying:
            future.cancel()
        wait(self._flying)
        if self._count and _may_delete(self._address):
            with suppress(StorageError), translated(self._address, self._key):
                self._commit_and_delete()

    def _bring_one(self, block_id: str, read: Callable[[], bytes]) -> None:
        while len(self._flying) >= AHEAD:
            self._flying.popleft().result()
        self._flying.append(self._pool.outgoing.submit(read, partial(self._submit, block_id)))
        self._count += 1

    def _submit(self, block_id: str, data: bytes) -> "Future[None]":
        return self._pool.threads.submit(self._send, block_id, data)

    def _send(self, block_id: str, data: bytes) -> None:
        if self._given_up.is_set():
            return
        headers = {"Content-MD5": header_of(md5_of(data))}
        with translated(self._address, self._key):
            self._clients.blob(self._key).stage_block(block_id, data, len(data), headers=headers)

    def _commit_and_delete(self) -> None:
        blob = self._clients.asking.get_blob_client(self._key)
        try:
            _, uncommitted = blob.get_block_list("uncommitted")
        except (AttributeError, TypeError):  # what Microsoft's package makes of no list at all
            return
        if all(block.id.startswith(self._name) for block in uncommitted):
            stub: Any = blob.commit_block_list([], metadata={FOLDER: "true"}, match_condition=MatchConditions.IfMissing)
            blob.delete_blob(etag=stub["etag"], match_condition=MatchConditions.IfNotModified)


def _read(content: Content, length: int, update: Callable[[bytes], None]) -> bytes:
    data = read_exactly(content, length)
    update(data)
    return data


def _may_delete(address: AzureAddress) -> bool:
    return address.account_key is not None or "d" in permissions_of(address.sas_token or "")


def permissions_of(sas_token: str) -> str:
    """Return the letters of what a SAS token says that it allows, empty where a stored policy says it."""
    return dict(parse_qsl(sas_token.removeprefix("?"))).get("sp", "")
