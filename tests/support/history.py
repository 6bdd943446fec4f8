"""Checks a history: what jobs and a storage's log say happened, against what a synchronisation service promises.

Pure: whoever was there writes it down (see `tests.support.cluster`), and each rule returns sentences about what is wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

FINAL = ("succeeded", "partial", "failed", "cancelled")
FOLLOWS = {"queued": ("running", "cancelled", "failed"), "running": ("queued", *FINAL)}
"""Which states may come after which; no other state has any after it."""

STOPS_WITHIN = 8.0
"""Seconds after which a cancelled job begins no operation any more, a dead planner's too."""

CLOCKS_AGREE = 0.05
"""By how many seconds the times of two processes of one machine may contradict each other."""


class Write(NamedTuple):
    """One key that was stored in a bucket, or deleted from it."""

    action: str
    bucket: str
    key: str
    at: float


class Source(NamedTuple):
    """All that a job's source held, by key, from one moment on."""

    since: float
    objects: Mapping[str, bytes]


class Done(NamedTuple):
    """One step of a job's history, by its full key."""

    action: str
    key: str
    status: str


@dataclass(frozen=True)
class MirrorJob:
    """A mirror of a folder into a bucket, as it ended.

    Attributes:
        sources: what it could see, oldest first.
        seen: the states in which it was seen, in their order, repeated ones left out.
        progress: its counters at the end.
        started_at, finished_at: of its row.
        cancel_asked_at: None: nobody did.
        wish: what whoever asked for it named it by; equal for jobs that must be one.
        is_small: its plan fills no batch, so that an attempt which follows a dead one begins anew: it counts what it
            does itself, and what others did is unchanged to it (docs/architecture.md).
    """

    id: str
    bucket: str
    prefix: str
    deletes: bool
    sources: Sequence[Source]
    seen: Sequence[str]
    progress: Mapping[str, Any]
    steps: Sequence[Done]
    started_at: float
    finished_at: float
    cancel_asked_at: float | None = None
    wish: str = ""
    is_small: bool = False

    @property
    def state(self) -> str:
        """How it ended."""
        return self.seen[-1]

    def wanted(self, since: float = 0.0) -> Iterator[Mapping[str, bytes]]:
        """Give the objects, by full key, that make the target equal to the source, for each state of it since then."""
        ends = [source.since for source in self.sources[1:]] + [float("inf")]
        for source, end in zip(self.sources, ends, strict=True):
            if end > since:
                yield {self.prefix + key: data for key, data in source.objects.items()}


@dataclass
class History:
    """What happened.

    Attributes:
        jobs: all that wrote, in the order in which they were asked for.
        writes: all that succeeded, in the order in which they were begun.
        buckets: what each bucket holds at the end, read by an independent client.
        before: what each held at first.
    """

    jobs: Sequence[MirrorJob] = ()
    writes: Sequence[Write] = ()
    buckets: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    before: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)


def complaints(history: History) -> list[str]:
    """Return what is wrong with a history; nothing when it keeps all rules."""
    return [sentence for rule in RULES for sentence in rule(history)]


def no_phantom_deletes(history: History) -> Iterator[str]:
    """A key is deleted only by a job that may delete, below its prefix, and when its source lacked it meanwhile."""
    for write in history.writes:
        if write.action == "delete" and not any(_may_delete(job, write) for job in _during(history, write)):
            yield f"{write.key!r} was deleted from {write.bucket}, and no job that ran then should have"


def no_torn_objects(history: History) -> Iterator[str]:
    """Every object's bytes are those of one state of its source, or what was there before."""
    for bucket, objects in history.buckets.items():
        known: dict[str, set[bytes]] = defaultdict(set)
        for job in history.jobs:
            for wanted in job.wanted() if job.bucket == bucket else ():
                for key, data in wanted.items():
                    known[key].add(data)
        for key, data in objects.items():
            if data not in known[key] and history.before.get(bucket, {}).get(key) != data:
                yield f"{key!r} in {bucket} is like no state of its source"


def success_is_equality(history: History) -> Iterator[str]:
    """What the last job of a target left as succeeded is equal to its source."""
    for bucket, prefix in dict.fromkeys((job.bucket, job.prefix) for job in history.jobs):
        last = [job for job in history.jobs if (job.bucket, job.prefix) == (bucket, prefix)][-1]
        there = {key: data for key, data in history.buckets.get(bucket, {}).items() if key.startswith(prefix)}
        if last.state == "succeeded" and not any(_equal(last, there, want) for want in last.wanted(last.started_at)):
            yield f"{bucket}/{prefix} differs from the source of job {last.id}, which succeeded"


def one_writer_at_a_time(history: History) -> Iterator[str]:
    """No two jobs of one target run at the same time, and each write is of a job that runs."""
    for number, job in enumerate(history.jobs):
        for other in history.jobs[number + 1 :]:
            if _meet(job, other) and job.started_at < other.finished_at and other.started_at < job.finished_at:
                yield f"jobs {job.id} and {other.id} wrote {job.bucket}/{job.prefix} at the same time"
    for write in history.writes:
        if not any(_may_write(job, write) for job in _during(history, write)):
            yield f"{write.action} of {write.key!r} in {write.bucket}, when no job that would do that was running"


