"""What is stored beside a blob's bytes: its time in the words that rclone reads, what marks folders, and its MD5."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime

from app.storages.times import nanoseconds_of, parsed, spelled

MTIME = "mtime"
"""The name in the metadata under which rclone keeps a file's time (its Azure backend, constant ``modTimeKey``)."""

FOLDER = "hdi_isfolder"
"""The name in the metadata that marks a folder: set by Hadoop, and told of the directories of hierarchical accounts."""


def metadata_of(time_ns: int) -> dict[str, str]:
    """Return the metadata of a blob whose content has this time; none where no calendar has it."""
    text = spelled(time_ns)
    return {MTIME: text} if text else {}


def modified_ns(metadata: Mapping[str, str] | None, stored: datetime) -> int:
    """Return the time of a blob in POSIX nanoseconds: its metadata's, else when it was stored."""
    for name, text in (metadata or {}).items():
        if name.lower() == MTIME and (time_ns := parsed(text.strip())) is not None:
            return time_ns
    return nanoseconds_of(stored)


def is_folder(metadata: Mapping[str, str] | None) -> bool:
    """Return whether this is the metadata of a folder and not of an object."""
    return any(name.lower() == FOLDER and text.lower() == "true" for name, text in (metadata or {}).items())


def md5_of(data: bytes) -> bytes:
    """Return the 16 bytes of the MD5."""
    return hashlib.md5(data, usedforsecurity=False).digest()


def header_of(digest: bytes) -> str:
    """Return the value of the header Content-MD5."""
    return base64.b64encode(digest).decode()
