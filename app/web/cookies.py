"""The two cookies of a browser's session; their names are those that CVAT's SDK asks for."""

import time

from flask import Response, request

from app.accounts.records import Session
from app.web.credentials import Place

CSRF = "csrftoken"


def set_session(answer: Response, session: Session) -> None:
    """Have the browser keep ``session`` until it ends; over https, it will send it over https only."""
    seconds = max(0, int(session.expires_at - time.time()))
    for name, value, hidden in ((Place.COOKIE, session.token, True), (CSRF, session.csrf, False)):
        answer.set_cookie(
            name, value, max_age=seconds, path="/", secure=request.is_secure, httponly=hidden, samesite="Lax"
        )


def clear_session(answer: Response) -> None:
    """Have the browser forget both."""
    for name, hidden in ((Place.COOKIE, True), (CSRF, False)):
        answer.delete_cookie(name, path="/", secure=request.is_secure, httponly=hidden, samesite="Lax")
