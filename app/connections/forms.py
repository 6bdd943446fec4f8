"""The credentials that each form is made of, the same for every kind of storage."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from app.connections.contract import CredentialsForm
from app.connections.fields import CREDENTIAL_LENGTH, credential, text_within, texts
from app.errors import InvalidInput

TOKEN_LENGTH = 4096
"""Of what holds more than a key: session tokens, shared access signatures and the strings that they stand in."""

KEY_FILE_LENGTH = 64 * 1024


class _Fields(NamedTuple):
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


_FIELDS: Mapping[CredentialsForm, _Fields] = {
    CredentialsForm.KEYS: _Fields(("access_key", "secret_key"), ("session_token",)),
    CredentialsForm.ACCOUNT_TOKEN: _Fields(("token",)),
    CredentialsForm.CONNECTION_STRING: _Fields(("connection_string",)),
    CredentialsForm.KEY_FILE: _Fields(("key_file",)),
    CredentialsForm.OAUTH: _Fields(),
    CredentialsForm.ANONYMOUS: _Fields(),
}
_LONGER = {"session_token": TOKEN_LENGTH, "token": TOKEN_LENGTH, "connection_string": TOKEN_LENGTH}


def read_credentials(
    forms: Collection[CredentialsForm], form: CredentialsForm, given: Mapping[str, str]
) -> dict[str, str]:
    """Return the credentials of this form, all that are required and none that are empty.

    Args:
        forms: which of them the kind of storage takes.
        form: the one that is wanted.
        given: by name.

    Raises:
        InvalidInput: for ``form``: it is none of ``forms``; for a credential: it is missing, unknown or unusable. It
            is not quoted.
    """
    if form not in forms:
        raise InvalidInput("form", f"Use one of {', '.join(forms)}.")
    fields = _FIELDS[form]
    return {name: _bounded(name, text) for name, text in texts(given, fields.required, fields.optional).items()}


def _bounded(name: str, text: str) -> str:
    if name == "key_file":  # it has several lines
        return text_within(name, text, KEY_FILE_LENGTH)
    return credential(name, text, _LONGER.get(name, CREDENTIAL_LENGTH))
