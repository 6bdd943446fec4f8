"""Puts the counts of processes that have ended into one file of each kind: the folder grows with no death."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prometheus_client.mmap_dict import MmapedDict

_LOCK = "lock"
_ALL_DEAD = "dead"


@contextmanager
def folded(folder: Path) -> Iterator[None]:
    """Have the counters in ``folder`` be of living processes and of all dead ones together; nobody folds meanwhile.

    Raises:
        OSError: the folder cannot be used.
    """
    with (folder / _LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path in folder.glob("*.db"):
            kind, _, pid = path.stem.partition("_")
            if pid.isdecimal() and not _lives(int(pid)):
                _fold(path, folder / f"{kind}_{_ALL_DEAD}.db")
        yield


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # the number is another user's by now; its file stays
        return True
    return True


def _fold(path: Path, into: Path) -> None:
    """Add the counts of one file to those of another, and remove it: the library's counters and histograms are sums."""
    library: Any = MmapedDict
    found = list(library.read_all_values_from_file(str(path)))
    sums = library(str(into))
    try:
        for name, value, at, _ in found:
            before, _ = sums.read_value(name)
            sums.write_value(name, before + value, at)
    finally:
        sums.close()
    path.unlink()
