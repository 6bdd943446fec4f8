"""How often the dispatcher does what it does again and again."""

import time


class Every:
    """Says when something is due that happens once in so many seconds; due at once at first. Used by one thread."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = 0.0

    def due(self) -> bool:
        """Return whether it is time, and count from now if so."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._seconds
        return True

    def again(self) -> None:
        """Make it due at once."""
        self._next = 0.0
