"""The routes of cloud storages: parse, call one service method, translate."""

from typing import Any

from flask import Response, abort, request

from app.connections.contract import Connection, Scope, Selection
from app.connections.refusals import require_may_change, require_may_create
from app.dialects.cvat import schemas
from app.dialects.cvat.blueprint import blueprint
from app.dialects.cvat.bodies import read_body
from app.dialects.cvat.looking import actions_text, content_document, content_query, status_word
from app.dialects.cvat.media import answer
from app.dialects.cvat.organisations import current_scope
from app.dialects.cvat.paging import NoSuchPage, Page, page_address, page_asked
from app.dialects.cvat.refusals import (
    refusing_change,
    refusing_creation,
    refusing_previews,
    refusing_queries,
    refusing_to_change,
    refusing_to_create,
    refusing_to_look,
    text_answer,
)
from app.dialects.cvat.requested import numbered_connection, query, query_pairs
from app.dialects.cvat.storage_fields import changed_fields, new_fields
from app.dialects.cvat.translate import changes, new_connection, provider_of, selected, storage_document
from app.web.answers import BYTES, TEXT
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.services import current_services

STORAGES = "/api/cloudstorages"
STORAGE = f"{STORAGES}/<number>"

MISSING = "There is no such storage."
REFUSED = "You may not do this with this storage."
UNSEEN = "You may not see this storage."
PLAIN = "text/plain"


@blueprint.answers("POST", STORAGES)
@changes_something
@blueprint.doc(requestBody=schemas.body(schemas.CloudStorageWrite), parameters=schemas.in_organisation())
@blueprint.alt_response(400, schema=TEXT, content_type=PLAIN)
@blueprint.alt_response(400, description="What is wrong, field by field, as text.")
@blueprint.alt_response(403, description="You may make no storage, or none of this organisation.")
@blueprint.response(201, schemas.CloudStorage)
def create_storage() -> Response:
    """Make a storage. Its bucket must be there and take the credentials, and each manifest must be in it."""
    caller, scope = required_caller(), current_scope(query())
    require_may_create(caller, scope.organisation_id)
    with refusing_creation():
        values = new_fields(read_body(request))
    with refusing_to_create(values):
        new = new_connection(values, scope.organisation_id)
        made = current_services().connections.create(caller, new, checked=True)
    return answer(_shown([made])[0], 201)


@blueprint.answers("GET", STORAGES)
@blueprint.doc(
    parameters=schemas.in_organisation(
        "page", "page_size", "search", "sort", "filter",
        "name", "owner", "resource", "provider_type", "credentials_type",
    )
)  # fmt: skip
@blueprint.alt_response(400, description="A filter that cannot be read.")
@blueprint.alt_response(403, description="You are no member of this organisation.")
@blueprint.alt_response(404, description="There is no such page, or no such organisation.")
@blueprint.response(200, schemas.CloudStorages)
def list_storages() -> Response:
    """List your storages, or those of an organisation; ten on a page unless you say otherwise."""
    given = query()
    scope = current_scope(given)
    with refusing_queries():
        selection = selected(given)
    try:
        page = page_asked(given)
        number, total, found = _page(scope, selection, page)
    except NoSuchPage:
        abort(answer({"detail": "Invalid page."}, 404))
    neighbours = {
        "next": _address(number + 1) if page.has_next(number, total) else None,
        "previous": _address(number - 1) if number > 1 else None,
    }
    return answer({"count": total, **neighbours, "results": _shown(found)})


@blueprint.answers("GET", STORAGE)
@blueprint.alt_response(403, description=UNSEEN)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.CloudStorage)
def show_storage(number: str) -> Response:
    """Show a storage."""
    return answer(_shown([numbered_connection(number)])[0])


@blueprint.answers("PATCH", STORAGE)
@changes_something
@blueprint.doc(requestBody=schemas.body(schemas.PatchedCloudStorageWrite) | {"required": False})
@blueprint.alt_response(400, description="What is wrong, field by field; nothing was changed.")
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, schemas.CloudStorage)
def change_storage(number: str) -> Response:
    """Change what is given; the storage must be there as it is then, and each manifest that is new be in it."""
    caller, connection = required_caller(), numbered_connection(number)
    require_may_change(caller, connection)
    with refusing_change():
        values = changed_fields(read_body(request), provider_of(connection.kind))
    with refusing_to_change(values, connection.bucket):
        wanted = changes(values, connection)
        changed = current_services().connections.change(caller, connection.id, wanted, checked=True)
    return answer(_shown([changed])[0])


