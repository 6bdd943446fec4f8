"""The routes of accounts: what ``make_client`` asks for, signing in and out, and users."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, request

from app.accounts.records import User
from app.dialects.cvat import account_schemas as schemas
from app.dialects.cvat.account_documents import ABOUT, user_document
from app.dialects.cvat.blueprint import blueprint
from app.dialects.cvat.media import answer
from app.dialects.cvat.paging import NoSuchPage, Page, page_address, page_asked
from app.dialects.cvat.requested import query_pairs
from app.dialects.cvat.schemas import query
from app.errors import InvalidLogin, NotAllowed
from app.web.callers import client_address, current_key, presented_session, required_caller
from app.web.cookies import clear_session, set_session
from app.web.guard import changes_something, own_pages_only, signs_out
from app.web.parameters import ONLY_BODY
from app.web.public import public
from app.web.services import current_services

WRONG_LOGIN = {"non_field_errors": ["Unable to log in with provided credentials."]}
NO_SUCH_USER = "There is no such user."


@blueprint.answers("GET", "/api/server/about")
@blueprint.doc(security=[])
@blueprint.response(200, schemas.About)
@public
def show_about() -> Response:
    """Say what this is, and which version of the SDK it answers to."""
    return answer(ABOUT)


@blueprint.answers("POST", "/api/auth/login")
@blueprint.arguments(schemas.Login, location=ONLY_BODY, error_status_code=400)
@blueprint.doc(security=[])
@blueprint.alt_response(400, description="The name or the password is wrong, or one of them is missing.")
@blueprint.alt_response(403, description="Another web site caused the request.")
@blueprint.alt_response(429, description="Too many wrong passwords of late; see Retry-After.")
@blueprint.response(200, schemas.LoginKey)
@public
@own_pages_only
def sign_in(login: dict[str, Any]) -> Response:
    """Sign in; the answer sets the cookies sessionid and csrftoken, and its key says the same in a header."""
    authentication = current_services().authentication
    name = login.get("username") or login["email"]
    try:
        caller = authentication.by_password(name, login["password"], client_address())
        session = authentication.open_session(caller.user_id)
    except InvalidLogin:
        return answer(WRONG_LOGIN, 400)
    before = presented_session()
    if before is not None:
        authentication.close_session(before)
    said = answer({"key": session.key})
    set_session(said, session)
    return said


@blueprint.answers("POST", "/api/auth/logout")
@blueprint.alt_response(403, description="Another web site caused the request, or X-CSRFToken is not the session's.")
@blueprint.response(200, schemas.Detail)
@public
@signs_out
def sign_out() -> Response:
    """End the session, by its cookie or by its key, and clear both cookies; API keys stay valid."""
    authentication = current_services().authentication
    session, key = presented_session(), current_key()
    if session is not None:
        authentication.close_session(session)
    if key is not None:
        authentication.close_session_key(key)
    said = answer({"detail": "Successfully logged out."})
    clear_session(said)
    return said


@blueprint.answers("GET", "/api/users")
@blueprint.doc(parameters=query("page", "page_size", "username"))
@blueprint.alt_response(404, description="There is no such page.")
@blueprint.response(200, schemas.Users)
def list_users() -> Response:
    """List the users whom you may see, newest first: an admin all, everybody else himself."""
    users = sorted(current_services().accounts.seen_users(required_caller()), key=lambda user: -user.id)
    wanted = request.args.get("username")
    found = [user for user in users if not wanted or user.name == wanted]
    try:
        return answer(_page_document(found, page_asked(request.args)))
    except NoSuchPage:
        abort(404, description="Invalid page.")


@blueprint.answers("GET", "/api/users/self")
@blueprint.response(200, schemas.User)
def show_self() -> Response:
    """Show the caller."""
    return _shown(required_caller().user_id)


@blueprint.answers("GET", "/api/users/<int:user_id>")
@blueprint.alt_response(403, description="You are neither this user nor an admin.")
@blueprint.alt_response(404, description=NO_SUCH_USER)
@blueprint.response(200, schemas.User)
def show_user(user_id: int) -> Response:
    """Show a user: everybody himself, an admin anybody."""
    return _shown(user_id)


@blueprint.answers("DELETE", "/api/users/<int:user_id>")
@changes_something
@blueprint.alt_response(400, description="This is the last admin, or the last owner of an organisation.")
@blueprint.alt_response(403, description="You are neither this user nor an admin.")
@blueprint.alt_response(404, description=NO_SUCH_USER)
@blueprint.response(204)
def remove_user(user_id: int) -> Response:
    """Remove a user with all that proves who he is, and his datasets; his storages stay, and are nobody's then."""
    accounts, caller = current_services().accounts, required_caller()
    accounts.seen_user(caller, user_id)
    try:
        accounts.remove_user(caller, user_id)
    except NotAllowed as error:  # whom he may see he may remove: what stands in the way is for him to know
        abort(400, description=str(error))
    return Response(status=204)


def _page_document(found: Sequence[User], page: Page) -> dict[str, Any]:
    number = page.of(len(found))
    first = page.first(number)
    shown = found[first : first + (page.size or len(found))]
    return {
        "count": len(found),
        "next": _page_address(number + 1) if page.has_next(number, len(found)) else None,
        "previous": _page_address(number - 1) if number > 1 else None,
        "results": [user_document(user, request.host_url) for user in shown],
    }


def _page_address(number: int) -> str:
    return page_address(request.base_url, query_pairs(), number)


def _shown(user_id: int) -> Response:
    user = current_services().accounts.seen_user(required_caller(), user_id)
    return answer(user_document(user, request.host_url))
