"""The routes around accounts and the server: versions, who is calling, signing in, configuration, tools."""

from flask import Response, jsonify, request
from pydantic import BaseModel

from app.accounts.caller import Caller
from app.dialects.galaxy import schemas
from app.dialects.galaxy.blueprint import blueprint
from app.dialects.galaxy.bodies import decoded, read_body
from app.dialects.galaxy.documentation import body, query
from app.dialects.galaxy.errors import ADMIN_ONLY, LOGIN_FAILED, NOT_FOUND, refuse
from app.dialects.galaxy.filters import says
from app.dialects.galaxy.translate_accounts import (
    TOOL_LIST,
    VERSION,
    configuration_document,
    tool_panel,
    usage_document,
    user_document,
)
from app.dialects.galaxy.wire import encoded
from app.errors import CallerUnknown, InvalidLogin
from app.web.callers import client_address, required_caller
from app.web.credentials import Place, Presented, Proof, presented
from app.web.guard import changes_something, own_pages_only
from app.web.public import public
from app.web.services import current_services


class JobLock(BaseModel):
    """What changing the lock takes."""

    active: bool = False


ADMINS = "You must be an administrator to access this feature."
NO_PASSWORD = "Say who you are: Authorization: Basic base64(NAME:PASSWORD)."  # noqa: S105  # a sentence
WRONG_PASSWORD = "Invalid password."  # noqa: S105  # the sentence of Galaxy


@blueprint.answers("GET", "/api/version")
@blueprint.doc(security=[])
@blueprint.response(200, schemas.Version)
@public
def show_version() -> Response:
    """Say which version of Galaxy this answers as."""
    return jsonify(VERSION)


@blueprint.answers("GET", "/api/whoami")
@blueprint.response(200, schemas.User)
def show_caller() -> Response:
    """Say who the caller is."""
    caller = required_caller()
    return jsonify(user_document(current_services().accounts.seen_user(caller, caller.user_id)))


@blueprint.answers("GET", "/api/users/current")
@blueprint.response(200, schemas.CurrentUser)
def show_current_user() -> Response:
    """Say who the caller is, and how much of the library is his."""
    services, caller = current_services(), required_caller()
    user = services.accounts.seen_user(caller, caller.user_id)
    return jsonify(user_document(user) | usage_document(services.library.usage(caller.user_id)))


@blueprint.answers("GET", "/api/authenticate/baseauth")
@blueprint.doc(security=[{"basic": []}])
@blueprint.alt_response(401, description="The name or the password is wrong, or missing.")
@blueprint.alt_response(429, description="Too many wrong passwords of late; see Retry-After.")
@blueprint.response(200, schemas.ApiKey)
@public
@own_pages_only
def sign_in() -> Response:
    """Give a key for a name and a password, which come as HTTP has it, or without the word Basic.

    The key ends with the session that this opens. To a key in the place of the password the answer is that key.
    """
    authentication, shown = current_services().authentication, _shown()
    try:
        if shown.proof is Proof.KEY:
            authentication.by_key(shown.secret)
            return jsonify({"api_key": shown.secret})
        caller = authentication.by_password(shown.name or "", shown.secret, client_address())
        return jsonify({"api_key": authentication.open_session(caller.user_id).key})
    except InvalidLogin:
        refuse(401, LOGIN_FAILED, WRONG_PASSWORD)


@blueprint.answers("GET", "/api/configuration")
@blueprint.doc(security=[])
@blueprint.response(200, schemas.Configuration)
@public
def show_configuration() -> Response:
    """Say what clients may know of this service."""
    return jsonify(configuration_document(quotas=current_services().settings.library_quota is not None))


@blueprint.answers("PUT", "/api/configuration/toolbox")
@changes_something
@blueprint.alt_response(403, description=ADMINS)
@blueprint.response(200, {"type": "object", "nullable": True}, description="null")
def reload_toolbox() -> Response:
    """Do nothing, and answer null: the tools here are always the same."""
    _require_admin()
    return jsonify(None)


@blueprint.answers("GET", "/api/configuration/encode/<int:number>")
@blueprint.alt_response(403, description=ADMINS)
@blueprint.response(200, schemas.EncodedNumber)
def encode_number(number: int) -> Response:
    """Return the id of a number."""
    _require_admin()
    return jsonify({"encoded_id": encoded(number)})


@blueprint.answers("GET", "/api/configuration/decode/<encoded_id>")
@blueprint.alt_response(400, description="It is no id.")
@blueprint.alt_response(403, description=ADMINS)
@blueprint.response(200, schemas.DecodedNumber)
def decode_id(encoded_id: str) -> Response:
    """Return the number of an id."""
    _require_admin()
    return jsonify({"decoded_id": decoded(encoded_id, "encoded")})


@blueprint.answers("GET", "/api/job_lock")
@blueprint.alt_response(403, description=ADMINS)
@blueprint.response(200, schemas.JobLock)
def show_job_lock() -> Response:
    """Say whether queued jobs wait until an admin lets them go."""
    _require_admin()
    return jsonify({"active": current_services().jobs.holding.is_active})


@blueprint.answers("PUT", "/api/job_lock")
@changes_something
@blueprint.doc(requestBody=body(JobLock))
@blueprint.alt_response(403, description=ADMINS)
@blueprint.response(200, schemas.JobLock)
def change_job_lock() -> Response:
    """Have queued jobs wait, in all processes, or let them go; those that run go on."""
    _require_admin()
    holding = current_services().jobs.holding
    holding.set(read_body(JobLock).active)
    return jsonify({"active": holding.is_active})


@blueprint.answers("GET", "/api/tools")
@blueprint.doc(parameters=[query("in_panel", "false: without sections.", "boolean")])
@blueprint.response(200, schemas.ListedTool(many=True))
def list_tools() -> Response:
    """List the tools, in their sections unless the request says otherwise."""
    return jsonify(TOOL_LIST if says(request.args, "in_panel") is False else tool_panel())


@blueprint.answers("GET", "/api/tools/<tool_id>")
@blueprint.alt_response(404, description="There is no such tool.")
@blueprint.response(200, schemas.Tool)
def show_tool(tool_id: str) -> Response:
    """Show a tool."""
    found = next((tool for tool in TOOL_LIST if tool["id"] == tool_id), None)
    if found is None:
        refuse(404, NOT_FOUND, f"Could not find tool with id '{tool_id}'.")
    return jsonify(found)


def _require_admin() -> Caller:
    caller = required_caller()
    if not caller.is_admin:
        refuse(403, ADMIN_ONLY, ADMINS)
    return caller


def _shown() -> Presented:
    """Return the name and password of this request; answers 401 to none that can be read."""
    given = request.headers.get(Place.AUTHORIZATION, "").strip()
    if not given:
        refuse(401, LOGIN_FAILED, NO_PASSWORD)
    word, _, rest = given.partition(" ")
    try:
        found = presented({Place.AUTHORIZATION: [f"Basic {rest.strip() if word.lower() == 'basic' else given}"]})
    except CallerUnknown as error:
        refuse(401, LOGIN_FAILED, str(error))
    if found is None:
        refuse(401, LOGIN_FAILED, WRONG_PASSWORD)
    return found
