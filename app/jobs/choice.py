"""Which queued job may start now, and why the others wait. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from app.jobs.contract import JobState
from app.jobs.prefixes import Prefixes

WAITS_FOR_PLACE = "waiting for a free place"
WAITS_FOR_STORAGE = "waiting for its storage, with which as many files are transferred as TRANSFERS_PER_STORAGE allows"
IS_HELD = "waiting until an admin lets the queue go"


class Candidate(NamedTuple):
    """What the choice looks at of an unfinished job.

    Attributes:
        threads: how many file operations it may run at once while it runs; None: of a version that did not count.
        owner_id: whose it is; None: nobody said, and all those are of one owner.
    """

    id: str
    kind: str
    state: JobState
    target: str
    target_prefix: str
    reserved_for: str | None
    message: str
    threads: int | None = None
    owner_id: int | None = None


class Batches(NamedTuple):
    """What the batches that somebody is at just now mean for the choice.

    Attributes:
        jobs: the jobs that they belong to, whatever became of those; their targets are taken.
        threads: how many operations run for them at once, by storage (see `storage_of`).
    """

    jobs: Sequence[Candidate] = ()
    threads: Mapping[str, int] = {}


_NO_BATCHES = Batches()


@dataclass(frozen=True, kw_only=True)
class Seeker:
    """A runner that looks for work.

    Attributes:
        kinds: the kinds of jobs that it has handlers for.
        running_limit: how many jobs may run at once, over all runners.
        only: None: it takes any job. Else only the jobs with these ids, those reserved for it, and older ones
            that such a job would wait for (without a server nobody else would start those).
        busy_with: jobs that its threads have not let go of yet.
        is_held: tells whether it must start none; see `app.jobs.holding`. Asked at each choice, so that none starts
            that somebody has submitted after holding the queue.
        threads: how many operations a job may run at once.
        storage_limit: how many may run at once with one storage, over all jobs; 0: as many as like.
    """

    runner_id: str
    kinds: frozenset[str]
    running_limit: int
    only: frozenset[str] | None = None
    busy_with: frozenset[str] = frozenset()
    is_held: Callable[[], bool] = lambda: False
    threads: int = 16
    storage_limit: int = 0


@dataclass
class Choice:
    """The job to start, if any, and the sentence that each waiting job should now show (by id; only changed ones).

    Attributes:
        threads: how many operations the claimed job may run at once.
    """

    claim: str | None = None
    threads: int = 0
    notes: dict[str, str] = field(default_factory=dict)


def overlap(one: Candidate, other: Candidate) -> bool:
    """Return whether both could write the same key: same target, and one prefix begins with the other."""
    return bool(one.target) and one.target == other.target and _prefixes_meet(one.target_prefix, other.target_prefix)


def storage_of(target: str) -> str:
    """Return what of a target names the storage that its limit is for: scheme and host; empty when it has none."""
    parts = urlsplit(target)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme else ""


def choose(
    unfinished: Sequence[Candidate],
    seeker: Seeker,
    batches: Batches = _NO_BATCHES,
    *,
    is_held: bool = False,
    served: Mapping[int | None, float] = MappingProxyType({}),
) -> Choice:
    """Choose a queued job that may start; one that must wait holds up only those that overlap it.

    Of those that may start it is the oldest of an owner with the fewest running jobs, and of such owners of the one
    whose turn was the longest ago: so whoever asks for many keeps nobody waiting who asks for one.

    Args:
        unfinished: the running and the queued jobs, oldest first.
        seeker: who would run it.
        batches: those that somebody is at.
        is_held: whether none may start.
        served: when the last job of an owner started, of those that have ended lately; in seconds of any clock.
    """
    queued = [job for job in unfinished if job.state is JobState.QUEUED]
    running = [job for job in unfinished if job.state is JobState.RUNNING]
    places = 0 if is_held else seeker.running_limit - len(running)
    free = _Free(running, seeker, batches)
    waiting = _waiting(queued, _Taken(running, batches.jobs), free)
    wanted = _wanted(queued, seeker) if places > 0 else ()
    claimed = _fairest([one for one in waiting if one.job.id in wanted], running, served)
    choice = Choice()
    if claimed is not None:
        choice.claim, choice.threads, places = claimed.job.id, claimed.threads, places - 1
    for one in waiting:
        if one is not claimed:
            _note(choice, one, IS_HELD if is_held else _why(places, one.threads))
    return choice


class _Waiting(NamedTuple):
    """A queued job, as it stands.

    Attributes:
        blocked: whether another job must end before it.
        threads: how many operations it could begin with; 0: its storage has no room.
    """

    job: Candidate
    blocked: bool
    threads: int


def _waiting(queued: Sequence[Candidate], taken: "_Taken", free: "_Free") -> list[_Waiting]:
    found = []
    for job in queued:
        found.append(_Waiting(job, taken.holds_up(job), free.threads(job)))
        taken.add(job)
    return found


def _fairest(
    waiting: Sequence[_Waiting], running: Sequence[Candidate], served: Mapping[int | None, float]
) -> _Waiting | None:
    run = Counter(job.owner_id for job in running)
    startable = (one for one in waiting if not one.blocked and one.threads > 0)
    return min(startable, key=lambda one: (run[one.job.owner_id], served.get(one.job.owner_id, 0.0)), default=None)


class _Taken:
    """What of each target is written by somebody, or will be by an older job."""

    def __init__(self, running: Sequence[Candidate], at_work: Sequence[Candidate]) -> None:
        self._prefixes: Mapping[str, Prefixes] = defaultdict(Prefixes)
        self._at_work: Mapping[str, list[Candidate]] = defaultdict(list)  # few: each runs, or did a moment ago
        for job in running:
            self.add(job)
        for job in at_work:
            self._at_work[job.target].append(job)

    def add(self, job: Candidate) -> None:
        self._prefixes[job.target].add(job.target_prefix)

    def holds_up(self, job: Candidate) -> bool:
        """Return whether a job must wait for another; its own batches do not count."""
        if not job.target:
            return False
        if self._prefixes[job.target].meet(job.target_prefix):
            return True
        return any(other.id != job.id and overlap(job, other) for other in self._at_work.get(job.target, ()))


class _Free:
    """How many operations a job may begin with, as far as its storage has room for them."""

    def __init__(self, running: Sequence[Candidate], seeker: Seeker, batches: Batches) -> None:
        self._seeker = seeker
        self._used = Counter(batches.threads)
        for job in running:
            self._used[storage_of(job.target)] += seeker.threads if job.threads is None else job.threads

    def threads(self, job: Candidate) -> int:
        """Return 0 when it must wait."""
        if not self._seeker.storage_limit or not job.target:
            return self._seeker.threads
        return max(0, min(self._seeker.threads, self._seeker.storage_limit - self._used[storage_of(job.target)]))


def _why(places: int, threads: int) -> str | None:
    """Return why a job waits that nobody else's target keeps waiting; None: it is not told."""
    return WAITS_FOR_PLACE if places <= 0 else WAITS_FOR_STORAGE if threads <= 0 else None


def _prefixes_meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _wanted(queued: Iterable[Candidate], seeker: Seeker) -> set[str]:
    able = [
        job
        for job in queued
        if job.kind in seeker.kinds and job.id not in seeker.busy_with and job.reserved_for in (None, seeker.runner_id)
    ]
    if seeker.only is None:
        return {job.id for job in able}
    return _with_what_they_wait_for(able, seeker.only, seeker.runner_id)


def _with_what_they_wait_for(able: Sequence[Candidate], only: frozenset[str], runner_id: str) -> set[str]:
    kept: set[str] = set()
    written: Mapping[str, Prefixes] = defaultdict(Prefixes)
    for job in reversed(able):
        is_own = job.id in only or job.reserved_for == runner_id
        if is_own or (job.target and written[job.target].meet(job.target_prefix)):
            kept.add(job.id)
            written[job.target].add(job.target_prefix)
    return kept


def _note(choice: Choice, one: _Waiting, otherwise: str | None) -> None:
    job = one.job
    if one.blocked:
        note = f"waiting for another job that uses {job.target.rstrip('/').rpartition('/')[2]}"
    elif otherwise is not None:
        note = otherwise
    else:
        return
    if note != job.message:
        choice.notes[job.id] = note
