"""Starting a mirror: the form, which leads to a plan, or to the job at once where nothing can be deleted."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import Response, redirect, request

from app.connections.contract import Connection, Scope, Selection
from app.connections.permissions import may_change
from app.dashboard.blueprint import blueprint
from app.dashboard.rendering import page
from app.dashboard.starting import start_form
from app.errors import InvalidInput, NotAllowed, NotFound, SluiceError, TooManyJobs
from app.jobs.contract import Job
from app.mirrors.repeating import has_own_keys, request_of
from app.mirrors.request import MirrorRequest
from app.web.callers import current_caller, jobs_owner
from app.web.errors import STATUS, add_retry_after, class_entry
from app.web.guard import changes_something
from app.web.services import current_services

CONNECTIONS_MAX = 200
"""How many connections the form offers; from the page of any other a link leads to the form."""


class Choice(NamedTuple):
    """A connection that can be chosen.

    Attributes:
        title: what people call it, and where it leads.
        may_upload: whether the caller may change what is stored there.
    """

    id: str
    title: str
    may_upload: bool


@blueprint.get("/start")
def show_start() -> Response:
    """Show the form, filled with what the link says, or with what a job was asked to do."""
    job_id = request.args.get("job")
    if job_id is None:
        return _form(start_form.prefilled(request.args))
    job = current_services().jobs.get(job_id, jobs_owner())
    return _form(start_form.shown(request_of(job)), needs_keys=has_own_keys(job))


@blueprint.post("/start")
@changes_something
def start() -> Response:
    """Make a plan; or start at once, where that is wanted and nothing can be deleted."""
    try:
        wanted = start_form.start_request(request.form)
        job = _started(wanted, at_once=request.form.get("do") == "start")
    except (InvalidInput, NotFound, NotAllowed, TooManyJobs) as error:
        return _refused(error)
    return going_to(job, asked_to_start=request.form.get("do") == "start")


def going_to(job: Job, *, asked_to_start: bool = False) -> Response:
    """Return the way to the page of a job that was just made; a plan says there why it is one if that is a surprise."""
    if not job.arguments["dry_run"]:
        address = f"/jobs/{job.id}"
    else:
        address = f"/plans/{job.id}{'?first=1' if asked_to_start else ''}"
    answer: Response = redirect(address, 303)  # type: ignore[assignment]  # werkzeug's class for Flask's
    return answer


def _started(wanted: MirrorRequest, *, at_once: bool) -> Job:
    mirrors, caller = current_services().mirrors, current_caller()
    job: Job = (
        mirrors.submit(wanted, caller=caller) if at_once and not wanted.delete else mirrors.preview(wanted, caller)
    )
    return job


def _refused(error: SluiceError) -> Response:
    """Show the form once more, with what is wrong beside its field."""
    field = _field_of(error)
    if field is None and not isinstance(error, TooManyJobs):
        raise error
    status = 422 if isinstance(error, NotFound) else class_entry(STATUS, error)
    sentence = error.message if isinstance(error, InvalidInput) else str(error)
    answer = _form(start_form.typed(request.form), {field: sentence} if field else {}, status, sentence)
    add_retry_after(answer, error)
    return answer


def _field_of(error: SluiceError) -> str | None:
    if isinstance(error, InvalidInput):
        return start_form.field_of(error.field)
    by_connection = request.form.get("target") == start_form.CONNECTION
    return start_form.CONNECTION if by_connection and isinstance(error, NotFound | NotAllowed) else None


def _form(
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    sentence: str = "",
    *,
    needs_keys: bool = False,
) -> Response:
    errors = errors or {}
    return page(
        "start.html",
        status,
        values=values,
        errors=errors,
        sentence=sentence,
        needs_keys=needs_keys,
        is_rare=start_form.is_unfolded(start_form.RARE, values, errors),
        is_elsewhere=needs_keys or start_form.is_unfolded(start_form.ELSEWHERE, values, errors),
        folders=current_services().mirrors.folders(),
        connections=_choices(),
        default_url=current_services().settings.default_storage_url,
    )


def _choices() -> list[Choice]:
    caller = current_caller()
    if caller is None:
        return []
    everything = Selection(
        lambda _: True, lambda found: sorted(found, key=lambda one: (one.name.casefold(), one.number))
    )
    found = current_services().connections.find(caller, Scope(shared=True), everything, 0, CONNECTIONS_MAX)
    return [Choice(one.id, _title(one), may_change(caller, one)) for one in found.connections]


def _title(connection: Connection) -> str:
    return f"{connection.name}: {connection.bucket} at {connection.url}"
