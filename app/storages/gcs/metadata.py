"""What is stored beside an object's bytes: its content type, and its time in the words that rclone and gsutil read."""

import re
from collections.abc import Mapping

from app.storages.base import Content
from app.storages.content_types import content_type_of
from app.storages.times import parsed, spelled

MTIME = "mtime"
"""Where rclone keeps a file's time (its backend googlecloudstorage, constant ``metaMtime``): RFC 3339, nanoseconds."""

MTIME_OF_GSUTIL = "goog-reserved-file-mtime"
"""Where gsutil keeps it, and rclone too: whole POSIX seconds."""

_SECOND = 1_000_000_000


def properties_of(key: str, content: Content) -> dict[str, object]:
    """Return the fields, as Google's JSON names them, of an object that shall hold ``content``."""
    return {"name": key, "contentType": content_type_of(key), "metadata": times_of(content.modified_ns)}


def times_of(time_ns: int) -> dict[str, str]:
    """Return what tells POSIX nanoseconds in an object's metadata; nothing for a year that RFC 3339 cannot spell."""
    text = spelled(time_ns)
    if text is None:
        return {}
    # Digits that say nothing are left out; rclone reads both spellings.
    return {MTIME: text.removesuffix("Z").rstrip("0").rstrip(".") + "Z", MTIME_OF_GSUTIL: str(time_ns // _SECOND)}


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


def _whole(text: str) -> int | None:
    return int(text) * _SECOND if re.fullmatch(r"-?[0-9]{1,10}", text) else None
