"""The routes of storages: parse, call one service method, translate."""

from collections.abc import Sequence
from typing import Any

from app.connections.contract import Connection
from app.datasets.storages import SynchronisedStorage
from app.dialects.cval import schemas
from app.dialects.cval.blueprint import blueprint
from app.dialects.cval.translate import new_connection, storage_document, switched_on
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.parameters import BODY
from app.web.services import current_services

UNKNOWN = "You have no storage of this id."
IN_THE_QUERY = {
    "in": "query",
    "name": "synchronize",
    "schema": {"type": "boolean"},
    "description": "Here or in the body.",
}


@blueprint.answers("POST", "/api/cloud")
@changes_something
@blueprint.arguments(schemas.NewStorage)
@blueprint.alt_response(403, description="Your key may not make storages.")
@blueprint.response(200, schemas.StorageId)
def create_storage(given: dict[str, Any]) -> dict[str, str]:
    """Make a storage; with ``synchronize`` its mirror is begun at once. The bucket need not be there yet."""
    made = current_services().storages.add(required_caller(), new_connection(given), given["synchronize"])
    return {"id": made.connection.id}


@blueprint.answers("GET", "/api/cloud/all")
@blueprint.response(200, schemas.Storage(many=True))
def list_storages() -> list[dict[str, Any]]:
    """List your storages, oldest first. This is the address that cval-lib uses."""
    return _shown(current_services().storages.all(required_caller()))


@blueprint.answers("GET", "/api/clouds/all")
@blueprint.response(200, schemas.Storage(many=True))
def list_storages_as_documented() -> list[dict[str, Any]]:
    """List your storages, oldest first. This is the address that the documentation of cval-lib names."""
    return _shown(current_services().storages.all(required_caller()))


@blueprint.answers("GET", "/api/cloud/<storage_id>")
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.response(200, schemas.Storage)
def show_storage(storage_id: str) -> dict[str, Any]:
    """Show a storage."""
    return _shown([current_services().storages.get(required_caller(), storage_id)])[0]


@blueprint.answers("PUT", "/api/cloud/<storage_id>")
@changes_something
@blueprint.arguments(schemas.Switch, location=BODY, required=False)
@blueprint.doc(parameters=[IN_THE_QUERY])
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.response(200, schemas.StorageId)
def switch_storage(given: dict[str, bool], storage_id: str) -> dict[str, str]:
    """Switch the synchronisation of a storage on or off; what is mirrored already stays."""
    connection = current_services().storages.switch(required_caller(), storage_id, switched_on(given))
    return {"id": connection.id}


@blueprint.answers("DELETE", "/api/cloud/<storage_id>")
@changes_something
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.response(200, schemas.StorageId)
def delete_storage(storage_id: str) -> dict[str, str]:
    """Delete a storage, its credentials and its mirror; its bucket stays as it is."""
    return {"id": current_services().storages.remove(required_caller(), storage_id).id}


def _shown(storages: Sequence[SynchronisedStorage]) -> list[dict[str, Any]]:
    return [storage_document(storage, clear=_in_clear(storage.connection)) for storage in storages]


def _in_clear(connection: Connection) -> bool:
    """Return whether the caller is shown the secret key; who merely sees an organisation's connection is not."""
    caller = required_caller()
    may_know = caller.is_admin or connection.owner_id == caller.user_id
    return may_know and current_services().settings.cval_secrets == "clear"
