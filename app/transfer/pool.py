"""A bounded pool for the file operations of one job, with an optional pause between any two of them."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

from app.cancellation import CancelToken

WAITING_PER_THREAD = 64
"""Enough to keep the threads busy while the next page of a listing is fetched (some 100 ms)."""


class OperationPool:
    """Runs operations in a few threads; what waits is bounded; the first error of an operation stops all.

    One thread submits; it must leave the ``with`` block before it reads results.

    Args:
        threads: how many operations may run at once; with a ``pause`` it is always one.
        pause: seconds between the end of one operation and the start of the next.
        token: asks for a stop; operations in hand finish, those that wait never start.
    """

    def __init__(self, threads: int, pause: float, token: CancelToken) -> None:
        self._pause = pause
        self._token = token
        self._executor = ThreadPoolExecutor(1 if pause else threads, thread_name_prefix="operation")
        self._places = 1 if pause else threads * (1 + WAITING_PER_THREAD)
        self._changed = threading.Condition()
        self._in_hand = 0
        self._error: BaseException | None = None
        self._is_first = True

    @property
    def has_room(self) -> bool:
        """Whether `submit` would not have to wait."""
        return self._in_hand < self._places

    def submit(self, operation: Callable[[], None]) -> None:
        """Hand over one operation; blocks while too many wait.

        Raises:
            Cancelled: a stop was asked for.
            SluiceError: what an earlier operation raised.
        """
        with self._changed:
            self._changed.wait_for(lambda: self.has_room)
            self._in_hand += 1
        future = self._executor.submit(self._run, operation)
        future.add_done_callback(self._leave)
        self.checkpoint()

    def join(self) -> None:
        """Wait until nothing is in hand; raises like `submit`."""
        with self._changed:
            self._changed.wait_for(lambda: self._in_hand == 0)
        self.checkpoint()

    def checkpoint(self) -> None:
        """Raise what stands against going on: an operation's error first, then a cancel."""
        if self._error is not None:
            raise self._error
        self._token.raise_if_cancelled()

    def pace(self) -> None:
        """Sleep before an operation, but not before the first one; raises like `submit`."""
        if self._pause and not self._is_first:
            self._token.wait(self._pause)
        self._is_first = False
        self.checkpoint()

    def _run(self, operation: Callable[[], None]) -> None:
        try:
            self.checkpoint()
            operation()
        except BaseException as error:  # noqa: BLE001  # carried over to the thread that submits
            self._error = self._error or error

    def _leave(self, _future: Future[None]) -> None:
        with self._changed:
            self._in_hand -= 1
            self._changed.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)
