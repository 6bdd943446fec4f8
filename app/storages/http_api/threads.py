"""The threads of one storage: for pages that are fetched ahead, pieces of large objects, and deletions."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Threads:
    """Threads that are started when first used. What they do must wait for nothing but the server. Thread-safe.

    Args:
        most: how many there are at most.
        name: what their names begin with.
    """

    def __init__(self, most: int, name: str) -> None:
        self.most, self._name = most, name
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        """Have something done by one of them; what is closed starts again."""
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.most, thread_name_prefix=self._name)
            return self._pool.submit(work)

    def close(self) -> None:
        """Return when no thread is left; what none has begun is not done any more."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)
