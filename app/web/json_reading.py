"""The one reader of JSON bodies: what is nested too deeply, or holds a number of too many digits, is no JSON.

Python's own reader fails at a depth that moves with the stack, and then in odd places: whatever walks the document
again stands a little deeper. Here the depth is counted before anything is read.
"""

import json
import re
from typing import Any

DEPTH_MAX = 64
"""So deep may lists and objects lie within each other."""

DIGITS_MAX = 400
"""So many digits may follow each other in a number."""

CONTAINERS_MAX = 250_000
"""So many lists and objects may a document hold: each takes far more memory than its two brackets."""

_TEXTS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_LONG_NUMBER = b"0" * (DIGITS_MAX + 1)
_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def read_json(text: str | bytes, **options: Any) -> Any:
    """Return the document in ``text``; ``options`` are those of `json.loads`.

    Raises:
        json.JSONDecodeError: it is none, or not one that is read here.
        UnicodeDecodeError: its bytes are no text.
    """
    if isinstance(text, bytes | bytearray):
        text = text.decode(json.detect_encoding(text), "surrogatepass")
    if trouble := _trouble(text.encode("utf-8", "surrogatepass")):
        raise json.JSONDecodeError(trouble, text[:1] or " ", 0)
    return json.loads(text, **options)


def _trouble(content: bytes) -> str | None:
    outside = _TEXTS.sub(b"", content)
    if _LONG_NUMBER in outside.translate(_ONE_DIGIT):
        return "A number has too many digits"
    brackets = outside.translate(_ONE_KIND, _ALL_BUT_BRACKETS)
    if max(brackets.count(b"["), brackets.count(b"]")) > CONTAINERS_MAX:
        return "Too many lists and objects"
    for _ in range(DEPTH_MAX):
        brackets = brackets.replace(b"[]", b"")  # the innermost ones go, one level each time
    is_deep = b"[]" in brackets or b"[" * (DEPTH_MAX + 1) in brackets  # else all that is left has no other side
    return "Nested too deeply" if is_deep else None
