"""Pieces of large objects, read or sent: several at once, in order, and never too many in memory."""

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeAlias

AHEAD = 4
"""So many pieces of one object are in memory at most, that which is handed out included."""
TOGETHER = 8
"""So many of all objects together, unless more objects than that are read: each of those has one."""

Ask: TypeAlias = Callable[[int, int], "Future[bytes]"]
"""Has the bytes from the first number up to the second fetched."""


class Readers:
    """Shares what may be in memory among those who read. Thread-safe.

    Args:
        connections: how many pieces, of all objects together, may be under way at once.
    """

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._readers = 0
        self._lock = threading.Lock()

    @property
    def ahead(self) -> int:
        """How many pieces a reader may have in memory or under way now."""
        return max(1, min(AHEAD, self._connections, TOGETHER // max(1, self._readers)))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count one more reader for a while."""
        with self._lock:
            self._readers += 1
        try:
            yield
        finally:
            with self._lock:
                self._readers -= 1


class Outgoing:
    """Shares what may be in memory among those who send. Thread-safe.

    A place is held while a piece is read and until it was sent, so whoever waits for one goes on as soon as any piece
    of the others has been sent, or could not be.

    Args:
        connections: how many pieces, of all objects together, may be under way at once.
    """

    def __init__(self, connections: int) -> None:
        self._places = threading.BoundedSemaphore(max(1, min(TOGETHER, connections)))

    def submit(self, read: Callable[[], bytes], send: Callable[[bytes], "Future[None]"]) -> "Future[None]":
        """Wait for a place, read a piece in this thread, and have it sent.

        Args:
            read: returns the piece; what it raises is raised here.
            send: has the piece sent by another thread, and keeps it no longer than that takes.
        """
        self._places.acquire()
        try:
            future = send(read())
        except BaseException:
            self._places.release()
            raise
        future.add_done_callback(lambda _: self._places.release())
        return future


def in_order(ask: Ask, span: range, ahead: Callable[[], int]) -> Generator[bytes, None, None]:
    """Yield the pieces of a span in order; closing the iterator takes back what no thread has begun.

    Args:
        ask: has one piece fetched; what it raises there is raised here.
        span: the first byte, the byte behind the last one, and how many bytes a piece has.
        ahead: tells how many pieces may be in memory or under way now, that which is handed out included.
    """
    pending: deque[Future[bytes]] = deque()
    begins = iter(span)
    try:
        while True:
            while len(pending) < ahead() and (begin := next(begins, None)) is not None:
                pending.append(ask(begin, min(begin + span.step, span.stop)))
            if not pending:
                return
            yield pending.popleft().result()
    finally:
        for future in pending:
            future.cancel()
