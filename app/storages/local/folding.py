"""File systems for which several spellings are one name (case, Unicode forms): two keys must not share a file there."""

import os
from collections.abc import Callable, Collection
from unicodedata import normalize

from app.errors import KeyRefused

NamesIn = Callable[[int], Collection[str]]


def require_own_name(folder: int, name: str, key: str, names_in: NamesIn = os.listdir) -> None:
    """Return when ``name`` is free in the folder, or is there in just this spelling.

    The folder is read only where another spelling leads to the same file; else this costs a few look-ups.

    Args:
        folder: the descriptor of an open folder.
        name: of a file or folder in it.
        key: for the message.
        names_in: gives the names in an open folder as they are stored.

    Raises:
        KeyRefused: the name leads to what is stored under another spelling.
    """
    there = _identity(folder, name)
    if there is None or all(_identity(folder, other) != there for other in _spellings(name)):
        return
    if name not in names_in(folder):
        raise KeyRefused(f"{key!r} is not stored: for this file system its name is that of another file or folder.")


def _spellings(name: str) -> set[str]:
    return {name.upper(), name.lower(), name.swapcase(), normalize("NFC", name), normalize("NFD", name)} - {name}


def _identity(folder: int, name: str) -> tuple[int, int] | None:
    try:
        status = os.lstat(name, dir_fd=folder)
    except OSError:
        return None
    return status.st_dev, status.st_ino
