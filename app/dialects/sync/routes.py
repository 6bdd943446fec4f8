"""The routes of the sync dialect: parse, call one service method, translate."""

from itertools import takewhile
from typing import Any

from flask import Response, jsonify, request

from app.copies.contract import Conflict
from app.dialects.sync import schemas
from app.dialects.sync.translate import job_document, job_event, mirror_request, place_of, step_document
from app.errors import JobAlreadyFinished
from app.jobs.contract import Job, StepStatus
from app.web.callers import caller_stands, current_caller, jobs_owner, required_caller
from app.web.guard import changes_something
from app.web.parameters import BODY, ParameterBlueprint, ordered_parameters
from app.web.services import current_services
from app.web.streams import event_stream

blueprint = ParameterBlueprint("sync", __name__, description="Mirror a folder into a bucket.")

REFUSED = "Another web site caused the request, or the caller may not."
UNKNOWN = "No job has this id, or it is another user's."
WHO = "What says who calls is wrong, or nothing does and SYNC_AUTH=required."


@blueprint.before_request
def admit() -> None:
    """Look who is calling before anything else of the request is looked at."""
    jobs_owner()


@blueprint.get_or_post("/sync", schemas.SyncParameters)
@blueprint.alt_response(429, description="Too many jobs wait; see Retry-After.")
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(202, schemas.Job)
@changes_something
def start(parameters: dict[str, Any]) -> Response:
    """Start a synchronisation; watch it at the answer's Location."""
    request_of_mirror = mirror_request(parameters, ordered_parameters())
    job = current_services().mirrors.submit(request_of_mirror, caller=current_caller())
    return _started(job)


@blueprint.route("/copy", methods=["POST"])
@blueprint.arguments(schemas.CopyParameters, location=BODY)
@blueprint.alt_response(429, description="Too many jobs wait; see Retry-After.")
@blueprint.alt_response(404, description="There is no such connection, or the caller may not see it.")
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(202, schemas.Job)
@changes_something
def copy(parameters: dict[str, Any]) -> Response:
    """Copy objects from a connection's bucket into another's, or within one; watch it at the answer's Location."""
    source, target = place_of(parameters["source"]), place_of(parameters["target"])
    conflict, prefix = Conflict(parameters["conflict"]), parameters["prefix"]
    copies = current_services().copies
    return _started(copies.direct(required_caller(), source, target, parameters["objects"], conflict, prefix))


@blueprint.get_or_post("/runnings", schemas.RunningsParameters)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(200, schemas.Job(many=True))
def list_jobs(parameters: dict[str, Any]) -> Response:
    """List the unfinished jobs, oldest first; with all=1 also the finished ones, newest first."""
    jobs = current_services().jobs
    found = jobs.list(include_finished=parameters["all"], limit=parameters["limit"], owner_id=jobs_owner())
    return jsonify([job_document(job) for job in found])


@blueprint.get_or_post("/get", schemas.JobParameters)
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(200, schemas.Job)
def show(parameters: dict[str, Any]) -> Response:
    """Show a job as it stands now."""
    return jsonify(job_document(current_services().jobs.get(str(parameters["id"]), jobs_owner())))


@blueprint.get_or_post("/cancel", schemas.JobParameters)
@blueprint.alt_response(409, schema=schemas.Job, description="The job has finished already; here it is, unchanged.")
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(202, schemas.Job)
@changes_something
def cancel(parameters: dict[str, Any]) -> Response:
    """Let a job's file operations in hand finish, or stop between two parts of a large file, and start no other."""
    jobs, job_id, owner_id = current_services().jobs, str(parameters["id"]), jobs_owner()
    try:
        job, status = jobs.request_cancel(job_id, owner_id), 202
    except JobAlreadyFinished:
        job, status = jobs.get(job_id, owner_id), 409
    answer = jsonify(job_document(job))
    answer.status_code = status
    return answer


@blueprint.get_or_post("/steps", schemas.StepsParameters)
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(200, schemas.Step(many=True))
def list_steps(parameters: dict[str, Any]) -> Response:
    """List a job's file operations in the order in which they finished."""
    status = StepStatus(parameters["status"]) if "status" in parameters else None
    found = current_services().jobs.steps(
        str(parameters["id"]), status, parameters["after"], parameters["limit"], jobs_owner()
    )
    return jsonify([step_document(step) for step in found])


@blueprint.get_or_post("/events", schemas.JobParameters)
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.alt_response(401, description=WHO)
@blueprint.alt_response(204, description="Last-Event-ID shows that the end was seen: there is nothing more to come.")
@blueprint.response(200, schemas.Job, content_type="text/event-stream")
def follow(parameters: dict[str, Any]) -> Response:
    """Send the job after each change, at most 4 times a second, until it has finished or its caller is none any more.

    Answers 204, which tells a browser to stop asking, when Last-Event-ID shows that the end was seen.
    """
    services, job_id, owner_id = current_services(), str(parameters["id"]), jobs_owner()
    seen, job = _last_event_id(), services.jobs.get(job_id, owner_id)
    if job.state.is_final and seen == job.version:
        return Response(status=204)
    stands, changes = caller_stands(), services.jobs.watch(job_id, seen, services.draining, owner_id)
    return event_stream(job_event(job) for job in takewhile(lambda _: stands(), changes))


def _started(job: Job) -> Response:
    answer = jsonify(job_document(job))
    answer.status_code = 202
    answer.headers["Location"] = f"/get?id={job.id}"
    return answer


def _last_event_id() -> int:
    text = request.headers.get("Last-Event-ID", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
