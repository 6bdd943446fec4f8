"""Locks on files that processes which count together share: waited for shortly, since one of them may be stopped."""

import errno
import fcntl
import time
from typing import IO, Any

SECONDS = 2.0
"""So long at most; what is done meanwhile takes milliseconds."""

_LOOK_SECONDS = 0.02


def lock(file: IO[Any], seconds: float | None = None) -> None:
    """Have an open file for oneself, until it is closed.

    Args:
        file: the file.
        seconds: for how long to try; `SECONDS` by default.

    Raises:
        TimeoutError: another process, which may be stopped, has had it all the time.
        OSError: it cannot be locked.
    """
    deadline = time.monotonic() + (SECONDS if seconds is None else seconds)
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise TimeoutError(errno.ETIMEDOUT, "another process holds the lock, and may be stopped") from None
            time.sleep(_LOOK_SECONDS)
        else:
            return
