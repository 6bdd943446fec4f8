"""Upkeep of one DATA_DIR is done by one process at a time: a backup in the middle of a rotation would fit no key."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import SettingsError


@contextmanager
def own_turn(data_dir: Path) -> Iterator[None]:
    """Keep the others out during the block; the system lets them in when this process dies, however it dies.

    Raises:
        SettingsError: another process is at it.
    """
    descriptor = os.open(data_dir, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                f"Another backup or rotation of the key is under way in {data_dir}. Start this one when that is done."
            ) from None
        yield
    finally:
        os.close(descriptor)
