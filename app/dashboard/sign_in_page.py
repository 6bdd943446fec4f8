"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Response, redirect, request

from app.dashboard.blueprint import blueprint
from app.dashboard.rendering import page
from app.errors import InvalidLogin, TooManyAttempts
from app.web.callers import client_address, presented_session
from app.web.cookies import clear_session, set_session
from app.web.guard import own_pages_only, signs_out
from app.web.public import public
from app.web.services import current_services


@blueprint.get("/sign-in")
@public
def show_sign_in() -> Response:
    """Show the form."""
    return page("sign_in.html", next=_own_path(request.args.get("next", "/")), error=None, username="")


@blueprint.post("/sign-in")
@public
@own_pages_only
def sign_in() -> Response:
    """Sign in with a name and a password, or with a name and an API key, and go where the person wanted to be."""
    name, wanted = request.form.get("username", ""), _own_path(request.form.get("next", "/"))
    authentication = current_services().authentication
    try:
        session = authentication.sign_in(name, request.form.get("password", ""), client_address())
    except (InvalidLogin, TooManyAttempts) as error:
        status = 429 if isinstance(error, TooManyAttempts) else 401
        return page("sign_in.html", status, next=wanted, error=str(error), username=name)
    before = presented_session()
    if before is not None:
        authentication.close_session(before)
    answer: Response = redirect(wanted, 303)  # type: ignore[assignment]  # werkzeug's class for Flask's
    set_session(answer, session)
    return answer


@blueprint.post("/sign-out")
@public
@signs_out
def sign_out() -> Response:
    """End the session."""
    session = presented_session()
    if session is not None:
        current_services().authentication.close_session(session)
    answer: Response = redirect("/", 303)  # type: ignore[assignment]  # werkzeug's class for Flask's
    clear_session(answer)
    return answer


def _own_path(address: str) -> str:
    """Return where to go afterwards: a path of this service, and nothing that a browser could take for another host."""
    parts = urlsplit(address)
    is_own = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith("//")
    return address if is_own and "\\" not in address and address.isprintable() else "/"
