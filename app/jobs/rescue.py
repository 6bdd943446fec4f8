"""Finds the jobs of runners that died and gives them back to the queue."""

import logging
from collections.abc import Collection
from pathlib import Path

from app.jobs.presence import dead_runners, is_present
from app.jobs.queue import JobQueue
from app.monitoring.metrics import job_rescued

logger = logging.getLogger(__name__)


class Rescuer:
    """Looks for the dead on behalf of one runner. Used by one thread.

    A lock that its holder let go of proves a death at once. An old heartbeat only suggests one, so it is believed
    only while this process itself has seen a working database with an even clock for as long: a full disk,
    a laptop that slept or a clock that is set makes every heartbeat old, and would have each runner take the jobs of
    the others.
    """

    def __init__(self, queue: JobQueue, folder: Path, stale_seconds: float) -> None:
        self._queue = queue
        self._folder = folder
        self._stale_seconds = stale_seconds
        self._steady_since: float | None = None  #: by the database's clock, as all of this
        self._last_look = 0.0

    def distrust(self) -> None:
        """Say that heartbeats could not be written just now."""
        self._steady_since = None

    def rescue(self, but_not: Collection[str]) -> None:
        """Give back what the dead left; ``but_not`` are the jobs that the caller itself is working on.

        Raises:
            DatabaseUnavailable: nothing was given back; the next call tries again.
        """
        stale_seconds = self._trusted(self._queue.now())
        with dead_runners(self._folder) as dead:
            rescued = self._queue.rescue(
                dead, stale_seconds, lambda runner: runner not in dead and is_present(self._folder, runner), but_not
            )
        for job_id in rescued:
            job_rescued()
            logger.warning("Job %s: its runner died; the job was taken back.", job_id)

    def _trusted(self, now: float) -> float | None:
        """Return how old a heartbeat must be to count as that of a dead runner; None: just now, none does."""
        # Heartbeats come at least three times in `stale_seconds` (see `Settings`): after a shorter pause
        # of everything than this, none of them is older than that.
        if self._steady_since is None or not 0 <= now - self._last_look < self._stale_seconds * 2 / 3:
            self._steady_since = now
        self._last_look = now
        return self._stale_seconds if now - self._steady_since >= self._stale_seconds else None
