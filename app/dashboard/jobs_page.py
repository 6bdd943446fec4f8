"""The list of jobs: what runs, what waits, and how the others ended."""

from flask import Response

from app.dashboard.blueprint import blueprint
from app.dashboard.job_views import job_view
from app.dashboard.rendering import page
from app.web.callers import jobs_owner
from app.web.services import current_services


@blueprint.get("/")
def show_jobs() -> Response:
    """Show the jobs."""
    found = current_services().jobs.list(include_finished=True, limit=50, owner_id=jobs_owner())
    return page("jobs.html", jobs=[job_view(job) for job in found])
