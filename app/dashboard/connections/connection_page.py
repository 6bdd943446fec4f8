"""The page of one connection: what is known of it, asking its storage, its local mirror, changing and deleting it."""

from typing import Any
from uuid import UUID

from flask import Response, redirect, request

from app.accounts.caller import Caller
from app.connections.contract import Checked, Status
from app.connections.refusals import require_may_change
from app.dashboard.blueprint import blueprint
from app.dashboard.connections.connection_forms import (
    OUTDATED,
    Refusal,
    changes,
    filled,
    is_outdated,
    refusal,
    shown,
    typed,
    version,
)
from app.dashboard.connections.connection_kinds import KINDS, NAME, PREFIX
from app.dashboard.connections.connection_views import ConnectionView, views_of
from app.dashboard.jobs.job_views import job_view
from app.dashboard.rendering import page
from app.errors import CheckFailed, ConnectionUnusable, InvalidInput, StorageError, TooBusy
from app.jobs.contract import JobSelection
from app.storages.base import Rights
from app.web.callers import jobs_owner, required_caller
from app.web.guard import changes_something
from app.web.services import current_services

_LATEST = 5

_DONE = {
    "made": "The connection was kept.",
    "changed": "The changes were kept.",
    "on": "A local mirror is kept from now on. Its first job has been started.",
    "off": "No local mirror is kept any more. What was mirrored stays until the connection is deleted.",
}
_FOUND = {
    Status.AVAILABLE: ("good", "Available."),
    Status.FORBIDDEN: ("bad", "The storage refuses the credentials."),
    Status.NOT_FOUND: ("bad", "Not there."),
}


@blueprint.get("/connections/<uuid:connection_id>")
def show_connection(connection_id: UUID) -> Response:
    """Show one connection."""
    return _page(required_caller(), str(connection_id), done=_DONE.get(request.args.get("done", "")))


@blueprint.post("/connections/<uuid:connection_id>/test")
@changes_something
def check_connection(connection_id: UUID) -> Response:
    """Ask the storage whether it is there and takes the credentials, and what these allow."""
    caller, name = required_caller(), str(connection_id)
    checked: Checked = current_services().connections.check(caller, name)
    tone, word = _FOUND[checked.status]
    rights = _rights(caller, name) if checked.status is Status.AVAILABLE else ""
    return _page(caller, name, found={"tone": tone, "sentence": f"{word} {checked.message} {rights}".strip()})


@blueprint.post("/connections/<uuid:connection_id>/switch")
@changes_something
def switch_synchronisation(connection_id: UUID) -> Response:
    """Keep a local mirror from now on, or no more, or bring it up to date now, as the button says."""
    caller, wanted, services = required_caller(), request.form.get("do", ""), current_services()
    if wanted == "run":
        job = services.synchronisation.run_now(caller, str(connection_id))
        return _to(f"/jobs/{job.id}")
    if wanted not in ("on", "off"):
        raise InvalidInput("do", "Use on, off or run.")
    services.storages.switch(caller, str(connection_id), wanted == "on")
    return _to(f"/connections/{connection_id}?done={wanted}")


@blueprint.get("/connections/<uuid:connection_id>/edit")
def show_edit(connection_id: UUID) -> Response:
    """Show the form with which a connection is changed, to who may change it."""
    caller = required_caller()
    connection = current_services().connections.get(caller, str(connection_id))
    require_may_change(caller, connection)
    return _form(caller, str(connection_id), shown(connection))


@blueprint.post("/connections/<uuid:connection_id>/edit")
@changes_something
def change_connection(connection_id: UUID) -> Response:
    """Change a connection, all that was filled in or nothing."""
    caller, connections = required_caller(), current_services().connections
    connection = connections.get(caller, str(connection_id))
    uploaded = request.files.get("key_file")
    try:
        given = filled(request.form, uploaded.read() if uploaded else b"")
        if is_outdated(connection, given):
            return _form(caller, connection.id, {**typed(request.form), "seen": version(connection)}, OUTDATED)
        connections.change(caller, connection.id, changes(connection, given), checked=given["checked"])
    except (InvalidInput, CheckFailed, TooBusy) as error:
        return _form(caller, connection.id, typed(request.form), refusal(error))
    return _to(f"/connections/{connection_id}?done=changed")


@blueprint.post("/connections/<uuid:connection_id>/delete")
@changes_something
def delete_connection(connection_id: UUID) -> Response:
    """Delete a connection with its mirror and its grant."""
    current_services().storages.remove(required_caller(), str(connection_id))
    return _to("/connections?done=deleted")


def _page(caller: Caller, connection_id: str, **outcome: Any) -> Response:
    services = current_services()
    storage = services.storages.get(caller, connection_id)
    latest = services.jobs.find(JobSelection(storage=connection_id), _LATEST, owner_id=jobs_owner())
    return page(
        "connection.html",
        view=_view(caller, storage.connection),
        access_key=storage.access_key,
        grant=services.grants.of_connection(connection_id),
        jobs=[job_view(job) for job in latest],
        **{"done": None, "found": None, **outcome},
    )


def _form(caller: Caller, connection_id: str, values: dict[str, Any], refused: Refusal | None = None) -> Response:
    storage = current_services().storages.get(caller, connection_id)
    kind = storage.connection.kind
    return page(
        "connection_edit.html",
        refused.status if refused else 200,
        view=_view(caller, storage.connection),
        access_key=storage.access_key,
        form=KINDS[kind],
        name_field=NAME,
        prefix_field=PREFIX,
        values=values,
        refused=refused,
    )


def _view(caller: Caller, connection: Any) -> ConnectionView:
    return views_of(current_services(), caller, [connection])[0]


def _rights(caller: Caller, connection_id: str) -> str:
    """Return what the credentials allow, in words."""
    try:
        rights: Rights = current_services().browsing.rights(caller, connection_id)
    except (StorageError, TooBusy, ConnectionUnusable) as error:
        return f"What they allow is not known: {error}"
    words = [word for word, may in (("read", rights.reads), ("write", rights.writes)) if may]
    return f"They allow to {' and to '.join(words)} objects." if words else "They allow neither to read nor to write."


def _to(address: str) -> Response:
    return redirect(address, 303)  # type: ignore[return-value]  # werkzeug's class for Flask's
