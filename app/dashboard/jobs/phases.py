"""The phases of a job: since when it waited, and what it has been doing since. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.jobs.contract import Job, JobState

_WORDS = {"listing": "Listing and comparing", "uploading": "Uploading", "deleting": "Deleting"}
_CARRYING = {"copy": "Copying", "download": "Downloading"}


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase.

    Attributes:
        name: what was done, in a word or some.
        started_at: POSIX seconds, UTC.
        seconds: how long it took, or has taken so far.
        is_over: it is not going on any more.
    """

    name: str
    started_at: float
    seconds: float
    is_over: bool


def phases_of(job: Job, now: float) -> Iterator[Phase]:
    """Yield the phases of a job in order; those of a job that was resumed are its last attempt's, but for the waiting.

    While a job waits to be resumed, phases that had no end are left out: nobody knows when that attempt was cut off.

    Args:
        job: the job.
        now: POSIX seconds.
    """
    yield _phase("Waiting", job.created_at, job.started_at or job.finished_at, now)
    for each in job.progress.get("phases", ()):
        if each["ended_at"] is None and job.state is JobState.QUEUED:
            continue
        yield _phase(_name(job, str(each["name"])), each["started_at"], each["ended_at"] or job.finished_at, now)


def _phase(name: str, started_at: float, ended_at: float | None, now: float) -> Phase:
    return Phase(name, started_at, max(0.0, (ended_at or now) - started_at), ended_at is not None)


def _name(job: Job, name: str) -> str:
    if name != "uploading":
        return _WORDS.get(name, name.capitalize())
    direction = "copy" if job.kind == "copy" else str(job.arguments.get("direction", "upload"))
    return _CARRYING.get(direction, _WORDS[name])
