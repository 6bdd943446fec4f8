"""Which keys Google Cloud Storage can hold at all."""

import re

from app.errors import KeyRefused

MAX_KEY_BYTES = 1024

# The rules are Google's ("About Cloud Storage objects", naming requirements).
_REFUSED = re.compile(r"\.{1,2}|.*[\r\n].*|\.well-known/acme-challenge/.*", re.DOTALL)


def can_exist(key: str) -> bool:
    """Return whether a bucket can hold this key."""
    return bool(key) and can_begin(key) and _REFUSED.fullmatch(key) is None


def can_begin(prefix: str) -> bool:
    """Return whether any key can start like this: text of at most 1,024 bytes in UTF-8, on one line."""
    try:
        return len(prefix.encode()) <= MAX_KEY_BYTES and "\r" not in prefix and "\n" not in prefix
    except UnicodeEncodeError:
        return False


def require_possible(key: str) -> None:
    """Raise `KeyRefused` unless a bucket can hold this key."""
    if not can_exist(key):
        raise KeyRefused(
            f"A key must be text of 1 to {MAX_KEY_BYTES} bytes in UTF-8, without line breaks, and no word that Google "
            f"keeps for itself, and {key!r} is not."
        )
