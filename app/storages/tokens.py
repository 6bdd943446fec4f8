"""The tokens of pages: what a storage must know to go on, as text that fits into a URL and is not believed."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from app.errors import InvalidInput
from app.storages.base import Entry, Folder

MAX_TOKEN = 16_384
"""Characters; a key of 1,024 bytes with a server's own token beside it needs a quarter of that."""

_MADE_HERE = "sluice1"


def token_of(*told: str | None) -> str:
    """Return a token that `told_by` takes apart again: letters, digits, ``-`` and ``_`` only."""
    return base64.urlsafe_b64encode(_spelt([_MADE_HERE, *told]).encode()).decode().rstrip("=")


def told_by(token: str, parts: int) -> list[str | None]:
    """Return what was told to `token_of`.

    Nothing proves that nobody changed it: what comes out is to be believed no more than any other input.

    Args:
        token: as it came back.
        parts: how many there were.

    Raises:
        InvalidInput: for ``next_token``: it is none of these.
    """
    told = _taken_apart(token) if len(token) <= MAX_TOKEN else None
    if not isinstance(told, list) or len(told) != parts + 1 or told[0] != _MADE_HERE:
        raise refusal()
    if not all(part is None or _is_text(part) for part in told):
        raise refusal()
    return told[1:]


def token_behind(found: Sequence[Entry | Folder], limit: int) -> str | None:
    """Return the token behind the first ``limit`` of what was found, for a storage that goes on behind a name."""
    return token_of(found[limit - 1].key) if len(found) > limit else None


def last_of(token: str) -> str:
    """Return the name that the page before ended with, from a token of `token_behind`.

    Raises:
        InvalidInput: for ``next_token``: it is none of these.
    """
    (last,) = told_by(token, 1)
    if not last:
        raise refusal()
    return last


def refusal() -> InvalidInput:
    """Return the error for a token that no storage made, or that leads nowhere any more."""
    return InvalidInput(
        "next_token", "This token does not lead to a page. Take it from the page before, or leave it out."
    )


def _spelt(told: list[str | None]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _taken_apart(token: str) -> Any:
    try:
        return json.loads(base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return None


def _is_text(part: object) -> bool:
    try:
        return isinstance(part, str) and part.encode() is not None
    except UnicodeEncodeError:
        return False
