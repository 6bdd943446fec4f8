"""How users and organisations may be called. Pure."""

import re
import unicodedata

from app.errors import InvalidInput

_USER = re.compile(r"[A-Za-z0-9@.+_-]{1,150}")
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,16}")
_TEXT_MAX = 64


def user_name(given: str) -> str:
    """Return a user's name in lower case, as it is kept.

    The rule is CVAT's, without its letters beyond ASCII: some of them cannot be told from others by eye.

    Raises:
        InvalidInput: nobody can be called so.
    """
    name = found_user(given)
    if name is None:
        raise InvalidInput("name", "use 1 to 150 letters from a to z, digits, and @ . + - _")
    return name


def found_user(given: str) -> str | None:
    """Return the kept form of a user's name that was typed in any case; None when nobody can be called so."""
    return given.lower() if _USER.fullmatch(given) else None


def slug(given: str) -> str:
    """Return an organisation's slug in lower case, as it is kept.

    Raises:
        InvalidInput: none can be called so.
    """
    found = found_slug(given)
    if found is None:
        raise InvalidInput("slug", "use 1 to 16 letters from a to z, digits, - and _")
    return found


def found_slug(given: str) -> str | None:
    """Return the kept form of a slug that was typed in any case; None when no organisation can be called so."""
    return given.lower() if _SLUG.fullmatch(given) else None


def line(field: str, given: str) -> str:
    """Return a text of at most 64 characters that is safe to print on one line, such as a label.

    Args:
        field: how it is called in the error.
        given: stripped of spaces around it.

    Raises:
        InvalidInput: it is longer, or holds characters that cannot be seen.
    """
    text = unicodedata.normalize("NFC", given).strip()
    if len(text) > _TEXT_MAX or not text.isprintable():
        raise InvalidInput(field, f"use at most {_TEXT_MAX} printable characters")
    return text
