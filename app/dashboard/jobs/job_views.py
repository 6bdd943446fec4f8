"""A job as pages show it: in words and numbers that are ready to be written. Pure."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.dashboard import words
from app.jobs.contract import Job, JobState
from app.transfer.tally import FILE_COST

_NOTHING: Mapping[str, int] = {"uploads": 0, "deletes": 0, "bytes": 0}
_VERBS = {"upload": "Sync", "download": "Download"}
_COPIES = {
    "get": "Get into the library",
    "send": "Send from the library",
    "import": "Import into the library",
    "direct": "Copy",
    "drive-import": "Import from a drive",
    "drive-export": "Export to a drive",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """One job, as it stood when it was read.

    Attributes:
        kind: what it does, in a word or some.
        source, target: where from and where to, as people name these; one of both can be empty.
        place: the address of the storage, empty where nobody said one.
        bucket: the storage of a mirror; empty of other jobs.
        attempt: how often it was started; more than once when it was resumed.
        tone: the class of its colour.
        is_plan: it only plans (a dry run).
        files_done, files_planned: uploads, downloads or copies; deletions are counted apart.
        unchanged_by: how it is known of how many of the unchanged: ``index``, ``size`` or ``content``.
        is_planned: the plan is known to its end, so the planned numbers are final.
        fraction: how much of it is done, 0 to 1; None while nobody can know that.
        rate: bytes per second over the last seconds; of a finished job over all of its time; 0 of one that waits.
        seconds_left: None while nobody can know that.
        seconds: how long it has run, or ran.
        owner: whose it is; None: nobody said who he was, or he is gone.
        created_at, started_at, finished_at: POSIX seconds, UTC.
    """

    id: str
    kind: str
    source: str
    target: str
    place: str
    bucket: str
    connection: str | None
    attempt: int
    state: JobState
    state_word: str
    tone: str
    reason: str | None
    message: str
    is_plan: bool
    is_final: bool
    is_cancelling: bool
    files_done: int
    files_planned: int
    bytes_done: int
    bytes_planned: int
    deletes_done: int
    deletes_planned: int
    unchanged: int
    unchanged_by: Mapping[str, int]
    skipped: int
    failed: int
    is_planned: bool
    fraction: float | None
    rate: float
    seconds_left: float | None
    seconds: float | None
    owner: str | None
    created_at: float
    started_at: float | None
    finished_at: float | None

    @property
    def title(self) -> str:
        """What it is called where there is room for one line."""
        return f"{self.source or '?'} → {self.target or '?'}"

    @property
    def percent(self) -> int | None:
        """How much of it is done, rounded down; None while nobody can know that."""
        return None if self.fraction is None else int(self.fraction * 100)


def job_view(job: Job, owner: str | None = None, now: float | None = None) -> JobView:
    """Return a job as pages show it.

    Args:
        job: the job.
        owner: the name of its owner.
        now: POSIX seconds; the time of the call when None.
    """
    now = time.time() if now is None else now
    seconds = None if job.started_at is None else max(0.0, (job.finished_at or now) - job.started_at)
    is_plan, is_cancelling = bool(job.arguments.get("dry_run", False)), _is_cancelling(job)
    source, target = _ends(job)
    return JobView(
        id=job.id,
        kind=_kind(job, is_plan),
        source=source,
        target=target,
        place=str(job.arguments.get("storage_url") or ""),
        bucket="" if job.kind == "copy" else str(job.arguments.get("dest", "")),
        connection=job.arguments.get("connection"),
        attempt=job.attempt,
        state=job.state,
        state_word="Stopping" if is_cancelling else words.STATES[job.state],
        tone=words.TONES[job.state],
        reason=job.reason,
        message=job.message,
        is_plan=is_plan,
        is_final=job.state.is_final,
        is_cancelling=is_cancelling,
        rate=_rate(job, seconds),
        seconds=seconds,
        owner=owner,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        **_counted(job),
    )


def _counted(job: Job) -> dict[str, Any]:
    """Return those fields that a handler counts; of a job that has not begun, what they begin with."""
    progress = job.progress
    planned, done = progress.get("planned", {**_NOTHING, "complete": False}), progress.get("done", _NOTHING)
    return {
        "files_done": done["uploads"],
        "files_planned": planned["uploads"],
        "bytes_done": done["bytes"],
        "bytes_planned": planned["bytes"],
        "deletes_done": done["deletes"],
        "deletes_planned": planned["deletes"],
        "unchanged": progress.get("unchanged", 0),
        "unchanged_by": progress.get("unchanged_by", {}),
        "skipped": progress.get("skipped", 0),
        "failed": progress.get("failed", 0),
        "is_planned": bool(planned["complete"]),
        "fraction": _fraction(job, planned, done),
        "seconds_left": progress.get("eta_seconds") if job.state is JobState.RUNNING else None,
    }


def _is_cancelling(job: Job) -> bool:
    return job.cancel_requested and not job.state.is_final


def _kind(job: Job, is_plan: bool) -> str:
    direction = str(job.arguments.get("direction", "upload"))
    if job.kind == "synchronisation":
        return "Synchronisation"
    word = _COPIES.get(direction) or _VERBS.get(direction, job.kind.capitalize())
    return f"Plan of a {word.lower()}" if is_plan else word


def _ends(job: Job) -> tuple[str, str]:
    """Return source and target for people: a folder of the uploads folder, and a bucket with the prefix in it."""
    arguments = job.arguments
    folder, bucket = str(arguments.get("source", "")), str(arguments.get("dest", ""))
    if job.kind == "copy":
        return folder, bucket
    local = "its local mirror" if job.kind == "synchronisation" else folder or "all uploads"
    remote = f"{bucket}/{arguments.get('prefix', '')}".rstrip("/")
    return (local, remote) if arguments.get("direction", "upload") == "upload" else (remote, local)


def _fraction(job: Job, planned: Mapping[str, Any], done: Mapping[str, int]) -> float | None:
    """Weigh bytes and requests as the estimate of the time left does."""
    if job.state is JobState.SUCCEEDED:
        return 1.0
    if job.state is not JobState.RUNNING or not planned["complete"]:
        return None
    whole, part = _work(planned), _work(done)
    return min(1.0, part / whole) if whole else None


def _rate(job: Job, seconds: float | None) -> float:
    if job.state is JobState.QUEUED:
        return 0.0
    if job.state.is_final and seconds:
        return float(job.progress.get("done", _NOTHING)["bytes"] / seconds)
    return float(job.progress.get("bytes_per_second", 0))


def _work(numbers: Mapping[str, int]) -> int:
    return numbers["bytes"] + FILE_COST * (numbers["uploads"] + numbers["deletes"])
