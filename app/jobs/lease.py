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
        proven_at: the moment of the first proof, by that clock; None: now.
    """

    def __init__(
        self, seconds: float, clock: Callable[[], float] = lease_clock, proven_at: float | None = None
    ) -> None:
        super().__init__()
        self._seconds = seconds
        self._clock = clock
        self._until = (clock() if proven_at is None else proven_at) + seconds

    def renew(self, proven_at: float) -> None:
        """Take note that the work was one's own at ``proven_at``, in seconds of this token's clock."""
        self._until = max(self._until, proven_at + self._seconds)

    def renew_by_look(self, looked_at: float) -> None:
        """Take note that the work was seen to be one's own, which keeps nobody from taking it over right after that.

        Good for half as long as `renew`: heartbeats come so often that others still believe in the last one then.
        """
        self.renew(looked_at - self._seconds / 2)

    def require_lease(self) -> None:
        """Return while the work is one's own, also when a stop was asked for: for what ends an operation in hand.

        Raises:
            Cancelled: that was not known for a while, and then a stop was asked for, or the work was taken over.
        """
        if self._clock() > self._until:
            self.raise_if_cancelled()

    def raise_if_cancelled(self) -> None:
        """Return while the work is one's own; wait as long as that is not known.

        Raises:
            Cancelled: a stop was asked for, or the work was taken over.
        """
        while self._clock() > self._until and not self.wait(_LOOK_SECONDS):
            pass
        super().raise_if_cancelled()
