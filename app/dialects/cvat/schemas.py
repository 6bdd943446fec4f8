"""The wire shapes of cloud storages, for the OpenAPI document; what is judged of a body is in ``storage_fields``."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from app.dialects.cvat.file_types import FILE, FOLDER
from app.dialects.cvat.organisations import HEADER
from app.dialects.cvat.storage_fields import CREDENTIALS_TYPES, PROVIDERS
from app.web.answers import Answer

REFUSAL: Mapping[str, Any] = {
    "description": "An object with a sentence, or with sentences by field; a list of sentences; or one.",
    "anyOf": [{"type": "object"}, {"type": "array", "items": {"type": "string"}}, {"type": "string"}],
}
"""The schema of an error. Some are plain text besides."""

_LOCATED = {"description": "A query string: region, endpoint_url, prefix, project, location."}
_MANIFESTS = {"description": "Keys of objects in the storage that list its images."}


class BasicUser(Answer):
    """The owner of a storage."""

    url = fields.Url()
    id = fields.Integer()
    username = fields.String()
    first_name = fields.String()
    last_name = fields.String()


class CloudStorage(Answer):
    """One storage, without its credentials."""

    id = fields.Integer()
    owner = fields.Nested(BasicUser, allow_none=True, metadata={"description": "Null once the owner was removed."})
    manifests = fields.List(fields.String(), metadata=_MANIFESTS)
    created_date = fields.String(metadata={"format": "date-time"})
    updated_date = fields.String(metadata={"format": "date-time"})
    provider_type = fields.String(validate=validate.OneOf(PROVIDERS))
    resource = fields.String(metadata={"description": "The bucket or container."})
    display_name = fields.String()
    credentials_type = fields.String(validate=validate.OneOf(CREDENTIALS_TYPES))
    specific_attributes = fields.String(metadata=_LOCATED)
    description = fields.String()
    organization = fields.Integer(allow_none=True)


class PatchedCloudStorageWrite(ma.Schema):
    """What of a storage shall be another; what is left out stays."""

    provider_type = fields.String(validate=validate.OneOf(PROVIDERS))
    resource = fields.String(validate=validate.Length(1, 222), metadata={"description": "The bucket or container."})
    display_name = fields.String(validate=validate.Length(1, 63))
    credentials_type = fields.String(validate=validate.OneOf(CREDENTIALS_TYPES))
    session_token = fields.String(load_only=True, validate=validate.Length(max=440))
    account_name = fields.String(validate=validate.Length(max=24))
    key = fields.String(load_only=True, validate=validate.Length(max=40))
    secret_key = fields.String(load_only=True, validate=validate.Length(max=64))
    connection_string = fields.String(load_only=True, validate=validate.Length(max=1024))
    key_file = fields.Raw(load_only=True, metadata={"type": "string", "format": "binary"})
    specific_attributes = fields.String(validate=validate.Length(max=1024), metadata=_LOCATED)
    description = fields.String()
    manifests = fields.List(fields.String(), metadata=_MANIFESTS)


class CloudStorageWrite(PatchedCloudStorageWrite):
    """A storage to be made."""

    provider_type = fields.String(required=True, validate=validate.OneOf(PROVIDERS))
    resource = fields.String(required=True, validate=validate.Length(1, 222))
    display_name = fields.String(required=True, validate=validate.Length(1, 63))
    credentials_type = fields.String(required=True, validate=validate.OneOf(CREDENTIALS_TYPES))


class CloudStorages(Answer):
    """One page of a list."""

    count = fields.Integer(metadata={"description": "Of all pages together."})
    next = fields.Url(allow_none=True)
    previous = fields.Url(allow_none=True)
    results = fields.List(fields.Nested(CloudStorage))


class FileInfo(Answer):
    """A file or a folder of a storage."""

    name = fields.String()
    type = fields.String(validate=validate.OneOf((FILE, FOLDER)))
    mime_type = fields.String()


class CloudStorageContent(Answer):
    """A page of what lies in a storage."""

    next = fields.String(allow_none=True, metadata={"description": "The next_token of the next page."})
    content = fields.List(fields.Nested(FileInfo))


def body(schema: type[ma.Schema]) -> dict[str, Any]:
    """Return how the document says that a route takes this, as JSON or as a form."""
    content = {media_type: {"schema": schema} for media_type in ("application/json", "multipart/form-data")}
    return {"content": content}


def query(*names: str) -> list[dict[str, Any]]:
    """Return how the document says that a route takes these in its query string."""
    return [{"in": "query", "name": name, "schema": {"type": "string"}} for name in names]


def in_organisation(*names: str) -> list[dict[str, Any]]:
    """Return how the document says that a route takes these, and the name of an organisation."""
    header = {"in": "header", "name": HEADER, "schema": {"type": "string"}}
    return [*query("org", "org_id"), header, *query(*names)]
