"""Downloads of a job's step history, as CSV and as newline-delimited JSON, whatever its length in the same memory."""

from collections.abc import Iterator
from uuid import UUID

from flask import Response, request

from app.dashboard.blueprint import blueprint
from app.dashboard.jobs.exporting import csv_lines, json_lines
from app.dashboard.jobs.filters import StepQuery, read_filters, step_selection
from app.errors import InvalidInput
from app.jobs.contract import Step
from app.web.callers import current_caller, jobs_owner
from app.web.downloads import download_place
from app.web.services import current_services


@blueprint.get("/jobs/<uuid:job_id>/steps.csv")
def download_csv(job_id: UUID) -> Response:
    """Send the steps that the filter asks for as CSV, in the order in which they finished."""
    return _attached(csv_lines(_steps(job_id)), "text/csv; charset=utf-8", f"job-{job_id}-steps.csv")


@blueprint.get("/jobs/<uuid:job_id>/steps.ndjson")
def download_json(job_id: UUID) -> Response:
    """Send the steps that the filter asks for, one JSON object a line, in the order in which they finished."""
    return _attached(json_lines(_steps(job_id)), "application/x-ndjson", f"job-{job_id}-steps.ndjson")


def _steps(job_id: UUID) -> Iterator[Step]:
    filters = read_filters(StepQuery, request.args)
    for field, sentence in filters.errors.items():
        raise InvalidInput(field, sentence)
    found: Iterator[Step] = current_services().jobs.each_step(str(job_id), step_selection(filters.values), jobs_owner())
    return found


def _attached(lines: Iterator[str], content_type: str, name: str) -> Response:
    """Return a file that is sent as it is made; it holds a thread of the server, so that there are places for some."""
    give_back = download_place(current_caller())
    answer = Response(lines, content_type=content_type)
    answer.call_on_close(give_back)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
