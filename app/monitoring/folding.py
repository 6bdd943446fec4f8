"""Puts the counts of processes that have ended into one file of each kind: the folder grows with no death."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.monitoring.allocated import Allocated
from app.monitoring.locking import lock

logger = logging.getLogger(__name__)

_LOCK = "lock"
_ALL_DEAD = "dead"


@contextmanager
def folded(folder: Path) -> Iterator[None]:
    """Have the counters in ``folder`` be of living processes and of all dead ones together; nobody folds meanwhile.

    Another process that was stopped while it had them so holds nobody up: then they are read as they are.

    Raises:
        OSError: the folder cannot be used.
    """
    with (folder / _LOCK).open("a") as file:
        try:
            lock(file)
        except TimeoutError as error:
            logger.warning("Counts of processes that have ended are not put together: %s.", error.strerror)
        else:
            _fold_the_dead(folder)
        yield


def _fold_the_dead(folder: Path) -> None:
    for path in folder.glob("*.db"):
        kind, _, pid = path.stem.partition("_")
        if pid.isdecimal() and not _lives(int(pid)):
            _fold(path, folder / f"{kind}_{_ALL_DEAD}.db")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # the number is another user's by now; its file stays
        return True
    return True


def _fold(path: Path, into: Path) -> None:
    """Add the counts of one file to those of another, and remove it: the library's counters and histograms are sums.

    Where the disk is full, both stay as they are.
    """
    part = into.with_suffix(".part")
    try:
        if into.exists():
            shutil.copyfile(into, part)
        _add(path, part)
        part.replace(into)
    except OSError as error:
        part.unlink(missing_ok=True)
        logger.warning("Counts of processes that have ended are not put together: %s.", error.strerror)
    else:
        path.unlink()


def _add(path: Path, into: Path) -> None:
    sums = Allocated(str(into))
    try:
        for name, value, at, _ in list(sums.read_all_values_from_file(str(path))):
            before, _ = sums.read_value(name)
            sums.write_value(name, before + value, at)
    finally:
        sums.close()
