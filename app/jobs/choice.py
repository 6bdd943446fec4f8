"""Which queued job may start now, and why the others wait. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.jobs.contract import JobState

WAITS_FOR_PLACE = "waiting for a free place"
IS_HELD = "waiting until an admin lets the queue go"


class Candidate(NamedTuple):
    """What the choice looks at of an unfinished job."""

    id: str
    kind: str
    state: JobState
    target: str
    target_prefix: str
    reserved_for: str | None
    message: str


@dataclass(frozen=True, kw_only=True)
class Seeker:
    """A runner that looks for work.

    Attributes:
        kinds: the kinds of jobs that it has handlers for.
        running_limit: how many jobs may run at once, over all runners.
        only: None: it takes any job. Else only the jobs with these ids, those reserved for it, and older ones
            that such a job would wait for (without a server nobody else would start those).
        busy_with: jobs that its threads have not let go of yet.
        is_held: whether it must start none; see `app.jobs.holding`.
    """

    runner_id: str
    kinds: frozenset[str]
    running_limit: int
    only: frozenset[str] | None = None
    busy_with: frozenset[str] = frozenset()
    is_held: bool = False


@dataclass
class Choice:
    """The job to start, if any, and the sentence that each waiting job should now show (by id; only changed ones)."""

    claim: str | None = None
    notes: dict[str, str] = field(default_factory=dict)


def overlap(one: Candidate, other: Candidate) -> bool:
    """Return whether both could write the same key: same target, and one prefix begins with the other."""
    return bool(one.target) and one.target == other.target and _prefixes_meet(one.target_prefix, other.target_prefix)


def choose(unfinished: Sequence[Candidate], seeker: Seeker) -> Choice:
    """Choose the oldest queued job that may start; one that must wait holds up only those that overlap it.

    Args:
        unfinished: the running and the queued jobs, oldest first.
        seeker: who would run it.
    """
    queued = [job for job in unfinished if job.state is JobState.QUEUED]
    running = [job for job in unfinished if job.state is JobState.RUNNING]
    wanted = _wanted(queued, seeker)
    places = 0 if seeker.is_held else seeker.running_limit - len(running)
    taken: Mapping[str, list[str]] = defaultdict(list)
    for job in running:
        taken[job.target].append(job.target_prefix)
    choice = Choice()
    for job in queued:
        blocked = bool(job.target) and any(_prefixes_meet(job.target_prefix, prefix) for prefix in taken[job.target])
        taken[job.target].append(job.target_prefix)
        if not blocked and places > 0 and choice.claim is None and job.id in wanted:
            choice.claim = job.id
            places -= 1
        else:
            _note(choice, job, blocked, IS_HELD if seeker.is_held else WAITS_FOR_PLACE if places <= 0 else None)
    return choice


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
    kept: list[Candidate] = []
    for job in reversed(able):
        if job.id in only or job.reserved_for == runner_id or any(overlap(job, younger) for younger in kept):
            kept.append(job)
    return {job.id for job in kept}


def _note(choice: Choice, job: Candidate, blocked: bool, otherwise: str | None) -> None:
    if blocked:
        note = f"waiting for another job that uses {job.target.rstrip('/').rpartition('/')[2]}"
    elif otherwise is not None:
        note = otherwise
    else:
        return
    if note != job.message:
        choice.notes[job.id] = note
