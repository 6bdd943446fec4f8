"""What users' files leave of a disk: the database may lie on the same one, and whoever frees space needs some first."""

import os

RESERVE = 64 * 1024 * 1024
"""Bytes; of a small disk it is a twentieth. Without it, files of users could fill the last block: then not even a
purge can be written, and the service stands still until somebody frees space by hand (seen on a tmpfs)."""


def has_space(descriptor: int, size: int) -> bool:
    """Return whether ``size`` more bytes fit on the disk of an open file, and `RESERVE` is left besides.

    Of a file system that does not tell how large it is, as some of networks, nobody knows, so they may.

    Raises:
        OSError: the disk cannot be asked.
    """
    disk = os.fstatvfs(descriptor)
    if not disk.f_blocks:
        return True
    reserve = min(RESERVE, disk.f_blocks * disk.f_frsize // 20)
    return disk.f_bavail * disk.f_frsize - size >= reserve
