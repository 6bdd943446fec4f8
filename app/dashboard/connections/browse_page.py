"""Looking around in the storage of a connection: folders, objects, and small pictures of images."""

from uuid import UUID

from flask import Response, request

from app.browsing.contract import Content, ContentQuery
from app.connections.contract import Connection
from app.dashboard.blueprint import blueprint
from app.dashboard.connections.browsing_views import Place, crumbs, rows
from app.dashboard.rendering import page
from app.errors import (
    CheckFailed,
    ConnectionUnusable,
    ManifestUnusable,
    ObjectMissing,
    SluiceError,
    StorageError,
    TooBusy,
)
from app.web.callers import required_caller
from app.web.errors import STATUS, class_entry
from app.web.headers import keep_answer
from app.web.services import current_services

LIMIT = 100
"""How many items a page holds."""

_DAY = 24 * 3600
_TROUBLE = (StorageError, CheckFailed, ManifestUnusable, ConnectionUnusable, TooBusy)


@blueprint.get("/connections/<uuid:connection_id>/browse")
def browse(connection_id: UUID) -> Response:
    """Show one page of what lies directly below a prefix."""
    caller = required_caller()
    connection = current_services().connections.get(caller, str(connection_id))
    place = Place.of(connection, request.args)
    query = ContentQuery(f"/{place.search}", LIMIT, request.args.get("token"), place.manifest)
    try:
        content: Content = current_services().browsing.content(caller, connection.id, query)
    except _TROUBLE as error:
        return _page(connection, place, Content((), None), error)
    return _page(connection, place, content)


@blueprint.get("/connections/<uuid:connection_id>/thumbnail")
def show_thumbnail(connection_id: UUID) -> Response:
    """Answer with a small picture of an image; where its version is named, browsers may keep it for a day.

    Its key is not called ``key``: in a query string that says who is calling.
    """
    browsing = current_services().browsing
    try:
        picture = browsing.thumbnail(required_caller(), str(connection_id), request.args.get("object", ""))
    except StorageError as error:
        return Response(status=404 if isinstance(error, ObjectMissing) else 502)
    if request.args.get("v"):
        keep_answer(_DAY)
    return Response(picture, content_type="image/jpeg")


def _page(connection: Connection, place: Place, content: Content, error: SluiceError | None = None) -> Response:
    return page(
        "browse.html",
        _status(error),
        connection=connection,
        place=place,
        crumbs=crumbs(connection, place),
        rows=rows(connection, content),
        next_token=content.next_token,
        token=request.args.get("token"),
        problem=None if error is None else str(error),
    )


def _status(error: SluiceError | None) -> int:
    if error is None:
        return 200
    return 502 if isinstance(error, StorageError) else int(class_entry(STATUS, error))
