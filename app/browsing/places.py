"""How many of something heavy may be under way at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import TooBusy

PATIENCE_SECONDS = 5.0
RETRY_AFTER = 10


class Places:
    """Gives out a number of places. Thread-safe.

    Args:
        count: how many there are.
        patience: seconds that whoever comes waits for one.
    """

    def __init__(self, count: int, patience: float = PATIENCE_SECONDS) -> None:
        self._free = threading.BoundedSemaphore(count)
        self._patience = patience

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place while the block runs.

        Raises:
            TooBusy: none became free in time.
        """
        if not self._free.acquire(timeout=self._patience):
            raise TooBusy(RETRY_AFTER)
        try:
            yield
        finally:
            self._free.release()
