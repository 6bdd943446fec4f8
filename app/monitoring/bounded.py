"""Keeps the number of a label's values small: each costs memory here and in Prometheus for ever."""

import logging
import os
import threading
from pathlib import Path

from app.monitoring.counting import VARIABLE
from app.monitoring.locking import lock

logger = logging.getLogger(__name__)

OTHER = "other"
"""What stands for all values beyond the limit."""


class Bounded:
    """The first values that come, up to a limit, in all processes that count together. Thread-safe.

    Args:
        limit: how many.
        name: of the file beside the counters in which these processes tell each other what came; each process that
            counts for itself has a limit of its own.
    """

    def __init__(self, limit: int, name: str) -> None:
        self._limit = limit
        self._name = name
        self._known: set[str] = set()
        self._is_full = False
        self._lock = threading.Lock()

    def of(self, value: str) -> str:
        """Return the value, or `OTHER` once there are too many."""
        if value in self._known:
            return value
        with self._lock:
            if not self._is_full:
                self._add(value)
            return value if value in self._known else OTHER

    def _add(self, value: str) -> None:
        folder = os.environ.get(VARIABLE)
        try:
            self._known = _told(Path(folder) / self._name, value, self._limit) if folder else {*self._known, value}
        except OSError as error:  # counts must never fail; this process keeps the limit at least
            logger.warning("What is counted cannot be told to other processes: %s.", error.strerror)
            self._known = {*self._known, value}
        self._is_full = len(self._known) >= self._limit


def _told(path: Path, value: str, limit: int) -> set[str]:
    """Return the values in a file, one a line, with ``value`` if there is room for it.

    Raises:
        OSError: the file cannot be used.
    """
    with path.open("a+", encoding="utf-8", errors="surrogateescape") as file:
        lock(file)
        file.seek(0)
        told = set(file.read().split("\n")[:-1])
        if len(told) < limit and value not in told:
            file.write(f"{value}\n")
            told.add(value)
    return told
