"""The routes that bring files into a history: Galaxy's tool for uploads, and its newer way to fetch."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from flask import Response, jsonify

from app.copies.contract import Copy, Import
from app.dialects.galaxy import copy_schemas
from app.dialects.galaxy.blueprint import blueprint
from app.dialects.galaxy.bodies import decoded
from app.dialects.galaxy.errors import INVALID, MISSING, NOT_FOUND, refuse
from app.dialects.galaxy.forms import Received, Spool, document, received
from app.dialects.galaxy.refusals import changing
from app.dialects.galaxy.translate_datasets import dataset_document
from app.dialects.galaxy.translate_jobs import UPLOAD_TOOL, job_document
from app.dialects.galaxy.translate_uploads import (
    Address,
    Asked,
    Brought,
    Session,
    Text,
    uploads_of_fetch,
    uploads_of_tool,
)
from app.errors import InvalidInput, NotFound
from app.library.contract import Item, ItemQuery, Upload
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.services import current_services

SETTLE_SECONDS = 1.0
"""So long an answer waits for files that are here already; clients look again after three seconds."""

FILE = {"type": "string", "format": "binary"}
RUN = {
    "type": "object",
    "required": ["history_id", "tool_id"],
    "properties": {
        "history_id": {"type": "string"},
        "tool_id": {"type": "string", "enum": [UPLOAD_TOOL]},
        "inputs": {"type": "object", "description": "file_type, dbkey, files_0|NAME and so on; in a form, as JSON."},
        "files_0|url_paste": {"type": "string", "description": "A text, or http(s) addresses with a line each."},
    },
}
FETCH = {
    "type": "object",
    "required": ["history_id", "targets"],
    "properties": {
        "history_id": {"type": "string"},
        "targets": {"type": "array", "items": {"type": "object"}, "description": "In a form, as JSON."},
        "files_0|file_data": {"type": "object", "description": "session_id, and the name of the file."},
        "auto_decompress": {"type": "boolean"},
    },
}

View = TypeVar("View", bound=Callable[..., Any])
Reading: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, Upload]], list[Asked]]


def _bodies(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return how the document says that a route takes this as JSON, and as a form with files."""
    form = {**schema, "properties": {**schema["properties"], "files_0|file_data": FILE}}
    return {
        "required": True,
        "content": {"application/json": {"schema": schema}, "multipart/form-data": {"schema": form}},
    }


def _documented(schema: Mapping[str, Any], missing: str) -> Callable[[View], View]:
    """Have the document say what a route takes and what else it answers; ``missing`` is what its 404 means."""
    also = {
        400: "The body, or something in it, is not as it must be.",
        403: "The history, or an address, is not for the caller.",
        404: missing,
        413: "It is more than the caller's quota leaves.",
        503: "Too many bodies come at once; see Retry-After.",
        507: "The disk of Sluice is full.",
    }

    def document_view(view: View) -> View:
        for status, sentence in also.items():
            view = blueprint.alt_response(status, description=sentence)(view)
        documented: View = blueprint.doc(requestBody=_bodies(schema))(view)
        return documented

    return document_view


@blueprint.answers("POST", "/api/tools")
@changes_something
@_documented(RUN, missing="There is no such history or tool.")
@blueprint.response(200, copy_schemas.Brought)
def run_tool() -> Response:
    """Bring files, texts, or what is at addresses into a history, a dataset each. There is one tool: upload1."""
    with received(current_services().library.uploads, required_caller()) as (came, spool):
        tool = _required(came, "tool_id")
        if tool != UPLOAD_TOOL:
            refuse(404, NOT_FOUND, f"There is no tool {tool[:200]!r} that can be run here; use {UPLOAD_TOOL}.")
        came.fields |= _inputs(came.fields.get("inputs"))
        return _brought(came, spool, uploads_of_tool)


@blueprint.answers("POST", "/api/tools/fetch")
@changes_something
@_documented(FETCH, missing="There is no such history.")
@blueprint.response(200, copy_schemas.Brought)
def fetch_files() -> Response:
    """Bring uploads, files, texts, or what is at addresses into a history, a dataset for each element."""
    with received(current_services().library.uploads, required_caller()) as (came, spool):
        came.fields |= {
            name: document(f'{{"it": {value}}}', name)["it"]
            for name, value in came.fields.items()
            if isinstance(value, str) and (name == "targets" or name.endswith("|file_data"))
        }
        return _brought(came, spool, uploads_of_fetch)


def _brought(came: Received, spool: Spool, reading: Reading) -> Response:
    """Start what brings all that was asked for, wait a moment for it, and answer with the datasets and jobs."""
    caller, library = required_caller(), current_services().library
    number = decoded(_required(came, "history_id"), "history")
    with changing("History"):
        library.own_collection(caller, number)
    asked = reading(came.fields, came.files)
    _require_here(asked)
    copies = current_services().copies
    made = copies.bring(caller, number, [_import(one, spool) for one in asked])
    here = [copy for one, (_, copy) in zip(asked, made, strict=True) if not isinstance(one.source, Address)]
    settled = {copy.number: copy for copy in (copies.settled(here, SETTLE_SECONDS) if here else ())}
    items = {item.number: item for item in library.items(caller, _query(number, made))}
    return jsonify(_document([(items.get(item.number, item), settled.get(copy.number, copy)) for item, copy in made]))


def _require_here(asked: Sequence[Asked]) -> None:
    """Refuse, in the words of the dialect, uploads that are not here, or not all of them."""
    for source in (one.source for one in asked if isinstance(one.source, Session)):
        try:
            upload = current_services().library.uploads.find(required_caller(), source.id)
        except NotFound:
            refuse(404, NOT_FOUND, f"There is no upload with the session_id {source.id[:200]!r}.")
        if not upload.is_complete:
            refuse(400, INVALID, f"Only {upload.offset} of {upload.size} bytes of the upload {upload.id} have arrived.")


def _import(asked: Asked, spool: Spool) -> Import:
    source = asked.source
    return Import(
        name=asked.name,
        upload=_upload(source, asked.name, spool),
        url=source.url if isinstance(source, Address) else None,
        conversion=asked.conversion,
        attributes=asked.attributes,
        tags=asked.tags,
    )


def _upload(source: Brought, name: str, spool: Spool) -> str | None:
    match source:
        case Text(text):
            return spool.text(text, name).id
        case Session(upload_id):
            return upload_id
    return None


def _required(came: Received, name: str) -> str:
    value = came.fields.get(name)
    if not isinstance(value, str) or not value:
        refuse(400, MISSING, f"The following required arguments are missing in the payload: {[name]}")
    return value


def _inputs(given: Any) -> Mapping[str, Any]:
    if isinstance(given, str) and given.strip():
        return document(given, "inputs")
    if given and not isinstance(given, Mapping):
        raise InvalidInput("inputs", "use an object")
    return given or {}


def _query(collection_number: int, made: Sequence[tuple[Item, Copy]]) -> ItemQuery:
    return ItemQuery(collection_number=collection_number, numbers=[item.number for item, _ in made])


def _document(made: Sequence[tuple[Item, Copy]]) -> dict[str, Any]:
    return {
        "outputs": [
            {**dataset_document(item, copy.number), "output_name": f"output{at}"}
            for at, (item, copy) in enumerate(made)
        ],
        "output_collections": [],
        "jobs": [job_document(copy) for _, copy in made],
        "implicit_collections": [],
        "produces_entry_points": False,
    }
