"""What a runner and a handler promise each other. Pure data; no database, no threads, no transfer code.

A handler does the work of one kind of job. ``bootstrap`` registers the handlers; ``jobs`` never imports them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, TypeAlias

from app.cancellation import CancelToken


class JobState(StrEnum):
    """The states of a job; see ``docs/architecture.md`` for the diagram."""

    QUEUED = "queued"  #: waits for a place, or for another writer of its target
    RUNNING = "running"  #: a runner works on it
    SUCCEEDED = "succeeded"  #: all of the plan was done
    PARTIAL = "partial"  #: finished, but some files failed or were left out
    FAILED = "failed"  #: could not be done
    CANCELLED = "cancelled"  #: stopped on request

    @property
    def is_final(self) -> bool:
        """Whether no other state can follow."""
        return self not in (JobState.QUEUED, JobState.RUNNING)


class StepStatus(StrEnum):
    """How one step ended."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"  #: left out by rule: a pipe, a link that leads outside
    PLANNED = "planned"  #: a dry run would have done it


class StepRecord(NamedTuple):
    """One finished file operation, for the history.

    Attributes:
        action: ``upload``, ``delete``, ``create`` or ``drop``; ``skip`` for what was left out.
        key: the object's full key (the bucket's name for ``create`` and ``drop``).
        size: bytes moved, 0 where none were.
        reason: the machine-readable reason of a failure or skip, else why it was done (``new``, ``size``, ...).
        message: a sentence for people, empty when all went well.
        finished_at: POSIX seconds, UTC.
    """

    action: str
    key: str
    status: StepStatus
    size: int
    reason: str
    message: str
    finished_at: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a handler's run ended. ``state`` is a final state."""

    state: JobState
    reason: str | None
    message: str


Progress: TypeAlias = Mapping[str, Any]
"""The counters of a job as JSON: what a dialect shows. A handler defines its own keys."""


Look: TypeAlias = Callable[[], tuple[Progress, str]]
"""Returns a job's counters and sentence as they stand now."""


@dataclass(frozen=True, slots=True)
class NewBatch:
    """Some steps of a job for whoever has a hand free.

    Attributes:
        kind: what the handler calls it, at most 16 letters.
        steps: JSON, for the `BatchHandler` of the job's kind.
        held: not to be done before `Ledger.release`.
    """

    kind: str
    steps: Sequence[Any]
    held: bool = False


@dataclass(frozen=True, slots=True)
class DoneBatch:
    """A batch that somebody has done; `Ledger.keep` forgets it together with what the planner made of it.

    Attributes:
        number: ascending in the order in which batches were put.
        result: what the `BatchHandler` returned.
    """

    number: int
    kind: str
    result: Sequence[Any]


class Ledger(Protocol):
    """What a job that is spread over workers has planned and what is left of it, in the database.

    Used by one thread, that of the job's handler. Every method waits while the database cannot be used, and may raise
    `Cancelled`: once the token is set, or the job is another runner's. `settle` and `keep` do their work even when a
    stop was asked for, as long as the job is this runner's.

    Attributes:
        kept: what `keep` stored last, of an earlier attempt too; None: nothing yet.
    """

    @property
    def kept(self) -> Mapping[str, Any] | None:
        """See above."""
        ...

    def keep(
        self,
        kept: Mapping[str, Any],
        put: Sequence[NewBatch] = (),
        folded: Sequence[int] = (),
        steps: Sequence[StepRecord] = (),
    ) -> None:
        """Store all of this or nothing: what the next attempt begins with, batches, and steps of the history.

        Args:
            kept: JSON; replaces what was kept.
            put: to be done from now on, in any order, by anybody; in this order where nobody is idle.
            folded: numbers of done batches that ``kept`` and ``steps`` take into account; they are gone then.
            steps: appended to the history.
        """
        ...

    def done(self, limit: int = 8) -> Sequence[DoneBatch]:
        """Return batches that are done and were not folded, lowest number first."""
        ...

    def left(self) -> Mapping[str, int]:
        """Return how many batches of each kind are not folded yet, held ones too; kinds without one are absent."""
        ...

    def release(self, kind: str) -> None:
        """Have the held batches of this kind done. Calling it again, after a crash too, is harmless."""
        ...

    def withdraw(self, kind: str) -> int:
        """Remove the held batches of this kind; return how many steps they had."""
        ...

    def first_held(self, kind: str) -> DoneBatch | None:
        """Return the lowest held batch of this kind, its steps as ``result``, for the planner itself to do and fold."""
        ...

    def help(self) -> bool:
        """Do one batch of this job on this thread; return False, at once, when none waits for somebody."""
        ...

    def wait(self, seconds: float) -> None:
        """Return after ``seconds``, or earlier when a batch of this job may have been done."""
        ...

    def settle(self) -> None:
        """Have nobody begin a batch of this job any more, and return when nobody is at one; what was done stays done.

        A job that is only interrupted is left as it is: others go on with its batches until it is taken up again.
        """
        ...

    @property
    def moving(self) -> int:
        """Bytes that have gone out in operations which are not finished, as of about a second ago. Never waits."""
        ...


class BatchContext(Protocol):
    """What somebody who does a batch gets. Thread-safe.

    Attributes:
        kind, steps: see `NewBatch`.
        threads: how many operations may run at once.
        seconds: after so many, nothing more is begun, and what was not begun is returned as left.
        token: stops it, in the same way: what was not begun is left.
    """

    job_id: str
    arguments: Mapping[str, Any]
    secrets: Mapping[str, str]
    owner_id: int | None
    kind: str
    steps: Sequence[Any]
    threads: int
    seconds: float

    @property
    def token(self) -> CancelToken:
        """See above."""
        ...

    def report_moving(self, size: int) -> None:
        """Say how many bytes have gone out in operations that are not finished. May be called at any rate."""
        ...


