"""The routes of the consent: it is begun, the browser tells how it ended, and it is finished. No logic here."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import Response, abort, jsonify, request

from app.accounts.scopes import Scope
from app.dialects.aion import page, schemas
from app.dialects.aion.blueprint import blueprint
from app.dialects.aion.translate import begun_document, completed_document
from app.errors import InvalidInput
from app.grants.contract import Provider
from app.web.answers import TEXT
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.public import public
from app.web.scoped import scoped
from app.web.services import current_services

AUTH = "/api/v2/cloud-storage/auth/<provider>"
CALLBACK = f"{AUTH}/callback"

LIMITS = {"code": 4096, "state": 512, "error": 256, "error_description": 2048}
"""What the browser brings back, and how long each may be, in characters."""


@blueprint.answers("POST", AUTH)
@blueprint.arguments(schemas.Begin, required=False)
@blueprint.refuses(400)
@blueprint.response(200, schemas.Begun)
@scoped(Scope.WRITE, Scope.CLOUD_STORAGE_WRITE)
@changes_something
def begin_consent(wanted: dict[str, Any], provider: str) -> Response:
    """Begin to connect an account: its owner is to open the authorization_url, within ten minutes."""
    _require_same(provider, wanted.get("provider"))
    known = _provider(provider)
    origin = request.headers.get("Origin")
    begun = current_services().grants.begin(required_caller(), known.value, wanted.get("redirect_uri"), origin)
    return jsonify(begun_document(begun, known))


@blueprint.answers("GET", CALLBACK)
@blueprint.doc(security=[], parameters=[{"in": "query", "name": name, "schema": {"type": "string"}} for name in LIMITS])
@blueprint.alt_response(
    400, schema=TEXT, content_type="text/html", description="A page that says that this fits no consent."
)
@blueprint.response(200, TEXT, content_type="text/html", description="A page that tells its opener how it ended.")
@public
def hear_consent(provider: str) -> Response:
    """Tell the page that opened this one how the consent ended; where Google sends the browser back to."""
    told = _brought_back()
    state = told.get("state")
    origin = current_services().grants.landing(provider, state) if state else None
    if origin is None or not ("code" in told or "error" in told):
        return _page(400, page.refusing_page(), None)
    nonce = secrets.token_urlsafe(16)
    return _page(200, page.relaying_page({"type": page.MESSAGE, "provider": provider, **told}, origin, nonce), nonce)


@blueprint.answers("POST", CALLBACK)
@blueprint.arguments(schemas.Finish)
@blueprint.refuses(400, 502)
@blueprint.response(200, schemas.Completed)
@scoped(Scope.WRITE, Scope.CLOUD_STORAGE_WRITE)
@changes_something
def finish_consent(sent: dict[str, Any], provider: str) -> Response:
    """Exchange the code for a connection; each state is good for one attempt."""
    known = _provider(provider)
    completed = current_services().grants.complete(
        required_caller(), known.value, sent["code"], sent["state"], sent.get("redirect_uri")
    )
    return jsonify(completed_document(completed))


def _provider(name: str) -> Provider:
    try:
        return Provider(name)
    except ValueError:
        known = ", ".join(Provider)
        raise InvalidInput("provider", f"There is no provider {name[:64]!r}. Use {known}.") from None


def _require_same(of_address: str, of_body: str | None) -> None:
    if of_body is not None and of_body != of_address:
        raise InvalidInput("provider", "The body names another provider than the address.")


def _brought_back() -> dict[str, str]:
    """Return what Google sent back, with an error and no code where it sent both; the rest of it is ignored."""
    told: dict[str, str] = {}
    for name, longest in LIMITS.items():
        values: Sequence[str] = request.args.getlist(name)
        if len(values) > 1 or any(len(value) > longest for value in values):
            abort(_page(400, page.refusing_page(), None))
        if values and values[0]:
            told[name] = values[0]
    surplus = ("code",) if "error" in told else ("error_description",)
    return {name: value for name, value in told.items() if name not in surplus}


def _page(status: int, html: str, nonce: str | None) -> Response:
    answer = Response(html, status, content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = page.content_policy(nonce)
    return answer
