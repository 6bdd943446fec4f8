"""Runs jobs on threads of this process: one for each job, and a dispatcher that alone reads and writes their rows."""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from uuid import uuid4

from app.cancellation import INTERRUPTED
from app.connections.secrets import SecretBox
from app.db import Database
from app.errors import DatabaseUnavailable
from app.jobs.attempt import BROKEN, attempt
from app.jobs.choice import Seeker
from app.jobs.context import RunningJob
from app.jobs.contract import Handler, JobState, Outcome
from app.jobs.holding import Holding
from app.jobs.lease import SURE, LeasedToken, lease_clock
from app.jobs.pace import Every
from app.jobs.planning import Planning, Request
from app.jobs.presence import Presence, locks_of_this_machine
from app.jobs.queue import Claim, JobQueue
from app.jobs.rescue import Rescuer
from app.jobs.states import CANCELLED_BY_USER
from app.jobs.store import JobStore
from app.jobs.writer import Writer
from app.monitoring.metrics import job_started
from app.settings import Settings

logger = logging.getLogger(__name__)

_POLL_SECONDS = 1.0
_PRUNE_SECONDS = 3600.0
_COMPLAIN_SECONDS = 60.0
_DAY = 86_400.0


class ThreadRunner:
    """Claims jobs and runs them. Make it after a fork, start it once, drain it once; methods are thread-safe.

    Jobs go on while the database cannot be used; what they did is written when it can be again. A job whose
    end cannot be written before the process stops remains running in the database, and the next start resumes it.

    Args:
        database: upgraded.
        box: opens the secrets of jobs.
        handlers: by kind; jobs of other kinds are left to other runners.
        settings: limits, and DATA_DIR.
        reserved_only: take only the jobs reserved for this runner, and those that they would have to wait for.
        planning: take only the jobs that `run_one` asks for, and have workers do their batches.

    Attributes:
        runner_id: what to reserve jobs for, once `start` has returned.
    """

    def __init__(
        self,
        database: Database,
        box: SecretBox,
        handlers: Mapping[str, Handler],
        settings: Settings,
        *,
        reserved_only: bool = False,
        planning: Planning | None = None,
    ) -> None:
        self.runner_id = f"{os.getpid()}-{uuid4().hex}"
        self._box = box
        self._handlers = handlers
        self._settings = settings
        self._reserved_only = reserved_only
        self._planning = planning
        self._requests: SimpleQueue[Request] = SimpleQueue()
        self._more_duties = planning.duties if planning else ()
        self._is_shared = database.is_shared
        self._queue = JobQueue(database)
        self._writer = Writer(self._queue)
        self._store = JobStore(database)
        self._holding = Holding(settings.data_dir)
        folder = locks_of_this_machine(settings.data_dir, is_shared=database.is_shared)
        self._presence = Presence(folder, self.runner_id)
        self._rescuer = Rescuer(self._queue, folder, settings.stale_seconds)
        self._obeying, self._rescuing = Every(_POLL_SECONDS), Every(_POLL_SECONDS)
        self._beating = Every(settings.heartbeat_seconds)
        self._pruning, self._complaint = Every(_PRUNE_SECONDS), Every(_COMPLAIN_SECONDS)
        self._running: dict[str, RunningJob] = {}
        self._claimed: set[str] = set()
        self._claiming = False
        self._changed = threading.Condition()
        self._awake, self._draining, self._stopped = threading.Event(), threading.Event(), threading.Event()
        self._dispatcher = threading.Thread(target=self._dispatch, name="job-dispatcher", daemon=True)

    def start(self) -> None:
        """Show that this runner lives, and begin to claim jobs.

        Raises:
            DatabaseUnavailable: DATA_DIR cannot hold its lock.
        """
        self._presence.hold()
        self._dispatcher.start()

    def run_one(self, timeout: float = 30.0) -> str | None:
        """Start a job, if one may start, and return its id; it goes on beside the caller. For `Planning`.

        Args:
            timeout: seconds to wait for the database, before a job was claimed.
        """
        if self.is_draining:
            return None
        request = Request()
        self._requests.put(request)
        self.wake()
        job = request.claimed(timeout)
        return None if job is None else job.job_id

    @property
    def is_draining(self) -> bool:
        """Whether it claims nothing any more."""
        return self._draining.is_set()

    def wake(self) -> None:
        """Have the dispatcher look around now instead of within a second. Never blocks."""
        self._awake.set()

    def trouble(self) -> str | None:
        """See `app.jobs.contract.Runner`; the database is asked by others."""
        return None

    def job_submitted(self) -> None:
        """See `Listener`."""
        self.wake()

    def cancel_requested(self, job_id: str) -> None:
        """See `Listener`."""
        with self._changed:
            job = self._running.get(job_id)
        if job is not None:
            job.token.cancel(CANCELLED_BY_USER)
        self.wake()

    def drain(self, timeout: float) -> bool:
        """Claim nothing more, let the operations in hand finish, and give the unfinished jobs back to the queue.

        Args:
            timeout: seconds to wait for that.

        Returns:
            True when all is in the database and the runner has stopped. False when a job's operation did not end
            in time (it is looked after until the process ends; drain again to wait longer), or when the database
            could not be written (the runner has stopped; the next start resumes such jobs).
        """
        if self._stopped.is_set():
            return not self._jobs()
        deadline = time.monotonic() + timeout
        self._draining.set()
        for job in self._jobs():
            job.token.cancel(INTERRUPTED)
        self.wake()
        with self._changed:
            emptied = self._changed.wait_for(lambda: not self._running and not self._claiming, timeout)
        if not emptied and (self._claiming or any(job.outcome is None for job in self._jobs())):
            return False
        self._stop(deadline)
        return emptied

    def _stop(self, deadline: float) -> None:
        self._stopped.set()
        self.wake()
        if self._dispatcher.ident is not None:
            self._dispatcher.join(max(0.0, deadline - time.monotonic()) + _POLL_SECONDS)
        self._presence.release()

    def _jobs(self) -> list[RunningJob]:
        with self._changed:
            return list(self._running.values())

    def _dispatch(self) -> None:
        while not self._stopped.is_set():
            self._turn()
            self._awake.wait(_POLL_SECONDS)
            self._awake.clear()

    def _turn(self) -> None:
        self._guarded(self._obey)
        for duty in (self._save_all, self._beat, self._rescue, self._claim_all, *self._more_duties, self._prune):
            if not self._guarded(duty):
                return  # each would wait in vain for the same lock, and cancelling would wait for all of them

    def _guarded(self, duty: Callable[[], None]) -> bool:
        """Do it; return False when the database failed. Whatever happens, the dispatcher goes on."""
        try:
            duty()
        except DatabaseUnavailable as error:
            self._rescuer.distrust()
            if self._complaint.due():
                logger.warning("%s Running jobs go on; what they do is written later.", error)
            return False
        except Exception:
            logger.exception("The job dispatcher met an error and goes on.")
        return True

    def _obey(self) -> None:
        """Stop the jobs that were flagged by another process, or taken away."""
        if not self._obeying.due():
            return
        jobs, asked_at = self._jobs(), lease_clock()
        owned = self._queue.owned(self.runner_id) if jobs else {}
        for job in jobs:
            known = owned.get(job.job_id)
            if known is None or known.attempt != job.fence.attempt:
                job.lose()
            elif known.cancel_requested:
                job.token.cancel(CANCELLED_BY_USER)
            elif not self._is_shared:
                # Who cannot write to this file just now, nobody can: jobs go on over a full disk or a lock.
                job.lease.renew_by_look(asked_at)

    def _save_all(self) -> None:
        for job in self._jobs():
            if job.outcome is None:
                self._writer.save(job)
            else:
                self._writer.finish(job, job.outcome)
                self._let_go(job)

    def _let_go(self, job: RunningJob) -> None:
        with self._changed:
            del self._running[job.job_id]
            self._changed.notify_all()
        if self._planning is not None:
            self._planning.ended()

    def _beat(self) -> None:
        jobs = {job.fence: job for job in self._jobs() if not job.lost}
        if not (jobs or self._reserved_only) or not self._beating.due():
            return
        if self._reserved_only:
            self._queue.beat_reserved(self.runner_id)
        asked_at = lease_clock()
        for fence in self._queue.beat(jobs):
            jobs[fence].lease.renew(asked_at)

    def _rescue(self) -> None:
        if self._rescuing.due():
            self._rescuer.rescue(but_not=[job.job_id for job in self._jobs()])

    def _claim_all(self) -> None:
        if self._planning is None:
            while self._claim():
                pass
            return
        for _ in range(self._requests.qsize()):
            request = self._requests.get()
            if request.is_wanted:
                self._answer(request)

    def _answer(self, request: Request) -> None:
        try:
            request.answer(self._claim())
        except BaseException:
            self._requests.put(request)  # the database failed: it is asked again
            raise

    def _claim(self) -> RunningJob | None:
        """Start one job if there is one; a drain waits while this is under way."""
        with self._changed:
            self._claiming = not self._draining.is_set()
        try:
            asked_at = lease_clock()
            claim = self._queue.claim(self._seeker()) if self._claiming else None
            return None if claim is None else self._launch(claim, asked_at)
        finally:
            with self._changed:
                self._claiming = False
                self._changed.notify_all()

    def _is_held(self) -> bool:
        """Whether the queue is held; what a runner makes for itself (on the command line) is in no queue."""
        return not self._reserved_only and self._holding.is_active

    def _seeker(self) -> Seeker:
        return Seeker(
            runner_id=self.runner_id,
            kinds=frozenset(self._handlers),
            running_limit=self._settings.jobs_running_limit,
            only=frozenset(self._claimed) if self._reserved_only else None,
            busy_with=frozenset(job.job_id for job in self._jobs()),
            is_held=self._is_held,
            threads=self._settings.transfers_per_job,
            storage_limit=self._settings.transfers_per_storage,
        )

    def _launch(self, claim: Claim, asked_at: float) -> RunningJob:
        # Others may take a job over whose heartbeat stops; its operations stop before that.
        lease = LeasedToken(self._settings.stale_seconds * SURE, proven_at=asked_at)
        job = RunningJob(claim, self.wake, lease=lease)
        if claim.waited is not None:
            job_started(claim.kind, claim.waited)
        if self._reserved_only:
            self._claimed.add(job.job_id)
        with self._changed:
            self._running[job.job_id] = job
        if claim.cancel_requested:
            job.token.cancel(CANCELLED_BY_USER)
        elif self._draining.is_set():
            job.token.cancel(INTERRUPTED)
        try:
            threading.Thread(target=self._run, args=(job,), name=f"job-{job.job_id}", daemon=True).start()
        except RuntimeError:
            logger.exception("Job %s: no thread could be started for it; it is given back.", job.job_id)
            job.end(Outcome(JobState.CANCELLED, INTERRUPTED, ""))
        return job

    def _run(self, job: RunningJob) -> None:
        outcome = BROKEN
        try:
            if self._planning is not None:
                job.ledger = self._planning.ledger(job)
            outcome = attempt(job, self._handlers, self._box)
        finally:
            job.end(outcome)

    def _prune(self) -> None:
        if self._pruning.due() and self._store.prune(time.time() - self._settings.history_days * _DAY).more:
            self._pruning.again()
