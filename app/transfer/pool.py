"""A bounded pool for the file operations of one job, with an optional pause between any two of them."""

import threading
from collections.abc import Callable
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import Self

from app.cancellation import CancelToken

WAITING_PER_THREAD = 64
"""Enough to keep the threads busy while the next page of a listing is fetched (some 100 ms)."""

Operation = Callable[[], None]


class OperationPool:
    """Runs operations in a few threads; what waits is bounded; the first error of an operation stops all.

    One thread submits; it must leave the ``with`` block before it reads results. Made of a queue and threads, since
    futures take eight times as long for what is done once for each file (measured: 8 microseconds, this one 1).

    Args:
        threads: how many operations may run at once; with a ``pause`` it is always one.
        pause: seconds between the end of one operation and the start of the next.
        token: asks for a stop; operations in hand finish, those that wait never start.
    """

    def __init__(self, threads: int, pause: float, token: CancelToken) -> None:
        self._pause = pause
        self._token = token
        self._places = 1 if pause else threads * (1 + WAITING_PER_THREAD)
        self._most_threads = 1 if pause else threads
        self._threads: list[threading.Thread] = []
        self._waiting: SimpleQueue[Operation | None] = SimpleQueue()
        self._changed = threading.Condition()
        self._in_hand = 0
        self._awaited = -1  #: whoever submits sleeps until no more than so many are in hand; -1: nobody sleeps
        self._error: BaseException | None = None
        self._is_first = True

    @property
    def has_room(self) -> bool:
        """Whether `submit` would not have to wait."""
        return self._in_hand < self._places

    def submit(self, operation: Operation) -> None:
        """Hand over one operation; blocks while too many wait.

        Raises:
            Cancelled: a stop was asked for.
            SluiceError: what an earlier operation raised.
        """
        if not self.has_room:
            # Woken only once a good part of them is done: a wake-up for each would cost as much as the operations.
            self._wait_until_in_hand(self._places * 3 // 4)
        with self._changed:
            self._in_hand += 1
            in_hand = self._in_hand
        self._waiting.put(operation)
        if len(self._threads) < min(self._most_threads, in_hand):
            self._start_thread()
        self.checkpoint()

    def join(self) -> None:
        """Wait until nothing is in hand; raises like `submit`."""
        self._wait_until_in_hand(0)
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

    def _wait_until_in_hand(self, most: int) -> None:
        with self._changed:
            self._awaited = most
            self._changed.wait_for(lambda: self._in_hand <= most)
            self._awaited = -1

    def _start_thread(self) -> None:
        # In a copy of this context: what is logged there is of this job too.
        thread = threading.Thread(target=copy_context().run, args=(self._work,), name=f"operation-{len(self._threads)}")
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (operation := self._waiting.get()) is not None:
            self._run(operation)
            with self._changed:
                self._in_hand -= 1
                if self._in_hand <= self._awaited:
                    self._changed.notify_all()

    def _run(self, operation: Operation) -> None:
        try:
            self.checkpoint()
            operation()
        except BaseException as error:  # noqa: BLE001  # carried over to the thread that submits
            self._error = self._error or error

    def _drop_waiting(self) -> None:
        while True:
            try:
                self._waiting.get_nowait()
            except Empty:
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._drop_waiting()
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
