"""The shapes of the Aionvision dialect on the wire; what they do not name is ignored when it comes in."""

import marshmallow as ma
from marshmallow import fields, validate

UUID = {"format": "uuid", "example": "550e8400-e29b-41d4-a716-446655440000"}
TIME = {"format": "date-time", "example": "2026-11-21T10:00:00Z"}
JOB_STATUSES = ("pending", "in_progress", "completed", "partial", "failed", "cancelled")
FILE_STATUSES = ("pending", "in_progress", "completed", "failed", "cancelled")
PROVIDERS = ("google_drive",)

_WORD = validate.Length(min=1, max=255)
_SECRET = validate.Length(min=1, max=4096)


def _id() -> fields.String:
    return fields.String(required=True, metadata=UUID)


def _time(*, none: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=none, metadata=TIME)


def _text_or_none() -> fields.String:
    return fields.String(required=True, allow_none=True)


class Incoming(ma.Schema):
    """A schema of what is sent here."""

    class Meta:
        """Names that are not known are ignored, as FastAPI does."""

        unknown = ma.EXCLUDE


class Begin(Incoming):
    """Where the provider shall send the browser back to."""

    provider = fields.String(validate=_WORD)
    redirect_uri = fields.String(validate=validate.Length(max=2048), metadata={"nullable": True})


class Finish(Incoming):
    """What the provider sent back."""

    code = fields.String(required=True, validate=_SECRET)
    state = fields.String(required=True, validate=_SECRET)
    redirect_uri = fields.String(validate=validate.Length(max=2048), metadata={"nullable": True})


class ConnectionQuery(Incoming):
    """Which connections are wanted."""

    provider = fields.String(validate=validate.OneOf(PROVIDERS))
    active_only = fields.Boolean(load_default=True)


class Proxied(Incoming):
    """A question for Google Drive."""

    session_id = fields.String(required=True, validate=_WORD)
    endpoint = fields.String(required=True, metadata={"description": "files, files/{id}, files/{id}/export or about"})
    params = fields.Dict(keys=fields.String(), metadata={"nullable": True})


class ImportFile(Incoming):
    """A file as the picker names it."""

    id = fields.String(required=True, validate=_WORD)
    name = fields.String(required=True, validate=validate.Length(min=1, max=1024))
    mime_type = fields.String(allow_none=True, load_default=None, validate=validate.Length(max=255))
    size_bytes = fields.Integer(allow_none=True, load_default=None, strict=True, validate=validate.Range(min=0))


class Import(Incoming):
    """Files to bring into the library."""

    connection_id = fields.String(required=True, validate=_WORD)
    files = fields.List(fields.Nested(ImportFile), required=True)
    auto_describe = fields.Boolean(load_default=True)
    tags = fields.List(fields.String(), load_default=list)
    collection_id = fields.String(
        load_default=None, validate=_WORD, metadata={"nullable": True, "description": "Any word; it is made when new."}
    )


class Export(Incoming):
    """Images to store in a Drive."""

    connection_id = fields.String(required=True, validate=_WORD)
    image_ids = fields.List(fields.String(validate=_WORD), required=True)
    folder_id = fields.String(load_default=None, validate=_WORD, metadata={"nullable": True})
    folder_name = fields.String(load_default=None, validate=_WORD, metadata={"nullable": True})


class Begun(ma.Schema):
    """Where the account's owner is to go."""

    authorization_url = fields.String(required=True)
    state = fields.String(required=True)
    provider = fields.String(required=True)


class Connection(ma.Schema):
    """A connected account."""

    id = _id()
    provider = fields.String(required=True, validate=validate.OneOf(PROVIDERS))
    provider_email = _text_or_none()
    provider_display_name = _text_or_none()
    is_active = fields.Boolean(required=True)
    created_at = _time()
    last_used_at = _time(none=True)


class Completed(ma.Schema):
    """The connection that a consent has made, or made active again."""

    connection = fields.Nested(Connection, required=True)
    is_new = fields.Boolean(required=True)


class Connections(ma.Schema):
    """The caller's connections, oldest first."""

    connections = fields.List(fields.Nested(Connection), required=True)
    total_count = fields.Integer(required=True)


class Disconnected(ma.Schema):
    """What is said when a connection is gone."""

    success = fields.Boolean(required=True)
    message = fields.String(required=True)