@blueprint.answers("DELETE", STORAGE)
@changes_something
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(204)
def delete_storage(number: str) -> Response:
    """Delete a storage and its credentials; what lies in it stays."""
    current_services().connections.delete(required_caller(), numbered_connection(number).id)
    return Response(status=204)


@blueprint.answers("GET", f"{STORAGE}/status")
@blueprint.alt_response(403, description=UNSEEN)
@blueprint.alt_response(404, description=MISSING)
@blueprint.response(200, TEXT)
def show_status(number: str) -> Response:
    """Ask the storage how it stands: AVAILABLE, FORBIDDEN or NOT_FOUND, the last also when nothing answers there."""
    checked = current_services().connections.check(required_caller(), numbered_connection(number).id)
    return answer(status_word(checked))


@blueprint.answers("GET", f"{STORAGE}/actions")
@blueprint.alt_response(403, description="You may not see this storage, or it refuses the credentials.")
@blueprint.alt_response(404, description="There is no such storage, or it cannot be found.")
@blueprint.response(200, TEXT, content_type=PLAIN)
def show_actions(number: str) -> Response:
    """Ask what the storage allows: GET when it can be read, PUT when it can be written, GET,PUT for both."""
    connection = numbered_connection(number)
    with refusing_to_look(connection.bucket):
        rights = current_services().browsing.rights(required_caller(), connection.id)
    return text_answer(actions_text(rights))


@blueprint.answers("GET", f"{STORAGE}/content-v2")
@blueprint.doc(parameters=schemas.query("manifest_path", "next_token", "page_size", "prefix"))
@blueprint.alt_response(400, schema=TEXT, content_type=PLAIN)
@blueprint.alt_response(400, description="A page size or a token that is none, or what is no manifest.")
@blueprint.alt_response(403, description="You may not see this storage, or it refuses the credentials.")
@blueprint.alt_response(404, description="There is no such storage, or it or the manifest cannot be found.")
@blueprint.response(200, schemas.CloudStorageContent)
def show_content(number: str) -> Response:
    """List a page of what lies in the storage below a prefix, or of what a manifest says that lies there."""
    connection = _seen(number)
    with refusing_to_look(connection.bucket):
        asked = content_query(query())
        content = current_services().browsing.content(required_caller(), connection.id, asked)
    return answer(content_document(content))


@blueprint.answers("GET", f"{STORAGE}/preview")
@blueprint.alt_response(400, description="The image, or a manifest, is none that can be read.")
@blueprint.alt_response(403, description="You may not see this storage, or it refuses the credentials.")
@blueprint.alt_response(404, schema=TEXT, content_type=PLAIN)
@blueprint.alt_response(404, description="There is no such storage, or no manifest, or no image.")
@blueprint.alt_response(429, description="Too many previews are being made; see Retry-After.")
@blueprint.response(200, BYTES, content_type="image/jpeg")
def show_preview(number: str) -> Response:
    """Show the first image of the first manifest that has one, as a JPEG of at most 256 x 256 pixels."""
    connection = _seen(number)
    with refusing_to_look(connection.bucket), refusing_previews(connection.number):
        jpeg = current_services().browsing.preview(required_caller(), connection.id)
    return Response(jpeg, mimetype="image/jpeg")


def _seen(number: str) -> Connection:
    """Return the storage; to who may not see it these two routes answer in a form of their own."""
    with refusing_to_look(""):
        return numbered_connection(number)


def _page(scope: Scope, selection: Selection, page: Page) -> tuple[int, int, list[Connection]]:
    """Return a page with its number and how many there are; the last one is known only once all are counted."""
    connections, caller = current_services().connections, required_caller()
    asked = page.number
    if asked is None:
        asked = page.of(connections.find(caller, scope, selection, 0, 0).total)
    found = connections.find(caller, scope, selection, page.first(asked), page.size)
    return page.of(found.total) if page.number else asked, found.total, [*found.connections]


def _shown(connections: list[Connection]) -> list[dict[str, Any]]:
    """Return storages as the wire has them; all their owners are looked up at once."""
    owner_ids = {connection.owner_id for connection in connections if connection.owner_id is not None}
    owners = current_services().accounts.users_named(owner_ids)
    return [
        storage_document(connection, owners.get(connection.owner_id), request.host_url) for connection in connections
    ]


def _address(number: int) -> str:
    return page_address(request.base_url, query_pairs(), number)
