"""The routes of get and send: objects of a bucket into a history, and datasets of a history into a bucket."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, jsonify

from app.copies.contract import BucketPlace, Copy, Wanted
from app.dialects.galaxy import copy_schemas
from app.dialects.galaxy.blueprint import blueprint
from app.dialects.galaxy.bodies import read_body
from app.dialects.galaxy.documentation import body
from app.dialects.galaxy.errors import NOT_ACCESSIBLE, NOT_FOUND, NOT_OWNED, refuse
from app.dialects.galaxy.sendable import sendable, wanted
from app.dialects.galaxy.translate_storage import (
    GetBody,
    SendBody,
    conversion,
    dataset_summary,
    item_attributes,
    refusal_to_get,
    sent_document,
    unsent_document,
)
from app.errors import AuthorizationUnusable, NotAllowed, NotFound, QuotaExceeded, StorageError
from app.library.contract import CollectionKind
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.services import current_services

NO_AUTHORIZATION = "An authorization configuration with given ID not found."
SOMEBODY_ELSES = "The request authorization configuration (with ID:`{}`) is not accessible for user with ID:`{}`."
NO_HISTORY_TO_FILL = "History with the ID provided was not found."
NO_HISTORY_TO_READ = "History with the provided ID not found."
NOT_YOUR_HISTORY = "History is not owned by user"


@blueprint.answers("POST", "/api/cloud/storage/get")
@changes_something
@blueprint.doc(requestBody=body(GetBody))
@blueprint.alt_response(400, description="A body that is none, or an authorization of which nothing can be made.")
@blueprint.alt_response(401, description="Whoever lends credentials for this authorization refuses to.")
@blueprint.alt_response(
    403, description="The history or the authorization is somebody else's, or the bucket is missing."
)
@blueprint.alt_response(
    404, description="There is no such history, authorization or object; what came before it is kept."
)
@blueprint.response(200, copy_schemas.GottenDataset(many=True))
def get_objects() -> Response:
    """Bring objects of a bucket into a history, a dataset each, in a job that goes on after the answer."""
    asked, caller = read_body(GetBody), required_caller()
    _require_authorization(asked.authz_id)
    _require_history(asked.history_id, NO_HISTORY_TO_FILL)
    place = BucketPlace(bucket=asked.bucket, authorization=asked.authz_id)
    with _refusing_to_get(asked.bucket):
        items = current_services().copies.get(
            caller,
            place,
            asked.history_id,
            asked.objects,
            conversion(asked.input_args),
            item_attributes(asked.input_args),
        )
    return jsonify([dataset_summary(item) for item in items])


@blueprint.answers("POST", "/api/cloud/storage/send")
@changes_something
@blueprint.doc(requestBody=body(SendBody))
@blueprint.alt_response(400, description="A body that is none.")
@blueprint.alt_response(403, description="The history or the authorization is somebody else's.")
@blueprint.alt_response(404, description="There is no such history or authorization.")
@blueprint.response(200, copy_schemas.SentDatasets)
def send_datasets() -> Response:
    """Store datasets of a history in a bucket, an object each, in a job that goes on after the answer."""
    asked, caller = read_body(SendBody), required_caller()
    _require_authorization(asked.authz_id)
    _require_history(asked.history_id, NO_HISTORY_TO_READ)
    found = wanted(current_services().library.items(caller, sendable(asked.history_id)), asked.dataset_ids)
    try:
        return jsonify(sent_document(asked.bucket, _sent(asked, found)))
    except AuthorizationUnusable as error:
        return jsonify(unsent_document(asked.bucket, found, str(error)))


def _sent(asked: SendBody, found: list[Wanted]) -> list[Copy]:
    if not found:
        return []
    place = BucketPlace(bucket=asked.bucket, authorization=asked.authz_id)
    copies: list[Copy] = current_services().copies.send(
        required_caller(), place, asked.history_id, found, asked.conflict
    )
    return copies


def _require_authorization(number: int) -> None:
    caller = required_caller()
    try:
        current_services().authorizations.get(caller, number)
    except NotFound:
        refuse(404, NOT_FOUND, NO_AUTHORIZATION)
    except NotAllowed:
        refuse(403, NOT_ACCESSIBLE, SOMEBODY_ELSES.format(number, caller.user_id))


def _require_history(number: int, missing: str) -> None:
    try:
        current_services().library.own_collection(required_caller(), number, CollectionKind.HISTORY)
    except NotFound:
        refuse(404, NOT_FOUND, missing)
    except NotAllowed:
        refuse(403, NOT_OWNED, NOT_YOUR_HISTORY)


@contextmanager
def _refusing_to_get(bucket: str) -> Iterator[None]:
    """Answer in Galaxy's words what a storage answered: it tells one object from the bucket as a whole."""
    try:
        yield
    except QuotaExceeded:  # of the library, not of this bucket
        raise
    except (StorageError, AuthorizationUnusable) as error:
        refuse(*refusal_to_get(error, bucket))
