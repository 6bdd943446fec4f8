"""One thread at a time for each name: for what must not be done twice, such as making a folder."""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Turn:
    """Who waits for one name; it lasts as long as somebody does."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class Turns:
    """Locks by name. Thread-safe.

    A turn is held while Drive is asked: only those wait who want the same name, and what they would do meanwhile is
    the very thing that must not be done.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: dict[Hashable, _Turn] = {}

    @contextmanager
    def taken(self, name: Hashable) -> Iterator[None]:
        """Wait until nobody else has this name, and have it inside of the block."""
        with self._lock:
            turn = self._turns.setdefault(name, _Turn())
            turn.users += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.users -= 1
                if not turn.users:
                    del self._turns[name]
