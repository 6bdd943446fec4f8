"""Bounds what an answer tells of a request's faults: a body of a megabyte can have a hundred thousand. Pure."""

import re
from collections.abc import Mapping
from typing import Any

FAULTS_MAX = 20
"""So many faults of one request are told."""

LISTED_MAX = 2_000
"""So many items of a list are looked at: one that is longer is refused for that alone."""

_TEXT_MAX = 500
_NAME = re.compile(r"[\w.|-]{0,100}")


def in_short(text: str, most: int = _TEXT_MAX) -> str:
    """Return a text, or the beginning of a long one."""
    return text if len(text) <= most else f"{text[:most]}..."


def first_faults(messages: Any, most: int = FAULTS_MAX) -> Any:
    """Return the first faults among marshmallow's messages, which lie in dictionaries by place, field and index."""
    return _Cutting(most).cut(messages)


def too_long(fields: Any) -> Mapping[str, list[str]]:
    """Return the messages for the lists among these fields that are longer than `LISTED_MAX`."""
    named = fields.items() if isinstance(fields, Mapping) else ()
    long = [str(name) for name, value in named if isinstance(value, list) and len(value) > LISTED_MAX]
    return {name: [f"Longer than maximum length {LISTED_MAX}."] for name in long}


class _Cutting:
    def __init__(self, left: int) -> None:
        self._left = left

    def cut(self, found: Any) -> Any:
        if isinstance(found, Mapping):
            return self._mapping(found)
        if isinstance(found, list):
            return [self.cut(each) for each in found[: self._left]]
        self._left -= 1
        return in_short(found) if isinstance(found, str) else found

    def _mapping(self, found: Mapping[Any, Any]) -> dict[Any, Any]:
        kept: dict[Any, Any] = {}
        for name, lying in found.items():
            if self._left <= 0:
                break
            kept[_name(name) if isinstance(name, str) else name] = self.cut(lying)
        return kept


def _name(text: str) -> str:
    """Return the name of a field, as far as it is one: JSON sent as a form is one name with all that is in it."""
    found: str = _NAME.match(text)[0]  # type: ignore[index]  # nothing is a match too
    return text if found == text else f"{found}..."
