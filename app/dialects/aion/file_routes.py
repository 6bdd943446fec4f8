"""The routes by which imported images are read back: parse, call one service method, translate."""

from contextlib import ExitStack

from flask import Response, jsonify

from app.accounts.scopes import Scope
from app.dialects.aion import schemas
from app.dialects.aion.blueprint import blueprint
from app.dialects.aion.connection_routes import path_id
from app.dialects.aion.sending import sent_file
from app.dialects.aion.translate_files import image_document
from app.library.contract import OpenedItem
from app.web.answers import BYTES
from app.web.callers import required_caller
from app.web.downloads import download_place
from app.web.scoped import scoped
from app.web.services import current_services

FILE = "/api/v2/user-files/<file_id>"
ANY = "*/*"


@blueprint.answers("GET", FILE)
@blueprint.refuses(404)
@blueprint.response(200, schemas.UserFile)
@scoped(Scope.READ, Scope.CLOUD_STORAGE_READ)
def show_file(file_id: str) -> Response:
    """Show what is known of an imported image."""
    services = current_services()
    found = services.library.image(required_caller(), path_id("file_id", file_id))
    url = f"{services.settings.own_url}/api/v2/user-files/{found.id}/download"
    return jsonify(image_document(found, url))


@blueprint.answers("GET", f"{FILE}/download")
@blueprint.refuses(404, 409, 416, 429)
@blueprint.alt_response(206, schema=BYTES, content_type=ANY, description="The part that the header Range asks for.")
@blueprint.response(200, BYTES, content_type=ANY, description="The file.")
@scoped(Scope.READ, Scope.CLOUD_STORAGE_READ)
def download_file(file_id: str) -> Response:
    """Send the file of an imported image."""
    caller = required_caller()
    with ExitStack() as taken:
        taken.callback(download_place(caller))
        opened: OpenedItem = current_services().library.opened_image(caller, path_id("file_id", file_id))
        taken.callback(opened.file.close)
        answer = sent_file(opened)
        answer.call_on_close(taken.pop_all().close)
        return answer
