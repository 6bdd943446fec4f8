"""The wire shapes of accounts in the CVAT dialect."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from app.web.answers import Answer

MESSAGES: dict[str, Any] = {
    "required": "This field is required.",
    "null": "This field may not be null.",
    "invalid": "Not a valid string.",
    "blank": "This field may not be blank.",
}


class Text(fields.String):
    """A string, told apart as CVAT does it: a number is taken for its digits, anything else is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(error_messages=MESSAGES, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        found = super()._deserialize(value, attr, data, **options)
        if not found and self.required:
            raise self.make_error("blank")
        return found


class _Lenient(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE


class Login(_Lenient):
    """Who signs in: a name, at either of two places, and a password."""

    username = Text()
    email = Text()
    password = Text(required=True, load_only=True)

    @ma.validates_schema
    def validate_name(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a login of nobody."""
        if not (data.get("username") or data.get("email")):
            raise ma.ValidationError('Must include either "username" or "email" and "password".')


class LoginKey(Answer):
    """The key of a session that has begun; its cookies are set besides."""

    key = fields.String()


class Detail(Answer):
    """A sentence."""

    detail = fields.String()


class About(Answer):
    """What this is."""

    name = fields.String()
    description = fields.String()
    version = fields.String()
    logo_url = fields.String()
    subtitle = fields.String()


class User(Answer):
    """A user. What is empty or null is there for the client, and not known here."""

    url = fields.Url()
    id = fields.Integer()
    username = fields.String()
    first_name = fields.String()
    last_name = fields.String()
    email = fields.String()
    groups = fields.List(fields.String(), metadata={"description": "The one role."})
    is_staff = fields.Boolean()
    is_superuser = fields.Boolean()
    is_active = fields.Boolean()
    last_login = fields.String(allow_none=True, metadata={"format": "date-time"})
    date_joined = fields.String(metadata={"format": "date-time"})
    has_analytics_access = fields.Boolean()


class Users(Answer):
    """A page of users."""

    count = fields.Integer()
    next = fields.Url(allow_none=True)
    previous = fields.Url(allow_none=True)
    results = fields.List(fields.Nested(User))
