"""Between Galaxy's records of authorizations and ours: what is kept and what is shown. No storage is asked.

Galaxy answers these routes with its oldest code, so what is wrong with a body is said in words of their own.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from flask import request

from app.authorizations.contract import Authorization, AuthorizationChanges, NewAuthorization
from app.dialects.galaxy.bodies import decoded
from app.dialects.galaxy.errors import BAD_JSON, INVALID, LOGIN_FAILED, MISSING, NOT_ACCESSIBLE, refuse
from app.dialects.galaxy.wire import encoded, iso_time, spaced_time
from app.errors import (
    AuthorizationUnusable,
    IdentityRefused,
    InvalidInput,
    KeysMissing,
    ProviderUnsupported,
    StorageError,
    StorageMissing,
)
from app.storages.base import Folder, Level
from app.web.json_reading import read_json

MODEL = "CloudAuthz"
BROKEN = "Your request did not appear to be valid JSON, please consult the API documentation."
NO_OBJECT = (
    "Invalid payload data type. The payload is expected to be a dictionary, but received data of type `<class '{}'>`."
)
LACKING = "The following required arguments are missing in the payload: {}"
NO_CONFIG = "Invalid type for the required `config` variable; expected `dict` but received `<class '{}'>`."

MISSING_KEYS = "The following required key(s) are missing from the provided credentials object: {}"
NO_FLOW = "Authorization flow for the provider `{}` is not implemented."

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "provider": {"type": "string", "description": "aws, azure or gcp, in any case.", "example": "aws"},
        "config": {"type": "object", "description": "What credentials are made of; see docs/authorizations.md."},
        "authn_id": {"type": "string", "nullable": True, "description": "An id; kept and shown, and not used."},
        "description": {"type": "string", "nullable": True},
    },
}
"""How the OpenAPI document tells of a body."""


def read_record() -> Mapping[str, Any]:
    """Return this request's body, which must be a JSON object; none is an empty one."""
    try:
        found = read_json(request.get_data() or b"{}", parse_constant=_refuse_constant)
    except ValueError:
        refuse(400, BAD_JSON, BROKEN)
    if not isinstance(found, dict):
        refuse(400, INVALID, NO_OBJECT.format(type(found).__name__))
    return found


def new_authorization(body: Mapping[str, Any]) -> NewAuthorization:
    """Return the authorization that a body asks for.

    Raises:
        InvalidInput: something in it is no text where one is wanted.
    """
    lacking = [name for name in ("provider", "config") if body.get(name) is None]
    if lacking:
        refuse(400, MISSING, LACKING.format(lacking))
    return NewAuthorization(
        provider=_text(body, "provider") or "",
        config=_config(body) or {},
        authn_id=_authn_id(body),
        description=_text(body, "description") if "description" in body else "",
    )


def authorization_changes(body: Mapping[str, Any]) -> AuthorizationChanges:
    """Return what a body asks to be another; what is null stays as it is.

    Raises:
        InvalidInput: something in it is no text where one is wanted.
    """
    return AuthorizationChanges(
        provider=_text(body, "provider"),
        config=_config(body),
        authn_id=_authn_id(body),
        description=_text(body, "description"),
    )


def record(authorization: Authorization) -> dict[str, Any]:
    """Return an authorization as the wire has it.

    ``last_update`` is not touched by PUT there, so it is the time of its making; of no description the original shows
    the word that stands for nothing in its language.
    """
    return {
        "id": encoded(authorization.number),
        "model_class": MODEL,
        "user_id": encoded(authorization.owner_id),
        "provider": authorization.provider,
        "config": dict(authorization.config),
        "authn_id": None if authorization.authn_id is None else encoded(authorization.authn_id),
        "last_update": spaced_time(authorization.created_at),
        "last_activity": spaced_time(authorization.used_at),
        "create_time": iso_time(authorization.created_at),
        "description": str(authorization.description),
    }


def content_document(bucket: str, prefix: str, level: Level) -> dict[str, Any]:
    """Return a page of what is in a bucket as the wire has it; the prefix itself is not shown in it."""
    found = [each for each in level.found if each.key != prefix or not prefix.endswith("/")]
    return {
        "bucket": bucket,
        "prefix": prefix,
        "folders": [each.key for each in found if isinstance(each, Folder)],
        "objects": [
            {"name": each.key, "size": each.size, "update_time": iso_time(each.modified)}
            for each in found
            if not isinstance(each, Folder)
        ],
        "next_token": level.next_token,
    }


def refusal_to_look(error: StorageError | AuthorizationUnusable, bucket: str | None) -> tuple[int, int, str]:
    """Return the status, the code and the sentence for why a bucket (None: any) cannot be looked at.

    A bucket that is not there, that refuses and that does not answer are all the same to the original.
    """
    if isinstance(error, KeysMissing):
        return 400, MISSING, MISSING_KEYS.format(list(error.names))
    if isinstance(error, ProviderUnsupported):
        return 400, INVALID, NO_FLOW.format(error.provider)
    if isinstance(error, AuthorizationUnusable):
        return 400, INVALID, str(error)
    if isinstance(error, IdentityRefused):
        return 401, LOGIN_FAILED, str(error)
    if bucket is None:
        return 403, NOT_ACCESSIBLE, f"Could not list the buckets: {error}"
    reason = f"The bucket `{bucket}` not found." if isinstance(error, StorageMissing) else str(error)
    return 403, NOT_ACCESSIBLE, f"Could not get the bucket `{bucket}`: {reason}"


def _text(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise InvalidInput(name, "Use a text.")
    return value


def _config(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    value = body.get("config")
    if value is not None and not isinstance(value, dict):
        refuse(400, INVALID, NO_CONFIG.format(type(value).__name__))
    return value


def _authn_id(body: Mapping[str, Any]) -> int | None:
    value = body.get("authn_id")
    return None if value is None else decoded(value if isinstance(value, str) else json.dumps(value), "authn")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
