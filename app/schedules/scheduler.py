"""Starts the jobs of schedules that are due. One of all processes on a DATA_DIR is active; the others stand by."""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from app.errors import DatabaseUnavailable, JobNotFound, SluiceError, TooManyJobs
from app.jobs.pace import Every
from app.jobs.service import JobService
from app.schedules.chores import Chores
from app.schedules.contract import Schedule, Starter
from app.schedules.service import ScheduleService
from app.schedules.timing import next_due
from app.schedules.turn import Turn
from app.settings import Settings

logger = logging.getLogger(__name__)

LOCK_FILE = "scheduler.lock"
_LOOK_SECONDS = 1.0
_CORRECT_SECONDS = 10.0
_COMPLAIN_SECONDS = 60.0
_INTERNAL = "an internal error kept it from being started; see the log"


class Scheduler:
    """A thread that looks each second for schedules that are due. Make it after a fork; methods are thread-safe.

    A schedule starts once for all that it missed, never while its last job is unfinished, and the longest overdue
    goes first. Only the lock decides who is active, but each start is claimed in the database too, so that it happens
    once even if two are active (DATA_DIR on a file system whose locks do not reach as far as it does).

    Args:
        schedules: where they are kept.
        starters: by kind; schedules of other kinds are left alone.
        jobs: says whether a schedule's last job has finished.
        settings: DATA_DIR.
        chores: done by the active one at its start and every ten minutes, see `Chores`.
        clock: POSIX seconds, the same as that of ``schedules``.
        chance: from 0 to 1, for the jitter.
    """

    def __init__(
        self,
        schedules: ScheduleService,
        starters: Mapping[str, Starter],
        jobs: JobService,
        settings: Settings,
        chores: Sequence[Callable[[], None]] = (),
        *,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._schedules, self._starters, self._jobs = schedules, starters, jobs
        self._clock, self._chance = clock, chance
        self._turn = Turn(settings.data_dir / LOCK_FILE)
        self._chores = Chores(chores)
        self._correcting, self._complaint = Every(_CORRECT_SECONDS), Every(_COMPLAIN_SECONDS)
        self._not_before = 0.0  #: monotonic seconds; the queue of jobs was full
        self._awake, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)

    def start(self) -> None:
        """Begin to look, or to stand by. To be called once."""
        self._thread.start()

    def wake(self) -> None:
        """Look now instead of within a second. Never blocks."""
        self._awake.set()

    def stop(self, timeout: float) -> bool:
        """Start nothing more and let another process take over.

        Args:
            timeout: seconds to wait for a start, and for chores, that are under way; they end with the process.

        Returns:
            Whether nothing is under way any more.
        """
        deadline = time.monotonic() + timeout
        self._stopped.set()
        self.wake()
        if self._thread.ident is None:
            self._turn.release()
        else:
            self._thread.join(timeout)
        return self._chores.wait(max(0.0, deadline - time.monotonic())) and not self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self._stopped.is_set():
                self._guarded_look()
                self._awake.wait(_LOOK_SECONDS)
                self._awake.clear()
        finally:
            self._turn.release()

    def _guarded_look(self) -> None:
        """Look; whatever happens, the thread goes on."""
        try:
            self.look()
        except (DatabaseUnavailable, OSError) as error:
            if self._complaint.due():
                logger.warning("No schedule can be started just now: %s", error)
        except Exception:
            logger.exception("The scheduler met an error and goes on.")

    def look(self) -> None:
        """Start what is due, if it is this one's turn. What the thread does each second.

        Raises:
            DatabaseUnavailable: what is due stays due.
            OSError: the lock cannot be had.
        """
        if not self._turn.take():
            return
        self._chores.begin()
        if self._correcting.due() and (corrected := self._schedules.correct()):
            logger.warning(
                "The clock was set back: %d schedules that waited for the old time are corrected.", corrected
            )
        if time.monotonic() < self._not_before:
            return
        for schedule in self._schedules.due(self._starters.keys()):
            if self._stopped.is_set() or not self._start_unless_busy(schedule):
                return

    def _start_unless_busy(self, schedule: Schedule) -> bool:
        """Start a schedule unless its last job goes on; return whether others can be started too."""
        if self._is_busy(schedule):
            return True
        lease = self._schedules.claim(schedule)
        return lease is None or self._start(schedule, lease)

    def _is_busy(self, schedule: Schedule) -> bool:
        try:
            return schedule.job_id is not None and not self._jobs.get(schedule.job_id).state.is_final
        except JobNotFound:
            return False

    def _start(self, schedule: Schedule, lease: float) -> bool:
        """Call the starter and settle the claim; see `_start_unless_busy`."""
        job_id, message, due_at, others_may = None, "", None, True
        try:
            job_id = self._starters[schedule.kind](schedule).id
        except DatabaseUnavailable:
            raise  # nothing could be written: the lease runs out, and it is due again
        except TooManyJobs as full:
            message, due_at, others_may = str(full), self._after(full, schedule), full.is_share
        except SluiceError as error:
            message = str(error)
        except Exception:
            logger.exception("The starter of schedule %s broke.", schedule.subject)
            message = _INTERNAL
        if message and message != schedule.message:
            logger.warning("Schedule %s started nothing: %s", schedule.subject, message)
        next_time = next_due(self._clock(), schedule.interval, self._chance())
        self._schedules.settle(schedule, lease, next_time if due_at is None else due_at, job_id, message)
        return others_may

    def _after(self, full: TooManyJobs, schedule: Schedule) -> float:
        """Return when it is due again; while the queue is full, nothing is started."""
        if full.is_share:
            return self._clock() + full.retry_after  # after those of others, which are due already
        self._not_before = time.monotonic() + full.retry_after
        return schedule.due_at
