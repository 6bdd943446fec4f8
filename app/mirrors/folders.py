"""Which folders there are to mirror: two levels of the uploads folder. Opens no file and follows no link."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from app.storages.names import key_of

FOLDERS_MAX = 500
SECONDS_MAX = 0.5

_LEVELS = 2
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def folders_below(root: Path, clock: Callable[[], float] = time.monotonic) -> list[str]:
    """Return folders below ``root`` in the spelling of keys, ascending; nothing where it cannot be read.

    Hidden ones are left out. At most `FOLDERS_MAX` come back, those of the second level only where there is room, and
    what has not been found within `SECONDS_MAX` is missing: this is an offer, not a listing.

    Args:
        root: may itself be a link.
        clock: seconds.
    """
    deadline = clock() + SECONDS_MAX
    with suppress(OSError):
        descriptor = os.open(root, _FOLDER & ~os.O_NOFOLLOW)
        try:
            found = _below(descriptor, "", _LEVELS, lambda: clock() > deadline)
            return sorted(sorted(found, key=lambda key: (key.count("/"), key))[:FOLDERS_MAX])
        finally:
            os.close(descriptor)
    return []


def _below(descriptor: int, prefix: str, levels: int, is_late: Callable[[], bool]) -> Iterator[str]:
    """Yield the folders in an open folder, and those in them; by descriptors, so that nothing can be moved away."""
    for name in _names(descriptor, is_late):
        key = prefix + key_of(name)
        yield key
        if levels > 1 and not is_late():
            with suppress(OSError):  # it may not be read, or has gone
                inner = os.open(name, _FOLDER, dir_fd=descriptor)
                try:
                    yield from _below(inner, key + "/", levels - 1, is_late)
                finally:
                    os.close(inner)


def _names(descriptor: int, is_late: Callable[[], bool]) -> list[str]:
    names: list[str] = []
    with suppress(OSError), os.scandir(descriptor) as entries:
        for entry in entries:
            if is_late() or len(names) == FOLDERS_MAX:
                break
            if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                names.append(entry.name)
    return sorted(names)
