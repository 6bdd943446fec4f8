"""Which names Azure can hold as they are, and of which that shows only in a listing.

Azure's documents tell the lengths, forbid control characters and advise against a dot or a slash at an end. That a
backslash becomes a slash and that dot segments are resolved before anything is looked up was measured with azurite
3.35 for the first and follows from URLs for the second; no test of ours has met Microsoft's own service.
"""

import re

from app.errors import KeyRefused

MAX_CHARACTERS = 1024
"""Counted as UTF-16 units, of which Azure's documents say "characters"."""

MAX_SEGMENTS = 254

_NEVER = re.compile(r"[\x00-\x1f\\]|(?:^|/)\.{1,2}(?:/|$)")
_NOT_FOR_XML = re.compile("[\x7f\ufffe\uffff]")
_DOUBTFUL = re.compile("^/|//|/$|\\.(?:/|$)|[\x7f-\x9f]")


def can_exist(key: str) -> bool:
    """Return whether a blob can have this name at all."""
    try:
        length = len(key.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        return False
    return 0 < length <= MAX_CHARACTERS and key.count("/") < MAX_SEGMENTS and not _NEVER.search(key)


def require_possible(key: str) -> None:
    """Raise `KeyRefused` unless a blob can have this name and a listing can tell it."""
    if not can_exist(key) or _NOT_FOR_XML.search(key):
        raise KeyRefused(
            f"Azure holds names of 1 to {MAX_CHARACTERS} characters and {MAX_SEGMENTS} segments, without backslashes, "
            f"control characters and segments that are dots; {key[:200]!r} is none of these."
        )


def is_doubtful(key: str) -> bool:
    """Return whether some service may take this name for another one: without its last dot, or with one slash for two.

    rclone replaces a dot at the end before it asks Azure for a name, which tells that Azure does not keep it. Only a
    listing shows under which name a blob is kept.
    """
    return _DOUBTFUL.search(key) is not None
