"""What the product can do with jobs: make, find, watch, cancel and forget them. The one entrance for dialects."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Protocol

from app.connections.secrets import SecretBox
from app.db import Database
from app.jobs.contract import (
    Job,
    JobRequest,
    JobSelection,
    JobState,
    Step,
    StepPage,
    StepSelection,
    StepStatus,
)
from app.jobs.finding import JobFinder
from app.jobs.history import StepHistory
from app.jobs.holding import Holding
from app.jobs.store import Beside, Counter, JobStore, Pruned
from app.jobs.throughput import Throughput
from app.jobs.watching import changes_of_job, changes_of_list
from app.monitoring.metrics import job_ended
from app.monitoring.tracing import note_job
from app.settings import Settings

logger = logging.getLogger(__name__)


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
        self._finder = JobFinder(database)
        self._history = StepHistory(database)
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
        logger.info("Job %s: %s was asked for.", job.id, job.kind)  # with the id of the request, for who follows it
        note_job(job.id)
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

    def find(
        self, selection: JobSelection, limit: int, *, oldest_first: bool = False, owner_id: int | None = None
    ) -> Sequence[Job]:
        """Return the jobs that somebody looks for, newest first unless told otherwise; at most ``limit``.

        Raises:
            JobNotFound: no job has the id that ``selection.before`` names.
        """
        return self._finder.find(selection, limit, oldest_first, owner_id)

    def counts(self, owner_id: int | None = None) -> Mapping[JobState, int]:
        """Return how many jobs are in each state, 0 where none are."""
        return self._finder.counts(owner_id)

    def owners(self, owner_id: int | None = None) -> Collection[int]:
        """Return the users who own some job."""
        return self._finder.owners(owner_id)

    def throughput(self, job_id: str, owner_id: int | None = None) -> Throughput:
        """Return how fast the job went since it first started, over all its attempts.

        Raises:
            JobNotFound: no job has this id.
        """
        return self._finder.throughput(job_id, owner_id)

    def request_cancel(self, job_id: str, owner_id: int | None = None) -> Job:
        """Ask for a job to be stopped, and return it; asking twice changes nothing.

        A queued job is cancelled when this returns; a running one lets the operation in hand finish first.

        Raises:
            JobNotFound: no job has this id.
            JobAlreadyFinished: it has reached a final state.
        """
        job = self._store.request_cancel(job_id, time.time(), owner_id)
        if job.state.is_final:
            job_ended(job.kind, job.state, job.reason)
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
        return self._history.steps(job_id, status, after, limit, owner_id)

    def find_steps(
        self,
        job_id: str,
        selection: StepSelection,
        after: str | None = None,
        limit: int = 100,
        owner_id: int | None = None,
    ) -> StepPage:
        """Return a page of the steps that somebody looks for: the failed ones first, then all others.

        Args:
            job_id: whose steps.
            selection: which of them. In millions of steps one page looks only so far; see `StepPage.searched_to`.
            after: the ``next`` of the page before; None for the first page.
            limit: at most so many, at least 1.
            owner_id: only if the job is this user's.

        Raises:
            JobNotFound: no job has this id.
            InvalidInput: ``after`` is no such thing.
        """
        return self._history.find(job_id, selection, after, limit, owner_id)

    def each_step(self, job_id: str, selection: StepSelection, owner_id: int | None = None) -> Iterator[Step]:
        """Go through the steps that somebody looks for, in the order in which they finished, however many.

        They are read in pages, and those that are added meanwhile come too. The iteration ends when the job is
        forgotten; it raises `DatabaseUnavailable` in the middle when a page cannot be read.

        Raises:
            JobNotFound: no job has this id; raised by the call itself, before the first item.
        """
        return self._history.each(job_id, selection, owner_id)

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
        return changes_of_job(self._store, job, seen, stop or threading.Event())

    def changes(self, stop: threading.Event, owner_id: int | None = None) -> Iterator[str | None]:
        """Follow the list of jobs: yield a word when anything that a list shows has changed, at most once a second.

        The first word comes at once, so that whoever read the list before has missed nothing. None comes about every
        10 seconds in which nothing changes (or the database is down). Jobs that are forgotten are no change.

        Args:
            stop: ends the iteration within a moment.
            owner_id: only changes of this user's jobs.
        """
        return changes_of_list(self._finder, owner_id, stop)

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
