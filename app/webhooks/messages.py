"""What webhooks are told: the bodies of messages. Stable once it is published; it holds nothing secret."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.jobs.contract import Job
from app.webhooks.contract import TEST_EVENT

_COUNTERS: Mapping[str, Any] = {
    "planned": {"uploads": 0, "deletes": 0, "bytes": 0},
    "done": {"uploads": 0, "deletes": 0, "bytes": 0},
    "unchanged": 0,
    "skipped": 0,
    "failed": 0,
}


def event_of(job: Job) -> str:
    """Return the type of the message that a job has ended."""
    return f"job.{job.state.value}"


def job_body(job: Job, owner: str | None, now: float) -> str:
    """Return the message that a job has ended.

    Args:
        job: in a final state.
        owner: the name of the user who started it; None: nobody said who he was, or he was removed.
        now: POSIX seconds.
    """
    return _body(event_of(job), now, {"job": _job(job, owner)})


def trial_body(webhook_id: str, now: float) -> str:
    """Return the message that is sent because a person wants to see one arrive."""
    return _body(TEST_EVENT, now, {"webhook": webhook_id})


def _body(event: str, now: float, data: Mapping[str, Any]) -> str:
    text = json.dumps({"type": event, "timestamp": _moment(now), "data": data}, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode("utf-8")  # a name that is not UTF-8 has no place in JSON


def _job(job: Job, owner: str | None) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state.value,
        "reason": job.reason,
        "message": job.message,
        "owner": owner,
        "target": job.target or None,
        "prefix": job.target_prefix,
        "counters": _counters(job.progress),
        "created_at": _moment(job.created_at),
        "started_at": _moment(job.started_at),
        "finished_at": _moment(job.finished_at),
    }


def _counters(progress: Mapping[str, Any]) -> dict[str, Any]:
    """Return the counters that are promised; a job counts more than those."""
    return {
        name: {each: progress.get(name, nothing).get(each, 0) for each in nothing}
        if isinstance(nothing, Mapping)
        else progress.get(name, nothing)
        for name, nothing in _COUNTERS.items()
    }


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
