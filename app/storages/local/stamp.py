"""What tells one version of a file from any other without reading it."""

import os
import time

COARSE_NS = 1_000_000
COARSE_SECONDS = 2.0
"""How far apart two stamps are at least where the file system keeps no fractions of milliseconds (FAT: 2 s)."""


def stamp_of(status: os.stat_result) -> str:
    """Return a word that is another one after any change to the file.

    A writer can set back the time of modification, but not the time of the last change of the inode.
    """
    return f"{status.st_mtime_ns:x}.{status.st_ctime_ns:x}.{status.st_ino:x}"


def lasting_stamp(status: os.stat_result) -> str | None:
    """Return the stamp of a file about to be read, or None while a later change could bear the same one.

    Where clocks are fine, `LocalContent` has waited long enough; where they are coarse, the file must have been left
    alone for a while. (git calls such entries racily clean and reads them again, as we do then.)
    """
    is_coarse = status.st_ctime_ns % COARSE_NS == 0
    if is_coarse and not 0 <= COARSE_SECONDS < time.time() - status.st_ctime:
        return None
    return stamp_of(status)
