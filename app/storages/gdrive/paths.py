"""The spelling between names in Drive, which are any text, and the segments of keys.

A ``/`` in a name is spelt ``⧵2F``, and the names ``.`` and ``..`` are spelt ``⧵2E`` and ``⧵2E⧵2E``; all else stays as
it is. A name that holds such a spelling itself is no segment, since it would lead back to another name.
"""

import re
from collections.abc import Sequence

from app.errors import KeyRefused
from app.storages.names import MARK

MAX_KEY_BYTES = 1024
"""Longer keys are not written, as on S3; what people have made in Drive can be deeper, and is listed and read."""

MAX_FOLDERS = 100
"""Drive takes no more folders in each other (Google's "File and folder limits in Google Drive")."""

_SLASH = f"{MARK}2F"
_DOTS = {".": f"{MARK}2E", "..": f"{MARK}2E{MARK}2E"}
_DOTTED = {segment: name for name, segment in _DOTS.items()}
_CONTROL = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")


def segment_of(name: str) -> str | None:
    """Return the segment of a key for a name; None: there is none that leads back to just this name."""
    segment = _DOTS.get(name, name.replace("/", _SLASH))
    return segment if segment and is_text(segment) and name_of(segment) == name else None


def name_of(segment: str) -> str:
    """Return the name for a segment: the inverse of `segment_of`."""
    return _DOTTED.get(segment, segment.replace(_SLASH, "/"))


def stand_in(name: str) -> str:
    """Return a text to tell of a name that has no segment; another name may have the same."""
    return segment_of(name) or name.replace("/", _SLASH).encode("utf-8", "backslashreplace").decode() or MARK


def segments_of(key: str) -> Sequence[str] | None:
    """Return the segments of a key, all of them names in Drive; None: no file can have this key."""
    segments = key.split("/")
    possible = is_text(key) and not any(segment in ("", ".", "..") for segment in segments)
    return segments if possible else None


def segments_to_write(key: str) -> Sequence[str]:
    """Return the segments of a key under which something shall be stored.

    Raises:
        KeyRefused: there is an empty segment, ``.`` or ``..`` in it, a control character, which Drive is not known to
            keep, more than 100 folders or 1,024 bytes; or it is no text.
    """
    segments = segments_of(key)
    if segments is None or _CONTROL.search(key) or len(segments) > MAX_FOLDERS or len(key.encode()) > MAX_KEY_BYTES:
        raise KeyRefused(
            f"Drive gets keys of at most {MAX_KEY_BYTES} bytes in UTF-8 and {MAX_FOLDERS} folders, without control "
            f"characters and without segments that are empty, '.' or '..', and {key[:200]!r} is not one."
        )
    return segments


def is_text(text: str) -> bool:
    """Return whether it can be told in UTF-8, so has no half of a character (surrogate)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
