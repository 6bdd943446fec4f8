"""Running a job again: the button of its page, and what that page says of it."""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from flask import Response, request

from app.dashboard.blueprint import blueprint
from app.dashboard.starting.repeating import Repetition, repetition_of
from app.dashboard.starting.start_page import going_to
from app.errors import NotRepeatable
from app.jobs.contract import Job
from app.web.callers import current_caller, jobs_owner
from app.web.guard import changes_something
from app.web.services import current_services


@blueprint.post("/jobs/<uuid:job_id>/again")
@changes_something
def run_again(job_id: UUID) -> Response:
    """Do what a job did once more; what may delete becomes a plan first."""
    return going_to(current_services().mirrors.again(str(job_id), current_caller(), jobs_owner()))


@blueprint.context_processor
def offer_repetition() -> dict[str, Callable[[Job], Repetition]]:
    """Let ``_repeat.html`` look up what it shows of a job that may be seen."""
    return {"repetition_of": _repetition}


def _repetition(job: Job) -> Repetition:
    services = current_services()
    copied = None
    if job.kind == "copy":
        with suppress(NotRepeatable):
            copied = services.copies.asked(job)
    base_url = services.settings.public_url or request.host_url.rstrip("/")
    return repetition_of(job, base_url, says_who=services.settings.sync_auth != "open", copied=copied)