STOPPED = "stopped"
"""``[STOPPED, reason, sentence]`` in a result: the job must end as failed, with this reason and sentence.

Whoever does batches adds it too: when the handler broke, or a batch was lost again and again.
"""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of a batch.

    Attributes:
        result: JSON, a list, for the planner: all that it must know of what was done. At most some hundred bytes a
            step. See `STOPPED`.
        left: steps that were not begun; another batch of the same kind is made of them.
    """

    result: Sequence[Any]
    left: Sequence[Any] = ()


BatchHandler: TypeAlias = Callable[[BatchContext], BatchResult]
"""Does one batch of a job of some kind. Doing a step twice must be as good as once.

It raises nothing but bugs: what must end the job is told in the result, and a set token only leaves steps.
"""


class JobContext(Protocol):
    """What a runner hands to a handler. Thread-safe; no method fails, or stands still, because the database does.

    Attributes:
        threads: how many file operations the job may run at once.
        ledger: where a job that can be spread over workers puts its batches; None: it runs here alone.
    """

    job_id: str
    arguments: Mapping[str, Any]
    secrets: Mapping[str, str]
    owner_id: int | None
    token: CancelToken
    threads: int
    ledger: Ledger | None

    def report(self, progress: Progress, message: str) -> None:
        """Replace the job's counters and sentence. May be called at any rate: the row is written once a second."""
        ...

    def follow(self, look: Look) -> None:
        """Have counters and sentence looked up whenever the row is written, instead of being reported.

        Args:
            look: called from another thread; must be quick and must not raise.
        """
        ...

    def record(self, steps: Sequence[StepRecord]) -> None:
        """Append to the step history; written in batches, in this order.

        Tens of thousands may wait to be written; a handler that is further ahead than that is held up a little.
        """
        ...


Handler: TypeAlias = Callable[[JobContext], Outcome]
"""Runs one job to its end and says how it ended.

May raise `Cancelled` (the job ends cancelled, or is queued again when the reason is ``interrupted``) and
`SluiceError` (the job fails with its reason). Must converge when it is run again from the start after a crash.
"""


class Runner(Protocol):
    """What runs jobs, or has them run, for one process; also told of them, see `app.jobs.service.Listener`.

    Make it after a fork, start it once, drain it once; methods are thread-safe.
    """

    @property
    def runner_id(self) -> str:
        """Names it among all runners that ever were."""
        ...

    def start(self) -> None:
        """Begin.

        Raises:
            DatabaseUnavailable: DATA_DIR cannot hold its lock.
        """
        ...

    def drain(self, timeout: float) -> bool:
        """Begin nothing more; return whether all that was under way has ended within ``timeout`` seconds."""
        ...

    def trouble(self) -> str | None:
        """Return why jobs are not begun just now, for people; None: no reason is known."""
        ...

    def job_submitted(self) -> None:
        """A job was queued."""
        ...

    def cancel_requested(self, job_id: str) -> None:
        """A job was flagged to be cancelled, or was cancelled while queued."""
        ...


@dataclass(frozen=True, slots=True)
class JobRequest:
    """A job to be made.

    Attributes:
        kind: the name of its handler.
        arguments: JSON; never a secret.
        secrets: credentials that the job needs; sealed in the database and wiped when it ends.
        target: what it writes, e.g. ``s3://127.0.0.1:9000/mybucket``; empty when it writes nothing (a dry run).
        target_prefix: the keys of ``target`` that it writes all start with this.
        owner_id: the user who asks for it; None when nobody said who he was.
        single: while an unfinished job of this kind has this target, that one is returned and none is made.
    """

    kind: str
    arguments: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    target: str = ""
    target_prefix: str = ""
    owner_id: int | None = None
    single: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it stood when it was read: a snapshot, never live.

    Attributes:
        version: grows with each change of the row; 1 when created.
        attempt: how often a runner has started it.
        created_at, started_at, finished_at: POSIX seconds, UTC, or None while that has not happened.
    """

    id: str
    kind: str
    state: JobState
    reason: str | None
    message: str
    arguments: Mapping[str, Any]
    progress: Progress
    target: str
    target_prefix: str
    cancel_requested: bool
    attempt: int
    version: int
    owner_id: int | None
    created_at: float
    started_at: float | None
    finished_at: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a job's history; ``number`` ascends in the order in which steps finished."""

    number: int
    record: StepRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSelection:
    """Which jobs somebody looks for; all that is given must hold.

    Attributes:
        states: only jobs in one of these; none: in any.
        storage: a part of ``ADDRESS/BUCKET/PREFIX``, or the whole id of a connection, in any case.
        owner_id: only this user's; None: whoever's.
        before: the id of a job: only older ones.
    """

    states: Collection[JobState] = ()
    storage: str = ""
    owner_id: int | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSelection:
    """Which steps of a job somebody looks for; all that is given must hold.

    Attributes:
        status: only those that ended so.
        action: only these operations.
        text: a part of the key; see `app.jobs.wording.contains` for what "in any case" means.
    """

    status: StepStatus | None = None
    action: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class StepPage:
    """A page of steps: the failed ones first, then all others, each in the order in which they finished.

    Attributes:
        steps: what was found.
        next: what to give as ``after`` for what follows; None: that was all.
        searched_to: the number of the step at which a long search stopped with fewer hits than were asked for;
            None: it did not have to.
    """

    steps: Sequence[Step]
    next: str | None
    searched_to: int | None = None