class Session(ma.Schema):
    """What a page needs to show Google's picker."""

    session_id = fields.String(required=True)
    access_token = fields.String(required=True)
    app_id = fields.String(required=True)
    developer_key = fields.String(required=True)
    expires_at = _time()


class Picker(ma.Schema):
    """A session of the picker."""

    session = fields.Nested(Session, required=True)


class Data(ma.Schema):
    """What Google Drive answered."""

    data = fields.Dict(required=True)


class FileResult(ma.Schema):
    """How one file of an import or export stands."""

    id = fields.String(
        required=True, metadata={"description": "Google's id of the file; null until it has one."}, allow_none=True
    )
    name = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(FILE_STATUSES))
    image_id = fields.String(required=True, allow_none=True, metadata=UUID)
    error = _text_or_none()


class Imported(ma.Schema):
    """An import that is over, or was begun."""

    image_ids = fields.List(fields.String(metadata=UUID), required=True, allow_none=True)
    job_id = fields.String(required=True, allow_none=True, metadata=UUID)
    status = fields.String(required=True, allow_none=True, validate=validate.OneOf([*JOB_STATUSES, None]))
    total_files = fields.Integer(required=True)
    is_async = fields.Boolean(required=True)
    message = fields.String(required=True)
    files = fields.List(fields.Nested(FileResult), metadata={"description": "Of an import that is over."})


class Exported(ma.Schema):
    """An export that was begun."""

    cloud_file_ids = fields.List(fields.String(), required=True, allow_none=True, metadata={"description": "null."})
    job_id = fields.String(required=True, allow_none=True, metadata=UUID)
    job_status = fields.String(required=True, allow_none=True, validate=validate.OneOf([*JOB_STATUSES, None]))
    is_async = fields.Boolean(required=True)
    message = fields.String(required=True)


class Job(ma.Schema):
    """An import or an export."""

    job_id = _id()
    type = fields.String(required=True, validate=validate.OneOf(["import", "export"]))
    status = fields.String(required=True, validate=validate.OneOf(JOB_STATUSES))
    connection_id = _id()
    provider = fields.String(required=True, validate=validate.OneOf(PROVIDERS))
    total_files = fields.Integer(required=True)
    completed_files = fields.Integer(required=True)
    failed_files = fields.Integer(required=True)
    error = _text_or_none()
    created_at = _time()
    updated_at = _time()
    completed_at = _time(none=True)
    files = fields.List(fields.Nested(FileResult), required=True)


class JobAnswer(ma.Schema):
    """A job."""

    job = fields.Nested(Job, required=True)


class Dimensions(ma.Schema):
    """How large an image is, as it is shown."""

    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class UserFile(ma.Schema):
    """An image of the library; null: that is not known."""

    id = _id()
    title = fields.String(required=True)
    filename = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(FILE_STATUSES))
    error = _text_or_none()
    tags = fields.List(fields.String(), required=True)
    size_bytes = fields.Integer(required=True)
    dimensions = fields.Nested(Dimensions, required=True, allow_none=True)
    format = _text_or_none()
    media_type = fields.String(required=True, validate=validate.OneOf(["image", "document"]))
    mime_type = _text_or_none()
    upload_description = _text_or_none()
    description_status = fields.String(
        required=True, validate=validate.OneOf(["pending", "completed", "failed", "not_requested"])
    )
    created_at = _time()
    updated_at = _time()
    content_created_at = fields.String(
        required=True, allow_none=True, metadata={"description": "When the picture was taken; a zone only where known."}
    )
    full_url = _text_or_none()
    original_url = _text_or_none()
    collection_id = _text_or_none()
    md5 = _text_or_none()
    sha256 = _text_or_none()


class ErrorBody(ma.Schema):
    """What every error says of itself."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    details = fields.Dict(required=True)


class Refusal(ma.Schema):
    """What every error is."""

    error = fields.Nested(ErrorBody, required=True)
    request_id = fields.String(required=True)
    requires_reauth = fields.Boolean(metadata={"description": "The account's owner must consent anew."})


class Fault(ma.Schema):
    """One thing that is wrong with a request."""

    loc = fields.List(fields.Raw(), required=True)
    msg = fields.String(required=True)
    type = fields.String(required=True)


class Invalid(Refusal):
    """What is wrong with a request, in FastAPI's form and in the vendor's."""

    detail = fields.List(fields.Nested(Fault), required=True)
