"""What is to be done now and then for the whole DATA_DIR, on a thread that holds up no schedule."""

import logging
import threading
from collections.abc import Callable, Sequence

from app.jobs.pace import Every

logger = logging.getLogger(__name__)

CHORE_SECONDS = 600.0


class Chores:
    """Does its chores in order, at once at first and then every ten minutes. `begin` is called by one thread.

    Args:
        chores: each is called without arguments; what one raises is logged, and the others go on. A process may end
            in the middle of one.
    """

    def __init__(self, chores: Sequence[Callable[[], None]]) -> None:
        self._chores = chores
        self._pace = Every(CHORE_SECONDS)
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start a round if it is time for one and none is under way; returns at once."""
        if self._thread is not None and self._thread.is_alive():
            return
        if self._chores and self._pace.due():
            self._thread = threading.Thread(target=self._do_all, name="chores", daemon=True)
            self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the round under way, if any; return whether it has ended."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._thread is None or not self._thread.is_alive()

    def _do_all(self) -> None:
        for chore in self._chores:
            try:
                chore()
            except Exception:
                logger.exception("A chore failed; it is tried again in ten minutes.")
