"""What is stored beside a blob's bytes: its content type, and its time in the words that rclone reads."""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from mimetypes import MimeTypes
from posixpath import basename

MTIME = "mtime"
"""The name in the metadata under which rclone keeps a file's time (its Azure backend, constant ``modTimeKey``)."""

FOLDER = "hdi_isfolder"
"""The name in the metadata that marks a folder: set by Hadoop, and told of the directories of hierarchical accounts."""

UNKNOWN_TYPE = "application/octet-stream"

# An object of its own holds what Python knows and nothing of /etc/mime.types, so that all machines agree.
_KNOWN = MimeTypes()
_SECOND = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9})[0-9]*)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def content_type_of(key: str) -> str:
    """Guess the content type from the end of the name, the same on every machine; of compressed files it is unknown."""
    guessed, encoding = _KNOWN.guess_type("file:" + basename(key).replace(":", "_"), strict=True)
    return guessed if guessed and not encoding else UNKNOWN_TYPE


def metadata_of(time_ns: int) -> dict[str, str]:
    """Return the metadata of a blob whose content has this time; none where no calendar has it."""
    text = spelled(time_ns)
    return {MTIME: text} if text else {}


def spelled(time_ns: int) -> str | None:
    """Return POSIX nanoseconds as RFC 3339 with nine digits, None outside of the years 1 to 9999."""
    seconds, fraction = divmod(time_ns, _SECOND)
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return f"{moment.replace(tzinfo=None).isoformat()}.{fraction:09}Z"


def parsed(text: str) -> int | None:
    """Return the POSIX nanoseconds of an RFC 3339 time, None when it is none; digits after the ninth are left out."""
    match = _TIME.fullmatch(text.strip())
    if not match:
        return None
    day, clock, fraction, zone = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{zone.upper()}")
    except ValueError:
        return None
    return (moment - _EPOCH) // timedelta(seconds=1) * _SECOND + int((fraction or "").ljust(9, "0"))


def modified_ns(metadata: Mapping[str, str] | None, stored: datetime) -> int:
    """Return the time of a blob in POSIX nanoseconds: its metadata's, else when it was stored."""
    for name, text in (metadata or {}).items():
        if name.lower() == MTIME and (time_ns := parsed(text)) is not None:
            return time_ns
    return (stored - _EPOCH) // timedelta(microseconds=1) * 1000


def is_folder(metadata: Mapping[str, str] | None) -> bool:
    """Return whether this is the metadata of a folder and not of an object."""
    return any(name.lower() == FOLDER and text.lower() == "true" for name, text in (metadata or {}).items())


def md5_of(data: bytes) -> bytes:
    """Return the 16 bytes of the MD5."""
    return hashlib.md5(data, usedforsecurity=False).digest()


def header_of(digest: bytes) -> str:
    """Return the value of the header Content-MD5."""
    return base64.b64encode(digest).decode()
