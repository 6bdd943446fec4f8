"""What Google's APIs say is wrong, as words; its sentences are not read, since they may quote what was sent."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


def words_of(body: bytes) -> Sequence[str] | None:
    """Return the words of an error, the most telling one first; None for a body that is no error of Google's.

    They are the ``reason`` of the first of ``errors``, those of ``details``, and the ``status``. An empty body, as of
    the answer to a HEAD or of gcp-storage-emulator, has none.
    """
    if not body:
        return ()
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    error = told.get("error") if isinstance(told, dict) else None
    if not isinstance(error, dict):
        return None
    return [word for word in _said_in(error) if isinstance(word, str) and _WORD.fullmatch(word)]


def oauth_word_of(body: bytes) -> str | None:
    """Return the word of an error in OAuth's form (RFC 6749, 5.2), where it is a text; None for any other body."""
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    word = told.get("error") if isinstance(told, dict) else None
    return word if isinstance(word, str) and _WORD.fullmatch(word) else None


def _said_in(error: dict[str, Any]) -> Iterator[object]:
    for listed in (_items(error.get("errors"))[:1], _items(error.get("details"))):
        for one in listed:
            yield one.get("reason") if isinstance(one, dict) else None
    yield error.get("status")


def _items(told: object) -> list[Any]:
    return told if isinstance(told, list) else []
