"""The routes of the account dialect: parse, call a service, translate."""

from typing import Any

from flask import Response, jsonify

from app.dialects.account import schemas
from app.dialects.account.translate import signed_in, who_i_am
from app.web.callers import client_address, current_key, current_session, presented_session, required_caller
from app.web.cookies import clear_session, set_session
from app.web.guard import changes_something, own_pages_only
from app.web.parameters import ONLY_BODY, ParameterBlueprint
from app.web.services import current_services

blueprint = ParameterBlueprint("account", __name__, description="Sign in, ask who you are, sign out.")

REFUSED = "Another web site caused the request, or X-CSRFToken is not the session's."


@blueprint.route("/session", methods=["POST"])
@blueprint.arguments(schemas.Login, location=ONLY_BODY)
@blueprint.doc(security=[])
@blueprint.alt_response(401, description="The name or the password is wrong.")
@blueprint.alt_response(403, description="Another web site caused the request.")
@blueprint.alt_response(429, description="Too many wrong passwords of late; see Retry-After.")
@blueprint.response(200, schemas.SignedIn)
@own_pages_only
def sign_in(login: dict[str, Any]) -> Response:
    """Sign in with a name and a password; the answer sets the cookies sessionid and csrftoken."""
    authentication = current_services().authentication
    caller = authentication.by_password(login["username"], login["password"], client_address())
    before = presented_session()
    if before is not None:
        authentication.close_session(before)
    session = authentication.open_session(caller.user_id)
    answer = jsonify(signed_in(caller, session))
    set_session(answer, session)
    return answer


@blueprint.route("/session", methods=["GET"])
@blueprint.alt_response(401, description="Nobody is signed in.")
@blueprint.response(200, schemas.WhoAmI)
def show() -> Response:
    """Say who the caller is, by whichever form he came."""
    caller, session = required_caller(), current_session()
    return jsonify(who_i_am(caller, current_services().authentication.csrf_of(session) if session else None))


@blueprint.route("/session", methods=["DELETE"])
@blueprint.alt_response(403, description=REFUSED)
@blueprint.response(204)
@changes_something
def sign_out() -> Response:
    """End the session and clear both cookies; without a session, only the latter."""
    session = presented_session()  # also when a key says who calls: the browser forgets it either way
    if session is not None:
        current_services().authentication.close_session(session)
    key = current_key()
    if key is not None:
        current_services().authentication.close_session_key(key)  # harmless for any other key
    answer = Response(status=204)
    clear_session(answer)
    return answer
