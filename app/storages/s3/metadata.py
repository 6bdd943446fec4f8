"""What is stored beside an object's bytes: its content type, and its time in the words that rclone reads."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, TypedDict

from app.storages.base import Content
from app.storages.content_types import content_type_of
from app.storages.times import nanoseconds_of

MTIME = "mtime"
"""The name in the user metadata under which rclone keeps a file's time (its S3 backend, constant ``metaMtime``)."""

_SECOND = 1_000_000_000
_INT64 = range(-(2**63), 2**63)


class PutHeaders(TypedDict):
    """The headers as boto3's parameters."""

    ContentType: str
    Metadata: Mapping[str, str]


class Headers(NamedTuple):
    """What an upload says of an object, in every lane the same."""

    content_type: str
    mtime: str

    @property
    def parameters(self) -> PutHeaders:
        """As boto3's ``put_object`` and ``create_multipart_upload`` take them."""
        return {"ContentType": self.content_type, "Metadata": {MTIME: self.mtime}}

    @property
    def attributes(self) -> dict[str, str]:
        """As obstore's ``put`` takes them."""
        return {"Content-Type": self.content_type, MTIME: self.mtime}


def headers_of(key: str, content: Content) -> Headers:
    """Return the headers of an object that shall hold ``content``."""
    return Headers(content_type_of(key), spelled(content.modified_ns))


def spelled(time_ns: int) -> str:
    """Return POSIX nanoseconds as decimal seconds, exact, without zeros at the end, as rclone writes them."""
    seconds, fraction = divmod(abs(time_ns), _SECOND)
    digits = f"{seconds}.{fraction:09}".rstrip("0") if fraction else str(seconds)
    return f"-{digits}" if time_ns < 0 else digits


def parsed(text: str) -> int | None:
    """Return the POSIX nanoseconds that decimal seconds spell, None when they are no time that rclone would take.

    Digits after the ninth are left out.
    """
    match = re.fullmatch(r"([+-]?)([0-9]{1,11})(?:\.([0-9]*))?", text)
    if not match:
        return None
    sign, seconds, fraction = match.groups()
    time_ns = int(seconds) * _SECOND + int((fraction or "").ljust(9, "0")[:9])
    time_ns = -time_ns if sign == "-" else time_ns
    return time_ns if time_ns in _INT64 else None


def modified_ns(metadata: Mapping[str, str], last_modified: datetime) -> int:
    """Return the time of a stored object in POSIX nanoseconds: its metadata's, else when it was stored.

    Args:
        metadata: names in any case; some servers capitalise them.
        last_modified: as the storage tells it.
    """
    for name, text in metadata.items():
        if name.lower() == MTIME and (time_ns := parsed(text)) is not None:
            return time_ns
    return nanoseconds_of(last_modified)
