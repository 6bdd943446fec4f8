"""Which keys S3 can hold at all, and which of them obstore passes on as they are."""

import re

from app.errors import KeyRefused

MAX_KEY_BYTES = 1024

# What obstore 0.12 refuses (an empty segment, one of dots, a control character) or, worse, changes without a word:
# it takes slashes off both ends of a key.
_NOT_EXACT = re.compile(r"(?:^|/)(?:\.{0,2})(?:/|$)|[\x00-\x1f\x7f]")


def can_exist(key: str) -> bool:
    """Return whether S3 can hold this key at all: text of 1 to 1,024 bytes in UTF-8."""
    try:
        return 0 < len(key.encode()) <= MAX_KEY_BYTES
    except UnicodeEncodeError:
        return False


def require_possible(key: str) -> None:
    """Raise `KeyRefused` unless S3 can hold this key."""
    if not can_exist(key):
        raise KeyRefused(f"A key must be text of 1 to {MAX_KEY_BYTES} bytes in UTF-8, and {key!r} is not.")


def spells_exactly(key: str) -> bool:
    """Return whether obstore sends this key, and no other one, to the server.

    It answers False for every key in doubt: what obstore changed would be stored under another name.
    """
    return can_exist(key) and _NOT_EXACT.search(key) is None