def one_end(history: History) -> Iterator[str]:
    """Every job ends, once, and nothing comes after that."""
    for job in history.jobs:
        if job.state not in FINAL:
            yield f"job {job.id} has not ended: {job.state}"
        for state, after in zip(job.seen, job.seen[1:], strict=False):
            if after not in FOLLOWS.get(state, ()):
                yield f"job {job.id} was {after} after it was {state}"


def counters_add_up(history: History) -> Iterator[str]:
    """The counters of a job say what its steps say, no step was done twice, and success leaves nothing undone."""
    for job in history.jobs:
        planned, done = job.progress.get("planned", {}), job.progress.get("done", {})
        counted = Counter((step.action, step.status) for step in job.steps)
        begun_anew = job.is_small and job.seen.count("running") > 1
        for action, word in (("upload", "uploads"), ("delete", "deletes")):
            before = max(0, counted[action, "done"] - done.get(word, 0)) if begun_anew else 0
            if counted[action, "done"] - before != done.get(word, 0):
                yield f"job {job.id} counts {done.get(word, 0)} {word}, and its history {counted[action, 'done']}"
            tried = counted[action, "done"] - before + counted[action, "failed"]
            left = planned.get(word, 0) - tried
            if left < 0 or (left and job.state == "succeeded"):
                yield f"job {job.id} ended {job.state}: {planned.get(word, 0)} {word} planned, {tried} tried"
        twice = Counter((step.action, step.key) for step in job.steps if step.status == "done")
        yield from (f"job {job.id} did {action} of {key!r} {n} times" for (action, key), n in twice.items() if n > 1)
        if job.state == "succeeded":
            yield from _uncounted(job)


def cancelled_is_over(history: History) -> Iterator[str]:
    """A job that was to be cancelled begins nothing after a bound, and does not end as if nobody had asked."""
    for job in history.jobs:
        if job.cancel_asked_at is None:
            continue
        until = job.cancel_asked_at + STOPS_WITHIN
        if job.finished_at > until + STOPS_WITHIN:
            yield f"job {job.id} ended {job.finished_at - job.cancel_asked_at:.1f} s after it was cancelled"
        late = [write for write in history.writes if write.at > until and _is_about(job, write)]
        others = [other for other in history.jobs if other is not job]
        for write in late:
            if not any(_may_write(other, write) and _runs_at(other, write.at) for other in others):
                late_by = write.at - job.cancel_asked_at
                yield f"{write.action} of {write.key!r}, {late_by:.1f} s after job {job.id} was cancelled"


def one_job_for_one_wish(history: History) -> Iterator[str]:
    """Who asks twice for what must be done once gets the same job."""
    ids: dict[str, set[str]] = defaultdict(set)
    for job in history.jobs:
        ids[job.wish].add(job.id)
    for wish, found in ids.items():
        if wish and len(found) > 1:
            yield f"{wish}: {len(found)} jobs in the place of one"


RULES: Sequence[Callable[[History], Iterator[str]]] = (
    no_phantom_deletes,
    no_torn_objects,
    success_is_equality,
    one_writer_at_a_time,
    one_end,
    counters_add_up,
    cancelled_is_over,
    one_job_for_one_wish,
)


def _uncounted(job: MirrorJob) -> Iterator[str]:
    """Compare what it counted with its source, where that has never changed."""
    progress, [*wanted] = job.progress, job.wanted()
    seen = progress.get("unchanged", 0) + progress.get("done", {}).get("uploads", 0) + progress.get("skipped", 0)
    if len(wanted) == 1 and seen != len(wanted[0]):
        yield f"job {job.id} counts {seen} files, and its source has {len(wanted[0])}"


def _during(history: History, write: Write) -> list[MirrorJob]:
    return [job for job in history.jobs if _is_about(job, write) and _runs_at(job, write.at)]


def _runs_at(job: MirrorJob, moment: float) -> bool:
    return job.started_at - CLOCKS_AGREE <= moment <= job.finished_at + CLOCKS_AGREE


def _is_about(job: MirrorJob, write: Write) -> bool:
    return job.bucket == write.bucket and write.key.startswith(job.prefix)


def _meet(job: MirrorJob, other: MirrorJob) -> bool:
    prefixes_meet = job.prefix.startswith(other.prefix) or other.prefix.startswith(job.prefix)
    return job.bucket == other.bucket and prefixes_meet


def _may_delete(job: MirrorJob, write: Write) -> bool:
    return job.deletes and any(write.key not in wanted for wanted in job.wanted(job.started_at))


def _may_write(job: MirrorJob, write: Write) -> bool:
    if not _is_about(job, write):
        return False
    return write.action == "delete" or any(write.key in wanted for wanted in job.wanted(job.started_at))


def _equal(job: MirrorJob, there: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> bool:
    return there == wanted if job.deletes else {key: there.get(key) for key in wanted} == wanted
