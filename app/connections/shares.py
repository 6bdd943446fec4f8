"""Places of which nobody can take all: so many for all together, and so many for each."""

import threading
from collections import Counter


class Shares:
    """Gives out places. Thread-safe.

    Args:
        total: how many there are.
        each: how many of them one person can have at once.
    """

    def __init__(self, total: int, each: int) -> None:
        self._total = total
        self._each = each
        self._taken: Counter[int] = Counter()
        self._changed = threading.Condition()

    def take(self, who: int, seconds: float) -> bool:
        """Take a place for somebody; return False when there was none for him within ``seconds``."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._has_room(who), seconds):
                return False
            self._taken[who] += 1
            return True

    def give_back(self, who: int) -> None:
        """Give back a place that was taken for him."""
        with self._changed:
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]
            self._changed.notify_all()

    def _has_room(self, who: int) -> bool:
        return self._taken[who] < self._each and self._taken.total() < self._total
