"""Keeps the number of a label's values small: each costs memory here and in Prometheus for ever."""

import threading

OTHER = "other"
"""What stands for all values beyond the limit."""


class Bounded:
    """The first values that come, up to a limit. Thread-safe.

    Args:
        limit: how many.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def of(self, value: str) -> str:
        """Return the value, or `OTHER` once there are too many."""
        if value in self._known:
            return value
        with self._lock:
            if len(self._known) >= self._limit:
                return OTHER
            self._known.add(value)
        return value
