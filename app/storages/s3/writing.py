"""Storing one object: small ones in one request, large ones in parts."""

import time

from app.errors import KeyRefused, ObjectMissing
from app.storages.base import Content, Entry
from app.storages.contents import read_exactly
from app.storages.s3.address import S3Address
from app.storages.s3.keys import require_possible
from app.storages.s3.lanes import Lanes
from app.storages.s3.metadata import headers_of
from app.storages.s3.multipart import LargeObjects
from app.storages.s3.small import LIMIT


def write_object(lanes: Lanes, large: LargeObjects, address: S3Address, key: str, content: Content) -> Entry:
    """Store ``content`` whole or not at all. The entry's ``modified`` is this machine's time.

    Raises:
        KeyRefused: before any request, when S3 cannot hold the key.
    """
    require_possible(key)
    try:
        etag = _write_small(lanes, key, content) if content.size <= LIMIT else large.put(key, content)
    except ObjectMissing:
        # Said of a key that we want to write, it means that the server has no place of such a name.
        raise KeyRefused(f"{address.host} cannot hold the key {key!r}.") from None
    return Entry(key, content.size, time.time(), etag)


def _write_small(lanes: Lanes, key: str, content: Content) -> str | None:
    data = read_exactly(content, content.size)
    content.verify()
    return lanes.put(key, data, headers_of(key, content))
