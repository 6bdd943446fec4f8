"""The routes of datasets by themselves: parse, call one service method, translate."""

from dataclasses import replace

from flask import Response, request

from app.dialects.galaxy import schemas
from app.dialects.galaxy.blueprint import blueprint, sends_file
from app.dialects.galaxy.bodies import decoded, read_body
from app.dialects.galaxy.contents_routes import LISTED, REFUSED
from app.dialects.galaxy.dataset_files import file_answer
from app.dialects.galaxy.dataset_views import MODEL, changed_dataset, dataset_shown, datasets_listed, deleted_dataset
from app.dialects.galaxy.documentation import body, query
from app.dialects.galaxy.history_routes import MODEL as HISTORY_MODEL
from app.dialects.galaxy.history_routes import purges
from app.dialects.galaxy.refusals import looking_at
from app.dialects.galaxy.translate_datasets import DatasetChanges, dataset_query
from app.dialects.galaxy.translate_histories import Purging
from app.web.callers import current_caller, required_caller
from app.web.guard import changes_something
from app.web.public import public
from app.web.services import current_services

DATASETS = "/api/datasets"
DATASET = f"{DATASETS}/<dataset_id>"

MISSING = "There is no such dataset."


@blueprint.answers("GET", DATASETS)
@blueprint.doc(parameters=[query("history_id", "Those in one history that you may see."), *LISTED])
@blueprint.alt_response(400, description="A parameter cannot be read.")
@blueprint.response(200, schemas.DatasetSummary(many=True))
def list_datasets() -> Response:
    """List your datasets, newest first."""
    wanted, history_id = dataset_query(request.args), request.args.get("history_id")
    if history_id:
        wanted = replace(wanted, collection_number=decoded(history_id, "history"))
    with looking_at(HISTORY_MODEL):
        found = current_services().library.items(required_caller(), wanted)
    return datasets_listed(found)


@blueprint.answers("GET", DATASET)
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.Dataset)
@public
def show_dataset(dataset_id: str) -> Response:
    """Show a dataset: one of your own, or one of a published history."""
    number = decoded(dataset_id, "dataset")
    with looking_at(MODEL):
        return dataset_shown(current_services().library.item(current_caller(), number))


@blueprint.answers("PUT", DATASET)
@changes_something
@blueprint.doc(requestBody=body(DatasetChanges))
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.Dataset)
def update_dataset(dataset_id: str) -> Response:
    """Change a dataset; what is left out stays as it is."""
    return changed_dataset(decoded(dataset_id, "dataset"), read_body(DatasetChanges))


@blueprint.answers("DELETE", DATASET)
@changes_something
@blueprint.doc(requestBody=body(Purging, required=False), parameters=[query("purge", "As in the body.", "boolean")])
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.Dataset)
def delete_dataset(dataset_id: str) -> Response:
    """Delete a dataset, so that it can be had back; purged, its file is gone when this answers."""
    return deleted_dataset(decoded(dataset_id, "dataset"), purge=purges())


@blueprint.answers("GET", f"{DATASET}/display")
@blueprint.doc(parameters=[query("to_ext", "Have the file named so, and saved and not shown by browsers.")])
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.alt_response(409, description="The dataset has no file.")
@blueprint.alt_response(429, description="Too many files are being sent; see Retry-After.")
@sends_file
@public
def display_dataset(dataset_id: str) -> Response:
    """Send the file of a dataset."""
    return file_answer(decoded(dataset_id, "dataset"))
