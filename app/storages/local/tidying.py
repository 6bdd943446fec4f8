"""Removing the unfinished files that killed writes have left in a folder; nothing else is ever touched."""

import os
import stat
from contextlib import suppress

from app.storages.local.confinement import is_inside, open_descriptor, place_of
from app.storages.local.walk import PART_PREFIX


def remove_old_parts(root: str, confine: str, before: float) -> None:
    """Remove our unfinished files below ``root`` that have not changed since ``before``; links are not followed.

    Args:
        root: the folder.
        confine: the folder, without links, that must not be left.
        before: POSIX seconds. What counts is the change of the inode: a finished part bears the old time of
            modification of its file just before it is moved to its place.
    """
    pending = [root]
    while pending:
        folder = pending.pop()
        with suppress(OSError), os.scandir(folder) as found:
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif entry.name.startswith(PART_PREFIX):
                    _remove_old_part(folder, entry.name, confine, before)


def _remove_old_part(folder: str, name: str, confine: str, before: float) -> None:
    # The folder may have been replaced by a link since it was listed, so the open one is asked where it is.
    with suppress(OSError):
        descriptor = open_descriptor(folder, os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
            if is_ours and status.st_ctime < before and is_inside(place_of(descriptor, folder), confine):
                os.unlink(name, dir_fd=descriptor)
        finally:
            os.close(descriptor)
