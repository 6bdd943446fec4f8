"""The list of connections, and the form for a new one."""

from typing import Any

from flask import Response, redirect, request

from app.connections.permissions import may_create
from app.connections.refusals import require_may_create
from app.dashboard.blueprint import blueprint
from app.dashboard.connections.connection_forms import Refusal, filled, new_connection, refusal, typed
from app.dashboard.connections.connection_kinds import KINDS, NAME, PREFIX
from app.dashboard.connections.connection_views import list_page, organisations_for_new
from app.dashboard.rendering import page
from app.errors import CheckFailed, InvalidInput, TooBusy
from app.grants.contract import Provider
from app.grants.origins import hearing_origin, own_callback
from app.settings import Settings
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.services import current_services

_DONE = {"deleted": "The connection was deleted. What its storage holds is still there."}
_FRESH = {"checked": True, "synchronise": False}


@blueprint.get("/connections")
def show_connections() -> Response:
    """Show what the caller may see, by name."""
    caller, text = required_caller(), request.args.get("text", "")
    number = request.args.get("page", 1, int)
    return page(
        "connections.html",
        listed=list_page(current_services(), caller, text, max(1, number)),
        text=text,
        may_create=may_create(caller, None) and not caller.read_only,
        done=_DONE.get(request.args.get("done", "")),
    )


@blueprint.get("/connections/new")
def show_new_connection() -> Response:
    """Show the form for a connection of one kind."""
    require_may_create(required_caller(), None)
    return _form(_kind(), _FRESH)


@blueprint.post("/connections/new")
@changes_something
def make_connection() -> Response:
    """Make a connection, once its storage has answered if that is wanted."""
    caller, kind = required_caller(), _kind()
    uploaded = request.files.get("key_file")
    try:
        given = filled(request.form, uploaded.read() if uploaded else b"")
        new = new_connection(kind, given)
        made = current_services().storages.add(caller, new, given["synchronise"], checked=given["checked"])
    except (InvalidInput, CheckFailed, TooBusy) as error:
        return _form(kind, typed(request.form), refusal(error))
    return redirect(f"/connections/{made.connection.id}?done=made", 303)  # type: ignore[return-value]  # werkzeug's class


def _kind() -> str:
    asked = request.args.get("kind", "")
    return asked if asked in KINDS else "s3"


def _form(kind: str, values: dict[str, Any], refused: Refusal | None = None) -> Response:
    """Return the form; `origins` are those at which Google's answer is heard."""
    services = current_services()
    return page(
        "connection_form.html",
        refused.status if refused else 200,
        kinds=KINDS,
        kind=kind,
        form=KINDS[kind],
        name_field=NAME,
        prefix_field=PREFIX,
        values=values,
        refused=refused,
        organisations=organisations_for_new(services, required_caller()),
        own_url=services.settings.own_url,
        origins=[_own_origin(services.settings), *services.settings.trusted_origins],
    )


def _own_origin(settings: Settings) -> str:
    return hearing_origin(settings, Provider.GOOGLE_DRIVE, None, own_callback(settings, Provider.GOOGLE_DRIVE))
