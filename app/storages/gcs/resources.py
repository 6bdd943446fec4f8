"""What Google tells of one object, as it comes in JSON: taken apart and checked, since any server may have sent it."""

import base64
import binascii
from datetime import datetime
from typing import Any, NamedTuple

from app.storages.base import Entry
from app.storages.gcs.metadata import modified_ns

LISTED = "name,size,generation,timeCreated"
MOST = 1 << 50
"""Bytes, some two hundred times what Google lets an object have; the sizes of many can still be counted up."""

FIELDS = f"{LISTED},crc32c,metadata"
"""What is asked for of each object; without being told, Google sends some 1,000 bytes for each."""


class Resource(NamedTuple):
    """One version of an object.

    Attributes:
        entry: its etag is the generation, a number that Google gives to each version and never again. Its MD5 would be
            the same again for the same bytes, and objects that were composed have none.
        crc32c: of its bytes, in base64; None where the server tells none.
        modified_ns: POSIX nanoseconds: the content's time where it is kept, else when the object was stored.
    """

    entry: Entry
    crc32c: str | None
    modified_ns: int

    @property
    def generation(self) -> str:
        """The number of this version."""
        return self.entry.etag or ""


def entry_of(item: Any) -> Entry:
    """Return the entry of a JSON resource. ``modified`` is when this version was stored.

    Raises:
        ValueError: it is no resource of an object.
    """
    name, generation = item.get("name"), item.get("generation")
    if not (isinstance(name, str) and name and isinstance(generation, str) and generation.isdecimal()):
        raise ValueError("a resource without its name or generation")
    name.encode()
    size = int(item["size"])
    if not 0 <= size <= MOST:
        raise ValueError("a size that nothing has")
    return Entry(name, size, _posix(item["timeCreated"]), generation)


def resource_of(item: Any) -> Resource:
    """Return what a JSON resource tells.

    Raises:
        ValueError: it is no resource of an object.
    """
    entry = entry_of(item)
    metadata = item.get("metadata")
    told = metadata if isinstance(metadata, dict) else {}
    return Resource(entry, _checksum(item.get("crc32c")), modified_ns(told, entry.modified))


def text_of(told: object) -> str:
    """Return a text that a request can hold.

    Raises:
        TypeError: it is none.
        ValueError: it has half a character.
    """
    if not isinstance(told, str):
        raise TypeError("no text")
    told.encode()
    return told


def _checksum(told: object) -> str | None:
    if not isinstance(told, str):
        return None
    try:
        return told if len(base64.b64decode(told, validate=True)) == 4 else None
    except (ValueError, binascii.Error):
        return None


def _posix(text: Any) -> float:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.timestamp()
