"""Removing the unfinished files that killed writes have left in a folder; nothing else is ever touched."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress

from app.storages.local.confinement import is_inside, open_descriptor, place_of
from app.storages.local.walk import PART_PREFIX


def remove_old_parts(root: str, confine: str, before: float) -> None:
    """Remove our unfinished files below ``root`` that have not changed since ``before``; links are not followed.

    Args:
        root: the folder; may itself be a link.
        confine: the folder, without links, that must not be left.
        before: POSIX seconds. What counts is the change of the inode: a finished part bears the old time of
            modification of its file just before it is moved to its place.
    """
    pending = [(root, 0)]
    while pending:
        path, flags = pending.pop()
        # A folder may have been replaced by a link since it was listed, so the open one is asked where it is.
        with suppress(OSError):
            folder = open_descriptor(path, os.O_DIRECTORY | flags)
            try:
                if is_inside(place_of(folder, path), confine):
                    pending.extend((f"{path}/{name}", os.O_NOFOLLOW) for name in _tidied(folder, before))
            finally:
                os.close(folder)


def _tidied(folder: int, before: float) -> Iterator[str]:
    """Remove old parts from an open folder; yield the names of the folders in it."""
    with os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                yield entry.name
            elif entry.name.startswith(PART_PREFIX):
                _remove_old_part(folder, entry.name, before)


def _remove_old_part(folder: int, name: str, before: float) -> None:
    with suppress(OSError):
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and status.st_ctime < before:
            os.unlink(name, dir_fd=folder)
