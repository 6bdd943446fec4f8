"""Asking running work to stop, without ever killing a thread."""

import threading
from concurrent.futures import CancelledError

INTERRUPTED = "interrupted"
"""The reason of a stop that is only a pause: the process ends, and its unfinished work is taken up again later."""


class Cancelled(CancelledError):
    """Raised where work stops because it was asked to.

    It inherits ``concurrent.futures.CancelledError`` because botocore re-raises that class untouched,
    while any other exception out of a request body is retried (measured: 4 PUTs instead of 1).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def is_pause(self) -> bool:
        """Whether the work will be taken up again, so that what was done of it is worth keeping."""
        return self.reason == INTERRUPTED


class CancelToken:
    """A flag that one side sets once and the other side looks at between steps. Thread-safe.

    The first reason wins; later calls change nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._event = threading.Event()
        self._reason: str | None = None

    def cancel(self, reason: str) -> None:
        """Ask for a stop; ``reason`` is the word that the job will carry."""
        with self._lock:
            if self._reason is None:
                self._reason = reason
        self._event.set()

    @property
    def reason(self) -> str | None:
        """The first reason given, or None while nobody asked."""
        return self._reason

    @property
    def is_cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` once a stop was asked for."""
        if self._event.is_set():
            raise Cancelled(self._reason or "cancelled")

    def require_lease(self) -> None:
        """Do nothing: this token is good for ever. One with a lease waits, and may raise; see `app.jobs.lease`."""

    def wait(self, seconds: float) -> bool:
        """Sleep up to ``seconds``; return True at once when a stop is asked for."""
        return self._event.wait(seconds)
