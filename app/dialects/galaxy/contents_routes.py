"""The routes of what is in one history: parse, call one service method, translate."""

from flask import Response, jsonify, request

from app.dialects.galaxy import schemas
from app.dialects.galaxy.blueprint import blueprint, sends_file
from app.dialects.galaxy.bodies import decoded, read_body
from app.dialects.galaxy.dataset_files import file_answer
from app.dialects.galaxy.dataset_views import changed_dataset, dataset_shown, datasets_listed, deleted_dataset
from app.dialects.galaxy.documentation import body, query
from app.dialects.galaxy.errors import NOT_FOUND, refuse
from app.dialects.galaxy.filters import words_of
from app.dialects.galaxy.history_routes import HISTORY, purges
from app.dialects.galaxy.history_routes import MISSING as NO_HISTORY
from app.dialects.galaxy.history_routes import MODEL as HISTORY_MODEL
from app.dialects.galaxy.history_routes import REFUSED as HISTORY_REFUSED
from app.dialects.galaxy.refusals import changing, looking_at
from app.dialects.galaxy.translate_datasets import DatasetChanges, DatasetCopy, contents_query
from app.dialects.galaxy.translate_histories import Purging
from app.web.answers import NONE_AT_ALL
from app.web.callers import current_caller, required_caller
from app.web.guard import changes_something
from app.web.public import public
from app.web.services import current_services

CONTENTS = f"{HISTORY}/contents"
CONTENT = f"{CONTENTS}/<dataset_id>"
MODEL = "HistoryDatasetAssociation"

MISSING = "There is no such dataset in this history."
REFUSED = "It is a dataset of somebody else."

LISTED = [
    query("types", "dataset or dataset_collection; there are no collections here. May come more than once."),
    query("deleted", "Only deleted ones, or only others.", "boolean"),
    query("visible", "Only visible ones, or only hidden ones.", "boolean"),
    query("details", "all: with all fields."),
    query(
        "q", "A filter: name, name-contains, state-eq, state-in, extension-eq, tag, deleted, create_time-ge and so on."
    ),
    query("qv", "What the filter compares with; as many of these as there are filters."),
    query("order", "hid-asc, create_time-dsc, name-asc and so on, with commas between them."),
    query("limit", "At most so many.", "integer"),
    query("offset", "Without the first so many.", "integer"),
    query("keys", "These fields and no others, with commas between them."),
]


@blueprint.answers("GET", CONTENTS)
@blueprint.doc(parameters=LISTED)
@blueprint.alt_response(403, description=HISTORY_REFUSED)
@blueprint.alt_response(404, description=NO_HISTORY)
@blueprint.response(200, schemas.DatasetSummary(many=True))
@public
def list_contents(history_id: str) -> Response:
    """List what is in a history, deleted or not, in the order in which it came."""
    wanted = contents_query(request.args, decoded(history_id, "history"))
    types = words_of(request.args, "types")
    with looking_at(HISTORY_MODEL):
        found = current_services().library.items(current_caller(), wanted)
    return datasets_listed(found if not types or "dataset" in types else [])


@blueprint.answers("POST", CONTENTS)
@changes_something
@blueprint.doc(requestBody=body(DatasetCopy))
@blueprint.alt_response(403, description=HISTORY_REFUSED)
@blueprint.alt_response(404, description="There is no such history, or no such dataset.")
@blueprint.alt_response(409, description="The dataset has no file yet.")
@blueprint.response(200, schemas.Dataset)
def copy_dataset(history_id: str) -> Response:
    """Put a copy of a dataset that you may see into a history of yours; both share the file."""
    number, asked = decoded(history_id, "history"), read_body(DatasetCopy)
    library, caller = current_services().library, required_caller()
    with changing(HISTORY_MODEL):
        library.own_collection(caller, number)
    with looking_at(MODEL):
        return dataset_shown(library.copy_item(caller, asked.content, number))


@blueprint.answers("GET", CONTENT)
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.Dataset)
@public
def show_content(history_id: str, dataset_id: str) -> Response:
    """Show a dataset of a history."""
    number = _number(history_id, dataset_id)
    with looking_at(MODEL):
        return dataset_shown(current_services().library.item(current_caller(), number))


@blueprint.answers("PUT", CONTENT)
@changes_something
@blueprint.doc(requestBody=body(DatasetChanges))
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.Dataset)
def update_content(history_id: str, dataset_id: str) -> Response:
    """Change a dataset of a history; what is left out stays as it is."""
    return changed_dataset(_number(history_id, dataset_id), read_body(DatasetChanges))


@blueprint.answers("DELETE", CONTENT)
@changes_something
@blueprint.doc(requestBody=body(Purging, required=False), parameters=[query("purge", "As in the body.", "boolean")])
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.Dataset)
def delete_content(history_id: str, dataset_id: str) -> Response:
    """Delete a dataset, so that it can be had back; purged, its file is gone when this answers."""
    return deleted_dataset(_number(history_id, dataset_id), purge=purges())


@blueprint.answers("GET", f"{CONTENT}/display")
@blueprint.doc(parameters=[query("to_ext", "Have the file named so, and saved and not shown by browsers.")])
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.alt_response(409, description="The dataset has no file.")
@blueprint.alt_response(429, description="Too many files are being sent; see Retry-After.")
@sends_file
@public
def display_content(history_id: str, dataset_id: str) -> Response:
    """Send the file of a dataset of a history."""
    return file_answer(_number(history_id, dataset_id))


@blueprint.answers("GET", f"{CONTENT}/extra_files")
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, NONE_AT_ALL)
@public
def list_extra_files(history_id: str, dataset_id: str) -> Response:
    """List the files that a dataset has beside its own: none, here."""
    _number(history_id, dataset_id)
    return jsonify([])


def _number(history_id: str, dataset_id: str) -> int:
    """Return the number of a dataset that the caller may look at, and that is in this history."""
    history, number = decoded(history_id, "history"), decoded(dataset_id, "dataset")
    with looking_at(MODEL):
        item = current_services().library.item(current_caller(), number)
    if item.collection_number != history:
        refuse(404, NOT_FOUND, f"{MODEL} not found")
    return number
