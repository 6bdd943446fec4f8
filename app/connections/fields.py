"""The fields of addresses and credentials as users give them: all that are asked for, and no others."""

from collections.abc import Collection, Mapping
from typing import Any
from unicodedata import category

from app.errors import InvalidInput

NAME_LENGTH = 63
CREDENTIAL_LENGTH = 1024


def texts(given: Mapping[str, Any], required: Collection[str], optional: Collection[str] = ()) -> dict[str, str]:
    """Return the given fields.

    Raises:
        InvalidInput: naming the field: it is missing, empty, no text, or unknown.
    """
    for name in required:
        if not given.get(name):
            raise InvalidInput(name, "Give this too; it must not be empty.")
    for name, value in given.items():
        if name not in required and name not in optional:
            raise InvalidInput(name, f"There is no such field. Use {', '.join([*required, *optional])}.")
        if not isinstance(value, str):
            raise InvalidInput(name, "Use a text.")
    return {name: value for name, value in given.items() if value}


def credential(field: str, text: str) -> str:
    """Return ``text`` when it can be a key or a password.

    Raises:
        InvalidInput: it is too long, or holds what no header could carry; the text itself is not quoted.
    """
    if len(text) > CREDENTIAL_LENGTH or not _is_printable(text):
        raise InvalidInput(field, f"Use at most {CREDENTIAL_LENGTH:,} characters, and no control characters.")
    return text


def connection_name(text: str) -> str:
    """Return what a connection shall be called, without white space at its ends.

    Raises:
        InvalidInput: for ``name``.
    """
    name = text.strip()
    if not 1 <= len(name) <= NAME_LENGTH or not _is_printable(name):
        raise InvalidInput("name", f"Use 1 to {NAME_LENGTH} characters, and no control characters.")
    return name


def _is_printable(text: str) -> bool:
    """Return whether it has neither control characters nor halves of characters (surrogates)."""
    return not any(category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text)
