"""The routes of histories: parse, call one service method, translate."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, jsonify, request

from app.dialects.galaxy import schemas
from app.dialects.galaxy.blueprint import blueprint
from app.dialects.galaxy.bodies import decoded, read_body, read_optional_body
from app.dialects.galaxy.documentation import body, query
from app.dialects.galaxy.errors import ADMIN_ONLY, refuse
from app.dialects.galaxy.filters import fields_of, says
from app.dialects.galaxy.history_search import found_histories
from app.dialects.galaxy.refusals import changing, looking_at
from app.dialects.galaxy.translate_histories import (
    SUMMARY,
    UNNAMED,
    HistoryChanges,
    NewHistory,
    Purging,
    TagValue,
    history_document,
    history_query,
    tag_document,
)
from app.dialects.galaxy.wire import selected
from app.library.contract import Collection, CollectionChanges, CollectionKind, CollectionQuery
from app.web.callers import current_caller, required_caller
from app.web.guard import changes_something
from app.web.public import public
from app.web.services import current_services

HISTORIES = "/api/histories"
HISTORY = f"{HISTORIES}/<history_id>"
MODEL = "History"

MISSING = "There is no such history."
REFUSED = "It is a history of somebody else."
ADMINS = "Only admins can query all histories"
UNREAD_ARCHIVE = {
    "model_class": "Job",
    "id": None,
    "tool_id": "__IMPORT_HISTORY__",
    "state": "error",
    "exit_code": 1,
    "message": "Archives of histories are not read here, so nothing was made. Make a history, and upload its datasets.",
}
"""Galaxy answers an archive with the job that reads it, which may fail; here there is none, and it says so at once."""

VIEW = [
    query("view", "summary or detailed."),
    query("keys", "These fields and no others, with commas between them; with a view, besides those of it."),
]
LISTED = [
    query("q", "A filter: name, deleted, purged, published, slug, create_time-ge, update_time-le and so on."),
    query("qv", "What the filter compares with; as many of these as there are filters."),
    query("order", "create_time-dsc, update_time-asc, name-asc and so on, with commas between them."),
    query("limit", "At most so many.", "integer"),
    query("offset", "Without the first so many.", "integer"),
    *VIEW,
]


@blueprint.answers("GET", HISTORIES)
@blueprint.doc(parameters=[*LISTED, query("all", "Everybody's, for admins.", "boolean")])
@blueprint.alt_response(400, description="A parameter cannot be read.")
@blueprint.alt_response(403, description=ADMINS)
@blueprint.response(200, schemas.History(many=True))
def list_histories() -> Response:
    """List your histories that are not deleted, newest first."""
    caller = required_caller()
    wanted, slug = history_query(request.args)
    if wanted.everybodys and not caller.is_admin:
        refuse(403, ADMIN_ONLY, ADMINS)
    return _listed(found_histories(wanted, slug, None if wanted.everybodys else caller.user_id))


@blueprint.answers("GET", f"{HISTORIES}/published")
@blueprint.doc(parameters=LISTED, security=[])
@blueprint.alt_response(400, description="A parameter cannot be read.")
@blueprint.response(200, schemas.History(many=True))
@public
def list_published_histories() -> Response:
    """List the histories that anybody may see, newest first."""
    wanted, slug = history_query(request.args)
    return _listed(found_histories(replace(wanted, published=True, everybodys=False), slug, None))


@blueprint.answers("GET", f"{HISTORIES}/most_recently_used")
@blueprint.doc(parameters=VIEW)
@blueprint.response(200, schemas.NO_HISTORY_OR_ONE)
def show_most_recently_used() -> Response:
    """Show the history that you changed last; null when you have none."""
    wanted = CollectionQuery(order=("-updated_at",), limit=1)
    found = current_services().library.collections(required_caller(), CollectionKind.HISTORY, wanted)
    return _shown(found[0]) if found else jsonify(None)


@blueprint.answers("POST", HISTORIES)
@changes_something
@blueprint.doc(requestBody=body(NewHistory), parameters=VIEW)
@blueprint.alt_response(400, description="The body cannot be read.")
@blueprint.response(200, schemas.HISTORY_OR_JOB)
def create_history() -> Response:
    """Make a history, empty or as a copy of one that you may see; a copy has its datasets that are ok.

    To an archive of a history the answer is a job that has failed, as Galaxy's would be if it could not read it.
    """
    if request.mimetype == "multipart/form-data":
        return jsonify(UNREAD_ARCHIVE)
    given, library, caller = read_body(NewHistory), current_services().library, required_caller()
    if given.archive_source is not None:
        return jsonify(UNREAD_ARCHIVE)
    if given.history_id is None:
        return _shown(library.create_collection(caller, CollectionKind.HISTORY, given.name or UNNAMED))
    with looking_at(MODEL):
        source = library.collection(caller, given.history_id)
    return _shown(library.copy_collection(caller, source.number, given.name or f"Copy of '{source.name}'"))


@blueprint.answers("GET", HISTORY)
@blueprint.doc(parameters=VIEW)
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.History)
@public
def show_history(history_id: str) -> Response:
    """Show a history: one of your own, or a published one."""
    with looking_at(MODEL):
        return _shown(current_services().library.collection(current_caller(), decoded(history_id, "history")))


@blueprint.answers("PUT", HISTORY)
@changes_something
@blueprint.doc(requestBody=body(HistoryChanges), parameters=VIEW)
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.History)
def update_history(history_id: str) -> Response:
    """Change a history; what is left out stays as it is. Purged, it is deleted and its datasets' files are gone."""
    given = read_body(HistoryChanges)
    changed = _changed(history_id, given.changes())
    return _deleted(history_id, purge=True) if given.purged else changed


