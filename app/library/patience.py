"""Hangs up on who sends bytes so slowly that the thread which waits for them is held for nothing."""

import threading
import time
from collections.abc import Callable
from typing import Self

LEAST_BYTES_PER_SECOND = 1024
SECONDS = 60.0


class Patience:
    """A context manager; while it is open, somebody waits for bytes.

    When fewer than `LEAST_BYTES_PER_SECOND` come for ``seconds`` on end, it hangs up. Nothing else ends such a wait:
    the time-out of a socket begins anew with each byte. `came` is called by the thread that waits.

    Args:
        hang_up: makes that wait end; called at most once, by another thread.
        seconds: how long little may come.
    """

    def __init__(self, hang_up: Callable[[], None], seconds: float = SECONDS) -> None:
        self._hang_up = hang_up
        self._seconds = seconds
        self._least = LEAST_BYTES_PER_SECOND * seconds
        self._came = 0
        self._deadline = time.monotonic() + seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="patience", daemon=True)
        self.ran_out = False

    def came(self, count: int) -> None:
        """Note that ``count`` more bytes have come."""
        self._came += count
        if self._came >= self._least:
            self._came = 0
            self._deadline = time.monotonic() + self._seconds

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(max(0.0, self._deadline - time.monotonic())):
            if time.monotonic() >= self._deadline:
                self.ran_out = True
                self._hang_up()
                return
