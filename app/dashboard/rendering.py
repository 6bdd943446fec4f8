"""Makes a page of a template: with who is signed in, what his forms must send along, and how things are called."""

from contextlib import suppress
from typing import Any

from flask import Response, current_app, make_response, render_template

from app.accounts.caller import Caller
from app.dashboard import words
from app.dashboard.assets import FINGERPRINT
from app.dashboard.blueprint import PROTECTION, blueprint
from app.errors import SluiceError
from app.web.callers import current_caller, current_session
from app.web.guard import CSRF_FIELD
from app.web.services import current_services


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page.

    Args:
        template: a file of ``templates``.
        status: of the answer.
        values: what the template is about; it gets `words`, ``user``, ``csrf`` and ``static`` besides.
    """
    html = render_template(
        template,
        words=words,
        user=_caller(),
        is_open=current_services().settings.sync_auth == "open",
        csrf_field=CSRF_FIELD,
        csrf=_csrf(),
        static=static,
        version=current_app.extensions["sluice_version"],
        **values,
    )
    answer = make_response(html, status)
    answer.headers.update(PROTECTION)
    return answer


def static(name: str) -> str:
    """Return the address of a file of ``static``, which becomes another one when any of them changes."""
    # Not by url_for: a request for a host that is not trusted has no map of addresses, and its error is a page too.
    return f"{blueprint.static_url_path}/{name}?v={FINGERPRINT}"


def _caller() -> Caller | None:
    with suppress(SluiceError):  # what he presents may be what the page is about
        return current_caller()
    return None


def _csrf() -> str:
    """Return what forms of this session send along; empty without one: then the browser's word is enough."""
    with suppress(SluiceError):
        session = current_session()
        if session is not None:
            return str(current_services().authentication.csrf_of(session))
    return ""
