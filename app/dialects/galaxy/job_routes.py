"""The routes of jobs: each is one object of a copy job. Parse, call one service method, translate."""

from flask import Response, jsonify, request

from app.copies.contract import Copy
from app.dialects.galaxy import copy_schemas
from app.dialects.galaxy.blueprint import blueprint
from app.dialects.galaxy.bodies import decoded
from app.dialects.galaxy.documentation import query
from app.dialects.galaxy.errors import NOT_FOUND, refuse
from app.dialects.galaxy.filters import says
from app.dialects.galaxy.job_query import job_query
from app.dialects.galaxy.refusals import looking_at
from app.dialects.galaxy.translate_jobs import (
    JOB_KINDS,
    associations,
    detailed_job_document,
    full_job_document,
    job_document,
)
from app.errors import NotFound
from app.library.contract import Item
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.services import current_services

JOBS = "/api/jobs"
JOB = f"{JOBS}/<job_id>"

MODEL = "Job"
REFUSED = "It is a job of somebody else."
MISSING = "There is no such job."


@blueprint.answers("GET", JOBS)
@blueprint.doc(
    parameters=[
        query("state", "In this state; may come more than once."),
        query("tool_id", "Of this tool, upload1 or send_to_cloud; may come more than once."),
        query("history_id", "Of this history."),
        query("user_id", "Of this user, which only admins may ask for but of themselves."),
        query("date_range_min", "Changed then or later: a date or a time, in UTC unless it says otherwise."),
        query("date_range_max", "Changed then or before."),
        query("order_by", "create_time or update_time (the default), newest first."),
        query("limit", "At most so many; 500 unless given.", "integer"),
        query("offset", "Without the first so many.", "integer"),
    ]
)
@blueprint.alt_response(400, description="A parameter that cannot be read.")
@blueprint.alt_response(403, description="Only admins may see this.")
@blueprint.response(200, copy_schemas.Job(many=True))
def list_jobs() -> Response:
    """List your jobs, newest first; an admin lists everybody's."""
    wanted = job_query(request.args, required_caller())
    found = [] if wanted is None else current_services().copies.find(required_caller(), wanted)
    return jsonify([job_document(copy) for copy in found])


@blueprint.answers("GET", JOB)
@blueprint.doc(parameters=[query("full", "True: with what it has said.", "boolean")])
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, copy_schemas.FullJob)
def show_job(job_id: str) -> Response:
    """Show a job; in full with the name under which an object was stored, or why it was not."""
    copy = _shown(job_id)
    document = full_job_document if says(request.args, "full") else detailed_job_document
    return jsonify(document(copy, _item(copy)))


@blueprint.answers("GET", f"{JOB}/inputs")
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, copy_schemas.Association(many=True))
def list_inputs(job_id: str) -> Response:
    """List the datasets that a job reads."""
    copy = _shown(job_id)
    return jsonify(associations(detailed_job_document(copy, _item(copy))["inputs"]))


@blueprint.answers("GET", f"{JOB}/outputs")
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, copy_schemas.Association(many=True))
def list_outputs(job_id: str) -> Response:
    """List the datasets that a job fills."""
    copy = _shown(job_id)
    return jsonify(associations(detailed_job_document(copy, _item(copy))["outputs"]))


@blueprint.answers("DELETE", JOB)
@changes_something
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, {"type": "boolean"})
def cancel_job(job_id: str) -> Response:
    """Cancel a job; answers true, or false when it had ended."""
    copy = _shown(job_id)
    return jsonify(current_services().copies.cancel(required_caller(), copy.number))


def _shown(job_id: str) -> Copy:
    number = decoded(job_id, "job")
    with looking_at(MODEL):
        copy: Copy = current_services().copies.show(required_caller(), number)
    if copy.kind not in JOB_KINDS:
        refuse(404, NOT_FOUND, f"{MODEL} not found")
    return copy


def _item(copy: Copy) -> Item | None:
    if copy.item_number is None:
        return None
    try:
        item: Item = current_services().library.item(required_caller(), copy.item_number)
    except NotFound:
        return None
    return item
