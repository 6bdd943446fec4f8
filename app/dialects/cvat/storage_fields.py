"""The fields of a cloud storage as clients send them, and the rules between them. Pure."""

import string
from collections.abc import Mapping
from typing import Any

from app.connections.fields import KEY_LENGTH, MANIFESTS
from app.dialects.cvat.attributes import LONGEST, require_pieces
from app.dialects.cvat.fields import NON_FIELD, Choice, Errors, Field, Invalid, Text, TextFile, Texts, read_fields

AWS, AZURE, GOOGLE = PROVIDERS = ("AWS_S3_BUCKET", "AZURE_CONTAINER", "GOOGLE_CLOUD_STORAGE")
CREDENTIALS_TYPES = (
    "KEY_SECRET_KEY_PAIR",
    "ACCOUNT_NAME_TOKEN_PAIR",
    "KEY_FILE_PATH",
    "ANONYMOUS_ACCESS",
    "CONNECTION_STRING",
)

_IN_ALL = string.ascii_lowercase + string.digits + "-"
_CHARACTERS: Mapping[str, str] = {AWS: _IN_ALL + ".", AZURE: _IN_ALL, GOOGLE: _IN_ALL + "_."}

_NO_ACCOUNT = "Account name or connection string for Azure container was not specified"


class _Attributes(Text):
    """The text ``specific_attributes``."""

    def read(self, value: Any) -> str:
        """See `Field`."""
        text = Text.read(self, value)
        require_pieces(text)
        return text


FIELDS: Mapping[str, Field] = {
    "provider_type": Choice(PROVIDERS, required=True),
    "resource": Text(222, required=True, blank=False),
    "display_name": Text(63, required=True, blank=False),
    "credentials_type": Choice(CREDENTIALS_TYPES, required=True),
    "session_token": Text(440),
    "account_name": Text(24),
    "key": Text(40),
    "secret_key": Text(64),
    "connection_string": Text(1024),
    "key_file": TextFile(),
    "specific_attributes": _Attributes(LONGEST),
    "description": Text(),
    "manifests": Texts(MANIFESTS, Text(KEY_LENGTH, blank=False, trimmed=False)),
}
"""In the order in which what is wrong is told. ``owner``, as all that is no field, is passed over."""


def new_fields(given: Any) -> dict[str, Any]:
    """Return the fields of a storage to be made.

    Raises:
        Invalid: with all that is wrong, by field.
    """
    values = read_fields(FIELDS, given)
    _require(_crosswise(values["provider_type"], values, values["provider_type"]))
    return values


def changed_fields(given: Any, provider: str) -> dict[str, Any]:
    """Return the fields of a storage that are to be others.

    Args:
        given: the body.
        provider: what the storage is of, whatever the body says of that.

    Raises:
        Invalid: with all that is wrong, by field.
    """
    values = read_fields(FIELDS, given, partial=True)
    _require(_crosswise(provider, values, values.get("provider_type")))
    return values


def _crosswise(provider: str, values: Mapping[str, Any], named: str | None) -> Errors:
    """Return what does not go together.

    Args:
        provider: whose characters a resource may have.
        values: the fields.
        named: the provider that the body names, which must come with an account if it is Azure.
    """
    if named == AZURE and not (values.get("account_name") or values.get("connection_string")):
        return {NON_FIELD: [_NO_ACCOUNT]}
    foreign = sorted({*values.get("resource", "")} - {*_CHARACTERS[provider]})
    return {"resource": [f"Invalid characters ({','.join(foreign)}) were found."]} if foreign else {}


def _require(errors: Errors) -> None:
    if errors:
        raise Invalid(errors)
