"""The routes of connected accounts and of the picker: parse, call one service method, translate."""

from typing import Any

from flask import Response, jsonify

from app.accounts.scopes import Scope
from app.dialects.aion import schemas
from app.dialects.aion.blueprint import blueprint
from app.dialects.aion.errors import refuse_invalid
from app.dialects.aion.faults import fault
from app.dialects.aion.ids import is_id, plain_id
from app.dialects.aion.translate import connections_document, picker_document
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.scoped import scoped
from app.web.services import current_services

CONNECTIONS = "/api/v2/cloud-storage/connections"
CONNECTION = f"{CONNECTIONS}/<connection_id>"
GONE = {"success": True, "message": "Connection disconnected successfully"}


@blueprint.answers("GET", CONNECTIONS)
@blueprint.arguments(schemas.ConnectionQuery, location="query")
@blueprint.refuses()
@blueprint.response(200, schemas.Connections)
@scoped(Scope.READ, Scope.CLOUD_STORAGE_READ)
def list_connections(wanted: dict[str, Any]) -> Response:
    """List your connected accounts, oldest first."""
    found = current_services().grants.list(required_caller(), wanted.get("provider"), active_only=wanted["active_only"])
    return jsonify(connections_document(found))


@blueprint.answers("DELETE", CONNECTION)
@blueprint.refuses(404)
@blueprint.response(200, schemas.Disconnected)
@scoped(Scope.WRITE, Scope.ADMIN, Scope.CLOUD_STORAGE_DELETE)
@changes_something
def disconnect(connection_id: str) -> Response:
    """Disconnect an account: what it granted is revoked, and jobs that use it stop."""
    current_services().grants.disconnect(required_caller(), path_id("connection_id", connection_id))
    return jsonify(GONE)


@blueprint.answers("GET", f"{CONNECTION}/picker-token")
@blueprint.refuses(404, 429, 502)
@blueprint.response(200, schemas.Picker)
@scoped(Scope.WRITE, Scope.CLOUD_STORAGE_WRITE)
@changes_something
def open_picker(connection_id: str) -> Response:
    """Begin a session of Google's picker. It holds a token of the account: hand it to your own page only."""
    session = current_services().picker.open(required_caller(), path_id("connection_id", connection_id))
    return jsonify(picker_document(session))


@blueprint.answers("POST", "/api/v2/cloud-storage/picker-proxy")
@blueprint.arguments(schemas.Proxied)
@blueprint.refuses(400, 404, 429, 502)
@blueprint.response(200, schemas.Data)
@scoped(Scope.WRITE, Scope.CLOUD_STORAGE_WRITE)
@changes_something
def ask_drive(asked: dict[str, Any]) -> Response:
    """Ask Google Drive in a session of the picker; nothing but the four endpoints, and nothing is changed there."""
    params = asked.get("params", {})
    found = current_services().picker.ask(required_caller(), asked["session_id"], asked["endpoint"], params)
    return jsonify({"data": found})


def path_id(name: str, text: str) -> str:
    """Return an id of an address; answers 422 to what is none."""
    found = plain_id(text)
    if not is_id(found):
        refuse_invalid(fault(("path", name), "Input should be a valid UUID", "uuid_parsing"))
    return found
