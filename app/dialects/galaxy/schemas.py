"""What the routes of the Galaxy dialect answer, for its OpenAPI document. Bodies that come in are pydantic's models."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields

from app.web.answers import Answer

ID = {"pattern": "^(?:[0-9a-f]{16})+$", "example": "f2db41e1fa331b3e"}
TIME = {"description": "ISO 8601 in UTC, without a zone.", "example": "2026-11-21T10:00:00.000000"}


def _id() -> fields.String:
    return fields.String(metadata=ID)


def _time() -> fields.String:
    return fields.String(metadata=TIME)


class Refusal(Answer):
    """What every error is."""

    optional = ("validation_errors",)

    err_msg = fields.String()
    err_code = fields.Integer(metadata={"description": "Galaxy's own codes; 0 where it has none."})
    validation_errors = fields.List(fields.String(), metadata={"description": "JSON, of what is wrong with a body."})


class Version(Answer):
    """Which Galaxy this answers as."""

    version_major = fields.String()
    version_minor = fields.String()
    extra = fields.Dict()


class User(Answer):
    """A user. There are no e-mail addresses here: ``email`` is the name where that is one, else empty."""

    id = _id()
    model_class = fields.String()
    username = fields.String()
    email = fields.String()
    active = fields.Boolean()
    deleted = fields.Boolean()
    is_admin = fields.Boolean()


class CurrentUser(User):
    """The caller, and how much of the library is his."""

    total_disk_usage = fields.Integer(metadata={"description": "Bytes."})
    nice_total_disk_usage = fields.String()
    quota_bytes = fields.Integer(allow_none=True, metadata={"description": "null: no limit."})
    quota = fields.String()
    quota_percent = fields.Integer(allow_none=True)


class ApiKey(Answer):
    """What signs in later requests; it lasts as long as a session does."""

    api_key = fields.String()


class Configuration(Answer):
    """What clients may know of this service."""

    brand = fields.String()
    version_major = fields.String()
    version_minor = fields.String()
    allow_user_creation = fields.Boolean()
    allow_user_deletion = fields.Boolean()
    enable_quotas = fields.Boolean()
    logo_url = fields.String(allow_none=True)


class EncodedNumber(Answer):
    """The id of a number."""

    encoded_id = _id()


class DecodedNumber(Answer):
    """The number of an id."""

    decoded_id = fields.Integer()


class JobLock(Answer):
    """Whether queued jobs wait until an admin lets them go."""

    active = fields.Boolean()


class History(ma.Schema):
    """A history; lists have fewer fields."""

    model_class = fields.String()
    id = _id()
    name = fields.String()
    user_id = _id()
    url = fields.String()
    contents_url = fields.String()
    deleted = fields.Boolean()
    purged = fields.Boolean()
    archived = fields.Boolean()
    published = fields.Boolean()
    importable = fields.Boolean()
    slug = fields.String(allow_none=True)
    annotation = fields.String(allow_none=True)
    tags = fields.List(fields.String())
    create_time = _time()
    update_time = _time()
    state = fields.String(metadata={"description": "new, queued, running, ok or error."})
    state_details = fields.Dict(values=fields.Integer())
    count = fields.Integer()
    empty = fields.Boolean()
    size = fields.Integer()
    nice_size = fields.String()
    genome_build = fields.String()


HISTORY: Mapping[str, Any] = {"$ref": "#/components/schemas/History"}

NO_HISTORY_OR_ONE: Mapping[str, Any] = {"nullable": True, "allOf": [HISTORY]}
"""A history, or null."""

HISTORY_OR_JOB: Mapping[str, Any] = {
    "anyOf": [
        HISTORY,
        {
            "type": "object",
            "description": "The job that has read no archive.",
            "required": ["model_class", "tool_id", "state", "message"],
            "properties": {
                **{name: {"type": "string"} for name in ("model_class", "tool_id", "state", "message")},
                "id": {"type": "string", "nullable": True},
                "exit_code": {"type": "integer"},
            },
        },
    ]
}
"""What the making of a history answers."""


class Tag(Answer):
    """A tag of a history."""

    model_class = fields.String()
    id = _id()
    user_tname = fields.String()
    user_value = fields.String(allow_none=True)


class DatasetSummary(ma.Schema):
    """A dataset as lists have it."""

    id = _id()
    dataset_id = _id()
    hid = fields.Integer()
    name = fields.String()
    history_id = _id()
    history_content_type = fields.String()
    type = fields.String()
    type_id = fields.String()
    state = fields.String(metadata={"description": "queued, running, ok, error or discarded."})
    extension = fields.String()
    deleted = fields.Boolean()
    purged = fields.Boolean()
    visible = fields.Boolean()
    tags = fields.List(fields.String())
    url = fields.String()
    create_time = _time()
    update_time = _time()
    genome_build = fields.String()


class Hash(Answer):
    """A checksum of a file."""

    hash_function = fields.String()
    hash_value = fields.String()


class Dataset(DatasetSummary):
    """A dataset. What is empty is there for clients, and not known here."""

    model_class = fields.String()
    hda_ldda = fields.String()
    uuid = fields.String()
    accessible = fields.Boolean()
    file_ext = fields.String()
    file_size = fields.Integer()
    misc_info = fields.String()
    misc_blurb = fields.String(allow_none=True)
    annotation = fields.String(allow_none=True)
    metadata_dbkey = fields.String()
    download_url = fields.String()
    creating_job = fields.String(allow_none=True, metadata=ID)
    hashes = fields.List(fields.Nested(Hash))
    api_type = fields.String()
    rerunnable = fields.Boolean()
    resubmitted = fields.Boolean()
    display_apps = fields.List(fields.Dict())
    display_types = fields.List(fields.Dict())
    meta_files = fields.List(fields.Dict())
    visualizations = fields.List(fields.Dict())


class Tool(Answer):
    """A tool: what makes datasets, or stores them elsewhere."""

    id = fields.String()
    name = fields.String()
    version = fields.String()
    description = fields.String()
    model_class = fields.String()
    panel_section_id = fields.String()
    panel_section_name = fields.String()


class ListedTool(Answer):
    """A tool, or a section of tools."""

    optional = ("description", "panel_section_id", "panel_section_name", "elems")

    id = fields.String()
    name = fields.String()
    version = fields.String()
    model_class = fields.String(metadata={"description": "Tool or ToolSection."})
    description = fields.String()
    panel_section_id = fields.String()
    panel_section_name = fields.String()
    elems = fields.List(fields.Nested(Tool), metadata={"description": "Of a section."})


class CloudAuthz(ma.Schema):
    """An authorization; ``keys`` leaves fields out."""

    id = _id()
    model_class = fields.String()
    user_id = _id()
    provider = fields.String()
    config = fields.Dict(metadata={"description": "Its secrets are masked."})
    authn_id = fields.String(allow_none=True, metadata=ID)
    last_update = fields.String()
    last_activity = fields.String()
    create_time = _time()
    description = fields.String()
