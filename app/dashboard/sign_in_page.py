"""Signing in and out."""

from flask import Response, redirect, request

from app.dashboard.afterwards import START, page_of
from app.dashboard.blueprint import blueprint
from app.dashboard.rendering import page
from app.errors import InvalidLogin, TooManyAttempts
from app.web.callers import client_address, presented_session
from app.web.cookies import clear_session, set_session
from app.web.errors import add_retry_after
from app.web.guard import own_pages_only, signs_out
from app.web.public import public
from app.web.services import current_services

_NAME_MAX = 150


@blueprint.get("/sign-in")
@public
def show_sign_in() -> Response:
    """Show the form."""
    return page("sign_in.html", next=page_of(request.args.get("next", START)), tone="", sentence="", username="")


@blueprint.post("/sign-in")
@public
@own_pages_only
def sign_in() -> Response:
    """Sign in with a name and a password, or with a name and an API key, and go where the person wanted to be."""
    name, password = request.form.get("username", ""), request.form.get("password", "")
    authentication = current_services().authentication
    try:
        session = authentication.sign_in(name, password, client_address())
    except (InvalidLogin, TooManyAttempts) as error:
        return _refused(error, name)
    before = presented_session()
    if before is not None:
        authentication.close_session(before)
    answer = _going_to(page_of(request.form.get("next", START)))
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
    answer = _going_to(START)
    clear_session(answer)
    return answer


def _refused(error: InvalidLogin | TooManyAttempts, name: str) -> Response:
    """Show the form again, with the name that was typed and never the password."""
    answer = page(
        "sign_in.html",
        429 if isinstance(error, TooManyAttempts) else 401,
        next=page_of(request.form.get("next", START)),
        tone="bad",
        sentence=str(error),
        username=name[:_NAME_MAX],
    )
    add_retry_after(answer, error)
    return answer


def _going_to(address: str) -> Response:
    answer: Response = redirect(address, 303)  # type: ignore[assignment]  # werkzeug's class for Flask's
    return answer
