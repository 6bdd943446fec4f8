"""The routes of tus, by which files are sent in parts that survive a broken connection: parse, call, translate."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from flask import Response, abort, request

from app.dialects.galaxy import schemas
from app.dialects.galaxy.blueprint import blueprint
from app.dialects.galaxy.errors import CONFLICT, INVALID, NOT_FOUND, UNKNOWN, error_answer, refuse
from app.dialects.galaxy.tus import (
    MEDIA_TYPE,
    OFFERS,
    VERSION,
    HeaderUnreadable,
    count_in,
    metadata_header,
    name_in,
    state_headers,
)
from app.errors import NotFound, StorageFull, TooBusy, UploadRefused
from app.library.contract import Upload
from app.library.upload_files import UploadBusy, UploadTooLong
from app.library.uploads import MAX_SIZE
from app.web.bodies import LargeBody, large_body
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.public import public
from app.web.services import current_services

UPLOADS = "/api/upload/resumable_upload"
UPLOAD = f"{UPLOADS}/<upload_id>"
OVERRIDE = "X-HTTP-Method-Override"

NONE = "There is no such upload of yours."
BUSY = "Another request is sending a part of it."

TUS = {"in": "header", "name": "Tus-Resumable", "required": True, "schema": {"type": "string", "enum": [VERSION]}}
BYTES = {"type": "integer", "minimum": 0}
PART = {"required": True, "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}


@blueprint.after_request
def say_version(answer: Response) -> Response:
    """Have every answer to a request for an upload name the version of the protocol."""
    if request.path == UPLOADS or request.path.startswith(UPLOADS + "/"):
        answer.headers["Tus-Resumable"] = VERSION
    return answer


@blueprint.answers("OPTIONS", UPLOADS)
@blueprint.doc(security=[])
@blueprint.response(204)
@public
def show_protocol() -> Response:
    """Say which version and extensions of tus are spoken here, and how large a file may be."""
    return Response(status=204, headers=OFFERS)


@blueprint.answers("POST", UPLOADS)
@changes_something
@blueprint.doc(
    parameters=[
        TUS,
        {"in": "header", "name": "Upload-Length", "required": True, "schema": BYTES},
        {"in": "header", "name": "Upload-Metadata", "schema": {"type": "string"}},
    ]
)
@blueprint.alt_response(
    412, schema=schemas.Refusal, description="The header Tus-Resumable is missing, or another version."
)
@blueprint.alt_response(413, schema=schemas.Refusal, description="It is larger than an upload, or your quota, may be.")
@blueprint.response(201, description="Location is the upload's address; its last part is the session_id.")
def create_upload() -> Response:
    """Announce a file. The body may hold its first part."""
    with _tus():
        size = count_in("Upload-Length", request.headers.get("Upload-Length"))
        if size > MAX_SIZE:
            refuse(413, INVALID, f"An upload has at most {MAX_SIZE} bytes.")
        name = name_in(request.headers.get("Upload-Metadata", ""))
        upload = current_services().library.uploads.create(required_caller(), size, name)
        if request.mimetype == MEDIA_TYPE and request.content_length != 0:
            upload = _with_part(upload.id, 0)
        return _answer(201, upload, {"Location": _location(upload)})


@blueprint.answers("HEAD", UPLOAD)
@blueprint.doc(parameters=[TUS])
@blueprint.alt_response(404, description=NONE)
@blueprint.response(200)
def show_upload(upload_id: str) -> Response:
    """Say in the header Upload-Offset how much of a file has arrived."""
    with _tus():
        upload = current_services().library.uploads.find(required_caller(), upload_id)
        return _answer(200, upload, metadata_header(upload))


@blueprint.answers("PATCH", UPLOAD)
@changes_something
@blueprint.doc(
    requestBody=PART,
    parameters=[TUS, {"in": "header", "name": "Upload-Offset", "required": True, "schema": BYTES}],
)
@blueprint.alt_response(404, schema=schemas.Refusal, description=NONE)
@blueprint.alt_response(409, schema=schemas.Refusal, description="It stands elsewhere; Upload-Offset says where.")
@blueprint.alt_response(
    412, schema=schemas.Refusal, description="The header Tus-Resumable is missing, or another version."
)
@blueprint.alt_response(
    413, schema=schemas.Refusal, description="It is more than was announced; nothing of it was kept."
)
@blueprint.alt_response(415, schema=schemas.Refusal, description=f"The body is not {MEDIA_TYPE}.")
@blueprint.alt_response(423, schema=schemas.Refusal, description=BUSY)
@blueprint.alt_response(503, schema=schemas.Refusal, description="Too many bodies come at once; see Retry-After.")
@blueprint.alt_response(507, schema=schemas.Refusal, description="The disk is full; what fitted is kept.")
@blueprint.response(204)
def send_part(upload_id: str) -> Response:
    """Send the next part of a file. It is on the disk when this answers; of a broken one what arrived is kept."""
    with _tus():
        return _answer(204, _with_part(upload_id, count_in("Upload-Offset", request.headers.get("Upload-Offset"))))


@blueprint.answers("DELETE", UPLOAD)
@changes_something
@blueprint.doc(parameters=[TUS])
@blueprint.alt_response(404, schema=schemas.Refusal, description=NONE)
@blueprint.alt_response(423, schema=schemas.Refusal, description=BUSY)
@blueprint.response(204)
def remove_upload(upload_id: str) -> Response:
    """Give up an upload; what has arrived of it is removed."""
    with _tus():
        current_services().library.uploads.remove(required_caller(), upload_id)
        return Response(status=204)


@blueprint.answers("POST", UPLOAD)
@changes_something
@blueprint.doc(parameters=[TUS, {"in": "header", "name": OVERRIDE, "required": True, "schema": {"type": "string"}}])
@blueprint.alt_response(405, schema=schemas.Refusal, description=f"The header {OVERRIDE} names no other method.")
@blueprint.response(204)
def override_method(upload_id: str) -> Response:
    """Do what PATCH or DELETE does, for clients behind something that lets only POST pass."""
    views = {"PATCH": send_part, "DELETE": remove_upload}
    view = views.get(request.headers.get(OVERRIDE, "").upper())
    if view is None:
        abort(405)
    answer: Response = view(upload_id)
    return answer


def _with_part(upload_id: str, offset: int) -> Upload:
    """Take the body of this request as the next part of an upload, and return the upload as it is then."""
    if request.mimetype != MEDIA_TYPE:
        refuse(415, INVALID, f"Send a part of a file with Content-Type: {MEDIA_TYPE}.")
    with large_body() as body:
        uploads, caller = current_services().library.uploads, required_caller()
        _require_announced(uploads.find(caller, upload_id), offset, body)
        upload: Upload = uploads.append(caller, upload_id, offset, body.read_on)
        if body.is_broken:
            too_slow = "Hardly anything came for a minute, so the connection was given up."
            refuse(408 if body.came_too_slowly else 400, UNKNOWN, too_slow if body.came_too_slowly else "It broke off.")
        return upload


def _require_announced(upload: Upload, offset: int, body: LargeBody) -> None:
    if offset == upload.offset and body.size is not None and offset + body.size > upload.size:
        raise UploadTooLong(f"The upload was announced to have {upload.size} bytes; this would make more.", offset)


@contextmanager
def _tus() -> Iterator[None]:
    """Answer what is refused in the statuses of the protocol."""
    if request.headers.get("Tus-Resumable") != VERSION:
        _refuse(412, INVALID, f"Say which version of tus this is: Tus-Resumable: {VERSION}.", OFFERS)
    try:
        yield
    except HeaderUnreadable as error:
        refuse(400, INVALID, str(error))
    except NotFound:
        refuse(404, NOT_FOUND, NONE)
    except UploadBusy as error:
        _refuse(423, CONFLICT, str(error), {"Retry-After": "5"})
    except UploadTooLong as error:
        refuse(413, INVALID, str(error))
    except UploadRefused as error:
        _refuse(409, CONFLICT, str(error), {} if error.offset is None else {"Upload-Offset": str(error.offset)})
    except StorageFull as error:
        refuse(507, UNKNOWN, str(error))
    except TooBusy as error:
        _refuse(503, UNKNOWN, str(error), {"Retry-After": str(error.retry_after)})


def _refuse(status: int, code: int, sentence: str, headers: Mapping[str, str]) -> NoReturn:
    said = error_answer(status, code, sentence)
    said.headers.update(headers)
    abort(said)


def _answer(status: int, upload: Upload, more: Mapping[str, Any] | None = None) -> Response:
    expires_at = current_services().library.uploads.expires_at(upload)
    return Response(status=status, headers=state_headers(upload, expires_at) | dict(more or {}))


def _location(upload: Upload) -> str:
    """Return where an upload is, as seen from the address that was asked for: right behind every proxy."""
    return upload.id if request.path.endswith("/") else f"{UPLOADS.rpartition('/')[2]}/{upload.id}"
