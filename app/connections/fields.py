"""The fields of connections as users give them: all that are asked for, no others, and none that cannot be kept."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from unicodedata import category

from app.errors import InvalidInput

NAME_LENGTH = 63
CREDENTIAL_LENGTH = 1024
DESCRIPTION_LENGTH = 64 * 1024
ATTRIBUTES_LENGTH = 4096
KEY_LENGTH = 1024
MANIFESTS = 100


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
            known = ", ".join([*required, *optional])
            raise InvalidInput(name, f"There is no such field. Use {known}." if known else "Leave this out.")
        if not isinstance(value, str):
            raise InvalidInput(name, "Use a text.")
    return {name: value for name, value in given.items() if value}


def credential(field: str, text: str, longest: int = CREDENTIAL_LENGTH) -> str:
    """Return ``text`` when it can be a key or a password.

    Raises:
        InvalidInput: it is too long, or holds what no header could carry; the text itself is not quoted.
    """
    if len(text) > longest or not _is_printable(text):
        raise InvalidInput(field, f"Use at most {longest:,} characters, and no control characters.")
    return text


def text_within(field: str, text: str, longest: int) -> str:
    """Return ``text``, of any number of lines.

    Raises:
        InvalidInput: it is too long, or no text: it holds half a character (a surrogate) or a NUL.
    """
    if len(text) > longest or any(character == "\0" or category(character) == "Cs" for character in text):
        raise InvalidInput(field, f"Use a text of at most {longest:,} characters.")
    return text


def folder_prefix(text: str) -> str:
    """Return where looking around a storage begins: the start of keys, whole folders or not.

    Raises:
        InvalidInput: for ``prefix``: no key of a file starts so.
    """
    if text.startswith("/") or "//" in text:
        raise InvalidInput("prefix", "Use the start of keys, such as photos/2026/, without '/' at its start or '//'.")
    if len(text) > KEY_LENGTH or not _is_printable(text):
        raise InvalidInput("prefix", f"Use at most {KEY_LENGTH:,} characters, and no control characters.")
    return text


def prefix_field(fields: Mapping[str, str]) -> dict[str, str]:
    """Return ``prefix`` as an address keeps it: not at all when it is empty.

    Raises:
        InvalidInput: as `folder_prefix`.
    """
    return {"prefix": folder_prefix(fields["prefix"])} if fields.get("prefix") else {}


def without_empty_endpoint(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is given; an endpoint that is left out is the provider's, and an empty one is a mistake.

    Raises:
        InvalidInput: for ``endpoint``.
    """
    if "endpoint" in given and not given["endpoint"]:
        raise InvalidInput("endpoint", "Give this, or leave it out for the provider's own; it must not be empty.")
    return given


def manifest_keys(given: Sequence[str]) -> tuple[str, ...]:
    """Return the keys of manifests in the order given, each once.

    Raises:
        InvalidInput: for ``manifests``: they are too many, or one can be no key.
    """
    if len(given) > MANIFESTS:
        raise InvalidInput("manifests", f"Use {MANIFESTS} at most.")
    for key in given:
        if not 1 <= len(key) <= KEY_LENGTH or not _is_printable(key):
            raise InvalidInput("manifests", f"Each is a key of 1 to {KEY_LENGTH:,} characters, none of them control.")
    return tuple(dict.fromkeys(given))


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
