"""The routes of imports, exports and their jobs: parse, call one service method, translate."""

from typing import Any

from flask import Response, jsonify

from app.accounts.scopes import Scope
from app.dialects.aion import schemas
from app.dialects.aion.blueprint import blueprint
from app.dialects.aion.connection_routes import path_id
from app.dialects.aion.ids import plain_id
from app.dialects.aion.translate import exported_document, imported_document, job_document, wanted_file
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.scoped import scoped
from app.web.services import current_services

STORAGE = "/api/v2/cloud-storage"


@blueprint.answers("POST", f"{STORAGE}/import")
@blueprint.arguments(schemas.Import)
@blueprint.refuses(400, 404, 429, 502, 507)
@blueprint.response(200, schemas.Imported)
@scoped(Scope.WRITE, Scope.CLOUD_STORAGE_WRITE)
@changes_something
def import_files(wanted: dict[str, Any]) -> Response:
    """Bring files of a Drive into the library: a few at once, many by a job."""
    services = current_services()
    collection = wanted["collection_id"]
    imported = services.drive_copies.import_files(
        required_caller(),
        plain_id(wanted["connection_id"]),
        [wanted_file(file) for file in wanted["files"]],
        None if collection is None else plain_id(collection),
        wanted["tags"],
        describe=wanted["auto_describe"],
    )
    return jsonify(imported_document(imported, always_async=services.settings.import_at_once == 0))


@blueprint.answers("POST", f"{STORAGE}/export")
@blueprint.arguments(schemas.Export)
@blueprint.refuses(400, 404, 409, 429)
@blueprint.response(200, schemas.Exported)
@scoped(Scope.WRITE, Scope.CLOUD_STORAGE_WRITE)
@changes_something
def export_images(wanted: dict[str, Any]) -> Response:
    """Store images in a Drive, by a job."""
    job = current_services().drive_copies.export_items(
        required_caller(),
        plain_id(wanted["connection_id"]),
        [plain_id(each) for each in wanted["image_ids"]],
        wanted["folder_id"],
        wanted["folder_name"],
    )
    return jsonify(exported_document(job))


@blueprint.answers("GET", f"{STORAGE}/jobs/<job_id>")
@blueprint.refuses(404)
@blueprint.response(200, schemas.JobAnswer)
@scoped(Scope.READ, Scope.CLOUD_STORAGE_READ)
def show_job(job_id: str) -> Response:
    """Show how far an import or an export is."""
    found = current_services().drive_copies.job(required_caller(), path_id("job_id", job_id))
    return jsonify(job_document(found))
