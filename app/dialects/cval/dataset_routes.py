"""The routes of datasets: parse, call one service method, translate."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from flask import Response, jsonify
from werkzeug.exceptions import MethodNotAllowed

from app.dialects.cval import schemas
from app.dialects.cval.blueprint import AGAIN, blueprint
from app.dialects.cval.translate import (
    annotations_document,
    dataset_document,
    dataset_fields,
    form_named,
    frames_document,
    part_named,
    problem_documents,
)
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.services import current_services

UNKNOWN = "You have no dataset of this id."
READ_ONLY = "A dataset is read from its bucket. Put its images and annotations there; they are not sent here."

WRITING: Mapping[str, Sequence[str]] = {
    "/dataset/<dataset_id>/<part>/blob": ["GET", "POST", "PUT", "DELETE"],
    "/dataset/<dataset_id>/frames/linked": ["GET", "POST", "PUT", "DELETE"],
    "/dataset/<dataset_id>/annotation/<form>": ["GET", "POST", "PUT", "DELETE"],
    "/dataset/<dataset_id>/<part>/annotation/<form>": ["POST", "PUT", "DELETE"],
    "/dataset/<dataset_id>/<part>/frame/<frame_id>": ["GET", "POST", "PUT", "DELETE"],
    "/dataset/<dataset_id>/<part>/embeddings": ["GET", "POST", "PUT", "DELETE"],
    "/dataset/<dataset_id>/<part>/embeddings/meta": ["GET", "POST", "PUT", "DELETE"],
    "/dataset/<dataset_id>/<part>/embedding/<frame_id>/<embedding_id>": ["GET", "POST", "PUT", "DELETE"],
}
"""What the client can also ask for, and which methods of that are refused; the detour by the bucket is the way."""


@blueprint.answers("POST", "/dataset")
@changes_something
@blueprint.arguments(schemas.DatasetFields)
@blueprint.alt_response(404, description="You have no storage of the id in storage_config.")
@blueprint.response(200, schemas.Dataset)
def create_dataset(given: dict[str, Any]) -> dict[str, Any]:
    """Make a dataset; ``storage_config`` says which storage it is read from, now or later."""
    return dataset_document(current_services().datasets.create(required_caller(), **dataset_fields(given)))


@blueprint.answers("GET", "/datasets/all")
@blueprint.response(200, schemas.Dataset(many=True))
def list_datasets() -> list[dict[str, Any]]:
    """List your datasets, oldest first."""
    return [dataset_document(dataset) for dataset in current_services().datasets.all(required_caller())]


@blueprint.answers("GET", "/dataset/<dataset_id>")
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.response(200, schemas.Dataset)
def show_dataset(dataset_id: str) -> dict[str, Any]:
    """Show a dataset."""
    return dataset_document(current_services().datasets.get(required_caller(), dataset_id))


@blueprint.answers("PUT", "/dataset/<dataset_id>")
@changes_something
@blueprint.arguments(schemas.DatasetFields)
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.response(200, schemas.Dataset)
def change_dataset(given: dict[str, Any], dataset_id: str) -> dict[str, Any]:
    """Change a dataset; what is null or left out stays as it is."""
    fields = dataset_fields(given)
    return dataset_document(current_services().datasets.change(required_caller(), dataset_id, **fields))


@blueprint.answers("DELETE", "/dataset/<dataset_id>")
@changes_something
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.response(200, schemas.DatasetId)
def delete_dataset(dataset_id: str) -> dict[str, str]:
    """Delete a dataset; its storage and the files in the bucket stay."""
    return {"dataset_id": current_services().datasets.remove(required_caller(), dataset_id).id}


@blueprint.answers("PUT", "/dataset/<dataset_id>/synchronize")
@changes_something
@blueprint.alt_response(404, description="You have neither a dataset nor a storage of this id.")
@blueprint.response(202, schemas.Started)
def synchronize(dataset_id: str) -> dict[str, str]:
    """Bring the mirror of a dataset's storage up to date, now and once; takes a storage's id too."""
    job = current_services().datasets.synchronise(required_caller(), dataset_id)
    return {"id": dataset_id, "job_id": job.id}


@blueprint.answers("GET", "/dataset/<dataset_id>/<part>/frames/meta")
@blueprint.arguments(schemas.FramesLimit, location="query")
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.response(200, schemas.FramesMeta)
def show_frames(given: dict[str, int], dataset_id: str, part: str) -> dict[str, Any]:
    """Count the images of a part (training, test or validation) that are mirrored, and name the first ones."""
    frames = current_services().datasets.frames(required_caller(), dataset_id, part_named(part), given["limit"])
    return frames_document(frames)


@blueprint.answers("GET", "/dataset/<dataset_id>/<part>/annotation/<form>")
@blueprint.arguments(schemas.AnnotationsLimit, location="query")
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.response(200, schemas.ANNOTATIONS)
def show_annotations(given: dict[str, int | None], dataset_id: str, part: str, form: str) -> Response:
    """Show the annotations of a part, of one form: detection, classification or segmentation."""
    found = current_services().datasets.annotations(
        required_caller(), dataset_id, part_named(part), form_named(form), given["limit"]
    )
    return jsonify(annotations_document(dataset_id, found))


@blueprint.answers("GET", "/dataset/<dataset_id>/problems")
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.response(200, schemas.Problem(many=True))
def list_problems(dataset_id: str) -> list[dict[str, str]]:
    """List what of a dataset's files does not fit the layout, and what would be right."""
    return problem_documents(current_services().datasets.problems(required_caller(), dataset_id))


@changes_something
def refuse_writing(**_ids: str) -> NoReturn:
    """Answer 405 to what would write into a dataset, or read what none has."""
    raise MethodNotAllowed(description=READ_ONLY)


for _rule, _methods in WRITING.items():
    for _place in (_rule, AGAIN + _rule):
        blueprint.answers_unseen([*_methods], _place, refuse_writing)

# The client leaves out a slash when it asks for detections, so its base address runs into this path.
blueprint.answers_unseen(["GET"], "/apidataset/<dataset_id>/<part>/annotation/<form>", show_annotations)
