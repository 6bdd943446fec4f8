"""Ending a worker's jobs in good order, from the moment a signal asks for it.

Nothing here knows gunicorn: `gunicorn_conf` connects the signals.
"""

import threading
from queue import SimpleQueue
from typing import Protocol

_ANNOUNCER_SECONDS = 2.0


class Runner(Protocol):
    """What is drained."""

    def drain(self, timeout: float) -> bool:
        """Start nothing new, let operations in hand finish; return whether all ended within ``timeout`` seconds."""
        ...


class Scheduler(Protocol):
    """What is stopped before it."""

    def stop(self, timeout: float) -> bool:
        """Make no more jobs; wait up to ``timeout`` seconds for one that is being made."""
        ...


class Announcer(Protocol):
    """What tells others of jobs, and is stopped beside the runner."""

    def stop(self, timeout: float) -> bool:
        """Send nothing more; wait up to ``timeout`` seconds for what is being sent."""
        ...


class Works:
    """A scheduler, a runner and an announcer as one thing to drain.

    The scheduler makes no more jobs, and is not waited for. The announcer gets a moment: what it has sent and not
    written is sent again later.
    """

    def __init__(self, scheduler: Scheduler, runner: Runner, announcer: Announcer) -> None:
        self._scheduler = scheduler
        self._runner = runner
        self._announcer = announcer

    def drain(self, timeout: float) -> bool:
        """See `Runner`."""
        self._scheduler.stop(0)
        drained = self._runner.drain(timeout)
        self._announcer.stop(_ANNOUNCER_SECONDS)
        return drained


class Drain:
    """Drains a runner once, in a thread that was started beforehand.

    A signal handler may interrupt its thread anywhere, also while that thread holds a lock; so a handler must
    not take one, and starting a thread takes several. ``begin`` only puts into a ``SimpleQueue``, which is reentrant.

    Args:
        runner: what to drain.
        draining: set first, so that event streams end.
        seconds: how long the operations in hand may take.
    """

    def __init__(self, runner: Runner, draining: threading.Event, seconds: float) -> None:
        self._runner = runner
        self._draining = draining
        self._seconds = seconds
        self._wishes: SimpleQueue[None] = SimpleQueue()
        self._ended = threading.Event()
        self._complete = False

    def start(self) -> None:
        """Start the thread that waits for the wish. It does not keep the process alive."""
        threading.Thread(target=self._run, name="drain", daemon=True).start()

    def begin(self) -> None:
        """Ask for the drain; returns at once, may be called again, and from a signal handler."""
        self._wishes.put(None)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for a drain that was begun, as long as it may take or for ``seconds``.

        Returns:
            Whether all operations ended in time.
        """
        self._ended.wait(self._seconds if seconds is None else seconds)
        return self._complete

    def _run(self) -> None:
        self._wishes.get()
        self._draining.set()
        try:
            self._complete = self._runner.drain(self._seconds)
        finally:
            self._ended.set()
