"""The page of one job: how it goes, what was asked, what was done with each file, and what can be done about it."""

import time
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Response, redirect, request

from app.dashboard.afterwards import page_of
from app.dashboard.blueprint import blueprint
from app.dashboard.jobs.chart import throughput_chart
from app.dashboard.jobs.filters import Filters, StepQuery, read_filters, step_selection
from app.dashboard.jobs.job_details import details_of, filters_of
from app.dashboard.jobs.job_lists import views_of
from app.dashboard.jobs.phases import phases_of
from app.dashboard.jobs.reasons import meaning
from app.dashboard.jobs.step_views import ACTIONS, STATUSES, step_view
from app.dashboard.rendering import page
from app.errors import JobAlreadyFinished
from app.jobs.contract import Job, StepPage
from app.web.callers import jobs_owner
from app.web.guard import changes_something
from app.web.services import current_services

STEPS_MAX = 100
"""How many steps a page shows."""


@blueprint.get("/jobs/<uuid:job_id>")
def show_job(job_id: UUID) -> Response:
    """Show a job, and those of its steps that the filter asks for."""
    job = current_services().jobs.get(str(job_id), jobs_owner())
    filters = read_filters(StepQuery, request.args)
    steps = StepPage((), None) if filters.errors else _steps(job, filters)
    return page(
        "job.html",
        422 if filters.errors else 200,
        **_facts(job),
        filters=filters,
        steps=[step_view(step) for step in steps.steps],
        next_steps=steps.next,
        searched_to=steps.searched_to,
        actions=ACTIONS,
        statuses=STATUSES,
    )


@blueprint.post("/jobs/<uuid:job_id>/cancel")
@changes_something
def cancel_job(job_id: UUID) -> Response:
    """Ask for a job to be stopped, and go back to where the button was; one that has ended meanwhile stays as it is."""
    with suppress(JobAlreadyFinished):
        current_services().jobs.request_cancel(str(job_id), jobs_owner())
    wanted = page_of(request.form.get("next", f"/jobs/{job_id}"))
    answer: Response = redirect(wanted, 303)  # type: ignore[assignment]  # werkzeug's class for Flask's
    return answer


def _steps(job: Job, filters: Filters) -> StepPage:
    found: StepPage = current_services().jobs.find_steps(
        job.id, step_selection(filters.values), filters.values.get("after"), STEPS_MAX, job.owner_id
    )
    return found


def _facts(job: Job) -> dict[str, Any]:
    """Return what the page says of the job itself."""
    now = time.time()
    view = views_of([job])[0]
    throughput = current_services().jobs.throughput(job.id, job.owner_id)
    return {
        "job": view,
        "meaning": meaning(job.reason),
        "phases": list(phases_of(job, now)),
        "chart": throughput_chart(throughput, view.seconds or 0.0),
        "details": list(details_of(job)),
        "rules": filters_of(job),
        "raw": job,
    }
