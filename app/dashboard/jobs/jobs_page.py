"""The list of jobs: what runs, what waits, and how the others ended."""

from collections.abc import Mapping

from flask import Response, request

from app.dashboard.afterwards import this_page
from app.dashboard.blueprint import blueprint
from app.dashboard.jobs.filters import UNFINISHED, JobQuery, read_filters
from app.dashboard.jobs.job_lists import JobList, job_list, known_places, owner_names
from app.dashboard.rendering import page
from app.jobs.contract import JobState
from app.web.callers import current_caller, jobs_owner
from app.web.services import current_services


@blueprint.get("/")
def show_jobs() -> Response:
    """Show the jobs that the filter asks for."""
    jobs, owner_id = current_services().jobs, jobs_owner()
    filters = read_filters(JobQuery, request.args)
    found = JobList() if filters.errors else job_list(filters.values, owner_id)
    counts = jobs.counts(owner_id)
    return page(
        "jobs.html",
        422 if filters.errors else 200,
        found=found,
        filters=filters,
        counts=counts,
        total=sum(counts.values()),
        unfinished=UNFINISHED,
        states=JobState,
        owners=_owners(owner_id),
        places=known_places(current_caller(), found),
        this_page=this_page(),
    )


def _owners(owner_id: int | None) -> Mapping[int, str]:
    """Return who can be chosen; nobody, where all that somebody may see are his own."""
    return owner_names(current_services().jobs.owners()) if owner_id is None else {}
