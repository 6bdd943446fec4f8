"""Between the wire of the sync dialect and the domain. Pure functions."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from app.copies.contract import BucketPlace
from app.jobs.contract import Job, Step
from app.mirrors.direction import Direction
from app.mirrors.request import MirrorRequest
from app.transfer.filters import Rule
from app.web.timestamps import timestamp

NOTHING_YET: Mapping[str, Any] = {
    "planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": False},
    "done": {"uploads": 0, "deletes": 0, "bytes": 0},
    "unchanged": 0,
    "unchanged_by": {"index": 0, "size": 0, "content": 0},
    "skipped": 0,
    "failed": 0,
    "bytes_per_second": 0,
    "eta_seconds": None,
}

SHOWN_ARGUMENTS = ("source", "dest", "prefix", "direction", "storage_url", "wait", "dry_run")


def mirror_request(parameters: Mapping[str, Any], ordered: Iterable[tuple[str, Any]]) -> MirrorRequest:
    """Return the request that validated parameters stand for.

    Args:
        ordered: all parameters as they were sent: the order of include among exclude matters.
    """
    rules = [Rule(name, str(value)) for name, value in ordered if name in ("include", "exclude")]
    given = {name: value for name, value in parameters.items() if name not in ("include", "exclude")}
    if "connection" in given:
        given["connection"] = str(given["connection"])
    return MirrorRequest(rules=rules, **given)


def place_of(connection: UUID) -> BucketPlace:
    """Return the bucket of a connection."""
    return BucketPlace(bucket="", connection=str(connection))


def job_document(job: Job) -> dict[str, Any]:
    """Return the job as the wire has it."""
    # A job counts more than this dialect has told its clients of.
    progress = {name: job.progress.get(name, nothing) for name, nothing in NOTHING_YET.items()}
    # Jobs of versions that knew no downloads name no direction.
    arguments = {"direction": Direction.UPLOAD.value, **job.arguments}
    return {
        "id": job.id,
        "status": job.state.value,
        "reason": job.reason,
        "message": job.message,
        "kind": job.kind,
        "connection": arguments.get("connection"),
        **{name: arguments[name] for name in SHOWN_ARGUMENTS},
        **progress,
        "cancel_requested": job.cancel_requested,
        "created_at": timestamp(job.created_at),
        "started_at": timestamp(job.started_at),
        "finished_at": timestamp(job.finished_at),
    }


def step_document(step: Step) -> dict[str, Any]:
    """Return a step as the wire has it."""
    record = step.record
    return {
        "number": step.number,
        "action": record.action,
        "key": record.key,
        "status": record.status.value,
        "bytes": record.size,
        "reason": record.reason,
        "message": record.message,
        "finished_at": timestamp(record.finished_at),
    }


def job_event(job: Job | None) -> str:
    """Return a server-sent event that carries the job, or for None a comment that keeps the connection open."""
    if job is None:
        return ": still here\n\n"
    return f"id: {job.version}\ndata: {json.dumps(job_document(job), ensure_ascii=False)}\n\n"
