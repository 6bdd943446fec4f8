"""The blueprint that every page is a route of: asks who calls, and says what a page may load."""

from flask import Blueprint, Response, current_app, request

from app.dashboard.assets import FINGERPRINT
from app.web.callers import jobs_owner
from app.web.headers import REFERRER, keep_answer
from app.web.public import is_public

blueprint = Blueprint(
    "dashboard", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing runs or is loaded but files of our own: no script or style within a page, and nothing of another host."""

PROTECTION = {"Content-Security-Policy": POLICY, REFERRER: "same-origin"}
"""The headers of every page; nothing of its address goes to another host."""

_STATIC = "dashboard.static"
_YEAR = 365 * 24 * 3600


@blueprint.before_request
def identify() -> None:
    """Look who is calling before anything else of the request is looked at; with SYNC_AUTH=open that may be nobody."""
    endpoint = request.endpoint or ""
    if endpoint != _STATIC and not is_public(current_app.view_functions[endpoint]):
        jobs_owner()


@blueprint.after_request
def protect(response: Response) -> Response:
    """Say what a page may load, and let browsers keep the files that are named by their fingerprint."""
    for name, value in PROTECTION.items():
        response.headers.setdefault(name, value)
    if request.endpoint == _STATIC and request.args.get("v") == FINGERPRINT:
        keep_answer(_YEAR, shared=True)
    return response
