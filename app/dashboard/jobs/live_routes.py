"""Streams that tell a page that it is not as it was; what it is now, the page asks for itself (see ``live.js``)."""

from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import TypeVar
from uuid import UUID

from flask import Response

from app.dashboard.blueprint import blueprint
from app.jobs.contract import Job
from app.web.callers import caller_stands, jobs_owner
from app.web.services import current_services
from app.web.streams import event_stream

T = TypeVar("T")

CHANGED, PING, END = (f"event: {word}\ndata:\n\n" for word in ("changed", "ping", "end"))


@blueprint.get("/live/jobs")
def follow_jobs() -> Response:
    """Say whenever the list of jobs has changed, until the service stops or the caller may see it no more."""
    services = current_services()
    return _told(services.jobs.changes(services.draining, jobs_owner()), _of_the_list)


@blueprint.get("/live/jobs/<uuid:job_id>")
def follow_job(job_id: UUID) -> Response:
    """Say whenever a job has changed, and when it has finished; ends as the stream of the list does, or then."""
    services, owner_id = current_services(), jobs_owner()
    return _told(services.jobs.watch(str(job_id), stop=services.draining, owner_id=owner_id), _of_a_job)


def _told(changes: Iterable[T], event: Callable[[T], str]) -> Response:
    stands = caller_stands()
    return event_stream(event(change) for change in takewhile(lambda _: stands(), changes))


def _of_the_list(change: str | None) -> str:
    return PING if change is None else CHANGED


def _of_a_job(job: Job | None) -> str:
    if job is None:
        return PING
    return CHANGED + END if job.state.is_final else CHANGED
