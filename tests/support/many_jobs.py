"""A database with very many jobs, one of them with very many steps, written in seconds; the same at each call.

``python -m tests.support.many_jobs DATA_DIR JOBS STEPS`` adds them to the database of a service, which may run, to be
looked at in a browser; it prints the id of the job with the steps.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from app.db import Database, SqliteDatabase

NEWEST_AT = 1_790_000_000.0
"""When the newest job was made, in POSIX seconds; each is a minute older than the next."""

STATES = ("succeeded", "succeeded", "succeeded", "partial", "failed", "succeeded", "cancelled", "succeeded")
BUCKETS = ("photos", "scans", "backups", "models", "maps")
OWNERS = (1, 2, 3, None)
FAILED_EVERY, SKIPPED_EVERY = 1000, 997

_CHUNK = 20_000
_JOB_COLUMNS = (
    "id, kind, state, reason, message, arguments, progress, owner_id, target, target_prefix, cancel_requested, "
    "attempt, crashes, version, created_at, started_at, finished_at, throughput"
)
_STEP_COLUMNS = "job_number, number, action, key, status, size, reason, message, finished_at"


def fill(database: Database, jobs: int, steps: int = 0) -> str:
    """Add finished jobs, the newest of which has all the steps, and return the id of that one.

    Of the jobs every eighth has failed, every fourth is of nobody, and every fifth uses the same bucket. Of the steps
    every `FAILED_EVERY`-th has failed, and the keys ascend: ``2026/000/photo 0000001.jpg``.

    Args:
        database: upgraded.
        jobs: how many, at least one.
        steps: how many.
    """
    _insert(database, "jobs", _JOB_COLUMNS, (_job(place, jobs, steps) for place in range(jobs)))
    with database.reading() as session:
        connection = session.connection()
        number, job_id = connection.exec_driver_sql("SELECT number, id FROM jobs ORDER BY number DESC LIMIT 1").one()
    _insert(database, "steps", _STEP_COLUMNS, (_step(number, place) for place in range(1, steps + 1)))
    return str(job_id)


def _insert(database: Database, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" for _ in columns.split(","))
    statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
    for chunk in _chunks(iter(rows)):
        with database.writing() as session:
            session.connection().exec_driver_sql(statement, chunk)


def _chunks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _job(place: int, jobs: int, steps: int) -> tuple[Any, ...]:
    made = NEWEST_AT - 60.0 * (jobs - 1 - place)
    state, bucket, owner = STATES[place % len(STATES)], BUCKETS[place % len(BUCKETS)], OWNERS[place % len(OWNERS)]
    target = f"s3://storage.example:9000/{bucket}"
    reason = {"partial": "upload_failed", "failed": "source_unreadable", "cancelled": "cancelled_by_user"}.get(state)
    done = {"uploads": 100, "deletes": 2, "bytes": 10_000_000}
    progress = {"planned": {**done, "complete": True}, "done": done, "unchanged": steps, "skipped": 0, "failed": 0}
    throughput = {"seconds": 1, "intervals": [[250_000, 2 + place % 3]] * 40}
    counters = (json.dumps(_arguments(bucket, place)), json.dumps(progress), owner)
    times = (made, made + 1.0, made + 41.0, json.dumps(throughput))
    return (_id(made, place), "mirror", state, reason, "100 uploaded.", *counters, target, "", 0, 1, 0, 9, *times)


def _arguments(bucket: str, place: int) -> dict[str, Any]:
    return {
        "direction": "upload",
        "source": f"folder {place % 50}",
        "dest": bucket,
        "prefix": f"part-{place % 7}/",
        "storage_url": "http://storage.example:9000",
        "connection": None,
        "wait": 0,
        "delete": True,
        "dry_run": False,
        "rules": [],
        "max_delete": None,
        "check": "exact",
    }


def _id(made: float, place: int) -> str:
    """Return a UUID of version 7 that says when the job was made."""
    return str(UUID(int=int(made * 1000) << 80 | 0x7000 << 64 | 0x8 << 60 | place))


def _step(job_number: int, number: int) -> tuple[Any, ...]:
    key, finished_at = f"2026/{number % 1000:03}/photo {number:07}.jpg", NEWEST_AT + number / 1000
    if number % FAILED_EVERY == 0:
        message = "the storage did not answer"
        return (job_number, number, "upload", key, "failed", 0, "storage_unreachable", message, finished_at)
    if number % SKIPPED_EVERY == 0:
        return (job_number, number, "skip", key, "skipped", 0, "not_a_file", "a pipe", finished_at)
    return (job_number, number, "upload", key, "done", 100_000, "new", "", finished_at)


if __name__ == "__main__":
    opened = SqliteDatabase(Path(sys.argv[1]) / "sluice.db")
    opened.upgrade()
    sys.stdout.write(f"{fill(opened, int(sys.argv[2]), int(sys.argv[3]))}\n")
    opened.close()