@blueprint.answers("DELETE", HISTORY)
@changes_something
@blueprint.doc(requestBody=body(Purging, required=False), parameters=[query("purge", "As in the body.", "boolean")])
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.History)
def delete_history(history_id: str) -> Response:
    """Delete a history, so that it can be had back; purged, its datasets' files are gone."""
    return _deleted(history_id, purge=purges())


@blueprint.answers("POST", f"{HISTORIES}/deleted/<history_id>/undelete")
@changes_something
@blueprint.alt_response(400, description="It was purged.")
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.History)
def undelete_history(history_id: str) -> Response:
    """Have a deleted history back."""
    return _changed(history_id, CollectionChanges(deleted=False))


@blueprint.answers("POST", f"{HISTORY}/tags/<tag_name>")
@changes_something
@blueprint.doc(requestBody=body(TagValue, required=False))
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.Tag)
def create_history_tag(history_id: str, tag_name: str) -> Response:
    """Give a history one more tag: a name, or with a value ``name:value``."""
    number, value, library = (
        decoded(history_id, "history"),
        read_optional_body(TagValue).value,
        current_services().library,
    )
    with changing(MODEL):
        tags = library.own_collection(required_caller(), number).tags
        tag = f"{tag_name}:{value}" if value else tag_name
        changed = library.change_collection(required_caller(), number, CollectionChanges(tags=[*tags, tag]))
    return jsonify(tag_document(changed, tag_name, value))


def purges() -> bool:
    """Return whether a deletion wants the files gone, by its body or its query string."""
    return bool(read_optional_body(Purging).purge or says(request.args, "purge"))


def _changed(history_id: str, changes: CollectionChanges) -> Response:
    number = decoded(history_id, "history")
    with changing(MODEL):
        return _shown(current_services().library.change_collection(required_caller(), number, changes))


def _deleted(history_id: str, *, purge: bool) -> Response:
    number = decoded(history_id, "history")
    with changing(MODEL):
        return _shown(current_services().library.delete_collection(required_caller(), number, purge=purge))


def _listed(found: Sequence[Collection]) -> Response:
    names = fields_of(request.args, SUMMARY, detailed=False)
    contents = current_services().library.contents([each.number for each in found])
    return jsonify([selected(history_document(each, contents[each.number]), names) for each in found])


def _shown(history: Collection) -> Response:
    contents = current_services().library.contents([history.number])[history.number]
    return jsonify(selected(history_document(history, contents), fields_of(request.args, SUMMARY, detailed=True)))
