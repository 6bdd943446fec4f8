"""What is stored beside an object's bytes: its content type, and its time in the words that rclone and gsutil read."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from mimetypes import MimeTypes
from posixpath import basename, splitext

from app.storages.base import Content

MTIME = "mtime"
"""Where rclone keeps a file's time (its backend googlecloudstorage, constant ``metaMtime``): RFC 3339, nanoseconds."""

MTIME_OF_GSUTIL = "goog-reserved-file-mtime"
"""Where gsutil keeps it, and rclone too: whole POSIX seconds."""

UNKNOWN_TYPE = "application/octet-stream"
COMPRESSED_TYPES = {
    "gzip": "application/gzip",
    "bzip2": "application/x-bzip2",
    "xz": "application/x-xz",
    "compress": "application/x-compress",
}
"""The types of files that are compressed; never a Content-Encoding, at which Google would unpack them."""

# An object of its own holds what Python knows and nothing of /etc/mime.types, so that all machines agree.
_KNOWN = MimeTypes()
_SECOND = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RFC_3339 = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def properties_of(key: str, content: Content) -> dict[str, object]:
    """Return the fields, as Google's JSON names them, of an object that shall hold ``content``."""
    return {"name": key, "contentType": content_type_of(key), "metadata": times_of(content.modified_ns)}


def content_type_of(key: str) -> str:
    """Guess the content type from the end of the key's name, the same on every machine."""
    name, end = splitext(basename(key))
    end = _KNOWN.suffix_map.get(end.lower(), end)
    encoding = _KNOWN.encodings_map.get(splitext(f"name{end}")[1])
    if encoding:
        return COMPRESSED_TYPES.get(encoding, UNKNOWN_TYPE)
    return _KNOWN.types_map[True].get(end.lower(), UNKNOWN_TYPE) if name else UNKNOWN_TYPE


def times_of(time_ns: int) -> dict[str, str]:
    """Return what tells POSIX nanoseconds in an object's metadata; nothing for a year that RFC 3339 cannot spell."""
    seconds, fraction = divmod(time_ns, _SECOND)
    try:
        moment = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    except OverflowError:
        return {}
    digits = f".{fraction:09}".rstrip("0") if fraction else ""
    return {MTIME: f"{moment.zfill(19)}{digits}Z", MTIME_OF_GSUTIL: str(seconds)}


def modified_ns(metadata: Mapping[str, object], created: float) -> int:
    """Return the time of a stored object in POSIX nanoseconds: its metadata's, else when it was stored.

    Args:
        metadata: of the object; rclone's word counts more than gsutil's, as it has it.
        created: POSIX seconds.
    """
    for told in (parsed(str(metadata.get(MTIME))), _whole(str(metadata.get(MTIME_OF_GSUTIL)))):
        if told is not None:
            return told
    return int(created * 1_000_000) * 1000


def parsed(text: str) -> int | None:
    """Return the POSIX nanoseconds that RFC 3339 spells, None when it does not; digits after the ninth are left out."""
    match = _RFC_3339.fullmatch(text)
    if match is None:
        return None
    day, clock, fraction, zone = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{zone.upper().replace('Z', '+00:00')}")
    except ValueError:
        return None
    return (moment - _EPOCH) // timedelta(seconds=1) * _SECOND + int((fraction or "").ljust(9, "0"))


def _whole(text: str) -> int | None:
    return int(text) * _SECOND if re.fullmatch(r"-?[0-9]{1,10}", text) else None
