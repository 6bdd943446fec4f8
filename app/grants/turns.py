"""Turns of the threads of one process: of each name one at a time, and who has waited learns how that ended."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary


class Turn:
    """What is done for one name, by one thread at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._failed: tuple[float, Exception] | None = None

    def fail(self, error: Exception) -> None:
        """Note why it could not be done; by whoever has the turn."""
        self._failed = (time.monotonic(), error)

    def failure_since(self, began: float) -> Exception | None:
        """Return why it could not be done just now, to who waited meanwhile; None: it could, or nobody tried.

        Args:
            began: monotonic seconds.
        """
        if self._failed is None or self._failed[0] < began:
            return None
        return type(self._failed[1])(*self._failed[1].args)  # one of its own: each thread adds its traceback


class Turns:
    """Gives them, and forgets a name that nobody is doing anything for. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: WeakValueDictionary[str, Turn] = WeakValueDictionary()

    @contextmanager
    def of(self, name: str) -> Iterator[Turn]:
        """Wait for the turn of this name, and have it until the block ends."""
        with self._lock:
            turn = self._turns.get(name)
            if turn is None:
                turn = self._turns[name] = Turn()
        with turn.lock:
            yield turn
