"""What a schedule is, and what starts its jobs. Pure data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.jobs.contract import Job


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something that is done again and again, as it stood when it was read.

    Attributes:
        subject: what it is about, such as ``connection:<id>``; one schedule each.
        kind: names its `Starter`.
        arguments: JSON, for that function; never a secret.
        interval: seconds from one start to the next.
        enabled: False: it starts nothing by itself.
        due_at: POSIX seconds when it is started next, not before its last job has finished.
        job_id: the last job that it started, or None.
        message: why the last start failed, for people; empty when it did not.
    """

    id: int
    subject: str
    kind: str
    arguments: Mapping[str, Any]
    interval: int
    enabled: bool
    due_at: float
    job_id: str | None
    message: str


Starter: TypeAlias = Callable[[Schedule], Job]
"""Submits the job of a schedule that is due, and returns it; as `JobRequest.single`, or two could run at once.

May raise `SluiceError`: its sentence becomes the schedule's message, and the next time is the next attempt
(`TooManyJobs` and `DatabaseUnavailable`: soon). Called by one thread; must be quick.
"""
