"""The tables of jobs and their steps. No queries here."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, Dialect, Enum, ForeignKey, Index, String, Text, text, true
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app.db import Base, rows_where
from app.jobs.contract import Job, JobState, Step, StepRecord, StepStatus


def _words(kind: type[JobState] | type[StepStatus]) -> Enum:
    return Enum(
        kind, values_callable=lambda members: [member.value for member in members], native_enum=False, length=16
    )


class _Sentence(TypeDecorator[str]):
    """Text that may quote a file name which is not UTF-8: lone surrogates, which SQLite refuses, become ``?``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        return None if value is None else value.encode("utf-8", "replace").decode("utf-8")


_UNANNOUNCED = text("finished_at IS NOT NULL AND NOT announced")
_WAITING = text("state = 'waiting'")
_LEASED = text("leased_until IS NOT NULL")


class JobRow(Base):
    """One job.

    Attributes:
        number: the order in which jobs were made, over all processes; an id's clock may disagree between them.
        owner_id: the user who started it; None: nobody said who he was. No foreign key: jobs know no users.
        secrets: sealed for this row's id; None when there are none, and from the end of the job on.
        crashes: how often the runner of this job died.
        runner_id: who runs it now; with ``attempt`` it decides who may write this row.
        reserved_for: the only runner that may start it, or None.
        heartbeat_at: POSIX seconds when its runner was last seen alive.
        threads: how many file operations it may run at once; None: as many as a job may.
        sent_at: POSIX seconds when a worker was last told that it can be started; None: never.
        announced: whether webhooks have been told of its end.
        throughput: what `app.jobs.throughput` has noted; None before its first counters. Read only by who asks for it.
    """

    __tablename__ = "jobs"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[str] = mapped_column(String(64))
    state: Mapped[JobState] = mapped_column(_words(JobState))
    reason: Mapped[str | None] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(_Sentence)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    progress: Mapped[dict[str, Any]] = mapped_column(JSON)
    owner_id: Mapped[int | None]
    secrets: Mapped[str | None] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)
    target_prefix: Mapped[str] = mapped_column(Text)
    cancel_requested: Mapped[bool]
    attempt: Mapped[int]
    crashes: Mapped[int]
    version: Mapped[int]
    runner_id: Mapped[str | None] = mapped_column(String(64))
    reserved_for: Mapped[str | None] = mapped_column(String(64))
    heartbeat_at: Mapped[float | None]
    created_at: Mapped[float]
    started_at: Mapped[float | None]
    finished_at: Mapped[float | None]
    throughput: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    threads: Mapped[int | None]
    sent_at: Mapped[float | None]
    announced: Mapped[bool] = mapped_column(default=False, server_default=true())

    __table_args__ = (
        CheckConstraint("(finished_at IS NULL) = (state IN ('queued', 'running'))", name="finished_is_final"),
        # Every runner asks for the unfinished jobs each second, a handful among a history of many thousands:
        # this index holds only those, so the question costs the same after years.
        Index("ix_jobs_unfinished", "number", **rows_where("finished_at IS NULL")),
        # Pruning looks for the oldest finished ones.
        Index("ix_jobs_finished_at", "finished_at", **rows_where("finished_at IS NOT NULL")),
        # People look for those that failed, or for their own, among many thousands of all.
        Index("ix_jobs_state", "state"),
        Index("ix_jobs_owner_id", "owner_id"),
        Index("ix_jobs_unannounced", "number", sqlite_where=_UNANNOUNCED, postgresql_where=_UNANNOUNCED),
        {"sqlite_autoincrement": True},
    )

    def snapshot(self) -> Job:
        """Return what the rest of the product sees of this row."""
        return Job(**{name: getattr(self, name) for name in Job.__slots__})


class StepRow(Base):
    """One finished step of a job; numbered from 1 in the order in which they finished, over all attempts."""

    __tablename__ = "steps"

    job_number: Mapped[int] = mapped_column(ForeignKey("jobs.number", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    action: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(_Sentence)
    status: Mapped[StepStatus] = mapped_column(_words(StepStatus))
    size: Mapped[int]
    reason: Mapped[str] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(_Sentence)
    finished_at: Mapped[float]

    __table_args__ = (
        # The failures of a job with a million steps are what people ask for.
        Index("ix_steps_failed", "job_number", "number", **rows_where("status = 'failed'")),
        {"sqlite_with_rowid": False},  # stored in key order: a page of one job's steps is one range
    )

    def snapshot(self) -> Step:
        """Return what the rest of the product sees of this row."""
        record = StepRecord(**{name: getattr(self, name) for name in StepRecord._fields})
        return Step(self.number, record)


class LedgerRow(Base):
    """What is known of a job that is done in batches.

    Attributes:
        revision: grows with each write, so that one whose answer was lost is not done again.
        next_batch: the number that the next batch gets.
        kept: what the planner needs to go on; JSON of the job's handler.
    """

    __tablename__ = "ledgers"

    job_number: Mapped[int] = mapped_column(
        ForeignKey("jobs.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    revision: Mapped[int]
    next_batch: Mapped[int]
    kept: Mapped[dict[str, Any]] = mapped_column(JSON)


class BatchRow(Base):
    """Some steps of a job that one worker does at a time. A row is gone once its result is in the job's counters.

    Attributes:
        kind: what its handler calls it, such as ``bring`` or ``delete``.
        state: see `app.jobs.batches.BatchState`; whether somebody is at it is told by ``leased_until`` alone.
        steps: JSON of the handler.
        threads: how many operations its holder runs at once; counted against the storage's limit.
        holder: who has the lease, or had the last one.
        leased_until: POSIX seconds; None: nobody has it.
        deliveries: how often it was leased.
        sent_at: POSIX seconds when workers were last told of it.
        moving: bytes of operations that go on, for the job's counters.
        result: JSON of the handler, once it is done.
    """

    __tablename__ = "batches"

    job_number: Mapped[int] = mapped_column(
        ForeignKey("jobs.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    steps: Mapped[list[Any]] = mapped_column(JSON)
    threads: Mapped[int | None]
    holder: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[float | None]
    deliveries: Mapped[int]
    sent_at: Mapped[float | None]
    moving: Mapped[int]
    result: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = (
        Index("ix_batches_waiting", "job_number", "number", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_batches_leased_until", "leased_until", sqlite_where=_LEASED, postgresql_where=_LEASED),
    )
