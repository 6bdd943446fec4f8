"""How much memory large uploads may take together."""

import threading


class Room:
    """Memory for parts that were read and are not sent yet. Thread-safe; whoever comes first is served first.

    Args:
        size: bytes. Whatever their length, there is room for two parts: one is read while the other one is sent.
    """

    def __init__(self, size: int) -> None:
        self._size = self._free = size
        self._turn = threading.Lock()
        self._changed = threading.Condition()

    def take(self, length: int) -> int:
        """Wait until there is room for so many bytes; return what `give_back` takes."""
        weight = min(length, self._size // 2)
        with self._turn, self._changed:
            self._changed.wait_for(lambda: self._free >= weight)
            self._free -= weight
        return weight

    def give_back(self, weight: int) -> None:
        """Make room again."""
        with self._changed:
            self._free += weight
            self._changed.notify_all()
