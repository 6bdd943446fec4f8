"""Opening files and folders such that what was opened, and not what a path meant a moment ago, lies where it may."""

import os
from pathlib import Path

from app.errors import KeyRefused

DESCRIPTORS = "/proc/self/fd"
ELSEWHERE = "it lies outside the uploads folder"

_HAS_DESCRIPTORS = Path(DESCRIPTORS).is_dir()


def open_descriptor(path: str | Path, flags: int = 0) -> int:
    """Open for reading, never waiting for a pipe's other end and never passing the descriptor on.

    Raises:
        OSError: it cannot be opened.
    """
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY | flags)


def place_of(descriptor: int, path: str | Path) -> str:
    """Return where the open file really is, all links resolved.

    Args:
        descriptor: the open file or folder.
        path: how it was reached; used only where the system does not tell.

    Raises:
        OSError: it cannot be told, since ``path`` has come to mean something else.
    """
    if _HAS_DESCRIPTORS:
        return os.readlink(f"{DESCRIPTORS}/{descriptor}")  # noqa: PTH115 - for each file; a Path costs as much again
    real = Path(path).resolve(strict=True)
    if not os.path.samestat(real.stat(), os.fstat(descriptor)):
        raise FileNotFoundError(f"{real} was replaced")
    return str(real)


def is_inside(place: str, folder: str) -> bool:
    """Return whether ``place`` is ``folder`` or below it; both without links."""
    return place == folder or place.startswith(folder.rstrip("/") + "/")


def kept_inside(descriptor: int, path: str | Path, key: str, confine: str) -> int:
    """Return an open folder that something is to be changed in, if it lies inside ``confine``; else it is closed.

    Args:
        path: how it was reached, as `place_of` takes it.
        key: for the message.

    Raises:
        KeyRefused: it lies elsewhere.
        OSError: as `place_of`.
    """
    try:
        inside = is_inside(place_of(descriptor, path), confine)
    except BaseException:
        os.close(descriptor)
        raise
    if not inside:
        os.close(descriptor)
        raise KeyRefused(f"{key!r} is not touched: {ELSEWHERE}.")
    return descriptor
