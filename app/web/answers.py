"""What dialects answer, for their OpenAPI documents: fields that are always there, files, our own form of errors."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

import marshmallow as ma
from marshmallow import fields

BYTES: Mapping[str, Any] = {"type": "string", "format": "binary"}
"""The schema of a file."""

TEXT: Mapping[str, Any] = {"type": "string"}
"""The schema of a text that is no JSON, and of JSON that is a text."""

NONE_AT_ALL: Mapping[str, Any] = {"type": "array", "items": {}, "maxItems": 0}
"""The schema of a list that is always empty."""


class Answer(ma.Schema):
    """A document that goes out. A field that is always there is what the OpenAPI document calls required."""

    optional: ClassVar[Collection[str]] = ()
    """The fields that may be left out."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """See `marshmallow.Schema`."""
        super().on_bind_field(field_name, field_obj)
        field_obj.required = field_name not in self.optional


class Error(Answer):
    """What our own dialects answer where something is wrong."""

    optional = ("errors",)

    code = fields.Integer(metadata={"description": "The status."})
    status = fields.String(metadata={"description": "Its name."})
    message = fields.String(metadata={"description": "For people."})
    errors = fields.Dict(metadata={"description": "What is wrong with which parameter: by place, then by name."})
