"""Large objects in pieces of a fixed size that are asked for ahead of the reader and given out in order."""

from collections.abc import Callable, Generator
from concurrent.futures import Future
from functools import partial
from typing import TypeAlias

from app.storages.http_api.threads import Threads
from app.storages.pieces import Readers, in_order

PIECE = 4 * 1024 * 1024
"""Bytes; of all that are read, eight are in memory, or one of each where that is more."""

Fetch: TypeAlias = Callable[[int, int], bytes]
"""Returns the bytes of one object from the first number up to the second; raises where they cannot be had."""


class Pieces:
    """Fetches pieces of all objects that are read, in bounded memory. Thread-safe.

    Args:
        threads: fetch them.
    """

    def __init__(self, threads: Threads) -> None:
        self._threads = threads
        self._readers = Readers(threads.most)

    def of(self, fetch: Fetch, begin: int, size: int) -> Generator[bytes, None, None]:
        """Yield the bytes from ``begin`` to ``size`` in order; closing the iterator drops what is not under way.

        What ``fetch`` raises is raised here.
        """

        def ask(begin: int, end: int) -> "Future[bytes]":
            return self._threads.submit(partial(fetch, begin, end))

        with self._readers.reading():
            yield from in_order(ask, range(begin, size, PIECE), lambda: self._readers.ahead)
