"""Whose turn it is to be the active scheduler of a DATA_DIR: a lock that the kernel releases when its holder dies."""

import fcntl
import os
from pathlib import Path


class Turn:
    """The lock of one scheduler on a file that all schedulers of one DATA_DIR share. Used by one thread.

    Args:
        path: the file; made when it is missing, and never removed, or two could hold a lock of that name.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Return whether it is this one's turn, and keep it from then on.

        Raises:
            OSError: the file cannot be made or locked.
        """
        if self._descriptor is None:
            self._descriptor = _locked(self._path)
        return self._descriptor is not None

    def release(self) -> None:
        """Let another one take over; harmless when it was not this one's turn."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _locked(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
