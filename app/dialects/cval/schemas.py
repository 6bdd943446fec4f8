"""The wire shapes of the cval dialect: storages and datasets in and out, as `cval-lib` parses them."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from app.web.answers import Answer

WORDS = {
    "true": True,
    "1": True,
    "yes": True,
    "on": True,
    "false": False,
    "0": False,
    "no": False,
    "off": False,
}


def _described(text: str) -> dict[str, str]:
    return {"description": text}


class Flag(fields.Boolean):
    """A boolean in any spelling and any case; the client's own is that of Python, ``True`` and ``False``."""

    default_error_messages = {"invalid": "Use true or false."}  # noqa: RUF012  # as marshmallow has it

    def _deserialize(self, value: Any, *_args: Any, **_named: Any) -> bool:
        try:
            return WORDS[str(value).lower()]
        except KeyError:
            raise self.make_error("invalid") from None


class _Document(ma.Schema):
    class Meta:
        # A name that is misspelt would otherwise do something else than what was meant: `synchronise: false`.
        unknown = ma.RAISE


class _Query(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE  # the client puts the fields of other requests into its query strings


def _required(description: str, **named: Any) -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=1, max=1024, error="Use 1 to 1,024 characters."),
        metadata=_described(description),
        **named,
    )


class NewStorage(_Document):
    """What ``POST /api/cloud`` takes."""

    access_key = _required("Reads the bucket; no other right is needed.")
    secret_key = _required("Goes with the access key.", load_only=True)
    endpoint = _required("Scheme, host and port of the S3 service, such as http://minio:9000.")
    bucket = _required("The bucket; what lies below cval/ in it is mirrored.")
    synchronize = Flag(load_default=True, metadata=_described("Whether to keep a mirror of the bucket."))


class Switch(_Query):
    """What ``PUT /api/cloud/{storage_id}`` takes: one flag, by one of three names."""

    synchronize = Flag(metadata=_described("Whether to keep a mirror of the bucket."))
    synchronization = Flag(metadata=_described("The same."))
    syncronization = Flag(metadata=_described("The same, as the documentation of cval-lib spells it."))

    @ma.validates_schema
    def _is_one(self, data: dict[str, bool], **_named: Any) -> None:
        if len(data) != 1:
            raise ma.ValidationError("Give one of them: true or false.", "synchronize")


class Refusal(Answer):
    """What every error is."""

    detail = fields.String()


class StorageId(Answer):
    """The answer to whatever changes a storage."""

    id = fields.String(metadata={"format": "uuid"})


class Storage(StorageId):
    """One storage; none of it is ever null, which the client would not take."""

    access_key = fields.String()
    secret_key = fields.String(metadata=_described("Asterisks, unless CVAL_SECRETS is clear."))
    endpoint = fields.String()
    bucket = fields.String()
    synchronize = fields.Boolean()


class StorageConfig(_Document):
    """Where a dataset lies; null stands for what is not known, or not to be changed."""

    cloud_storage_id = fields.String(allow_none=True, load_default=None)
    dataset_name_in_storage = fields.String(
        allow_none=True, load_default=None, metadata=_described("Its folder below cval/; null: cval/ itself.")
    )


class WhereItLies(Answer):
    """Where a dataset lies."""

    cloud_storage_id = fields.String(allow_none=True)
    dataset_name_in_storage = fields.String(allow_none=True)


class DatasetFields(_Document):
    """What ``POST /dataset`` and ``PUT /dataset/{id}`` take; in the latter null leaves a value as it is."""

    dataset_name = fields.String(allow_none=True, load_default=None, validate=validate.Length(max=32))
    dataset_description = fields.String(allow_none=True, load_default=None, validate=validate.Length(max=256))
    storage_config = fields.Nested(StorageConfig, allow_none=True, load_default=None)
    dataset_id = fields.String(allow_none=True, metadata=_described("Ignored; the client's DatasetResponse sends it."))


class Dataset(Answer):
    """One dataset."""

    dataset_id = fields.String(metadata={"format": "uuid"})
    dataset_name = fields.String(allow_none=True)
    dataset_description = fields.String(allow_none=True)
    storage_config = fields.Nested(WhereItLies)


class DatasetId(Answer):
    """The answer to the deletion of a dataset."""

    dataset_id = fields.String(metadata={"format": "uuid"})


class Started(Answer):
    """The answer to a wish to synchronise."""

    id = fields.String(metadata=_described("What was asked for: a dataset's or a storage's id."))
    job_id = fields.String(metadata=_described("The job that does it; /get?id= tells how it goes."))


class FramesLimit(_Query):
    """What the route of frames takes."""

    limit = fields.Integer(
        load_default=100, validate=validate.Range(min=0, max=1_000_000), metadata=_described("Most ids in the answer.")
    )


class AnnotationsLimit(_Query):
    """What the route of annotations takes."""

    limit = fields.Integer(
        load_default=None,
        validate=validate.Range(min=0, max=1_000_000),
        metadata=_described("Most labels, or images, in the answer; all when left out."),
    )


class FramesMeta(Answer):
    """How many images a part of a dataset has, and the ids of the first ones."""

    frames_quantity = fields.Integer()
    frames = fields.List(fields.String(), required=True)


class Problem(Answer):
    """A file that does not fit the layout of a dataset."""

    path = fields.String()
    message = fields.String()


_OBJECTS = {"type": "array", "items": {"type": "object"}}

ANNOTATIONS: Mapping[str, Any] = {
    "anyOf": [
        {
            "type": "object",
            "description": "Of detections: COCO.",
            "required": ["annotations", "images", "categories", "info", "licenses"],
            "properties": {
                **dict.fromkeys(("annotations", "images", "categories", "licenses"), _OBJECTS),
                "info": {"type": "object"},
            },
        },
        {
            "type": "object",
            "description": "Of classifications.",
            "required": ["dataset_id", "labels_quantity", "labels"],
            "properties": {
                "dataset_id": {"type": "string", "format": "uuid"},
                "labels_quantity": {"type": "integer"},
                "labels": _OBJECTS,
            },
        },
        {**_OBJECTS, "description": "Of segmentations: one for each image."},
    ]
}
"""The annotations of a part, as the client's model of their form has them."""
