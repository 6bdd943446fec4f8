"""A dry run as a plan: what a mirror would do, and the button that has it done."""

import time
from typing import Any
from uuid import UUID

from flask import Response, request

from app.dashboard.blueprint import blueprint
from app.dashboard.jobs.job_views import job_view
from app.dashboard.jobs.reasons import meaning
from app.dashboard.jobs.step_views import StepView, step_view
from app.dashboard.rendering import page
from app.dashboard.starting.plan_words import words_of
from app.dashboard.starting.start_page import going_to
from app.errors import InvalidInput, PlanUnusable, SluiceError, TooManyJobs
from app.jobs.contract import StepSelection, StepStatus
from app.mirrors.direction import direction_of
from app.mirrors.planning import Plan
from app.web.callers import current_caller, jobs_owner
from app.web.errors import STATUS, add_retry_after, class_entry
from app.web.guard import changes_something
from app.web.services import current_services

DELETIONS_MAX, UPLOADS_MAX = 50, 20
"""How many steps of each kind a plan shows; the page of its job has all."""


@blueprint.get("/plans/<uuid:job_id>")
def show_plan(job_id: UUID) -> Response:
    """Show what a dry run has found, or that it has not ended yet."""
    return _page(current_services().mirrors.plan(str(job_id), jobs_owner()))


@blueprint.post("/plans/<uuid:job_id>/start")
@changes_something
def start_plan(job_id: UUID) -> Response:
    """Start what a plan shows; once, however often the button is pressed."""
    mirrors, owner_id = current_services().mirrors, jobs_owner()
    keys = (request.form.get("access_key", ""), request.form.get("secret_key", ""))
    try:
        return going_to(mirrors.start_planned(str(job_id), _confirmed(), keys, current_caller(), owner_id))
    except (PlanUnusable, InvalidInput, TooManyJobs) as error:
        return _refused(mirrors.plan(str(job_id), owner_id), error)


def _confirmed() -> int | None:
    """Return the number of deletions in the box that was ticked; None: it was not, or by no form of ours."""
    text = request.form.get("confirmed", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None


def _refused(plan: Plan, error: SluiceError) -> Response:
    answer = _page(plan, class_entry(STATUS, error), error.message if isinstance(error, InvalidInput) else str(error))
    add_retry_after(answer, error)
    return answer


def _page(plan: Plan, status: int = 200, refusal: str = "") -> Response:
    return page(
        "plan.html",
        status,
        plan=plan,
        job=job_view(plan.job),
        refusal=refusal,
        meaning=meaning(plan.job.reason),
        is_too_old=plan.is_too_old(time.time()),
        was_asked_to_start="first" in request.args,
        **(_found(plan) if plan.is_whole else {}),
    )


def _found(plan: Plan) -> dict[str, Any]:
    upload = direction_of(plan.job.arguments).action("upload")
    return {
        "said": words_of(plan),
        "deletions": _steps(plan, "delete", DELETIONS_MAX) if plan.deletes else [],
        "uploads": _steps(plan, upload, UPLOADS_MAX) if plan.uploads else [],
    }


def _steps(plan: Plan, action: str, limit: int) -> list[StepView]:
    wanted = StepSelection(status=StepStatus.PLANNED, action=action)
    found = current_services().jobs.find_steps(plan.job.id, wanted, limit=limit)
    return [step_view(step) for step in found.steps]
