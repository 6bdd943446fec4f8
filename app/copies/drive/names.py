"""What files are called on their way between a Drive and the library. Pure.

A name of Drive's can be any text, ``/`` and control characters included, and others may have the same.
"""

import re
from posixpath import splitext

from app.library.texts import ITEM_NAME_MAX

_NOT_IN_A_NAME = re.compile(r"[/\x00-\x1f\x7f]")
_NAMELESS = "Unnamed"


def name_in_drive(name: str) -> str:
    """Return what a file or a folder is called in Drive: with ``_`` for what other programs take for something else."""
    return _NOT_IN_A_NAME.sub("_", name.strip().strip("/").strip())


def file_name_in_drive(name: str) -> str:
    """Return what the file of an item is called in Drive; never empty."""
    return name_in_drive(name) or _NAMELESS


def item_name(asked: str, found: str, stored: str) -> str:
    """Return what the item of a file is called.

    Args:
        asked: what its client wants it to be called; empty: as the file is.
        found: what the file is called in Drive.
        stored: the same, for a document of Google's with the extension of what it was exported as.
    """
    name = asked or found
    extension = splitext(stored)[1] if stored != found else ""
    name = name if name.lower().endswith(extension.lower()) else name + extension
    return name if len(name) <= ITEM_NAME_MAX else name[: ITEM_NAME_MAX - len(extension)] + extension
