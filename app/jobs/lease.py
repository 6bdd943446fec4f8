"""A token that lets nothing new begin once another process may have taken the work over."""

import sys
import time
from collections.abc import Callable

from app.cancellation import CancelToken

SURE = 2 / 3
"""Of the time after which others take work over: for so long after a heartbeat it is certain that nobody has."""

_LOOK_SECONDS = 0.1


def lease_clock() -> float:
    """Return seconds of a clock that goes on while this process is stopped, and while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if sys.platform == "linux" else time.monotonic()


class LeasedToken(CancelToken):
    """A `CancelToken` that is good for some seconds after the last proof that the work is still one's own.

    A process that was stopped (SIGSTOP, a laptop's lid, a frozen virtual machine) or cut off from the database looks
    at its clock before its next operation, and begins none until it knows again: `raise_if_cancelled` waits.

    Args:
        seconds: how long a proof is good for.
        clock: see `lease_clock`.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = lease_clock) -> None:
        super().__init__()
        self._seconds = seconds
        self._clock = clock
        self._until = clock() + seconds

    def renew(self, proven_at: float) -> None:
        """Take note that the work was one's own at ``proven_at``, in seconds of this token's clock."""
        self._until = max(self._until, proven_at + self._seconds)

    def raise_if_cancelled(self) -> None:
        """Return while the work is one's own; wait as long as that is not known.

        Raises:
            Cancelled: a stop was asked for, or the work was taken over.
        """
        while self._clock() > self._until and not self.wait(_LOOK_SECONDS):
            pass
        super().raise_if_cancelled()
