"""The wire shapes of the account dialect."""

import marshmallow as ma
from marshmallow import fields, validate

from app.accounts.caller import Role
from app.web.answers import Answer

_ROLES = validate.OneOf([role.value for role in Role])


class Login(ma.Schema):
    """Who signs in."""

    username = fields.String(required=True)
    password = fields.String(required=True, load_only=True)


class SignedIn(Answer):
    """A session that has begun. Its token is in the cookie ``sessionid``."""

    user = fields.String()
    role = fields.String(validate=_ROLES)
    csrf_token = fields.String(metadata={"description": "Send it as X-CSRFToken with what changes something."})
    expires_at = fields.String(metadata={"format": "date-time"})


class WhoAmI(Answer):
    """The caller, whichever way he said who he is."""

    user = fields.String()
    role = fields.String(validate=_ROLES)
    read_only = fields.Boolean(metadata={"description": "The key may not change anything."})
    csrf_token = fields.String(allow_none=True, metadata={"description": "null unless he came by a session."})
