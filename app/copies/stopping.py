"""How a copy that runs learns that it shall stop: with its job, or by itself."""

import threading
from collections.abc import Callable

from app.cancellation import CancelToken
from app.errors import DatabaseUnavailable
from app.jobs.pace import Every
from app.jobs.states import CANCELLED_BY_USER

LOOK_SECONDS = 1.0


class Flags:
    """Which copies of a job were asked to stop, by whatever process. Thread-safe.

    Args:
        read: asks the database; called at most once in ``seconds``, whoever wants to know.
    """

    def __init__(self, read: Callable[[], frozenset[int]], seconds: float = LOOK_SECONDS) -> None:
        self._read = read
        self._pace = Every(seconds)
        self._lock = threading.Lock()
        self._flagged: frozenset[int] = frozenset()

    def has(self, number: int) -> bool:
        """Return whether this copy was asked to stop, as was known within the last seconds."""
        if self._due():
            try:
                self._flagged = self._read()
            except DatabaseUnavailable:
                return number in self._flagged
        return number in self._flagged

    def _due(self) -> bool:
        with self._lock:
            return self._pace.due()


class CopyToken(CancelToken):
    """Asks one copy to stop: when its job stops, or when it was flagged itself.

    Args:
        job: the job's token.
        number: the copy.
        flags: those of its job.
    """

    def __init__(self, job: CancelToken, number: int, flags: Flags) -> None:
        super().__init__()
        self._job = job
        self._number = number
        self._flags = flags

    @property
    def is_cancelled(self) -> bool:
        """Whether a stop was asked for."""
        self._look()
        return super().is_cancelled

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` once a stop was asked for; wait as long as another process may have taken the job over."""
        self._look()
        super().raise_if_cancelled()
        self._job.raise_if_cancelled()

    def require_lease(self) -> None:
        """See `CancelToken`."""
        self._job.require_lease()

    def wait(self, seconds: float) -> bool:
        """Sleep up to ``seconds``; return True at once when the job stops, and else whether the copy shall."""
        return self._job.wait(seconds) or self.is_cancelled

    def _look(self) -> None:
        if self._job.is_cancelled:
            self.cancel(self._job.reason or CANCELLED_BY_USER)
        elif self._flags.has(self._number):
            self.cancel(CANCELLED_BY_USER)
