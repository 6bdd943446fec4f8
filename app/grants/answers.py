"""What Google answers to who asks for tokens or for an account: checked, and nothing else of it. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import StorageUnreachable

_LONGEST_TOKEN = 8192
_LONGEST_LIFE = 86_400.0
_USUAL_LIFE = 3600.0
_LONGEST_ACCOUNT = 128
_LONGEST_EMAIL = 320
_LONGEST_NAME = 255

_NOT_GOOGLE = (
    "What answers in Google's place does not answer as Google does. The operator has to look at GOOGLE_TOKEN_URL."
)


@dataclass(frozen=True, slots=True)
class Issued:
    """Tokens that Google has just issued.

    Attributes:
        refresh_token: None: none came.
        seconds: how long the access token is good.
        scopes: what was granted; None: Google does not say.
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    seconds: float
    scopes: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Account:
    """Whose tokens they are; ``id`` stays when the address becomes another one."""

    id: str
    email: str | None
    name: str | None


def issued(answer: Mapping[str, Any]) -> Issued:
    """Return the tokens of an answer.

    Raises:
        StorageUnreachable: it is no answer of Google's.
    """
    refresh, kind = answer.get("refresh_token"), answer.get("token_type", "Bearer")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise StorageUnreachable(_NOT_GOOGLE)
    return Issued(
        access_token=_token(answer.get("access_token")),
        refresh_token=None if refresh is None else _token(refresh),
        seconds=_seconds(answer.get("expires_in", _USUAL_LIFE)),
        scopes=_scopes(answer.get("scope")),
    )


def account(answer: Any) -> Account:
    """Return the account of an answer; some servers have ``id`` where OpenID Connect has ``sub``.

    Raises:
        StorageUnreachable: it names none.
    """
    told = answer if isinstance(answer, dict) else {}
    found = told.get("sub") or told.get("id")
    if not isinstance(found, str) or not found.isascii() or not found.isprintable() or len(found) > _LONGEST_ACCOUNT:
        raise StorageUnreachable("Google does not say whose account this is. Try again.")
    return Account(found, _text(told.get("email"), _LONGEST_EMAIL), _text(told.get("name"), _LONGEST_NAME))


def is_token(text: Any) -> bool:
    """Return whether this can be a token or a code: something that a header can carry."""
    return isinstance(text, str) and 0 < len(text) <= _LONGEST_TOKEN and text.isascii() and text.isprintable()


def _token(text: Any) -> str:
    if not is_token(text) or " " in text:
        raise StorageUnreachable(_NOT_GOOGLE)
    return str(text)


def _seconds(given: Any) -> float:
    try:
        seconds = float(given)
    except (TypeError, ValueError, OverflowError):
        raise StorageUnreachable(_NOT_GOOGLE) from None
    if not math.isfinite(seconds) or seconds <= 0:
        raise StorageUnreachable(_NOT_GOOGLE)
    return min(seconds, _LONGEST_LIFE)


def _scopes(given: Any) -> tuple[str, ...] | None:
    return tuple(dict.fromkeys(given.split())) if isinstance(given, str) and given.strip() else None


def _text(given: Any, longest: int) -> str | None:
    """Return a text that can be kept: without halves of characters, and no longer than it may be."""
    if not isinstance(given, str):
        return None
    return given.encode("utf-8", "ignore").decode().replace("\0", "")[:longest] or None
