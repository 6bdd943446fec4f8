"""The routes of authorizations, and of the logins at third parties that Galaxy would make them with."""

from typing import Any

from flask import Response, jsonify, request

from app.authorizations.contract import Authorization
from app.dialects.galaxy.blueprint import blueprint
from app.dialects.galaxy.bodies import decoded
from app.dialects.galaxy.documentation import query
from app.dialects.galaxy.errors import INVALID, refuse
from app.dialects.galaxy.filters import fields_of
from app.dialects.galaxy.schemas import CloudAuthz
from app.dialects.galaxy.translate_authorizations import (
    SCHEMA,
    authorization_changes,
    new_authorization,
    read_record,
    record,
)
from app.dialects.galaxy.wire import selected
from app.errors import AlreadyExists
from app.web.answers import NONE_AT_ALL
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.services import current_services

ALL = "/api/cloud/authz"
ONE = f"{ALL}/<authz_id>"

MISSING = "There is no such authorization."
REFUSED = "It is somebody else's."

_BODY = {"required": True, "content": {"application/json": {"schema": SCHEMA}}}
_SELECTION = [
    query("view", "summary or detailed; both have all fields."),
    query("keys", "The names of the fields that are wanted, with commas between them."),
]


@blueprint.answers("GET", ALL)
@blueprint.doc(parameters=_SELECTION)
@blueprint.response(200, CloudAuthz(many=True))
def list_authorizations() -> Response:
    """List your authorizations, oldest first, their secrets masked."""
    return jsonify([_shown(found) for found in current_services().authorizations.list(required_caller())])


@blueprint.answers("POST", ALL)
@changes_something
@blueprint.doc(requestBody=_BODY, parameters=_SELECTION)
@blueprint.alt_response(400, description="Something is missing, or cannot be what it is.")
@blueprint.response(200, CloudAuthz)
def make_authorization() -> Response:
    """Make an authorization; what its config leads to is not asked."""
    new = new_authorization(read_record())
    try:
        return jsonify(_shown(current_services().authorizations.create(required_caller(), new)))
    except AlreadyExists as error:
        refuse(400, INVALID, str(error))


@blueprint.answers("GET", ONE)
@blueprint.doc(parameters=_SELECTION)
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, CloudAuthz)
def show_authorization(authz_id: str) -> Response:
    """Show an authorization, its secrets masked. Galaxy has no such route."""
    number = _number(authz_id)
    return jsonify(_shown(current_services().authorizations.get(required_caller(), number)))


@blueprint.answers("PUT", ONE)
@changes_something
@blueprint.doc(requestBody=_BODY, parameters=_SELECTION)
@blueprint.alt_response(400, description="Something cannot be what it is.")
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, CloudAuthz)
def change_authorization(authz_id: str) -> Response:
    """Change what is given; a secret that is given as its mask stays as it is."""
    number, changes = _number(authz_id), authorization_changes(read_record())
    return jsonify(_shown(current_services().authorizations.change(required_caller(), number, changes)))


@blueprint.answers("DELETE", ONE)
@changes_something
@blueprint.doc(parameters=_SELECTION)
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, CloudAuthz)
def remove_authorization(authz_id: str) -> Response:
    """Remove an authorization and show it as it was."""
    return jsonify(_shown(current_services().authorizations.remove(required_caller(), _number(authz_id))))


@blueprint.answers("GET", "/authnz")
@blueprint.response(200, NONE_AT_ALL)
def list_logins() -> Response:
    """List your third-party logins: there are none, since this service has no OpenID Connect."""
    return jsonify([])


@blueprint.answers("GET", "/api/authnz")
@blueprint.response(200, NONE_AT_ALL)
def list_logins_of_the_documentation() -> Response:
    """List your third-party logins, at the address that Galaxy's documentation gives; there are none."""
    return jsonify([])


def _number(authz_id: str) -> int:
    return decoded(authz_id, "authz")


def _shown(authorization: Authorization) -> dict[str, Any]:
    """Return the fields of a record that this request's ``view`` and ``keys`` ask for."""
    return selected(record(authorization), list(fields_of(request.args, (), detailed=True)))
