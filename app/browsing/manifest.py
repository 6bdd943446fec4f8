"""The form of CVAT's manifests: two lines of head, then a JSON object on each line. Only names are read."""

import json
from collections.abc import Iterator
from typing import Any

from app.browsing.names import SEPARATOR
from app.errors import ManifestUnusable
from app.storages.base import Content

MAX_BYTES = 64 * 1024 * 1024
MAX_LINES = 2_000_000
MAX_LINE = 1024 * 1024
"""Bytes; one line as long as the whole would be parsed in one go, into many times its size."""

MAX_NAME = 1024
"""Characters; no storage holds a longer key."""

_HEAD = 2
_CHUNK = 64 * 1024


def names_in(content: Content) -> Iterator[str]:
    """Yield what a manifest names, relative to the manifest's own folder, in its order.

    The first two lines are the head, whatever is in them. Empty lines are passed over.

    Raises:
        ManifestUnusable: saying which line is none of a manifest, or that it is too large.
        FileChanged, FileUnreadable, StorageError: the manifest cannot be read.
    """
    if content.size > MAX_BYTES:
        raise too_large(content.size)
    for number, line in enumerate(_lines(content), start=1):
        if number > MAX_LINES:
            raise ManifestUnusable(f"The manifest has more than {MAX_LINES:,} lines. Split it.")
        if number > _HEAD and (text := line.strip()):
            yield _name(text, number)


def too_large(size: int) -> ManifestUnusable:
    """Return the error for a manifest of more than `MAX_BYTES`."""
    return ManifestUnusable(f"The manifest has {size:,} bytes, and {MAX_BYTES:,} are the most that is read. Split it.")


def _lines(content: Content) -> Iterator[bytes]:
    number, rest = 0, b""
    while chunk := content.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        number += len(whole)
        if len(rest) > MAX_LINE:
            raise _unfit(number + 1, f"is longer than {MAX_LINE:,} bytes")
        yield from whole
    content.verify()
    if rest:
        yield rest


def _name(line: bytes, number: int) -> str:
    found = _parsed(line, number)
    if not isinstance(found, dict):
        raise _unfit(number, "is no JSON object")
    name, extension = found.get("name"), found.get("extension")
    if not isinstance(name, str) or not name:
        raise _unfit(number, "has no name that is a text")
    if not isinstance(extension, str):
        raise _unfit(number, "has no extension that is a text")
    return _checked(name + extension, number)


def _parsed(line: bytes, number: int) -> Any:
    try:
        return json.loads(line.decode())
    except UnicodeDecodeError:
        raise _unfit(number, "is not UTF-8") from None
    except (ValueError, RecursionError):
        raise _unfit(number, "is not JSON that can be read") from None


def _checked(name: str, number: int) -> str:
    if len(name) > MAX_NAME:
        raise _unfit(number, f"has a name of more than {MAX_NAME:,} characters")
    if SEPARATOR in name or not _has_bytes(name):
        raise _unfit(number, "has a name that no object can have")
    return name


def _has_bytes(name: str) -> bool:
    try:
        return bool(name.encode())
    except UnicodeEncodeError:  # JSON can spell half a character
        return False


def _unfit(number: int, what: str) -> ManifestUnusable:
    return ManifestUnusable(f"Line {number:,} of the manifest {what}.")
