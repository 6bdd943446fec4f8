"""Reading blobs: small ones whole with the first request, large ones in pieces ahead of the reader."""

import hashlib
from functools import partial
from typing import Any, NamedTuple

from app.errors import ObjectMissing, StorageFailure
from app.storages.azure.address import AzureAddress
from app.storages.azure.client import PIECE, AzureClients
from app.storages.azure.errors import translated
from app.storages.azure.keys import can_exist, is_doubtful
from app.storages.azure.listing import Lister
from app.storages.azure.metadata import is_folder, md5_of, modified_ns
from app.storages.azure.pages import entry_of
from app.storages.azure.ranges import PiecePool, PieceRequest, pieces_of
from app.storages.base import Content
from app.storages.contents import PiecedContent, Proof, Version


class Opened(NamedTuple):
    """A blob as it was found.

    Attributes:
        size: length in bytes.
        modified_ns: POSIX nanoseconds, UTC.
        etag: without quotes.
        md5: of all bytes; None where the storage keeps none.
        start: the first bytes, all of them when there are no more than come with one request.
    """

    size: int
    modified_ns: int
    etag: str
    md5: bytes | None
    start: bytes


def open_object(address: AzureAddress, clients: AzureClients, lister: Lister, pool: PiecePool, key: str) -> Content:
    """Start to read a blob.

    Raises:
        ObjectMissing: there is none, or a directory.
        StorageFailure: a small one arrived damaged, twice.
    """
    if not can_exist(key) or (is_doubtful(key) and not lister.holds(key)):
        lister.look()
        raise ObjectMissing(f"There is no object {key[:2000]!r}.")
    opened = _opened(address, clients, key)
    if not _is_whole(opened):
        opened = _opened(address, clients, key)
        if not _is_whole(opened):
            raise StorageFailure(
                f"{key!r} does not have the MD5 that is kept beside it: it is damaged. Store it again."
            )
    request = PieceRequest(clients, address, key, opened.etag)
    version = Version(key, opened.size, opened.modified_ns, opened.etag)
    return PiecedContent(version, partial(pieces_of, request, pool), _proof(opened), opened.start)


def _proof(opened: Opened) -> Proof | None:
    if opened.md5 is None or len(opened.start) == opened.size:  # those were compared already
        return None
    md5, digest = opened.md5, hashlib.md5(usedforsecurity=False)
    return Proof("its MD5", digest.update, lambda: digest.digest() == md5)


def _opened(address: AzureAddress, clients: AzureClients, key: str) -> Opened:
    with translated(address, key):
        stream = clients.blob(key).download_blob(decompress=False, max_concurrency=1)
        properties: Any = stream.properties
        entry = entry_of(key, properties)
        if entry.etag is None:
            raise ValueError("A blob without an etag.")
        md5 = properties.content_settings.content_md5
        time_ns = modified_ns(properties.metadata, properties.last_modified)
        opened = Opened(entry.size, time_ns, entry.etag, bytes(md5) if md5 else None, next(stream.chunks(), b""))
    if is_folder(properties.metadata):
        raise ObjectMissing(f"{key!r} is a directory and no object.")
    return opened


def _is_whole(opened: Opened) -> bool:
    """Return whether nothing speaks against the first bytes."""
    if len(opened.start) < opened.size or opened.md5 is None:
        return len(opened.start) == min(opened.size, PIECE)
    return len(opened.start) == opened.size and md5_of(opened.start) == opened.md5
