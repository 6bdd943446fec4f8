"""What the product can do with jobs: make, find, watch, cancel and forget them. The one entrance for dialects."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from app.connections.secrets import SecretBox
from app.db import Database
from app.errors import DatabaseUnavailable, JobNotFound
from app.jobs.contract import Job, JobRequest, Step, StepStatus
from app.jobs.holding import Holding
from app.jobs.store import Beside, Counter, JobStore, Pruned
from app.settings import Settings

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.25
_KEEP_ALIVE_SECONDS = 15.0


class Listener(Protocol):
    """A runner of this process, told at once what it would find by itself a second later. Must not block."""

    def job_submitted(self) -> None:
        """A job was queued."""
        ...

    def cancel_requested(self, job_id: str) -> None:
        """A job was flagged to be cancelled, or was cancelled while queued."""
        ...


class JobService:
    """The jobs of all processes that share one database. Thread-safe.

    Every method may raise `DatabaseUnavailable`, and then has changed nothing. With an ``owner_id`` it is as if there
    were no jobs but this user's.

    Attributes:
        holding: whether runners leave queued jobs alone.
    """

    def __init__(self, database: Database, box: SecretBox, settings: Settings) -> None:
        self._store = JobStore(database)
        self._box = box
        self._settings = settings
        self._listeners: list[Listener] = []
        self.holding = Holding(settings.data_dir)

    def tell(self, listener: Listener) -> None:
        """Have ``listener`` told from now on."""
        self._listeners.append(listener)

    def submit(self, request: JobRequest, reserved_for: str | None = None, beside: Beside | None = None) -> Job:
        """Queue a job; a runner starts it as soon as there is a place and nobody else writes its target.

        Args:
            request: what to do; its secrets are stored sealed. If it is single, this may return a job from before.
            reserved_for: the id of a started runner that alone may run it, as long as it lives.
            beside: adds rows of its own in the transaction in which the job is made, so that a runner finds both or
                neither; what it raises is raised here. It is not called for a job from before.

        Raises:
            TooManyJobs: the queue is full.
        """

        def seal(job_id: str) -> str | None:
            return self._box.seal(request.secrets, job_id) if request.secrets else None

        job = self._store.add(request, seal, reserved_for, self._settings.jobs_queued_limit, beside)
        for listener in self._listeners:
            listener.job_submitted()
        return job

    def get(self, job_id: str, owner_id: int | None = None) -> Job:
        """Return the job as it stands now.

        Raises:
            JobNotFound: no job has this id.
        """
        return self._store.get(job_id, owner_id)

    def list(self, *, include_finished: bool, limit: int, owner_id: int | None = None) -> Sequence[Job]:
        """Return the unfinished jobs, oldest first; or all jobs, newest first. At most ``limit``."""
        return self._store.newest(limit, owner_id) if include_finished else self._store.unfinished(limit, owner_id)

    def request_cancel(self, job_id: str, owner_id: int | None = None) -> Job:
        """Ask for a job to be stopped, and return it; asking twice changes nothing.

        A queued job is cancelled when this returns; a running one lets the operation in hand finish first.

        Raises:
            JobNotFound: no job has this id.
            JobAlreadyFinished: it has reached a final state.
        """
        job = self._store.request_cancel(job_id, time.time(), owner_id)
        for listener in self._listeners:
            listener.cancel_requested(job_id)
        return job

    def steps(
        self,
        job_id: str,
        status: StepStatus | None = None,
        after: int = 0,
        limit: int = 100,
        owner_id: int | None = None,
    ) -> Sequence[Step]:
        """Return a page of the job's steps in the order in which they finished.

        Args:
            job_id: whose steps.
            status: only those that ended so.
            after: only those with a greater number; the last number of one page asks for the next.
            limit: at most so many.
            owner_id: only if the job is this user's.

        Raises:
            JobNotFound: no job has this id.
        """
        return self._store.steps(job_id, status, after, limit, owner_id)

    def version(self, job_id: str) -> int:
        """Return the job's version, which grows with each change.

        Raises:
            JobNotFound: no job has this id.
        """
        return self._store.version(job_id)

    def watch(
        self,
        job_id: str,
        after_version: int = 0,
        stop: threading.Event | None = None,
        owner_id: int | None = None,
    ) -> Iterator[Job | None]:
        """Follow a job: yield it after each change, at most 4 times a second, until it has finished.

        None comes about every 15 seconds in which nothing changes (or the database is down), to keep a
        connection alive. The iteration ends after the final state, when ``stop`` is set, or when the job is forgotten.

        Args:
            job_id: the job.
            after_version: the version that the caller has seen already; newer ones only are yielded. A finished
                job of that version yields nothing.
            stop: ends the iteration within a moment.
            owner_id: only if the job is this user's.

        Raises:
            JobNotFound: no job has this id; raised by the call itself, before the first item.
        """
        job = self._store.get(job_id, owner_id)
        seen = after_version if after_version <= job.version else 0
        return self._changes(job, seen, stop or threading.Event())

    def _changes(self, job: Job, seen: int, stop: threading.Event) -> Iterator[Job | None]:
        silent_since = time.monotonic()
        while not stop.is_set():
            if job.version > seen:
                seen, silent_since = job.version, time.monotonic()
                yield job
            elif time.monotonic() - silent_since >= _KEEP_ALIVE_SECONDS:
                silent_since = time.monotonic()
                yield None
            if job.state.is_final or stop.wait(_POLL_SECONDS):
                return
            try:
                job = self._newer(job)
            except JobNotFound:
                return

    def _newer(self, job: Job) -> Job:
        try:
            return job if self._store.version(job.id) == job.version else self._store.get(job.id)
        except DatabaseUnavailable:
            return job

    def prune(self, older_than: float) -> int:
        """Forget the jobs that finished before ``older_than`` (POSIX seconds), with their steps; return how many."""
        return _all_rounds(lambda: self._store.prune(older_than))

    def prune_runs(self, kind: str, keep: int, eventful: Sequence[Counter]) -> int:
        """Forget finished jobs of a kind that did nothing, but for the newest of each target; return how many.

        Args:
            kind: the kind of job.
            keep: how many finished jobs of each target stay, whatever they did.
            eventful: counters of their progress, one of which is not 0 if a job did something.
        """
        return _all_rounds(lambda: self._store.prune_runs(kind, keep, eventful))

    def reseal(self, again: Callable[[str], str]) -> int:
        """Have the secrets of all jobs sealed again; see `app.connections.secrets.Reseal`."""
        return self._store.reseal(again)


def _all_rounds(prune: Callable[[], Pruned]) -> int:
    count, more = 0, True
    while more:
        jobs, more = prune()
        count += jobs
    return count
