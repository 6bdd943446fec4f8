"""Following a job, or a list of jobs, for as long as somebody looks: by asking cheaply, again and again."""

import threading
import time
from collections.abc import Callable, Iterator

from app.errors import DatabaseUnavailable, JobNotFound
from app.jobs.contract import Job
from app.jobs.finding import JobFinder, Mark
from app.jobs.store import JobStore

CHANGED = "changed"
"""The word for a list of jobs that is not as it was."""

KEEP_ALIVE_SECONDS = 15.0
_POLL_SECONDS = 0.25
_LIST_POLL_SECONDS = 0.5
_LIST_SECONDS = 1.0
_LIST_KEEP_ALIVE_SECONDS = 10.0


def changes_of_job(
    store: JobStore, job: Job, seen: int, stop: threading.Event, keep_alive_seconds: float = KEEP_ALIVE_SECONDS
) -> Iterator[Job | None]:
    """Follow a job; see `JobService.watch`.

    Args:
        store: where it is.
        job: as it was read just now.
        seen: the version that the caller has seen.
        stop: ends the iteration within a moment.
        keep_alive_seconds: how long to be silent at most.
    """
    silent_since = time.monotonic()
    while not stop.is_set():
        if job.version > seen:
            seen, silent_since = job.version, time.monotonic()
            yield job
        elif time.monotonic() - silent_since >= keep_alive_seconds:
            silent_since = time.monotonic()
            yield None
        if job.state.is_final or stop.wait(_POLL_SECONDS):
            return
        try:
            job = _newer(store, job)
        except JobNotFound:
            return


def _newer(store: JobStore, job: Job) -> Job:
    try:
        return job if store.version(job.id) == job.version else store.get(job.id)
    except DatabaseUnavailable:
        return job


def changes_of_list(
    finder: JobFinder, owner_id: int | None, stop: threading.Event, clock: Callable[[], float] = time.monotonic
) -> Iterator[str | None]:
    """Follow a list of jobs; see `JobService.changes`.

    Args:
        finder: where they are.
        owner_id: only this user's; None: everybody's.
        stop: ends the iteration within a moment.
        clock: monotonic seconds.
    """
    seen: Mark | None = None
    told = spoken = clock() - _LIST_SECONDS
    while not stop.is_set():
        now = clock()
        if now - told >= _LIST_SECONDS and (mark := _mark(finder, owner_id) or seen) != seen:
            seen, told, spoken = mark, now, now
            yield CHANGED
        elif now - spoken >= _LIST_KEEP_ALIVE_SECONDS:
            spoken = now
            yield None
        stop.wait(_LIST_POLL_SECONDS)


def _mark(finder: JobFinder, owner_id: int | None) -> Mark | None:
    try:
        return finder.mark(owner_id)
    except DatabaseUnavailable:
        return None
